"""What comes at the same time goes to the database together: a burst of messages waits for its disk once, not each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.storage.database import DatabaseAway

Asked = TypeVar("Asked")
Found = TypeVar("Found")

MOST = 100
"""Together in one statement."""
LINES = 2
"""Statements under way at the same time: who comes after one has begun need not wait for its end."""


class Together(Generic[Asked, Found]):
    """One statement for all that is asked while the ones before it are under way. It is carried out whole or not at
    all; where what one asks is refused, each is asked by itself."""

    def __init__(self, ask: Callable[[Sequence[Asked]], Awaitable[Sequence[Found]]]) -> None:
        """ask: what is found for each, in order."""
        self._ask = ask
        self._waiting: list[tuple[Asked, asyncio.Future[Found]]] = []
        self._under_way = 0
        self._lines: set[asyncio.Task[None]] = set()

    async def of(self, one: Asked) -> Found:
        """What is found for that. Raises: what the statement raises."""
        found: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, found))
        if self._under_way < LINES:
            self._under_way += 1
            line = asyncio.create_task(self._work())
            self._lines.add(line)
            line.add_done_callback(self._lines.discard)
        return await found

    async def _work(self) -> None:
        try:
            while self._waiting:
                now, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._answer(now)
        finally:  # at once: nobody may count on a line that has looked for the last time
            self._under_way -= 1

    async def _answer(self, waiting: Sequence[tuple[Asked, asyncio.Future[Found]]]) -> None:
        try:
            answers = await self._ask([one for one, _ in waiting])
        except Exception as error:
            if len(waiting) == 1 or isinstance(error, DatabaseAway):
                _fail(waiting, error)
                return
            for one in waiting:
                await self._answer([one])
        except BaseException as error:
            _fail(waiting, error)
            raise
        else:
            for (_, found), answer in zip(waiting, answers, strict=True):
                if not found.done():  # whoever asked may have been stopped
                    found.set_result(answer)


def _fail(waiting: Sequence[tuple[Asked, asyncio.Future[Found]]], error: BaseException) -> None:
    for _, found in waiting:
        if isinstance(error, asyncio.CancelledError):
            found.cancel()
        elif not found.done():
            found.set_exception(error)
