"""A Qdrant server as an archive: what only it has to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.archive_kit import OWNER, item, parts, vectors
from tests.stand_in_qdrant import Wire
from tools.backends import qdrant_server
from tools.backends.workers import PebbleWorkers
from tools.kit import AskAgain, CannotDo
from tools.kit.parts import Parts


async def test_the_server_names_both_encoders_when_opened_with_another(tmp_path: Path, wire: Wire) -> None:
    first = qdrant_server.build(wire.url, parts(tmp_path, "space-a"))
    await first.put(OWNER, [item(0)], vectors(1))
    await first.close()
    assert await qdrant_server.bound_encoder(wire.url, parts(tmp_path), "local") == "space-a"
    assert await qdrant_server.bound_encoder(wire.url, parts(tmp_path), "T1") is None
    other = qdrant_server.build(wire.url, parts(tmp_path, "space-b"))
    with pytest.raises(CannotDo, match=r"space-a.*space-b.*index --fresh"):
        await other.count(OWNER)
    await other.close()


async def test_a_server_that_does_not_answer_is_said(tmp_path: Path) -> None:
    archive = qdrant_server.build("http://127.0.0.1:9", parts(tmp_path))
    with pytest.raises(CannotDo, match=r"http://127\.0\.0\.1:9 does not answer"):
        await archive.count(OWNER)
    await archive.close()


async def test_a_wrong_key_is_said_and_the_right_one_works(tmp_path: Path) -> None:
    said: list[str] = []
    with Wire(key="secret") as wire:
        for key in ("wrong", "secret"):
            made = Parts(tmp_path, PebbleWorkers(), said.append, parts(tmp_path, qdrant_api_key=key).options)
            archive = qdrant_server.build(wire.url, made)
            if key == "wrong":
                with pytest.raises(CannotDo, match=r"refuses the key \(403\): set QDRANT_API_KEY"):
                    await archive.count(OWNER)
            else:
                assert await archive.count(OWNER) == 0
            await archive.close()
    assert "insecure" in said[0]


def test_a_server_without_a_url_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(AskAgain, match="qdrant_server:http://HOST:6333"):
        qdrant_server.build("", parts(tmp_path))
