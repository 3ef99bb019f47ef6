"""Work that must not be left half done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")
AGAIN = 2.0
"""Seconds after which a task that goes on is cancelled once more."""


async def to_the_end(work: Awaitable[T]) -> T:
    """Do it to the end even when we are cancelled meanwhile: only then the cancellation goes on."""
    doing = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise


async def end(endless: asyncio.Task[Any]) -> None:
    """Cancel a task that would go on for ever, until it has ended, however it does.

    Once is not enough: `asyncio.wait_for` of Python 3.11, by which the database driver waits, loses a cancellation that
    comes as what it waits for is done (https://github.com/python/cpython/issues/86296).
    """
    while not endless.done():
        endless.cancel()
        await asyncio.wait([endless], timeout=AGAIN)
