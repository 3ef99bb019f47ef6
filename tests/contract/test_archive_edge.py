"""The embedded archive: owners, damage, encoders."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.contract.archive_kit import OWNER, TEAM, begun_anew, item, parts, vectors
from tools.backends import qdrant_edge
from tools.backends.qdrant_edge import places, reading
from tools.backends.qdrant_edge.damage import damage_said
from tools.backends.qdrant_edge.keepers import Client
from tools.backends.qdrant_edge.places import place_of
from tools.backends.qdrant_edge.wire import Gone
from tools.kit import AskAgain, CannotDo, Filters, Scope
from tools.kit.archive import Point

FULL = r"disk is full: .* has 1 MB left .* needs 96 MB .* run the same command"


async def test_a_workspace_that_is_being_opened_keeps_no_other_waiting(tmp_path: Path) -> None:
    edge = qdrant_edge.build("", parts(tmp_path))
    await edge.put(OWNER, [item(0)], vectors(1))
    with edge._one_at_a_time("T9"):  # as while its shard is loaded
        late = Scope(workspace="T9", audiences=("C1",))
        opening = asyncio.create_task(edge.put(late, [item(0, audience="C1")], vectors(1)))
        assert len(await asyncio.wait_for(edge.search(OWNER, vectors(1)[0]), 5)) == 1
        await asyncio.wait_for(edge.put(TEAM, [item(0, audience="C1")], vectors(1)), 20)
        assert not opening.done()
    await opening
    assert await edge.count(late) == 1
    await edge.close()


@pytest.mark.parametrize("size", [0, 4])
async def test_a_damaged_edge_archive_is_said_and_can_be_started_anew(tmp_path: Path, size: int) -> None:
    archive = qdrant_edge.build("", parts(tmp_path))
    await archive.put(OWNER, [item(0)], vectors(1))
    await archive.close()
    assert cut(tmp_path / "archive", "status.dat", size)
    archive = qdrant_edge.build("", parts(tmp_path))
    for _ in range(2):
        with pytest.raises(CannotDo, match=r"is damaged\. .* --fresh") as said:
            await archive.search(OWNER, vectors(1)[0])
        assert str(tmp_path / "archive") in str(said.value)
    await archive.restart("local")
    await archive.put(OWNER, [item(0)], vectors(1))
    assert await archive.count(OWNER) == 1
    await archive.close()


@pytest.mark.parametrize("lists", ["spaces", "encoders"])
async def test_a_collection_that_is_dropped_while_they_are_listed_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: str
) -> None:
    archive = qdrant_edge.build("", parts(tmp_path))
    await archive.put(OWNER, [item(0)], vectors(1))
    gone = place_of(tmp_path / "archive", "local", "space-b")
    before = places.places
    monkeypatch.setattr(places, "places", lambda root, workspace: [*before(root, workspace), gone])
    assert len(await getattr(archive, lists)("local")) == 1
    assert not gone.there
    await archive.close()


async def test_a_collection_whose_owner_lets_go_while_it_is_counted_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = qdrant_edge.build("", parts(tmp_path))
    await archive.put(OWNER, [item(0)], vectors(1))
    leaving = iter([True, True])
    call = Client.call

    def called(self: Client, name: str, arguments: list[Any]) -> Any:
        if name == "points" and next(leaving, False):
            raise Gone
        return call(self, name, arguments)

    monkeypatch.setattr(Client, "call", called)
    assert [each.points for each in await archive.spaces("local")] == [1]
    await archive.close()


def lose(folder: Path, name: str) -> int:
    """How many files are called so, and are gone."""
    found = [*folder.rglob(name)]
    for file in found:
        file.unlink()
    return len(found)


def cut(folder: Path, name: str, size: int) -> int:
    """Leave the first bytes of every file of that name; how many there are."""
    found = [*folder.rglob(name)]
    for file in found:
        os.truncate(file, size)
    return len(found)


async def test_a_collection_that_does_not_say_what_it_is_is_said_and_can_be_started_anew(tmp_path: Path) -> None:
    archive = qdrant_edge.build("", parts(tmp_path))
    await archive.put(OWNER, [item(0)], vectors(1))
    await archive.put(TEAM, [item(0, audience="C1")], vectors(1))
    await archive.close()
    place_of(tmp_path / "archive", "local", "space-a").folder.joinpath("collection.json").write_text("{")
    archive = qdrant_edge.build("", parts(tmp_path))
    with pytest.raises(CannotDo, match=r"is damaged\. .* --fresh"):
        await archive.count(OWNER)
    assert await archive.count(TEAM) == 1
    await archive.restart("local")
    await archive.put(OWNER, [item(0)], vectors(1))
    assert await archive.count(OWNER) == 1
    await archive.close()


async def test_a_collection_that_lost_files_is_said(tmp_path: Path) -> None:
    archive = qdrant_edge.build("", parts(tmp_path))
    await archive.put(OWNER, [item(0)], vectors(1))
    await archive.close()
    assert lose(tmp_path / "archive", "segments/*/payload_index/config.json")
    archive = qdrant_edge.build("", parts(tmp_path))
    await begun_anew(archive, r"(cannot be opened|is damaged).* --fresh")
    (tmp_path / "archive" / "local" / "current").write_bytes(b"\xe2\xff")
    with pytest.raises(CannotDo, match=r"is damaged\. .* --fresh"):
        await archive.count(OWNER)
    await archive.close()


async def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive, other = (qdrant_edge.build("", parts(tmp_path)) for _ in range(2))
    await archive.put(OWNER, [item(0)], vectors(1))
    full = shutil.disk_usage(tmp_path)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    for asked in (archive, other):
        for call in (
            asked.put(OWNER, [item(1)], vectors(1)),
            asked.revise(OWNER, [item(0, name="new.jpg")]),
            asked.keep("local", [Point(item(1), vectors(1)[0])]),
            asked.remove(OWNER, [item(0).id]),
            asked.forget("local", [item(0).id]),
        ):
            with pytest.raises(CannotDo, match=FULL):
                await call
        assert await asked.get(OWNER, [item(0).id, item(1).id]) == [item(0)]
        assert len(await asked.search(OWNER, vectors(1)[0])) == 1
    monkeypatch.undo()
    await other.put(OWNER, [item(1)], vectors(1))
    assert await archive.count(OWNER) == 2
    await archive.close()
    await other.close()


async def test_an_archive_is_not_opened_on_a_full_disk_which_would_kill_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = qdrant_edge.build("", parts(tmp_path))
    await archive.put(OWNER, [item(0)], vectors(1))
    await archive.snapshot("local", tmp_path / "local.snapshot")
    await archive.close()
    archive = qdrant_edge.build("", parts(tmp_path))
    full = shutil.disk_usage(tmp_path)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    for call in (archive.count(OWNER), archive.restore("local", tmp_path / "local.snapshot")):
        with pytest.raises(CannotDo, match=FULL):
            await call
    monkeypatch.undo()
    assert await archive.count(OWNER) == 1
    await archive.close()


async def test_a_disk_without_room_for_a_first_collection_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(tmp_path)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    archive = qdrant_edge.build("", parts(tmp_path))
    with pytest.raises(CannotDo, match="disk is full"):
        await archive.put(OWNER, [item(0)], vectors(1))
    assert await archive.count(OWNER) == 0
    monkeypatch.undo()
    await archive.put(OWNER, [item(0)], vectors(1))
    assert await archive.count(OWNER) == 1
    await archive.close()


@pytest.mark.parametrize("quantised", ["scalar", "binary", "none"])
async def test_a_large_collection_is_searched_by_small_codes_and_ranked_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quantised: str
) -> None:
    monkeypatch.setattr(reading, "FROM", 500)
    archive = qdrant_edge.build("", parts(tmp_path, dim="64", archive_quantisation=quantised, archive_on_disk="yes"))
    space = vectors(1000, dim=64)
    await archive.put(OWNER, [item(number) for number in range(400)], space[:400])
    assert await quantisation_of(archive) == "none"
    await archive.put(OWNER, [item(number) for number in range(400, 1000)], space[400:])
    await archive.close()
    archive = qdrant_edge.build("", parts(tmp_path, dim="64"))
    assert await quantisation_of(archive) == quantised
    for query in vectors(5, seed=9, dim=64):
        hits = await archive.search(OWNER, query, limit=10)
        best = np.argsort(-space @ query)[:10]
        assert len({hit.item.id for hit in hits} & {item(int(number)).id for number in best}) >= 8
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        mine = {item(number).id: float(space[number] @ query) for number in range(1000)}
        assert [hit.score for hit in hits] == pytest.approx([mine[hit.item.id] for hit in hits], abs=1e-5)
    await archive.close()


async def test_a_large_collection_finds_the_best_that_pass_however_many_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FROM", 1)
    archive = qdrant_edge.build("", parts(tmp_path, archive_quantisation="none"))
    space = vectors(600)
    # the nearest of all to the first query are none of the second channel's
    near = set(np.argsort(-space @ space[0])[:200].tolist())
    items = [item(n, audience="C1" if n in near else f"C{n % 7 + 1}", width=n) for n in range(600)]
    everybody = Scope(workspace="T1", audiences=tuple(f"C{n}" for n in range(1, 8)))
    await archive.put(everybody, items, space)
    for channels in (("C1",), ("C2",), ("C2", "C3", "C4", "C5", "C6", "C7")):
        scope = Scope(workspace="T1", audiences=channels)
        for filters in (None, Filters(min_width=30), Filters(min_width=590)):
            for query in (space[0], space[300]):
                passing = [
                    each.id
                    for _, each in sorted(zip(-(space @ query), items, strict=True), key=lambda pair: pair[0])
                    if each.audience in channels and each.width >= ((filters and filters.min_width) or 0)
                ]
                hits = await archive.search(scope, query, filters=filters, limit=5, vectors=True)
                assert [hit.item.id for hit in hits] == passing[:5]
                assert all(hit.vector is not None for hit in hits)
    await archive.close()


async def test_what_was_removed_counts_no_more_in_how_rare_a_word_is(tmp_path: Path) -> None:
    archive = qdrant_edge.build("", parts(tmp_path))
    named = [item(number, name=f"bike {number}.jpg") for number in range(5)]

    async def scores() -> dict[str, float]:
        return {hit.item.id: hit.score for hit in await archive.match(OWNER, "bike 2")}

    await archive.put(OWNER, named[:3], vectors(3))
    before = await scores()
    await archive.put(OWNER, named[3:], vectors(2))
    await archive.remove(OWNER, [one.id for one in named[3:]])
    assert await scores() == before
    await archive.remove(OWNER, [named[0].id])
    await archive.put(OWNER, named[:1], vectors(1))
    assert await scores() == before
    await archive.close()


async def quantisation_of(archive: qdrant_edge.QdrantEdge) -> str:
    stats = await archive.stats("local")
    assert stats is not None
    return stats.quantisation


def test_a_quantisation_there_is_not_is_said(tmp_path: Path) -> None:
    with pytest.raises(AskAgain, match="auto, none, scalar, binary"):
        qdrant_edge.build("", parts(tmp_path, archive_quantisation="octal"))


def test_only_a_panic_is_taken_for_damage(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), damage_said(tmp_path):
        raise KeyboardInterrupt


async def test_edge_names_both_encoders_when_opened_with_another(tmp_path: Path) -> None:
    first = qdrant_edge.build("", parts(tmp_path, "space-a"))
    await first.put(OWNER, [item(0)], vectors(1))
    await first.close()
    other = qdrant_edge.build("", parts(tmp_path, "space-b"))
    with pytest.raises(CannotDo, match=r"space-a.*space-b.*index --fresh"):
        await other.count(OWNER)
    assert await qdrant_edge.bound_encoder("", parts(tmp_path), "local") == "space-a"
    await other.restart("local")
    await other.put(OWNER, [item(0)], vectors(1))
    assert await qdrant_edge.bound_encoder("", parts(tmp_path), "local") == "space-b"
    await other.close()
