"""Snapshots of archives as files: whole, or not there at all."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tools.kit import CannotDo
from tools.kit.archive import Stats
from tools.kit.archive.snapshots import Snapshot, about, check, reading, writing

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
        write(file, b"points" * 100_000)
    with reading(file) as data:
        assert data.read() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_one_that_was_given_up_leaves_nothing(tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), writing(tmp_path / "a", OF) as out:
        out.write(b"points")
        raise KeyboardInterrupt
    assert [*tmp_path.iterdir()] == []


def write(file: Path, data: bytes) -> None:
    with writing(file, OF) as out:
        out.write(data)
