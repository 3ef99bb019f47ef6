"""Encoder and archive are lent together, and a change of encoders mixes nothing up."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.archive import pairs
from bot.archive.ids import place_id
from bot.settings import Settings
from bot.wiring import Wiring
from tests.archives import MemoryArchive, Shelves
from tests.colours import BulkColourEncoder
from tools.kit import Archive, AskAgain, CannotDo, Encoder, Item, Scope
from tools.kit.archive import Point

TEAM = Scope(workspace="T1", audiences=("C1",))
OTHER = Scope(workspace="T2", audiences=("C1",))
VECTOR = np.eye(6, dtype=np.float32)[0]


class Named(BulkColourEncoder):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class World(Wiring):
    """Encoders are called as the settings that open them; `here` are those whose weights are here."""

    def __init__(self, home: Path, encoder: str, *here: str) -> None:
        super().__init__(Settings(_env_file=None, home=home, encoder=encoder))
        self.shelves = Shelves()
        self.here = {encoder, *here}

    async def backend(self, spec: str, **options: str) -> Any:
        if spec == self.settings.archive:
            return self.of(options["encoder"])
        return Named(spec)

    async def bound_encoder(self, workspace: str | None = None) -> str | None:
        return self.shelves.current.get(workspace or self.workspace)

    def imported(self, backend: str) -> Any:
        return SimpleNamespace(spec_of=lambda bound, home: bound if bound in self.here else None)

    def of(self, encoder: str) -> MemoryArchive:
        return MemoryArchive(encoder, 6, 4, self.shelves)


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "FRESH", -1.0)


def item(number: int) -> Item:
    return Item(
        id=place_id("C1", str(number)),
        path=f"/photos/{number}.jpg",
        sha256=f"{number:064}",
        audience="C1",
        name=f"{number}.jpg",
        mime="image/jpeg",
        width=4,
        height=3,
        added=datetime(2026, 1, 1, tzinfo=UTC),
    )


async def filled(world: World, encoder: str, workspace: str = "T1", number: int = 3) -> None:
    await world.of(encoder).keep(workspace, [Point(item(each), VECTOR) for each in range(number)])


async def test_the_encoder_an_archive_was_made_with_is_lent_with_it(tmp_path: Path) -> None:
    world = World(tmp_path, "new", "old")
    await filled(world, "old")
    encoder, archive = await world.pair("T1")
    assert (encoder.name, archive.encoder) == ("old", "old")
    encoder, archive = await world.pair("T2")
    assert (encoder.name, archive.encoder) == ("new", "new")
    assert isinstance(archive, Archive)


async def test_a_turn_keeps_its_pair_and_is_told_when_it_is_outdated(tmp_path: Path) -> None:
    world = World(tmp_path, "new", "old")
    await filled(world, "old")
    turn = world.lend_within(TEAM)
    archive = await turn(Archive)
    await filled(world, "new")
    assert len(await archive.search(TEAM, VECTOR)) == 3
    await world.of("new").make_current("T1")
    assert (await turn(Encoder)).name == "old"
    for refused in (archive.search(TEAM, VECTOR), archive.put(TEAM, [item(7)], VECTOR[None])):
        with pytest.raises(CannotDo, match="have just been encoded anew: ask again"):
            await refused
    later = world.lend_within(TEAM)
    assert ((await later(Encoder)).name, (await later(Archive)).encoder) == ("new", "new")


async def test_what_needs_no_picture_is_answered_by_whatever_is_there_now(tmp_path: Path) -> None:
    world = World(tmp_path, "new", "old")
    await filled(world, "old")
    archive = (await world.pair("T1")).archive
    await filled(world, "new", number=2)
    await world.of("new").make_current("T1")
    await world.of("new").drop("T1", "old")
    assert await archive.count(TEAM) == len([each async for each in archive.scan(TEAM)]) == 2
    assert await archive.get(TEAM, [item(0).id]) == [item(0)]
    renamed = item(0).model_copy(update={"name": "beach.jpg"})
    await archive.revise(TEAM, [renamed])
    assert [hit.item.name for hit in await archive.match(TEAM, "beach")] == ["beach.jpg"]
    assert len(await archive.recent(TEAM)) == 2
    assert await archive.remove(TEAM, [item(0).id]) == 1


async def test_what_is_removed_goes_from_the_collection_that_is_being_filled_too(tmp_path: Path) -> None:
    world = World(tmp_path, "new", "old")
    await filled(world, "old")
    await filled(world, "new", number=2)
    archive = (await world.pair("T1")).archive
    blind = Scope(workspace="T1", audiences=("C9",))
    assert await archive.remove(blind, [item(1).id]) == 0
    assert await archive.remove(TEAM, [item(1).id, item(2).id]) == 2
    assert [kept.item.id async for kept in world.of("new").everything("T1")] == [item(0).id]


async def test_workspaces_are_brought_over_one_by_one(tmp_path: Path) -> None:
    world = World(tmp_path, "new", "old")
    await filled(world, "old", "T1")
    await filled(world, "new", "T2")
    first, second = await world.pair("T1"), await world.pair("T2")
    assert (first.encoder.name, second.encoder.name) == ("old", "new")
    with pytest.raises(CannotDo):
        await first.archive.search(OTHER, VECTOR)
    assert await first.archive.count(OTHER) == 3


async def test_an_encoder_whose_weights_are_gone_is_said(tmp_path: Path) -> None:
    world = World(tmp_path, "new")
    await filled(world, "gone")
    encoder, archive = await world.pair("T1")
    assert encoder.name == "new"
    with pytest.raises(CannotDo, match=r"encoded by gone, which is not here\. They can be searched again once new has"):
        await archive.search(TEAM, VECTOR)
    assert await archive.count(TEAM) == 3


async def test_a_fresh_start_is_made_by_the_encoder_that_is_set_up(tmp_path: Path) -> None:
    world = World(tmp_path, "new", "old")
    await filled(world, "old")
    encoder, archive = await world.pairs.of("T1", keep_encoder=False)
    restartable: Any = archive
    await restartable.restart("T1")
    await archive.put(TEAM, [item(0)], VECTOR[None])
    assert (encoder.name, world.shelves.current["T1"]) == ("new", "new")
    assert len(await archive.search(TEAM, VECTOR)) == 1


async def test_what_is_no_encoder_is_said(tmp_path: Path) -> None:
    async with Wiring(Settings(_env_file=None, home=tmp_path, encoder="folder_blobs")) as wiring:
        with pytest.raises(AskAgain, match="SPYGLASS_ENCODER=folder_blobs is for something else"):
            await wiring.lend(Encoder)
