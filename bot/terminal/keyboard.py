"""Waiting for a person or a pipe, without standing in the way of Ctrl-C."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


async def aside(work: Callable[[], T]) -> T:
    """Like `asyncio.to_thread`, but the process may end while the work still waits: nobody joins its thread.

    The work must not wait inside Python's buffered standard input, whose lock the end of the process needs.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(put: Callable[[Any], None], value: Any) -> None:
        if not future.done():
            put(value)

    def thread() -> None:
        try:
            put, value = future.set_result, work()
        except BaseException as error:
            put, value = future.set_exception, error  # type: ignore[assignment]
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, put, value)

    threading.Thread(target=thread, daemon=True).start()
    return await future
