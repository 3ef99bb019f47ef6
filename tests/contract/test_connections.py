"""Connections to a real PostgreSQL."""

from __future__ import annotations

import asyncio

import pytest

from bot.storage.database import Pool, connected


async def _nothing(pool: Pool) -> None:
    """No tables are needed."""


@pytest.mark.parametrize("steps", range(12))
async def test_who_is_cancelled_as_a_connection_becomes_free_is_cancelled(database_url: str, steps: int) -> None:
    used = 0

    async def endless(pool: Pool) -> None:
        nonlocal used
        while True:
            async with pool.connection():
                used += 1
            await asyncio.sleep(3600)

    async with connected(database_url, most=1, set_up=_nothing) as pool:
        for _ in range(3):
            async with pool.connection():
                waiting = asyncio.create_task(endless(pool))
                await asyncio.sleep(0.01)
            for _ in range(steps):
                await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait([waiting], timeout=5)
            assert waiting.cancelled()
