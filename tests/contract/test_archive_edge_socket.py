"""What may be said over the socket of an embedded archive: nothing else than calls, and nobody else than its user."""

from __future__ import annotations

import asyncio
import socket
import stat
import struct
import tracemalloc
from pathlib import Path

import msgpack  # type: ignore[import-untyped]
import pytest

from tests.contract.archive_kit import DIM, TEAM, TEXT_DIM, item, vectors
from tools.backends.qdrant_edge import QdrantEdge
from tools.backends.qdrant_edge.serving import connected
from tools.backends.qdrant_edge.wire import MODEL, RECORD, VECTORS, Gone, receive

FRAME = struct.Struct("!Q")


def framed(data: bytes) -> bytes:
    return FRAME.pack(len(data)) + data


def call(name: object, arguments: object) -> bytes:
    return framed(msgpack.packb([name, arguments]))


def ext(code: int, held: object) -> bytes:
    return framed(msgpack.packb(["count", [msgpack.ExtType(code, msgpack.packb(held))]]))


def nested(depth: int) -> bytes:
    held = msgpack.packb(["Scope", "{}"])
    for _ in range(depth):
        held = msgpack.packb(["Hit", msgpack.ExtType(RECORD, held)])
    return framed(msgpack.packb(["count", [msgpack.ExtType(RECORD, held)]]))


UNHEARD = {
    "a frame of no end": FRAME.pack(1 << 63),
    "a large frame that never comes": FRAME.pack(1 << 30) + b"x",
    "half a head": b"\0\0",
    "no message pack": framed(b"\xc1"),
    "no call": framed(msgpack.packb({"name": "count"})),
    "lists without end": framed(b"\x91" * 100_000),
    "records in records": nested(2_000),
    "a record there is not": ext(RECORD, ["Popen", ["rm"]]),
    "a record of other fields": ext(RECORD, ["Hit", [1, 2, 3, 4, 5, 6, 7]]),
    "a model that is none": ext(MODEL, ["Scope", '{"workspace": 5}']),
    "vectors of a wrong shape": ext(VECTORS, [[1 << 40, 1 << 40], b"\0\0\0\0"]),
    "vectors of no shape": ext(VECTORS, [{"a": 1}, b"\0\0\0"]),
    "vectors of nothing": ext(VECTORS, [5, None]),
    "an extension there is not": ext(99, [1, 2]),
}
REFUSED = {
    "the class": call("__class__", []),
    "what is private": call("_shard", []),
    "what is not for others": call("close", []),
    "no name": call(["count"], []),
    "no arguments": call("count", 5),
    "too many arguments": call("count", [1, 2, 3, 4, 5]),
    "no scope": call("get", [None, ["x"]]),
    "a scope as a mapping": call("get", [{"workspace": "T1", "audiences": ["C1"]}, ["x"]]),
}


@pytest.fixture
async def archive(tmp_path: Path) -> QdrantEdge:
    archive = QdrantEdge(tmp_path / "archive", "space-a", DIM, text_dim=TEXT_DIM)
    await archive.put(TEAM, [item(1, audience="C1")], vectors(1))
    return archive


def said(path: Path, data: bytes) -> list[object] | None:
    """What is answered; None for who is hung up on."""
    channel = connected(path, 20)
    assert channel
    with channel:
        channel.sendall(data)
        channel.shutdown(socket.SHUT_WR)
        try:
            return receive(channel)
        except (Gone, OSError):
            return None


def socket_of(base: Path) -> Path:
    (path,) = (path for path in (base / "archive").rglob("*.socket"))
    return path


@pytest.mark.parametrize("data", UNHEARD.values(), ids=UNHEARD)
async def test_who_speaks_otherwise_is_hung_up_on(archive: QdrantEdge, tmp_path: Path, data: bytes) -> None:
    assert await asyncio.to_thread(said, socket_of(tmp_path), data) is None
    assert await archive.count(TEAM) == 1
    await archive.close()


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
async def test_what_is_no_call_is_refused(archive: QdrantEdge, tmp_path: Path, data: bytes) -> None:
    answer = await asyncio.to_thread(said, socket_of(tmp_path), data)
    assert answer
    assert answer[0]
    assert answer[1] is None
    assert await archive.count(TEAM) == 1
    await archive.close()


def test_room_is_made_for_what_comes_whatever_is_announced() -> None:
    here, there = socket.socketpair()
    with here, there:
        there.sendall(FRAME.pack(1 << 30) + b"x")
        there.close()
        tracemalloc.start()
        try:
            with pytest.raises(Gone):
                receive(here)
            assert tracemalloc.get_traced_memory()[1] < 8 << 20
        finally:
            tracemalloc.stop()


async def test_nobody_else_may_open_it(archive: QdrantEdge, tmp_path: Path) -> None:
    path = socket_of(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (path.parent, path.parent.parent, tmp_path / "archive"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    await archive.close()
