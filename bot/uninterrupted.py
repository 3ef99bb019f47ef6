"""Work that must not be left half done, and waiting that can always be ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def to_the_end(work: Awaitable[T]) -> T:
    """Do it to the end even when we are cancelled meanwhile: only then the cancellation goes on."""
    doing = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        if not doing.cancelled():
            doing.exception()  # nobody else asks for it
        raise


async def within(seconds: float, something: Awaitable[object]) -> None:
    """Wait for it, but not longer. `asyncio.wait_for` of Python 3.11 would lose a cancellation that comes as it happens
    (https://github.com/python/cpython/issues/86296)."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await something
