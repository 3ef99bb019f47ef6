"""A turn that is stopped or fails has not happened: what it wrote until then is taken back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

log = logging.getLogger(__name__)

NEWER = (
    "delete from checkpoint_writes where thread_id = %s and checkpoint_id > %s",
    "delete from checkpoints where thread_id = %s and checkpoint_id > %s",
)
"""Ids are in the order of time (UUID 6)."""


@asynccontextmanager
async def whole(saver: Any, thread: str, forget: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Unless the block comes to its end, the thread's checkpoints are again what they were, and `forget` undoes the
    rest. Whoever enters holds the thread's lock.

    LangGraph writes a checkpoint also when a run is cancelled half-way.
    """
    before = await saver.aget_tuple({"configurable": {"thread_id": thread}})
    try:
        yield
    except BaseException as error:
        await _to_the_end(_undo(saver, thread, before, error, forget))
        raise


async def _undo(
    saver: Any, thread: str, before: Any, error: BaseException, forget: Callable[[], Awaitable[None]]
) -> None:
    # LangGraph may still be writing: it hands on the task that does
    if writing := [task for task in error.args if isinstance(task, asyncio.Task)]:
        await asyncio.wait(writing)
    latest = before.config["configurable"]["checkpoint_id"] if before else ""
    async with saver.conn.connection() as db, db.transaction():
        for newer in NEWER:
            await db.execute(newer, [thread, latest])
    await forget()


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Whoever is stopped once more waits all the same. When it cannot be done, what stopped the turn is still said."""
    doing = asyncio.create_task(work)
    while not doing.done():
        try:
            await asyncio.wait([doing])
        except asyncio.CancelledError:
            continue
    if problem := doing.exception():
        log.error("A stopped turn could not be undone.", exc_info=problem)
