"""The app being added to the workspace by OAuth: Slack's consent, which says yes at once, and the code it gives.

`GET /oauth/v2/authorize` as Slack has it; with `cancel=1` somebody thought better of it. The rest is `oauth.v2.access`.
https://docs.slack.dev/authentication/installing-with-oauth
"""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.local_slack.serving.asking import SlackError
from bot.local_slack.workspace import WORKSPACE, Workspace

_SECONDS = 600  # a code is good for ten minutes
_CODES: WeakKeyDictionary[Workspace, dict[str, Code]] = WeakKeyDictionary()


@dataclass
class Code:
    """What the app gets its token for, once."""

    redirect_uri: str
    scopes: frozenset[str]
    at: float
    used: bool = False


def client_id(workspace: Workspace) -> str:
    return workspace.state.identity.app_id


def client_secret(workspace: Workspace) -> str:
    """It stays what it is, as the app's other secrets."""
    return sha256(workspace.state.identity.app_token.encode()).hexdigest()[:32]


def admit(workspace: Workspace, basic: str) -> None:
    """By the app's id and secret, as HTTP's Basic authentication has them. Raises: SlackError."""
    try:
        name, _, secret = base64.b64decode(basic).decode().partition(":")
    except ValueError:
        raise SlackError("invalid_client_id") from None
    if name != client_id(workspace):
        raise SlackError("invalid_client_id")
    if secret != client_secret(workspace):
        raise SlackError("bad_client_secret")


async def authorize(request: web.Request) -> web.StreamResponse:
    """The route of the consent. Sends the browser back to the app, with a code or with an error."""
    workspace, asked = request.app[WORKSPACE], request.query
    back = asked.get("redirect_uri", "")
    if asked.get("client_id") != client_id(workspace):
        return web.Response(status=400, text="invalid_client_id")
    if not _is_here(back):
        return web.Response(status=400, text="bad_redirect_uri: a local workspace sends nobody off this machine")
    if asked.get("cancel"):
        raise web.HTTPFound(f"{back}?{urlencode({'error': 'access_denied', 'state': asked.get('state', '')})}")
    code = issue(workspace, back, frozenset(filter(None, asked.get("scope", "").split(","))))
    raise web.HTTPFound(f"{back}?{urlencode({'code': code, 'state': asked.get('state', '')})}")


def issue(workspace: Workspace, redirect_uri: str, scopes: frozenset[str]) -> str:
    """A new code."""
    code = secrets.token_urlsafe(24)
    _CODES.setdefault(workspace, {})[code] = Code(redirect_uri, scopes, time.monotonic())
    return code


def redeem(workspace: Workspace, code: str, redirect_uri: str) -> frozenset[str]:
    """The scopes it was given for. Raises: SlackError."""
    found = _CODES.get(workspace, {}).get(code)
    if found is None or time.monotonic() - found.at > _SECONDS:
        raise SlackError("invalid_code")
    if found.used:
        raise SlackError("code_already_used")
    if redirect_uri and redirect_uri != found.redirect_uri:
        raise SlackError("bad_redirect_uri")
    found.used = True
    return found.scopes


def _is_here(url: str) -> bool:
    """Codes are no secret worth much here, but they are nobody else's."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
