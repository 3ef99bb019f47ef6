"""Embedded archives of earlier versions are brought up to date, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import shutil
import signal
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.contract.archive_kit import DIM, OWNER, begun_anew, item, parts, vectors
from tools.backends import qdrant_edge
from tools.backends.qdrant_edge import places, upgrading
from tools.backends.qdrant_edge.places import place_of
from tools.kit import CannotDo, Filters, Item

SPAWN = multiprocessing.get_context("spawn")
COUNT = 250


def earlier(home: Path, items: list[Item], space: Any) -> Path:
    """An archive as version 0.1 left it: one vector without a name, no words, and what filters asked for then."""
    from qdrant_edge import Distance, EdgeConfig, EdgeShard, EdgeVectorParams, Point, UpdateOperation

    folder = home / "archive" / "local"
    folder.mkdir(parents=True, mode=0o700)
    config = EdgeConfig(vectors=EdgeVectorParams(size=DIM, distance=Distance.Cosine))
    shard = EdgeShard.create(str(folder / "shard"), config)
    points = [Point(each.id, vector, {"item": as_it_was(each)}) for each, vector in zip(items, space, strict=True)]
    shard.update(UpdateOperation.upsert_points(points))
    shard.close()
    (folder / "archive.json").write_text(json.dumps({"encoder": "space-a", "dim": DIM}))
    (folder / "lock").touch()
    return folder


def as_it_was(each: Item) -> str:
    known = {
        "id",
        "path",
        "sha256",
        "audience",
        "name",
        "mime",
        "width",
        "height",
        "page",
        "added",
        "taken",
        "modified",
    }
    return each.model_dump_json(include=known)


def many() -> list[Item]:
    return [item(number, name=f"Photo {number}.jpg", width=100 + number) for number in range(COUNT)]


async def whole(home: Path) -> None:
    """Everything is there, and is found in the ways of today."""
    archive = qdrant_edge.build("", parts(home))
    items, space = many(), vectors(COUNT)
    assert [each async for each in archive.scan(OWNER)] == items
    for number in (0, 7, COUNT - 1):
        found = await archive.vector(OWNER, item(number).id)
        assert found is not None
        np.testing.assert_allclose(found, space[number], atol=1e-6)
        assert [hit.item for hit in await archive.match(OWNER, f"photo {number}", limit=1)] == [items[number]]
    assert await archive.count(OWNER, Filters(min_width=100 + COUNT - 10)) == 10
    await archive.put(OWNER, [item(9000)], vectors(1))
    assert await archive.count(OWNER) == COUNT + 1
    await archive.remove(OWNER, [item(9000).id])
    await archive.close()
    assert not (home / "archive" / "local" / "shard").exists()


async def test_an_archive_of_an_earlier_version_is_used_as_it_is(tmp_path: Path) -> None:
    earlier(tmp_path, many(), vectors(COUNT))
    assert await qdrant_edge.bound_encoder("", parts(tmp_path), "local") == "space-a"
    assert await qdrant_edge.build("", parts(tmp_path)).workspaces() == ["local"]
    await whole(tmp_path)
    assert await qdrant_edge.bound_encoder("", parts(tmp_path), "local") == "space-a"
    await whole(tmp_path)


async def test_another_encoder_is_refused_as_before_and_finds_it_upgraded(tmp_path: Path) -> None:
    earlier(tmp_path, many(), vectors(COUNT))
    other = qdrant_edge.build("", parts(tmp_path, "space-b"))
    with pytest.raises(CannotDo, match=r"space-a.*space-b"):
        await other.count(OWNER)
    assert [(each.encoder, each.points) for each in await other.spaces("local")] == [("space-a", COUNT)]
    await other.close()
    await whole(tmp_path)


def killed_after(home: Path, where: str, times: int) -> None:
    """In a process of its own: the upgrade, killed when it has come to a place so many times."""
    owner: Any = upgrading if hasattr(upgrading, where) else places
    done: Callable[..., Any] = getattr(owner, where)
    left = times

    def counting(*arguments: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done(*arguments)

    setattr(owner, where, counting)
    upgrading.PAGE = 20
    asyncio.run(qdrant_edge.build("", parts(home)).count(OWNER))


@pytest.mark.parametrize(
    ("where", "times"), [("write_whole", 0), ("write_whole", 5), ("make_current", 0), ("_drop", 0)]
)
async def test_an_upgrade_that_was_killed_goes_on_and_loses_nothing(tmp_path: Path, where: str, times: int) -> None:
    folder = earlier(tmp_path, many(), vectors(COUNT))
    process = SPAWN.Process(target=killed_after, args=(tmp_path, where, times))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert (folder / "shard").exists()
    reached = place_of(tmp_path / "archive", "local", "space-a").unfinished / upgrading.REACHED
    assert reached.exists() == (times > 0)
    await whole(tmp_path)


async def test_processes_that_come_at_once_upgrade_once(tmp_path: Path) -> None:
    earlier(tmp_path, many(), vectors(COUNT))
    archives = [qdrant_edge.build("", parts(tmp_path)) for _ in range(4)]
    assert await asyncio.gather(*(archive.count(OWNER) for archive in archives)) == [COUNT] * 4
    for archive in archives:
        await archive.close()
    await whole(tmp_path)


async def test_a_disk_without_room_for_the_copy_leaves_the_old_archive_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = earlier(tmp_path, many(), vectors(COUNT))
    full = shutil.disk_usage(tmp_path)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    archive = qdrant_edge.build("", parts(tmp_path))
    with pytest.raises(CannotDo, match=r"copied once.* needs \d+ MB .* has 1 MB left.* nothing is lost"):
        await archive.count(OWNER)
    assert (folder / "shard").exists()
    monkeypatch.undo()
    assert await archive.count(OWNER) == COUNT
    await archive.close()


@pytest.mark.parametrize("broken", ["archive.json", "shard"])
async def test_a_damaged_archive_of_an_earlier_version_is_said_and_can_be_started_anew(
    tmp_path: Path, broken: str
) -> None:
    folder = earlier(tmp_path, many(), vectors(COUNT))
    for file in [folder / broken] if broken == "archive.json" else (folder / broken).rglob("*.*"):
        if file.is_file():
            os.truncate(file, 3)
    archive = qdrant_edge.build("", parts(tmp_path))
    await begun_anew(archive, r"--fresh")
    await archive.close()


async def test_a_point_that_cannot_be_read_keeps_no_upgrade_from_ending(tmp_path: Path) -> None:
    from qdrant_edge import EdgeShard, Point, UpdateOperation

    folder = earlier(tmp_path, many(), vectors(COUNT))
    shard = EdgeShard.load(str(folder / "shard"))
    broken = str(uuid.UUID(int=1 << 100))
    shard.update(UpdateOperation.upsert_points([Point(broken, [1.0] + [0.0] * (DIM - 1), {"item": "{"})]))
    shard.close()
    await whole(tmp_path)
