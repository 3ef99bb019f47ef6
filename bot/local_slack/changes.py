"""Who waits for something to happen in the workspace: conditions of tests, and pages that follow it live."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.local_slack.records.store import Json

_NOW_AND_THEN = 0.05  # seconds
_BACKLOG = 1000  # changes a slow follower may lag behind before it misses the oldest


class Changes:
    """Every change is told once to everybody who waits or follows."""

    def __init__(self) -> None:
        self._happened: asyncio.Future[None] | None = None
        self._followers: list[asyncio.Queue[Json]] = []

    def note(self, kind: str, **facts: object) -> None:
        """`kind`: message, edit, delete, reaction, ephemeral, status, call, socket, view, channel, person, file…"""
        if self._happened is not None and not self._happened.done():
            self._happened.set_result(None)
        for queue in self._followers:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait({"kind": kind, **facts})

    async def until(self, condition: Callable[[], object], patience: float) -> None:
        """Returns once `condition()` is true, asked again after every change. Raises: TimeoutError.

        What it looks at may also be outside the workspace, so it is asked every now and then too.
        """
        async with asyncio.timeout(patience):
            while not condition():
                await asyncio.wait([self._next()], timeout=_NOW_AND_THEN)

    def _next(self) -> asyncio.Future[None]:
        if self._happened is None or self._happened.done():
            self._happened = asyncio.get_running_loop().create_future()
        return self._happened

    @contextmanager
    def followed(self) -> Iterator[asyncio.Queue[Json]]:
        queue: asyncio.Queue[Json] = asyncio.Queue(_BACKLOG)
        self._followers.append(queue)
        try:
            yield queue
        finally:
            self._followers.remove(queue)
