"""The embedded archive: owners, damage, encoders."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.contract.archive_kit import OWNER, TEAM, item, parts, vectors
from tools.backends import qdrant_edge
from tools.backends.qdrant_edge.damage import damage_said
from tools.kit import CannotDo, Scope


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
        with pytest.raises(CannotDo, match=r"is damaged: .* --fresh") as said:
            await archive.search(OWNER, vectors(1)[0])
        assert str(tmp_path / "archive") in str(said.value)
    await archive.restart("local")
    await archive.put(OWNER, [item(0)], vectors(1))
    assert await archive.count(OWNER) == 1
    await archive.close()


def cut(folder: Path, name: str, size: int) -> int:
    """Leave the first bytes of every file of that name; how many there are."""
    found = [*folder.rglob(name)]
    for file in found:
        os.truncate(file, size)
    return len(found)


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
