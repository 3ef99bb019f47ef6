"""Slack's signed HTTP requests -> the Bolt app; and the pages of an installation, which are for anybody.

Whatever should be Slack's and is not, or is not fresh, or too long, ends here.
https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Protocol

from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncBoltRequest

from bot.slack.installs.pages import INSTALL, REDIRECT

log = logging.getLogger(__name__)

PATH = "/slack/events"
"""Where events, commands and interactions arrive: the request URL of the manifest."""
LONGEST = 4_000_000
"""Bytes of a request; Slack's are far shorter."""
PATIENCE = 10.0
"""Seconds a request may take to arrive; Slack itself waits for three."""
WINDOW = 300
"""Seconds a signature is good for, whichever clock is ahead."""


Handler = Callable[[web.Request], Awaitable[web.Response]]


class Dispatches(Protocol):
    """Whatever takes what Slack sends: a Bolt app, or the switchboard before several."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse: ...


class Installs(Protocol):
    """Whatever adds the app to a workspace, in a browser."""

    async def begin(self, request: AsyncBoltRequest) -> BoltResponse: ...

    async def end(self, request: AsyncBoltRequest) -> BoltResponse: ...


def build_door(
    app: Dispatches | None = None, signing_secret: str = "", installing: Installs | None = None
) -> web.Application:
    """The web application that listens: to Slack where there is an `app`, to people where there is `installing`."""
    door = web.Application(client_max_size=LONGEST)
    if app is not None:
        door.router.add_post(PATH, _receiver(app, signing_secret))
    if installing is not None:
        door.router.add_get(INSTALL, _shower(installing.begin), allow_head=False)
        door.router.add_get(REDIRECT, _shower(installing.end), allow_head=False)
    return door


def _receiver(app: Dispatches, signing_secret: str) -> Handler:
    async def receive(request: web.Request) -> web.Response:
        body = await _body(request)
        if refusal := _refusal(request, body, signing_secret, time.time()):
            log.warning("A request from %s was refused: %s.", request.remote, refusal)
            return web.Response(status=401, text=refusal)
        return await to_aiohttp_response(await app.async_dispatch(await _read(request)))

    return receive


def _shower(page: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Handler:
    async def show(request: web.Request) -> web.Response:
        asked = AsyncBoltRequest(body="", query=request.query_string, headers=dict(request.headers))
        return await to_aiohttp_response(await page(asked))

    return show


async def _read(request: web.Request) -> AsyncBoltRequest:
    """Raises: 400."""
    try:
        return await to_bolt_request(request)
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        log.warning("A request from %s is not as Slack's are: %s.", request.remote, type(error).__name__)
        raise web.HTTPBadRequest from None


async def _body(request: web.Request) -> bytes:
    """Raises: 400; 408; 413."""
    try:
        if (request.content_length or 0) > LONGEST:
            raise web.HTTPRequestEntityTooLarge(LONGEST, request.content_length or 0)
        async with asyncio.timeout(PATIENCE):
            return await request.read()
    except TimeoutError:
        log.warning("A request from %s was refused: it does not come to an end.", request.remote)
        raise web.HTTPRequestTimeout from None
    except web.RequestPayloadError:
        log.warning("A request from %s was refused: it is packed in a way that nobody can unpack.", request.remote)
        raise web.HTTPBadRequest from None
    except web.HTTPRequestEntityTooLarge:
        log.warning("A request from %s was refused: longer than %d bytes.", request.remote, LONGEST)
        raise


def _refusal(request: web.Request, body: bytes, secret: str, now: float) -> str | None:
    """Why the request is not taken; None for one that Slack signed lately."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not timestamp.isascii() or not timestamp.isdigit() or not signature:
        return "not signed"
    if abs(now - int(timestamp[:20])) > WINDOW:
        return "signed too long ago, or clocks differ"
    expected = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, sha256).hexdigest()
    if not hmac.compare_digest(f"v0={expected}".encode(), signature.encode(errors="surrogateescape")):
        return "signature does not match"
    try:
        body.decode()
    except UnicodeDecodeError:
        return "no UTF-8"
    return None
