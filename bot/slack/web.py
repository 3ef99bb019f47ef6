"""Calls of Slack's Web API that wait when they are told to, and know whether they may be repeated.

https://docs.slack.dev/apis/web-api/rate-limits; errors are named by Slack's codes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

PATIENCE = 120.0
"""Seconds for which a call is tried again."""
TIMEOUT = 30
LOOPBACK = ("127.0.0.1", "localhost", "::1")
FIRST_PAUSE = 0.25
CONNECTIONS = 100
RATE_LIMITED = "ratelimited"
LATER = {RATE_LIMITED, "rate_limited"}
TRANSIENT = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "server_error"}


class Refused(Exception):
    """Slack said no; `error` is its code."""

    def __init__(self, method: str, error: str, told: dict[str, Any] | None = None) -> None:
        super().__init__(f"{method}: {error}")
        self.method, self.error, self.told = method, error, told or {}


class Unsure(Exception):
    """No answer came, or a server's error: the call may have taken effect or not."""


@dataclass
class _Later(Exception):
    seconds: float


@dataclass
class _Lost(Exception):
    why: str
    may_have_worked: bool = True


class Web:
    """The Web API of one workspace."""

    def __init__(self, client: AsyncWebClient, *, patience: float = PATIENCE) -> None:
        """client: one that repeats nothing by itself, as `open_web` makes it: a message posted again is there twice."""
        self.client, self._patience = client, patience
        self._held: dict[tuple[str, str], float] = {}
        """Until when (loop time) a method is not to be called for a channel."""

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections that all calls share."""
        assert self.client.session is not None
        return self.client.session

    def by(self, token: str) -> Web:
        """The same connections, with the token of another workspace."""
        client = AsyncWebClient(token, self.client.base_url, session=self.session, timeout=TIMEOUT, retry_handlers=[])
        client.proxy = self.client.proxy
        return Web(client, patience=self._patience)

    async def call(
        self,
        method: Callable[..., Awaitable[Any]],
        *,
        once: bool = False,
        patience: float | None = None,
        **arguments: Any,
    ) -> dict[str, Any]:
        """What the method answers. 429 is waited out as Retry-After says, for `patience` seconds altogether
        (or as long as is usual here).

        once: the call makes something people see, so it is not repeated when it may have taken effect.
        Raises: Refused; Unsure.
        """
        name, loop = method.__name__, asyncio.get_running_loop()
        place = (name, str(arguments.get("channel") or arguments.get("channel_id") or ""))
        until, pause = loop.time() + (self._patience if patience is None else patience), FIRST_PAUSE
        while True:
            await self._let_pass(place, until)
            try:
                return await _attempt(method, arguments)
            except _Later as told:
                self._held[place] = loop.time() + told.seconds
            except _Lost as lost:
                log.warning("%s: %s", name, lost.why)
                if (once and lost.may_have_worked) or loop.time() + pause > until:
                    raise Unsure(f"{name}: {lost.why}") from lost
                await asyncio.sleep(pause)
                pause *= 2

    async def send(self, url: str, content: bytes) -> None:
        """The bytes of an upload, to the address that Slack gave for them. Raises: Unsure."""

        async def post(**_: Any) -> Any:
            async with self.session.post(url, data=content, allow_redirects=False) as response:
                if response.status != 200:
                    raise aiohttp.ClientPayloadError(f"status {response.status}")
                return SimpleNamespace(data={})

        await self.call(post)

    async def _let_pass(self, place: tuple[str, str], until: float) -> None:
        """Wait until Slack wants to be asked again. Whoever was told so first keeps the others from asking."""
        loop = asyncio.get_running_loop()
        while (left := self._held.get(place, 0.0) - loop.time()) > 0:
            if loop.time() + left > until:
                raise Refused(place[0], RATE_LIMITED, {"retry_after": left})
            await asyncio.sleep(left)
        self._held.pop(place, None)


@asynccontextmanager
async def open_web(
    token: str, *, api_url: str = AsyncWebClient.BASE_URL, patience: float = PATIENCE
) -> AsyncIterator[Web]:
    """The Web API by one token, over connections that are kept open. Nothing is sent before the first call."""
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=TIMEOUT),
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
    ) as session:
        client = AsyncWebClient(token, api_url, session=session, timeout=TIMEOUT, retry_handlers=[])
        if urlsplit(api_url).hostname in LOOPBACK:
            client.proxy = None  # the SDK takes one from the environment, which cannot see our loopback
        yield Web(client, patience=patience)


async def _attempt(method: Callable[..., Awaitable[Any]], arguments: dict[str, Any]) -> dict[str, Any]:
    """Raises: Refused; _Later; _Lost."""
    try:
        told = await method(**arguments)
    except SlackApiError as error:
        raise _failure(method.__name__, error) from None
    except aiohttp.ClientConnectorError as error:
        raise _Lost(type(error).__name__, may_have_worked=False) from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise _Lost(type(error).__name__) from None
    return dict(told.data)


def _failure(method: str, error: SlackApiError) -> Refused | _Later | _Lost:
    response: Any = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", None) or 0
    data = getattr(response, "data", None)
    told = data if isinstance(data, dict) else {}
    code = str(told.get("error") or "")
    if status == 429 or code in LATER:
        return _Later(_retry_after(response.headers))
    if status >= 500 or code in TRANSIENT or not code:
        return _Lost(code or f"status {status}")
    return Refused(method, code, told)


def _retry_after(headers: Any) -> float:
    try:
        return max(float(headers.get("Retry-After", 1)), 0.1)
    except ValueError:
        return 1.0
