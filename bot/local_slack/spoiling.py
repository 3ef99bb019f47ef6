"""How a request fails on purpose: what its caller reads, and whether it reads anything."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.local_slack.faults import Failure
from bot.local_slack.records.store import Json
from bot.local_slack.workspace import WORKSPACE, Call


@dataclass(frozen=True)
class Answer:
    """What a Web API call is answered with."""

    body: Json
    status: int = 200
    retry_after: int | None = None

    def response(self, headers: dict[str, str] | None = None) -> web.Response:
        more = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return web.json_response(self.body, status=self.status, headers={**(headers or {}), **more})


def failed(failure: Failure) -> Answer:
    """What a caller reads instead of the real answer."""
    if failure.error is not None:
        return Answer({"ok": False, "error": failure.error})
    if failure.status == 429:
        return Answer({"ok": False, "error": "ratelimited"}, 429, math.ceil(failure.retry_after))
    return Answer({"ok": False, "error": "internal_error"}, failure.status)


async def spoil(request: web.Request, failure: Failure) -> None:
    """Keeps the caller waiting, cuts the connection, or does neither."""
    failure.struck += 1
    request.app[WORKSPACE].changes.note("fault", method=failure.method)
    if failure.hang is not None:
        await asyncio.sleep(failure.hang)
    if (failure.reset or failure.hang is not None) and request.transport is not None:
        request.transport.abort()


async def spoilable(
    request: web.Request, method: str, arguments: Json, work: Callable[[], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Does the work of a request that is no Web API call, unless a fault named `method` has its turn."""
    workspace, started = request.app[WORKSPACE], time.time()
    failure = workspace.faults.take_failure(method, arguments)
    if failure is None:
        done = await work()
        workspace.calls.append(Call(method, arguments, {}, done.status, started, time.time()))
        return done
    if failure.after:
        await work()
    await spoil(request, failure)
    return failed(failure).response()
