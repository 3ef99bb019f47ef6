"""Snapshots of archives as files: whole, or not there at all."""

from __future__ import annotations

import json
import os
import resource
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tools.kit import CannotDo
from tools.kit.archive import Stats
from tools.kit.archive.snapshots import ABOUT, DATA, Snapshot, about, check, reading, writing

STATS = Stats(points=3, encoder="space-a", dim=8, text_encoder="", text_dim=4, size=None, quantisation="none")
OF = Snapshot.of("qdrant_server", "T1", STATS)


@contextmanager
def no_more_room_than(size: int) -> Iterator[None]:
    """Files of this process cannot grow larger than that, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_was_written_is_read_and_says_what_it_is_of(tmp_path: Path) -> None:
    with writing(tmp_path / "a", OF) as out:
        out.write(b"points" * 1000)
    check(tmp_path / "a", engine="qdrant_server", workspace="T1", encoder="space-a")
    assert about(tmp_path / "a") == OF
    with reading(tmp_path / "a") as data:
        assert data.read() == b"points" * 1000
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_full_disk_is_said_and_the_copy_of_before_stays(tmp_path: Path) -> None:
    file = tmp_path / "a"
    write(file, b"before")
    with pytest.raises(CannotDo, match="cannot be written"), no_more_room_than(8192):
        write(file, os.urandom(600_000))
    with reading(file) as data:
        assert data.read() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_room_that_an_engine_reserves_takes_none_in_it(tmp_path: Path) -> None:
    write(tmp_path / "a", bytes(10 << 20))
    assert (tmp_path / "a").stat().st_size < 100_000
    with reading(tmp_path / "a") as data:
        assert data.read() == bytes(10 << 20)


def test_one_that_was_given_up_leaves_nothing(tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), writing(tmp_path / "a", OF) as out:
        out.write(b"points")
        raise KeyboardInterrupt
    assert [*tmp_path.iterdir()] == []


def write(file: Path, data: bytes) -> None:
    with writing(file, OF) as out:
        out.write(data)


# --- files of strangers ---------------------------------------------------------------------------


def forge(file: Path, says: str, data: bytes | None = b"points", packing: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(file, "w", packing) as made:
        made.writestr(ABOUT, says)
        if data is not None:
            made.writestr(DATA, data)
    return file


def look(file: Path) -> None:
    check(file, engine=OF.engine, workspace=OF.workspace, encoder=OF.encoder)


@pytest.mark.parametrize(
    "said",
    [
        "[]",
        "[" * 100_000,
        json.dumps({**asdict(OF), "encoder": 5}),
        json.dumps({**asdict(OF), "points": "many"}),
        json.dumps({**asdict(OF), "workspace": "../../elsewhere"}),
        json.dumps(asdict(OF)) + " " * 10_000_000,
    ],
    ids=["a list", "very deep", "encoder", "points", "workspace", "very long"],
)
def test_what_a_snapshot_says_of_itself_is_not_believed(tmp_path: Path, said: str) -> None:
    with pytest.raises(CannotDo, match="no whole snapshot of an archive"):
        about(forge(tmp_path / "a", said, packing=zipfile.ZIP_DEFLATED))


def test_one_without_its_points_is_no_snapshot(tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match="no whole snapshot of an archive"):
        look(forge(tmp_path / "a", json.dumps(asdict(OF)), data=None))


def encrypted(packed: bytearray) -> None:
    packed[packed.find(b"PK\x03\x04") + 6] |= 1
    packed[packed.find(b"PK\x01\x02") + 8] |= 1


def oddly_packed(packed: bytearray) -> None:
    packed[packed.find(b"PK\x03\x04") + 8] = packed[packed.find(b"PK\x01\x02") + 10] = 99


def torn(packed: bytearray) -> None:
    start = packed.find(ABOUT.encode()) + len(ABOUT)
    packed[start + 6 : start + 20] = b"\xfe" * 14


@pytest.mark.parametrize(
    ("packing", "damage"),
    [
        (zipfile.ZIP_STORED, encrypted),
        (zipfile.ZIP_STORED, oddly_packed),
        (zipfile.ZIP_STORED, torn),
        (zipfile.ZIP_DEFLATED, torn),
        (zipfile.ZIP_BZIP2, torn),
        (zipfile.ZIP_LZMA, torn),
    ],
)
def test_a_damaged_one_is_said(tmp_path: Path, packing: int, damage: Any) -> None:
    file = forge(tmp_path / "a", json.dumps(asdict(OF)), packing=packing)
    packed = bytearray(file.read_bytes())
    damage(packed)
    file.write_bytes(packed)
    with pytest.raises(CannotDo, match=r"no whole snapshot of an archive|cannot be read"):
        look(file)
