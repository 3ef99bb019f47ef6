"""Keeping archives: one contract for every engine."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from bot.archive.moving import move
from tests.archives import MemoryArchive
from tests.contract.archive_kit import DIM, ENGINES, OWNER, TEAM, TEXT_DIM, Make, item, texts, vectors
from tools.backends.qdrant_server import collections, writers
from tools.kit import CannotDo
from tools.kit.archive import Collected, Point

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")


async def test_what_is_not_there_is_told_as_nothing(archives: Make) -> None:
    archive = archives("space-b")
    assert await archive.audiences("T7") == []
    assert [kept async for kept in archive.everything("T7")] == []
    assert await archive.broken("T7") == []
    assert await archive.stats("T7") is None
    assert await archive.spaces("T7") == []
    assert await archive.encoders("T7") == {}
    assert await archive.forget("T7", [item(0).id]) == 0
    with pytest.raises(CannotDo):
        await archive.make_current("T7")


@pytest.mark.parametrize("workspace", ["../other", "a/b", ".", ""])
async def test_a_name_that_is_no_workspace_is_refused(archives: Make, workspace: str) -> None:
    archive = archives("space-a")
    for call in (archive.audiences, archive.stats, archive.spaces):
        with pytest.raises(ValueError, match="not a workspace"):
            await call(workspace)
    with pytest.raises(ValueError, match="not a workspace"):
        await archive.keep(workspace, [Point(item(0), vectors(1)[0])])


async def test_everything_of_a_workspace_goes_from_one_archive_to_another(archives: Make) -> None:
    archive = archives("space-a")
    space, meaning = vectors(1200), texts(1200)
    meaning[::3] = 0
    space[7] = 0
    items = [item(number, audience=f"C{1 + number % 2}") for number in range(1200)]
    await archive.put(TEAM, items, space, meaning)
    kept = [each async for each in archive.everything("T1")]
    assert [each.item for each in kept] == items
    np.testing.assert_allclose([each.image for each in kept], space, atol=1e-6)
    assert [each.text is None for each in kept] == [not each.any() for each in meaning]
    await archive.restart("T1")
    await archive.keep("T1", kept)
    assert await archive.count(TEAM) == 1200
    assert [hit.item.id for hit in await archive.search(TEAM, space[5], limit=1)] == [item(5).id]
    assert [hit.item.id for hit in await archive.search(TEAM, meaning[5], by="text", limit=1)] == [item(5).id]
    assert [hit.item.id for hit in await archive.match(TEAM, "7")] == [item(7).id]


async def test_workspaces_audiences_and_sizes_are_told(archives: Make) -> None:
    archive = archives("space-a")
    await archive.put(TEAM, [item(0, audience="C1"), item(1, audience="C2")], vectors(2))
    await archive.put(OWNER, [item(0)], vectors(1))
    assert await archive.workspaces() == ["T1", "local"]
    assert await archive.audiences("T1") == ["C1", "C2"]
    stats = await archive.stats("T1")
    assert (stats.points, stats.encoder, stats.dim, stats.text_dim) == (2, "space-a", DIM, TEXT_DIM)
    assert stats.size is None or stats.size > 0
    assert stats.quantisation == "none"


async def test_points_are_forgotten_whoever_may_see_them(archives: Make) -> None:
    archive = archives("space-a")
    await archive.put(TEAM, [item(0, audience="C1"), item(1, audience="C2")], vectors(2))
    assert await archive.forget("T1", [item(0).id, item(0).id.upper(), item(5).id]) == 1
    assert await archive.audiences("T1") == ["C2"]


async def test_points_are_looked_up_and_amended_whether_they_answer_or_not(archives: Make) -> None:
    first, beside = archives("space-a"), archives("space-b")
    asked = [item(0).id, item(0).id.upper(), item(5).id]
    assert await beside.held("T1", asked) == []
    await beside.amend("T1", [item(0, audience="C1")], texts(1))
    await first.put(TEAM, [item(0, audience="C1"), item(1, audience="C2")], vectors(2), texts(2))
    await beside.keep("T1", [Point(item(0, audience="C1"), vectors(1, seed=5)[0], texts(1)[0])])
    assert await first.encoders("T1") == {"space-a": DIM, "space-b": DIM}
    await beside.amend("T1", [item(0, audience="C1", name="new.jpg"), item(1, audience="C2")], texts(2, seed=7))
    [found] = await beside.held("T1", asked)
    assert found.item.name == "new.jpg"
    np.testing.assert_allclose(found.image, vectors(1, seed=5)[0], atol=1e-6)
    np.testing.assert_allclose(found.text, texts(2, seed=7)[0], atol=1e-6)
    assert [each.item.name for each in await first.held("T1", asked)] == [item(0).name]
    assert [kept.item.id async for kept in beside.everything("T1")] == [item(0).id]


async def test_another_encoder_fills_a_collection_beside_and_takes_over_at_once(
    archives: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collections, "FRESH", 0.0)  # a server is asked again after some seconds
    old, new = archives("space-a"), archives("space-b")
    await old.put(TEAM, [item(0, audience="C1")], vectors(1))
    with pytest.raises(CannotDo, match=r"space-a.*space-b"):
        await new.count(TEAM)
    with pytest.raises(CannotDo, match=r"space-a.*space-b"):
        await new.put(TEAM, [item(0, audience="C1")], vectors(1))
    await new.keep("T1", [Point(item(0, audience="C1"), vectors(1, seed=5)[0])])
    assert await old.spaces("T1") == [Collected("space-a", DIM, 1, True), Collected("space-b", DIM, 1, False)]
    assert await old.count(TEAM) == 1
    assert (await new.stats("T1")).encoder == "space-b"
    await new.make_current("T1")
    [hit] = await new.search(TEAM, vectors(1, seed=5)[0])
    assert hit.score == pytest.approx(1, abs=1e-5)
    with pytest.raises(CannotDo, match=r"space-b.*space-a"):
        await old.search(TEAM, vectors(1)[0])
    assert [kept.item.id async for kept in old.everything("T1")] == [item(0).id]
    with pytest.raises(CannotDo):
        await new.drop("T1", "space-b")
    await new.drop("T1", "space-a")
    await new.drop("T1", "space-a")
    assert await new.spaces("T1") == [Collected("space-b", DIM, 1, True)]
    assert await new.count(TEAM) == 1


async def test_a_restart_forgets_one_workspace_only(archives: Make) -> None:
    archive, other = archives("space-a"), archives("space-b")
    await archive.put(OWNER, [item(0)], vectors(1))
    await archive.put(TEAM, [item(0, audience="C1")], vectors(1))
    await other.keep("local", [Point(item(0), vectors(1)[0])])
    await archive.restart("local")
    assert await archive.spaces("local") == []
    assert (await archive.count(OWNER), await archive.count(TEAM)) == (0, 1)
    await archive.put(OWNER, [item(1)], vectors(1))
    assert await archive.count(OWNER) == 1
    await archive.restart("local")
    await other.put(OWNER, [item(1)], vectors(1))
    assert await other.count(OWNER) == 1


async def test_vectors_of_another_size_are_not_kept(archives: Make) -> None:
    archive = archives("space-a")
    with pytest.raises(ValueError, match="dimensions"):
        await archive.keep("T1", [Point(item(0), np.ones(DIM + 1, np.float32))])
    with pytest.raises(ValueError, match="dimensions"):
        await archive.keep("T1", [Point(item(0), vectors(1)[0], np.ones(TEXT_DIM + 1, np.float32))])


SNAPSHOTS = pytest.mark.parametrize(
    "archives", [name for name in ENGINES if name != "server in local mode"], indirect=True
)
"""Local mode has none."""


@SNAPSHOTS
async def test_a_snapshot_brings_back_what_was_there(archives: Make, tmp_path: Path) -> None:
    archive, file = archives("space-a"), tmp_path / "archive.snapshot"
    with pytest.raises(CannotDo):
        await archive.snapshot("T7", file)
    assert not file.exists()
    await archive.put(TEAM, [item(0, audience="C1"), item(1, audience="C1")], vectors(2), texts(2))
    await archive.snapshot("T1", file)
    await archive.remove(TEAM, [item(0).id])
    await archive.put(TEAM, [item(2, audience="C1")], vectors(1))
    await archive.restore("T1", file)
    assert [found.id async for found in archive.scan(TEAM)] == [item(0).id, item(1).id]
    assert [hit.item.id for hit in await archive.search(TEAM, texts(2)[0], by="text", limit=1)] == [item(0).id]
    await archive.restart("T1")
    await archive.restore("T1", file)
    assert await archive.count(TEAM) == 2


@SNAPSHOTS
async def test_what_is_no_snapshot_of_this_encoder_changes_nothing(archives: Make, tmp_path: Path) -> None:
    archive, other, file = archives("space-a"), archives("space-b"), tmp_path / "archive.snapshot"
    await archive.put(TEAM, [item(0, audience="C1")], vectors(1))
    await other.keep("T1", [Point(item(0, audience="C1"), vectors(1)[0])])
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(CannotDo):
        await archive.restore("T1", file)
    await other.snapshot("T1", file)
    with pytest.raises(CannotDo, match="space-b"):
        await archive.restore("T1", file)
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(CannotDo):
        await archive.restore("T1", file)
    assert await archive.count(TEAM) == 1


def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered of a server."""
    for module, name in ((writers, "BELIEVED"), (writers, "UNDER_WAY"), (collections, "FRESH")):
        monkeypatch.setattr(module, name, 0)


async def test_nobody_writes_while_it_is_quiet_and_everybody_may_read(
    archives: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried(monkeypatch)
    keeping, other = archives("space-a"), archives("space-a")
    await other.put(TEAM, [item(0, audience="C1")], vectors(1))
    async with keeping.quiet("T1"):
        for write in (
            other.put(TEAM, [item(1, audience="C1")], vectors(1)),
            other.revise(TEAM, [item(0, audience="C1", name="new.jpg")]),
            other.remove(TEAM, [item(0).id]),
            other.keep("T1", [Point(item(1, audience="C1"), vectors(1)[0])]),
            other.amend("T1", [item(0, audience="C1", name="new.jpg")]),
            other.forget("T1", [item(0).id]),
        ):
            with pytest.raises(CannotDo, match=r"T1 is being moved.*try again"):
                await write
        assert await other.get(TEAM, [item(0).id]) == [item(0, audience="C1")]
        await other.put(OWNER, [item(0)], vectors(1))
    await other.put(TEAM, [item(1, audience="C1")], vectors(1))
    assert await keeping.count(TEAM) == 2
    async with keeping.quiet("T1"):
        await keeping.restart("T1")
    await other.put(TEAM, [item(2, audience="C1")], vectors(1))
    assert await keeping.get(TEAM, [item(number).id for number in range(3)]) == [item(2, audience="C1")]


async def test_what_was_acknowledged_while_an_archive_was_moved_and_dropped_is_in_one_of_the_two(
    archives: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried(monkeypatch)
    source, bot, target = archives("space-a"), archives("space-a"), MemoryArchive("space-a", DIM, TEXT_DIM)
    await bot.put(TEAM, [item(number, audience="C1") for number in range(100)], vectors(100))
    known = set(range(100))
    dropped = asyncio.Event()

    async def writes() -> None:
        """As a bot that tries again."""
        number = 100
        while not dropped.is_set() or number < 110:
            await asyncio.sleep(0)
            try:
                await bot.put(TEAM, [item(number, audience="C1")], vectors(1))
            except CannotDo:
                await asyncio.sleep(0.01)
            else:
                known.add(number)
                number += 1

    writing = asyncio.create_task(writes())
    async for _ in move(source, target, "T1", drop=True):
        await asyncio.sleep(0)
    dropped.set()
    await writing
    kept = {number for number in known if await bot.get(TEAM, [item(number).id])}
    moved = {number for number in known if await target.get(TEAM, [item(number).id])}
    assert moved | kept == known
    assert moved >= set(range(100))
    assert not kept & moved
