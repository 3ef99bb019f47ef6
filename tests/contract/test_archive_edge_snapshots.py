"""Snapshots of the embedded archive that strangers made: one sentence, and nothing is touched."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.archive_kit import DIM, TEAM, TEXT_DIM, item, vectors
from tools.backends.qdrant_edge import QdrantEdge
from tools.backends.qdrant_edge.snapshots import ENGINE
from tools.kit import CannotDo
from tools.kit.archive.snapshots import Snapshot, writing


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for member, data in members:
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def named(name: str, kind: bytes = tarfile.REGTYPE, linked: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, linked
    return member


def outwards(outside: Path) -> bytes:
    return tar_of((named(f"../../../../../../../..{outside}"), b"evil"))


def absolute(outside: Path) -> bytes:
    return tar_of((named(str(outside)), b"evil"))


def by_a_link(outside: Path) -> bytes:
    return tar_of(
        (named("shard", tarfile.SYMTYPE, str(outside.parent)), b""), (named(f"shard/{outside.name}"), b"evil")
    )


def a_device(outside: Path) -> bytes:
    return tar_of((named("shard", tarfile.CHRTYPE), b""))


def no_tar(outside: Path) -> bytes:
    return b"nothing of the kind" * 100


def nothing(outside: Path) -> bytes:
    return b""


def without_a_shard(outside: Path) -> bytes:
    says = b'{"encoder": "space-a", "dim": 8, "text_encoder": "", "text_dim": 4}'
    return tar_of((named("collection.json"), says))


def with_a_broken_shard(outside: Path) -> bytes:
    says = b'{"encoder": "space-a", "dim": 8, "text_encoder": "", "text_dim": 4}'
    return tar_of((named("collection.json"), says), (named("shard/edge_config.json"), b"{"))


@pytest.mark.parametrize(
    "forged", [outwards, absolute, by_a_link, a_device, no_tar, nothing, without_a_shard, with_a_broken_shard]
)
async def test_a_forged_snapshot_is_one_sentence_and_changes_nothing(
    tmp_path: Path, forged: Callable[[Path], bytes]
) -> None:
    outside = tmp_path / "outside" / "evil"
    outside.parent.mkdir()
    file = tmp_path / "forged"
    with writing(file, Snapshot(ENGINE, "T1", "space-a", DIM, "", TEXT_DIM, 1, "today")) as out:
        out.write(forged(outside))
    archive = QdrantEdge(tmp_path / "archive", "space-a", DIM, text_dim=TEXT_DIM)
    await archive.put(TEAM, [item(1, audience="C1")], vectors(1))
    with pytest.raises(CannotDo):
        await archive.restore("T1", file)
    assert await archive.count(TEAM) == 1
    assert [*outside.parent.iterdir()] == []
    assert not [*(tmp_path / "archive").rglob("*.unfinished")]
    await archive.close()
