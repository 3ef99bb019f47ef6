"""Batches of alt texts that are asked for ahead: nothing is left with the provider by who stops."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from bot.alt_texts.ahead import Ahead
from tools.kit.models import Ask


class Provider:
    """Takes a batch, and says so only a while after that."""

    def __init__(self) -> None:
        self.taken = asyncio.Event()
        self.cancelled: list[str] = []

    async def submit(self, asks: Mapping[str, Ask], *, marker: str) -> str:
        self.taken.set()
        await asyncio.sleep(0.1)
        return "batch-1"

    async def cancel(self, batch: str) -> None:
        self.cancelled.append(batch)


class Asking:
    """`Batching`, of one file whose model was asked once."""

    def __init__(self, provider: Provider) -> None:
        self.batches = provider

    def gathering(self, asks: dict[str, Any]) -> None:
        asks["1"] = SimpleNamespace(images=1, image_bytes=1)

    async def affordable(self, asks: dict[str, Any], account: object) -> dict[str, Any]:
        return asks


async def nothing(file: str, vision: object) -> None:
    return None


async def test_a_batch_that_is_taken_as_its_sender_stops_is_cancelled() -> None:
    provider = Provider()
    batching: Any = Asking(provider)
    ahead = Ahead[str](batching, nothing)

    async def run() -> None:
        async for _ in ahead.run(["a.png"]):
            pass

    running = asyncio.create_task(run())
    await provider.taken.wait()
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
    assert provider.cancelled == ["batch-1"]
