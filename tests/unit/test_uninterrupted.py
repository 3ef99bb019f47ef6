"""Tasks that are ended, and work that is done to the end."""

from __future__ import annotations

import asyncio

import pytest

from bot import uninterrupted


async def test_a_task_that_loses_a_cancellation_is_cancelled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uninterrupted, "AGAIN", 0.01)
    heard = 0

    async def endless() -> None:
        nonlocal heard
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                heard += 1
                if heard == 3:
                    raise

    task = asyncio.create_task(endless())
    await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await uninterrupted.end(task)
    assert task.cancelled()
    assert heard == 3


async def test_a_task_that_fails_as_it_is_ended_has_ended() -> None:
    async def failing() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            raise ValueError

    task = asyncio.create_task(failing())
    await asyncio.sleep(0)
    await uninterrupted.end(task)
    assert isinstance(task.exception(), ValueError)
