"""An event is recorded once, however often it comes."""

from __future__ import annotations

import asyncio

import pytest

from bot.slack.listening import arrivals as module
from bot.slack.listening.arrivals import Arrivals


class Record:
    """Records, when it may."""

    def __init__(self) -> None:
        self.times = 0
        self.may = asyncio.Event()
        self.may.set()
        self.broken = False

    async def __call__(self) -> None:
        self.times += 1
        await self.may.wait()
        if self.broken:
            raise OSError("away")


async def test_an_event_that_comes_again_is_not_recorded_again() -> None:
    arrivals, record = Arrivals(), Record()
    for _ in range(3):
        await arrivals.once("Ev1", record)
    await arrivals.once("Ev2", record)
    assert record.times == 2


async def test_who_comes_while_it_is_recorded_waits_for_it() -> None:
    arrivals, record = Arrivals(), Record()
    record.may.clear()
    coming = [asyncio.create_task(arrivals.once("Ev1", record)) for _ in range(3)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in coming)
    record.may.set()
    await asyncio.gather(*coming)
    assert record.times == 1


async def test_what_could_not_be_recorded_is_when_it_comes_again() -> None:
    arrivals, record = Arrivals(), Record()
    record.broken = True
    with pytest.raises(OSError, match="away"):
        await arrivals.once("Ev1", record)
    record.broken = False
    await arrivals.once("Ev1", record)
    assert record.times == 2


async def test_without_an_id_everything_is_recorded() -> None:
    arrivals, record = Arrivals(), Record()
    await arrivals.once("", record)
    await arrivals.once("", record)
    assert record.times == 2


async def test_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    arrivals, record = Arrivals(), Record()
    for name in ("Ev1", "Ev2", "Ev3", "Ev3", "Ev1"):
        await arrivals.once(name, record)
    assert record.times == 4
