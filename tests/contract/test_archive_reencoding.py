"""A workspace is brought to another encoder while others post, edit and delete: the same on every engine."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from bot.archive.answering import Answering
from bot.archive.engines import Engine
from bot.archive.reencoding import STEP, Reencoded, finish, reencode
from bot.settings import Settings
from bot.wiring import Wiring
from tests.archives import MemoryArchive, Shelves
from tests.colours import BulkColourEncoder
from tests.contract.archive_kit import DIM, TEAM, TEXT_DIM, Make, item, post, texts
from tools.backends.qdrant_server import collections
from tools.kit import CannotDo, Embeddings, Item
from tools.kit.archive import Point

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")

OLD, NEW = "space-a", "space-b"


def drawn(encoder: str, sha256: str) -> Embeddings:
    """What an encoder makes of an original, (DIM,)."""
    seed = int.from_bytes(hashlib.sha256(f"{encoder} {sha256}".encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).standard_normal(DIM).astype(np.float32)
    made: Embeddings = vector / np.linalg.norm(vector)
    return made


class Encoding:
    """As `ItemEncoder`: every original can be had."""

    name, dim = NEW, DIM

    @property
    def encoder(self) -> Encoding:
        return self

    async def encoded(self, items: Sequence[Item]) -> list[Embeddings]:
        return [drawn(NEW, each.sha256) for each in items]


class Process(Wiring):
    """One of those that share an archive. It remembers for a while which collection is current, as all do."""

    def __init__(self, home: Path, make: Make) -> None:
        super().__init__(Settings(_env_file=None, home=home, encoder=NEW))
        self.make = make

    async def backend(self, spec: str, **options: str) -> Any:
        if "encoder" in options:
            return self.make(options["encoder"])
        made = BulkColourEncoder()
        made.name = spec
        return made

    def imported(self, backend: str) -> Any:
        return SimpleNamespace(spec_of=lambda bound, home: bound)

    async def bound_encoder(self, workspace: str | None = None) -> str | None:
        spaces = await self.make(OLD).spaces(workspace)
        return next((space.encoder for space in spaces if space.current), None)

    def answering(self, encoder: str) -> Answering:
        return Answering(self.make(encoder), self.pairs)


def picture(number: int, **more: Any) -> Item:
    return item(number, audience=f"C{1 + number % 2}", post=post(number, text=f"number {number}"), **more)


async def fill(archive: Any, items: Sequence[Item]) -> None:
    await archive.put(TEAM, items, np.array([drawn(OLD, each.sha256) for each in items]), texts(len(items)))


async def there(archive: Any) -> dict[str, Point]:
    return {each.item.id: each async for each in archive.everything("T1")}


async def check(archive: Any, wanted: Sequence[Item]) -> None:
    """Nothing is missing, nothing too much, nothing stale, and every vector is of the picture."""
    found = await there(archive)
    assert {key: each.item for key, each in found.items()} == {each.id: each for each in wanted}
    for each in found.values():
        np.testing.assert_allclose(each.image, drawn(NEW, each.item.sha256), atol=1e-5)


def run(old: Any, new: Any) -> AsyncIterator[Reencoded]:
    encoding: Any = Encoding()
    return reencode(old, new, "T1", encoding)


@pytest.fixture(autouse=True)
def servers_are_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "FRESH", 0.0)


async def test_everything_is_carried_over_and_searched_all_the_while(archives: Make) -> None:
    old, new = archives(OLD), archives(NEW)
    items = [picture(number) for number in range(3 * STEP + 5)]
    await fill(old, items)
    async for event in run(old, new):
        answering, encoder = (new, NEW) if event.switched else (old, OLD)
        [hit] = await answering.search(TEAM, drawn(encoder, items[7].sha256), limit=1)
        assert hit.item == items[7]
    assert (event.finished, event.encoded) == (True, len(items))
    await check(new, items)
    assert [space.encoder for space in await new.spaces("T1")] == [NEW]


async def test_a_run_that_was_stopped_anywhere_is_gone_on_with(archives: Make) -> None:
    old, new, encoded = archives(OLD), archives(NEW), 0
    items = [picture(number) for number in range(3 * STEP)]
    await fill(old, items)
    for steps in (1, 1, 2):
        events = run(old, new)
        for _ in range(steps):
            event = await anext(events)
        encoded += event.encoded
        await events.aclose()  # type: ignore[attr-defined]
    last = [event async for event in run(old, new)][-1]
    assert encoded + last.encoded == len(items)
    await check(new, items)


class Killed(Exception):
    """As the kernel does it."""


class Dying:
    """An engine in a process that is killed at one of its calls, before or after that did something."""

    def __init__(self, own: Any, calls: Iterator[int], last: int) -> None:
        self._own, self._calls, self._last = own, calls, last

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._own, name)
        if not asyncio.iscoroutinefunction(found):
            return found

        async def call(*arguments: Any, **more: Any) -> Any:
            number = next(self._calls)
            if number == self._last:
                raise Killed
            result = await found(*arguments, **more)
            if number + 1 == self._last:
                raise Killed
            return result

        return call


async def gone_on_with(make: Make, killed_at: int) -> bool:
    """As a process does that finds what is left to do. Whether it came to the end."""
    spaces, calls = await make(NEW).spaces("T1"), count()
    left = [space for space in spaces if space.encoder != NEW]
    encoding: Any = Encoding()
    try:
        for space in left:
            old, new = (cast(Engine, Dying(make(encoder), calls, killed_at)) for encoder in (space.encoder, NEW))
            work = reencode if space.current else finish
            async for _ in work(old, new, "T1", encoding):
                pass
    except Killed:
        return False
    return True


async def killed_again_and_again(make: Make, kills: Iterable[int]) -> None:
    """Each kill a call later than the one before; others write in between."""
    items = [picture(number) for number in range(2 * STEP)]
    await fill(make(OLD), items)
    for number, killed_at in enumerate(kills):
        if await gone_on_with(make, killed_at):
            break
        late = picture(100 + number)
        current = next(space.encoder for space in await make(OLD).spaces("T1") if space.current)
        await make(current).keep("T1", [Point(late, drawn(current, late.sha256))])
        items.append(late)
    assert await gone_on_with(make, -1)
    await check(make(NEW), items)
    assert [space.encoder for space in await make(NEW).spaces("T1")] == [NEW]


async def test_a_run_that_is_killed_anywhere_is_gone_on_with(archives: Make) -> None:
    await killed_again_and_again(archives, range(2, 40, 5))


async def test_a_run_that_is_killed_everywhere_is_gone_on_with() -> None:
    for first in range(60):
        await killed_again_and_again(in_memory(Shelves()), range(first, 60))


class Hesitating:
    """An engine before and after each call on which others get their turn."""

    def __init__(self, own: Any, chance: random.Random) -> None:
        self._own = own
        self._chance = chance

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._own, name)
        if not asyncio.iscoroutinefunction(found):
            return found

        async def call(*arguments: Any, **more: Any) -> Any:
            await self._wait()
            result = await found(*arguments, **more)
            await self._wait()
            return result

        return call

    async def everything(self, workspace: str) -> AsyncIterator[Point]:
        """By pages: what comes later was read before."""
        async for each in self._own.everything(workspace):
            await self._wait()
            yield each

    async def _wait(self) -> None:
        for _ in range(self._chance.choice([0, 0, 0, 1, 1, 3, 10, 40])):
            await asyncio.sleep(0)


class Others:
    """Processes that post, post again, edit and delete, each with its own memory of what is current."""

    def __init__(self, home: Path, make: Make, chance: random.Random, items: Sequence[Item]) -> None:
        self.chance = chance
        self.should_be = {each.id: each for each in items}
        self.busy: set[str] = set()
        self._processes = [Process(home, lambda encoder: Hesitating(make(encoder), chance)) for _ in range(2)]
        self._number = len(items)

    async def work(self, times: int) -> None:
        for _ in range(times):
            await self.once()
            for _ in range(self.chance.choice([0, 5, 50, 200])):
                await asyncio.sleep(0)

    async def once(self) -> None:
        free = sorted(self.should_be.keys() - self.busy)
        kind = self.chance.choice(["post", "again", "edit", "remove", "repair"])
        if kind == "post" or not free:
            self._number += 1
            now = picture(self._number)
        else:
            now = self.should_be[self.chance.choice(free)]
        process = self.chance.choice(self._processes)
        self.busy.add(now.id)
        if kind == "remove" and free:
            await process.answering(self.chance.choice([OLD, NEW])).remove(TEAM, [now.id])
            del self.should_be[now.id]
        elif kind == "edit" and free:
            now = now.model_copy(update={"name": f"{self.chance.random()}.jpg"})
            await process.answering(self.chance.choice([OLD, NEW])).revise(TEAM, [now], texts(1))
            self.should_be[now.id] = now
        elif kind == "repair" and free:
            await process.answering(OLD).forget("T1", [now.id])
            del self.should_be[now.id]
        else:
            now = now.model_copy(update={"sha256": f"{self.chance.getrandbits(256):064x}"})
            await self._put(process, now)
            self.should_be[now.id] = now
        self.busy.discard(now.id)

    async def _put(self, process: Process, now: Item) -> None:
        """Asked again until it is there, as every job is."""
        while True:
            encoder = await process.pairs.bound("T1") or OLD
            try:
                vector = drawn(encoder, now.sha256)[None]
                return await process.answering(encoder).put(TEAM, [now], vector, texts(1))
            except CannotDo:
                process.pairs.ask_again("T1")


async def raced(home: Path, make: Make, seed: int, number: int) -> None:
    chance = random.Random(seed)
    items = [picture(each) for each in range(number)]
    await fill(make(OLD), items)
    others = Others(home, make, chance, items)
    working = [asyncio.create_task(others.work(12)) for _ in range(3)]
    async for event in run(Hesitating(make(OLD), chance), Hesitating(make(NEW), chance)):
        if event.switched and not event.finished:
            await asyncio.gather(*working)  # as `settle` waits
    await asyncio.gather(*working)
    await check(make(NEW), [*others.should_be.values()])
    assert [space.encoder for space in await make(NEW).spaces("T1")] == [NEW]


def in_memory(shelves: Shelves) -> Make:
    return lambda encoder: MemoryArchive(encoder, DIM, TEXT_DIM, shelves)


@pytest.mark.parametrize("part", range(4))
async def test_whatever_others_do_meanwhile_is_so_afterwards(tmp_path: Path, part: int) -> None:
    for seed in range(25 * part, 25 * part + 25):
        await raced(tmp_path, in_memory(Shelves()), seed, 3 + seed % 40)


async def test_on_every_engine_what_others_do_meanwhile_is_so_afterwards(archives: Make, tmp_path: Path) -> None:
    await raced(tmp_path, archives, 7, 20)
