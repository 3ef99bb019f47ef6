"""One process owns an embedded archive and answers the others; whatever becomes of it, they go on."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from tests.contract.archive_kit import OWNER, TEAM, item, parts, vectors
from tools.backends import qdrant_edge
from tools.backends.qdrant_edge import keepers, serving, wire
from tools.backends.qdrant_edge.lock import OwnerLock
from tools.backends.qdrant_edge.places import place_of
from tools.kit import CannotDo, Filters

SPAWN = multiprocessing.get_context("spawn")


def own(home: Path, told: Connection, count: int) -> None:
    """In a process of its own: put some images, say so, and stay until it is told to end; "busy": put more and more."""
    asyncio.run(owning(home, told, count))


async def owning(home: Path, told: Connection, count: int) -> None:
    archive = qdrant_edge.build("", parts(home))
    await archive.put(OWNER, [item(number) for number in range(count)], vectors(count))
    told.send("ready")
    number = count
    while await asyncio.to_thread(told.recv) == "busy":
        while not told.poll():
            await archive.put(OWNER, [item(number)], vectors(1, seed=number))
            number += 1
    await archive.close()
    told.send(number)


@contextmanager
def another(home: Path, count: int = 5) -> Iterator[tuple[Any, Connection]]:
    """Another process that owns the archive."""
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=own, args=(home, there, count))
    process.start()
    try:
        assert here.recv() == "ready"
        yield process, here
    finally:
        process.kill()
        process.join()


async def test_an_owner_at_work_answers_another_process_at_once(tmp_path: Path) -> None:
    with another(tmp_path) as (process, told):
        archive = qdrant_edge.build("", parts(tmp_path))
        told.send("busy")
        for number in range(5):
            [hit] = await archive.search(OWNER, vectors(5)[number], filters=Filters(ids=(item(number).id,)))
            assert hit.item == item(number)
        await archive.put(OWNER, [item(9000)], vectors(1))
        assert await archive.get(OWNER, [item(9000).id]) == [item(9000)]
        told.send("end")
        written = told.recv()
        process.join()
        assert process.exitcode == 0
        assert await archive.count(OWNER) == written + 1
        await archive.close()


async def test_an_owner_that_was_killed_is_replaced_and_nothing_is_lost(tmp_path: Path) -> None:
    with another(tmp_path) as (process, _):
        archive = qdrant_edge.build("", parts(tmp_path))
        assert await archive.count(OWNER) == 5
        place = place_of(tmp_path / "archive", "local", "space-a")
        assert str(process.pid) in place.lock.read_text()
        process.kill()
        process.join()
        assert place.socket.exists()
        assert await archive.count(OWNER) == 5
        assert str(os.getpid()) in place.lock.read_text()
        third = qdrant_edge.build("", parts(tmp_path))
        assert await third.count(OWNER) == 5
        await archive.close()
        await third.close()


async def test_calls_under_way_when_the_owner_is_killed_are_answered_by_the_next(tmp_path: Path) -> None:
    with another(tmp_path) as (process, told):
        archives = [qdrant_edge.build("", parts(tmp_path)) for _ in range(3)]
        told.send("busy")
        calls = [
            asyncio.create_task(archive.put(OWNER, [item(1000 + 100 * n + m)], vectors(1)))
            for n, archive in enumerate(archives)
            for m in range(20)
        ]
        await asyncio.sleep(0.05)
        process.kill()
        await asyncio.gather(*calls)
        wanted = [item(1000 + 100 * n + m).id for n in range(3) for m in range(20)]
        assert len(await archives[0].get(OWNER, wanted)) == 60
        assert len(await archives[2].get(OWNER, [item(n).id for n in range(5)])) == 5
        for archive in archives:
            await archive.close()


async def test_an_owner_that_ends_hands_over_to_whoever_asks_next(tmp_path: Path) -> None:
    first, second = (qdrant_edge.build("", parts(tmp_path)) for _ in range(2))
    await first.put(OWNER, [item(0)], vectors(1))
    assert await second.count(OWNER) == 1
    await first.close()
    await second.put(OWNER, [item(1)], vectors(1))
    third = qdrant_edge.build("", parts(tmp_path))
    assert await third.count(OWNER) == 2
    await second.close()
    await third.close()


async def test_what_is_wrong_with_a_call_is_said_to_whoever_made_it(tmp_path: Path) -> None:
    first, second = (qdrant_edge.build("", parts(tmp_path)) for _ in range(2))
    await first.put(TEAM, [item(0, audience="C1")], vectors(1))
    other = TEAM.model_copy(update={"audiences": ("C9",)})
    with pytest.raises(ValueError, match="outside the scope"):
        await second.put(other, [item(0, audience="C9")], vectors(1))
    assert await second.count(TEAM) == 1
    await first.close()
    await second.close()


async def test_only_the_user_of_the_archive_may_ask_its_owner(tmp_path: Path) -> None:
    archive = qdrant_edge.build("", parts(tmp_path))
    await archive.put(OWNER, [item(0)], vectors(1))
    place = place_of(tmp_path / "archive", "local", "space-a")
    assert stat.S_IMODE(place.socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.socket.parent.stat().st_mode) == 0o700
    await archive.close()
    assert not place.socket.exists()


async def test_a_home_with_a_very_long_path_is_served_too(tmp_path: Path) -> None:
    home = tmp_path / ("a" * 100) / ("b" * 100)
    first, second = (qdrant_edge.build("", parts(home)) for _ in range(2))
    await first.put(OWNER, [item(0)], vectors(1))
    assert await second.count(OWNER) == 1
    await first.close()
    await second.close()


async def test_a_lock_and_a_socket_that_were_left_behind_keep_nobody_out(tmp_path: Path) -> None:
    archive = qdrant_edge.build("", parts(tmp_path))
    await archive.put(OWNER, [item(0)], vectors(1))
    await archive.close()
    place = place_of(tmp_path / "archive", "local", "space-a")
    place.lock.write_text('{"pid": 1, "since": "2020-01-01T00:00:00+00:00"}')
    with socket.socket(socket.AF_UNIX) as left, serving._short(place.socket) as name:
        left.bind(name)
    archive = qdrant_edge.build("", parts(tmp_path))
    assert await archive.count(OWNER) == 1
    await archive.close()


async def test_an_owner_that_hangs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keepers, "ANSWERED", 0.3)
    monkeypatch.setattr(keepers, "PATIENCE", 0.3)
    with another(tmp_path) as (process, _):
        os.kill(process.pid, signal.SIGSTOP)
        archive = qdrant_edge.build("", parts(tmp_path))
        with pytest.raises(CannotDo, match=rf"open in process {process.pid}, since 20.*does not answer.* or end it"):
            await archive.count(OWNER)
        os.kill(process.pid, signal.SIGCONT)
        assert await archive.count(OWNER) == 5
        await archive.close()


async def test_a_lock_that_is_held_without_an_answer_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keepers, "PATIENCE", 0.2)
    archive = qdrant_edge.build("", parts(tmp_path))
    await archive.put(OWNER, [item(0)], vectors(1))
    await archive.close()
    lock = OwnerLock(place_of(tmp_path / "archive", "local", "space-a").lock)
    assert lock.take()
    with pytest.raises(CannotDo, match=rf"in use by process {os.getpid()}, since 20"):
        await archive_of(tmp_path).count(OWNER)
    lock.free()
    archive = archive_of(tmp_path)
    assert await archive.count(OWNER) == 1
    await archive.close()


def archive_of(home: Path) -> Any:
    return qdrant_edge.build("", parts(home))


async def test_what_is_no_call_of_ours_is_answered_with_nothing(tmp_path: Path) -> None:
    archive = archive_of(tmp_path)
    await archive.put(OWNER, [item(0)], vectors(1))
    place = place_of(tmp_path / "archive", "local", "space-a")

    def say(data: bytes) -> bytes:
        channel = serving.connected(place.socket, 5)
        assert channel is not None
        with channel:
            channel.sendall(data)
            channel.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                return channel.recv(100)
        return b""

    for data in (b"", b"GET / HTTP/1.1\r\n\r\n", wire.HEAD.pack(3) + b"\xc1\xc1\xc1", wire.HEAD.pack(1 << 60)):
        assert await asyncio.to_thread(say, data) == b""

    def call() -> list[Any]:
        channel = serving.connected(place.socket, 5)
        assert channel is not None
        with channel:
            wire.send(channel, ["__class__", []])
            found: list[Any] = wire.receive(channel)
            return found

    failed, _ = await asyncio.to_thread(call)
    assert failed == ["ValueError", "No call on a collection: __class__."]
    assert await archive.count(OWNER) == 1
    await archive.close()


async def test_a_collection_made_anew_by_one_process_is_found_by_the_others(tmp_path: Path) -> None:
    first, second = archive_of(tmp_path), archive_of(tmp_path)
    await first.put(OWNER, [item(0)], vectors(1))
    assert await second.count(OWNER) == 1
    await second.restart("local")
    assert await first.count(OWNER) == 0
    await first.put(OWNER, [item(1), item(2)], vectors(2))
    assert await second.count(OWNER) == 2
    await first.close()
    await second.close()
