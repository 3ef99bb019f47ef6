"""Waiting that can always be ended."""

from __future__ import annotations

import asyncio

import pytest

from bot.uninterrupted import within


@pytest.mark.parametrize("steps", range(4))
async def test_who_is_cancelled_as_what_they_wait_for_happens_is_cancelled(steps: int) -> None:
    happened = asyncio.Event()

    async def endless() -> None:
        while True:
            await within(3600, happened.wait())
            happened.clear()

    waiting = asyncio.create_task(endless())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    happened.set()
    for _ in range(steps):
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting], timeout=5)
    assert waiting.cancelled()


async def test_what_does_not_happen_is_not_waited_for_longer() -> None:
    async with asyncio.timeout(30):
        await within(0.01, asyncio.Event().wait())
