"""Delivery over HTTP: requests signed as Slack signs them.

https://docs.slack.dev/authentication/verifying-requests-from-slack/
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlencode

import aiohttp

from bot.local_slack.records.store import Json
from bot.local_slack.sending.delivery import Kind, NotAcknowledged, Retry
from bot.local_slack.workspace import Workspace


def signed(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The two headers that prove a request is Slack's: v0 of the time and the HMAC-SHA256 over both."""
    base = b"v0:%d:%s" % (timestamp, body)
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


class Webhooks:
    """The `Transport` that posts to the app's request URL, one URL for everything as Bolt wants it."""

    def __init__(self, workspace: Workspace, url: str) -> None:
        self._workspace = workspace
        self._url = url
        self._session: aiohttp.ClientSession | None = None

    async def attempt(self, kind: Kind, payload: Json, retry: Retry | None, patience: float) -> Json | None:
        """As the port says. Any answer but a 2xx in time is no acknowledgement."""
        body, content_type = _body(kind, payload)
        headers = {"Content-Type": content_type, **self._signature(body), **_retry_headers(retry)}
        try:
            async with asyncio.timeout(patience), self._open().post(self._url, data=body, headers=headers) as response:
                return await _answer(response)
        except TimeoutError:
            raise NotAcknowledged("http_timeout" if kind == "events_api" else "operation_timeout") from None
        except aiohttp.ClientError:
            raise NotAcknowledged("connection_failed" if kind == "events_api" else "dispatch_failed") from None

    async def verify(self) -> bool:
        """Slack's check of a new request URL: the app must say the challenge back."""
        challenge = secrets.token_urlsafe(24)
        token = self._workspace.state.identity.verification_token
        payload = {"token": token, "challenge": challenge, "type": "url_verification"}
        answer = await self.attempt("events_api", payload, None, 3.0)
        return answer is not None and challenge in (answer.get("challenge"), answer.get("text"))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
            )
        return self._session

    def _signature(self, body: bytes) -> dict[str, str]:
        faults, secret = self._workspace.faults, self._workspace.state.identity.signing_secret
        return signed("wrong" if faults.bad_signature else secret, body, int(time.time() + faults.clock_skew))


def _body(kind: Kind, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _retry_headers(retry: Retry | None) -> dict[str, str]:
    return {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason} if retry else {}


async def _answer(response: aiohttp.ClientResponse) -> Json | None:
    text = await response.text()
    if not response.ok:
        raise NotAcknowledged("http_error")
    if not text:
        return None
    if response.content_type == "application/json":
        said: Json | None = json.loads(text)
        return said
    return {"text": text}
