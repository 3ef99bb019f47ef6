"""Bytes from Slack, with the token, and never from or to anybody else.

https://docs.slack.dev/reference/objects/file-object: `url_private_download` needs the token; without the right to read
it Slack answers 200 with the HTML of its sign-in page.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import aiohttp
from yarl import URL

log = logging.getLogger(__name__)

SLACK = ("slack.com", "slack-files.com", "slack-gov.com")
"""Slack's hosts, with everything below them."""
CHUNK = 1 << 16
TOGETHER = 16
"""Chunks that are written at a time: most files are in one go, and each goes through another thread."""
TRIES = 4
HOPS = 5
"""Redirects that are followed."""
DEADLINE = 180.0
"""Seconds for one file, whatever happens."""
LONGEST_WAIT = 30.0
"""Seconds that are waited before another try; where Slack wants more, there is none."""
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=30)
PAGE_BEGINS = (b"<!doctype html", b"<html")
AWAY = "unreachable"
"""Slack did not answer: another time it may."""


class Unreadable(Exception):
    """The file cannot be had; `why` is a key of `messages.UNREADABLE`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Busy(Unreadable):
    """Slack wants to be asked again after so many seconds, each time it was asked."""

    def __init__(self, seconds: float) -> None:
        super().__init__(AWAY)
        self.seconds = seconds


@dataclass
class _Later(Exception):
    """Another try may help, after so many seconds."""

    seconds: float
    told: bool = False
    """Slack says so (429): nobody else is to ask meanwhile either."""


class Downloads:
    """Fetches files of one workspace."""

    def __init__(self, session: aiohttp.ClientSession, token: str, api_url: str, *, most_bytes: int) -> None:
        self._session = session
        self._token = token
        self._api = URL(api_url)
        self._held = 0.0
        """Until when (loop time) Slack does not want to be asked for files."""
        self.most_bytes = most_bytes

    async def save(self, url: str, to: Path) -> str:
        """Write the file at `url` to `to` and return its SHA-256 in hex. Tries again while Slack is busy.

        Raises: Unreadable; Busy when it is busy for long.
        """
        try:
            async with asyncio.timeout(DEADLINE):
                for attempt in range(1, TRIES):
                    try:
                        return await self._saved(URL(url), to)
                    except _Later as later:
                        log.info("A download is tried again in %s seconds.", later.seconds)
                        if not later.told:
                            await asyncio.sleep(min(later.seconds * attempt, LONGEST_WAIT))
                return await self._saved(URL(url), to)
        except _Later as later:
            raise (Busy(later.seconds) if later.told else Unreadable(AWAY)) from None
        except TimeoutError:
            raise Unreadable(AWAY) from None
        except ValueError:  # no URL at all
            raise Unreadable("elsewhere") from None

    def trusts(self, url: URL) -> bool:
        """Whether the token may be sent there: Slack's hosts over TLS, or the server of the configured API."""
        if url.host and url.origin() == self._api.origin():
            return True
        named = any(url.host == host or (url.host or "").endswith(f".{host}") for host in SLACK)
        return url.scheme == "https" and url.port == 443 and url.user is None and named

    async def _saved(self, url: URL, to: Path) -> str:
        """One try, along redirects that stay with Slack. Raises: Unreadable; _Later."""
        await self._let_pass()
        try:
            for _ in range(HOPS):
                if not self.trusts(url):
                    raise Unreadable("elsewhere")
                headers = {"Authorization": f"Bearer {self._token}"}
                async with self._session.get(url, headers=headers, allow_redirects=False, timeout=TIMEOUT) as response:
                    if response.status not in (301, 302, 303, 307, 308):
                        return await self._written(response, to)
                    url = url.join(URL(response.headers.get("Location", "")))
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("A download failed: %s", type(error).__name__)
            raise _Later(1.0) from None
        raise Unreadable(AWAY)

    async def _let_pass(self) -> None:
        """Whoever is told to wait first keeps the others from asking. Raises: Busy."""
        loop = asyncio.get_running_loop()
        while (left := self._held - loop.time()) > 0:
            if left > LONGEST_WAIT:
                raise Busy(left)
            await asyncio.sleep(left)

    async def _written(self, response: aiohttp.ClientResponse, to: Path) -> str:
        if response.status == 429:
            seconds = _retry_after(response)
            self._held = max(self._held, asyncio.get_running_loop().time() + seconds)
            raise _Later(seconds, told=True)
        if response.status >= 500:
            raise _Later(_retry_after(response))
        if response.status != 200:
            raise Unreadable("gone" if response.status in (404, 410) else "no_permission")
        if (response.content_length or 0) > self.most_bytes:
            raise Unreadable("too_big")
        return await self._copied(response, to)

    async def _copied(self, response: aiohttp.ClientResponse, to: Path) -> str:
        digest, size, first = sha256(), 0, b""
        waiting, mode = list[bytes](), "wb"
        async for chunk in response.content.iter_chunked(CHUNK):
            first, size = first or chunk, size + len(chunk)
            if size > self.most_bytes:
                raise Unreadable("too_big")
            digest.update(chunk)
            waiting.append(chunk)
            if len(waiting) >= TOGETHER:
                await asyncio.to_thread(_write, to, mode, waiting)
                waiting, mode = [], "ab"
        await asyncio.to_thread(_write, to, mode, waiting)
        if first.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(PAGE_BEGINS):
            raise Unreadable("login_page")
        return digest.hexdigest()


def _write(to: Path, mode: str, chunks: list[bytes]) -> None:
    with to.open(mode) as file:
        file.writelines(chunks)


def _retry_after(response: aiohttp.ClientResponse) -> float:
    try:
        return max(float(response.headers.get("Retry-After", 1)), 0.0)
    except ValueError:
        return 1.0
