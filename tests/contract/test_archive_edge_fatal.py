"""Damage to an embedded archive of which the engine would end its process, and with it the whole bot."""

from __future__ import annotations

import asyncio
import errno
import multiprocessing
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.archive_kit import OWNER, TEAM, begun_anew, item, parts, vectors
from tools.backends import qdrant_edge
from tools.backends.qdrant_edge import trying
from tools.backends.qdrant_edge.damage import check_room
from tools.backends.qdrant_edge.places import place_of
from tools.backends.qdrant_edge.snapshots import write_snapshot
from tools.kit import CannotDo
from tools.kit.archive.snapshots import about

SAID = r"is damaged\. .*archive restore.* --fresh"
IMAGES = 30


def opened(home: Path) -> Any:
    return qdrant_edge.build("", parts(home))


async def filled(home: Path) -> None:
    archive = opened(home)
    await archive.put(OWNER, [item(number) for number in range(IMAGES)], vectors(IMAGES))
    await archive.put(TEAM, [item(0, audience="C1")], vectors(1))
    await archive.snapshot("local", home / "local.snapshot")
    await archive.close()


def flipped(home: Path, name: str, place: int) -> None:
    """One bit of every file of that name in the terminal's archive, which keeps its times: as a disk loses it."""
    found = [*(home / "archive" / "local").rglob(name)]
    assert found
    for file in found:
        data, about = bytearray(file.read_bytes()), file.stat()
        data[place] ^= 0x40
        file.write_bytes(data)
        os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))


def an_id_becomes_another(home: Path) -> None:
    flipped(home, "mutable_id_tracker.mappings", 20)


def a_length_becomes_huge(home: Path) -> None:
    flipped(home, "status.dat", 5)


Damage = Callable[[Path], None]
DAMAGE: list[Damage] = [an_id_becomes_another, a_length_becomes_huge]
damaging = pytest.mark.parametrize("damage", DAMAGE, ids=lambda each: each.__name__)


@damaging
async def test_it_is_said_and_other_workspaces_go_on(tmp_path: Path, damage: Damage) -> None:
    await filled(tmp_path)
    damage(tmp_path)
    archive = opened(tmp_path)
    assert await archive.count(TEAM) == 1
    for _ in range(2):
        with pytest.raises(CannotDo, match=SAID) as said:
            await archive.count(OWNER)
        assert str(tmp_path / "archive" / "local") in str(said.value)
    await archive.put(TEAM, [item(1, audience="C1")], vectors(1))
    assert await archive.count(TEAM) == 2
    await archive.close()


@damaging
async def test_each_way_out_that_is_named_is_one(tmp_path: Path, damage: Damage) -> None:
    await filled(tmp_path)
    damage(tmp_path)
    archive = opened(tmp_path)
    with pytest.raises(CannotDo, match=SAID):
        await archive.count(OWNER)
    await archive.restore("local", tmp_path / "local.snapshot")
    assert await archive.count(OWNER) == IMAGES
    await archive.close()
    damage(tmp_path)
    archive = opened(tmp_path)
    await begun_anew(archive, SAID)
    await archive.close()


async def test_the_process_that_tries_is_not_started_again_for_the_same_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(tmp_path)
    an_id_becomes_another(tmp_path)
    archive = opened(tmp_path)
    with pytest.raises(CannotDo, match=SAID):
        await archive.count(OWNER)
    monkeypatch.setattr(trying, "_survived", never)
    with pytest.raises(CannotDo, match=SAID):
        await archive.count(OWNER)
    await archive.close()


async def test_what_was_closed_is_opened_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await filled(tmp_path)
    monkeypatch.setattr(trying, "_survived", never)
    for number in range(2):
        archive = opened(tmp_path)
        assert await archive.count(OWNER) == IMAGES + number
        await archive.put(OWNER, [item(IMAGES + number)], vectors(1))
        await archive.close()


def never(*_: object) -> bool:
    raise AssertionError("It was as its owner left it.")


def left_open(home: Path) -> None:
    asyncio.run(opened(home).put(OWNER, [item(0)], vectors(1)))
    os._exit(0)  # as killed


async def test_what_was_not_closed_is_tried_first_and_keeps_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = multiprocessing.get_context("spawn").Process(target=left_open, args=[tmp_path])
    owner.start()
    await asyncio.to_thread(owner.join)
    tried: list[bool] = []
    survived = trying._survived

    def noted(*shard: Any) -> bool:
        tried.append(survived(*shard))
        return tried[-1]

    monkeypatch.setattr(trying, "_survived", noted)
    archive = opened(tmp_path)
    assert await archive.count(OWNER) == 1
    assert tried == [True]
    await archive.close()


async def test_a_full_disk_is_not_taken_for_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await filled(tmp_path)
    for note in (tmp_path / "archive").rglob("*.left"):
        note.unlink()
    monkeypatch.setattr(trying, "_survived", lambda *_: False)
    monkeypatch.setattr(trying, "check_room", lambda folder, size: check_room(folder, size, 1 << 60))
    archive = opened(tmp_path)
    with pytest.raises(CannotDo, match=r"disk is full.*Nothing is lost"):
        await archive.count(OWNER)
    monkeypatch.undo()
    assert await archive.count(OWNER) == IMAGES
    await archive.close()


async def test_a_damaged_snapshot_is_refused_and_the_archive_stays(tmp_path: Path) -> None:
    await filled(tmp_path)
    bad = tmp_path / "bad.snapshot"
    whole = place_of(tmp_path / "archive", "local", "space-a").folder
    copied = tmp_path / "copy"
    shutil.copytree(whole, copied / "archive" / "local")
    an_id_becomes_another(copied)
    write_snapshot(copied / "archive" / "local", bad, about(tmp_path / "local.snapshot"))
    archive = opened(tmp_path)
    with pytest.raises(CannotDo, match=r"bad\.snapshot is damaged: take another\. The archive stays as it is"):
        await archive.restore("local", bad)
    assert await archive.count(OWNER) == IMAGES
    await archive.close()


async def test_a_disk_too_full_for_the_note_of_who_closes_it_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    archive = opened(tmp_path)
    await archive.put(OWNER, [item(0)], vectors(1))
    monkeypatch.setattr(trying, "write_whole", full)
    await archive.close()
    archive = opened(tmp_path)
    assert await archive.count(OWNER) == 1
    await archive.close()
