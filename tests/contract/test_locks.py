"""Locks over processes on a real PostgreSQL: one holder at a time, and who loses them is stopped."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

import psycopg
import pytest

from bot.storage import locks as module
from bot.storage.database import DatabaseAway
from bot.storage.locks import Locks

HOLDING = """
import asyncio, sys
from bot.storage.locks import Locks

async def main():
    async with Locks(sys.argv[1]).hold("t"):
        print("held", flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.fixture
async def locks(database_url: str) -> AsyncIterator[Locks]:
    locks = Locks(database_url)
    yield locks
    await locks.close()


@pytest.fixture
async def others(database_url: str) -> AsyncIterator[Locks]:
    """The locks of another process, as far as the database can tell."""
    locks = Locks(database_url)
    yield locks
    await locks.close()


async def end_connections(url: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        await db.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )


async def held(url: str) -> int:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as db:
        query = (
            "select count(*) from pg_locks where locktype = 'advisory' "
            "and database = (select oid from pg_database where datname = current_database())"
        )
        row = await (await db.execute(query)).fetchone()
    return int(row[0]) if row else 0


async def test_a_lock_has_one_holder_at_a_time_here_and_elsewhere(locks: Locks, others: Locks) -> None:
    inside = 0

    async def enter(which: Locks) -> None:
        nonlocal inside
        async with which.hold("t"):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(enter(which) for _ in range(10) for which in (locks, others)))


async def test_a_hundred_locks_take_one_connection(locks: Locks, database_url: str) -> None:
    everybody = asyncio.Barrier(101)

    async def enter(key: str) -> None:
        async with locks.hold(key):
            await everybody.wait()
            await everybody.wait()

    async with asyncio.TaskGroup() as group:
        for number in range(100):
            group.create_task(enter(f"thread {number}"))
        await everybody.wait()
        assert await held(database_url) == 100
        async with await psycopg.AsyncConnection.connect(database_url) as db:
            query = "select count(*) from pg_stat_activity where datname = current_database()"
            assert await (await db.execute(query)).fetchone() == (2,)
        await everybody.wait()
    assert await held(database_url) == 0


async def test_who_is_stopped_while_waiting_or_holding_leaves_nothing_locked(
    locks: Locks, others: Locks, database_url: str
) -> None:
    async def enter() -> None:
        async with locks.hold("t"):
            await asyncio.Event().wait()

    for pause in [0.0, 0.0005, 0.001, 0.002, 0.005] * 10:
        entering = asyncio.create_task(enter())
        await asyncio.sleep(pause)
        entering.cancel()
        await asyncio.wait([entering])
    async with asyncio.timeout(30), others.hold("t"):
        assert await held(database_url) == 1


async def test_a_killed_process_holds_nothing(locks: Locks, database_url: str) -> None:
    command = [sys.executable, "-c", HOLDING, database_url]
    holder = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert holder.stdout
    assert await holder.stdout.readline() == b"held\n"
    holder.kill()
    async with asyncio.timeout(30), locks.hold("t"):
        await holder.communicate()


async def test_who_loses_a_lock_with_its_connection_is_stopped(
    locks: Locks, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PULSE", 0.05)

    async def lose() -> None:
        async with locks.hold("t"):
            await end_connections(database_url)
            await asyncio.Event().wait()

    with pytest.raises(DatabaseAway, match="in the middle"):
        await lose()
    async with locks.hold("t"):  # on a new connection
        assert await held(database_url) == 1


async def test_a_deadline_inside_is_not_taken_for_a_lost_lock(locks: Locks) -> None:
    with pytest.raises(TimeoutError):
        async with locks.hold("t"), asyncio.timeout(0.01):
            await asyncio.Event().wait()


async def test_a_database_that_does_not_answer_is_said() -> None:
    with pytest.raises(DatabaseAway, match="does not answer"):
        async with Locks("postgresql:///x?host=/nowhere").hold("t"):
            pass


async def test_locks_nobody_waits_for_take_no_memory(locks: Locks) -> None:
    async with locks.hold("t"):
        pass
    assert not locks._here
