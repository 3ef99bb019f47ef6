"""The queue on a real PostgreSQL: in order, in parallel, and nothing lost when workers and the database die."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.slack.events import Message
from bot.slack.storage import queue as queues
from bot.slack.storage.inbox import Inbox, Row, State
from bot.slack.storage.queue import Elsewhere, Queue
from bot.slack.storage.tables import Database, open_database
from bot.storage.locks import Locks
from tests.postgres import restart, server_of

BEAT = 0.5
Work = Callable[[Row], Awaitable[None]]


class Office:
    """An inbox, its queue, and who works on it."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.inbox = Inbox(db)
        self.locks = Locks(db.url)
        self.queue = Queue(db, self.locks, beat=BEAT, grace=0.2)
        self.done: list[tuple[int, int]] = []
        """Thread and number of the messages that were worked on here, in order."""

    async def say(self, thread: int, number: int) -> Row:
        ts = f"{number}.{thread:06}"
        message = Message(team="T", channel="C", ts=ts, thread_ts=f"10.{thread:06}", user="U", text="hi")
        return (await self.inbox.hear(message, for_us=True)).row

    @asynccontextmanager
    async def working(self, work: Work | None = None, concurrency: int = 8) -> AsyncIterator[None]:
        async def handle(thread: str) -> None:
            if row := await self.inbox.begin(thread):
                if work:
                    await work(row)
                self.done.append(numbers(row))
                await self.inbox.finish(row.key, State.DONE)

        task = asyncio.create_task(self.queue.work(handle, concurrency))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def all_over(self) -> None:
        """Wait until no message waits and no job is left."""
        async with asyncio.timeout(60):
            while await self.left():  # noqa: ASYNC110  it may happen in another process
                await asyncio.sleep(0.02)

    async def left(self) -> int:
        query = """
            select (select count(*) from inbox where state in ('waiting', 'working', 'answered'))
                 + (select count(*) from procrastinate_jobs) as n
        """
        row = await self.db.row(query)
        return int(row["n"]) if row else 0


def numbers(row: Row) -> tuple[int, int]:
    """Of the thread, and of the message in it."""
    number, _, thread = row.key.ts.partition(".")
    return int(thread), int(number)


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    office = Office(database)
    yield office
    await office.locks.close()


async def until(happens: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await happens():  # noqa: ASYNC110  it happens in another process
            await asyncio.sleep(0.02)


# --- order and parallelism ------------------------------------------------------------------------


async def test_a_thousand_messages_in_a_hundred_threads_are_each_done_once_and_in_order(office: Office) -> None:
    async with office.working(concurrency=16):
        for number in range(10, 20):
            await asyncio.gather(*(office.say(thread, number) for thread in range(100)))
        await office.all_over()
    by_thread: dict[int, list[int]] = defaultdict(list)
    for thread, number in office.done:
        by_thread[thread].append(number)
    assert by_thread == {thread: list(range(10, 20)) for thread in range(100)}


async def test_messages_that_wait_are_done_oldest_first_in_whatever_order_they_came(office: Office) -> None:
    said = [(thread, number) for thread in range(5) for number in range(10, 20)]
    for each in random.Random(5).sample(said, len(said)):
        await office.say(*each)
    async with office.working():
        await office.all_over()
    assert sorted(office.done, key=lambda done: done[0]) == said


async def test_threads_run_at_the_same_time_and_one_thread_does_not(office: Office) -> None:
    meeting = asyncio.Barrier(3)
    inside: set[str] = set()

    async def meet(row: Row) -> None:
        assert row.thread not in inside
        inside.add(row.thread)
        await meeting.wait()
        inside.discard(row.thread)

    for thread in (1, 2, 3):
        for number in (10, 11):
            await office.say(thread, number)
    async with office.working(meet, concurrency=3):
        await office.all_over()
    assert len(office.done) == 6


async def test_no_more_threads_run_than_wanted(office: Office) -> None:
    at_once: list[int] = []
    running = 0

    async def count(row: Row) -> None:
        nonlocal running
        running += 1
        at_once.append(running)
        await asyncio.sleep(0.02)
        running -= 1

    for thread in range(10):
        await office.say(thread, 10)
    async with office.working(count, concurrency=2):
        await office.all_over()
    assert max(at_once) == 2


async def test_an_older_message_that_comes_while_its_thread_is_at_work_is_next(office: Office) -> None:
    busy, go_on = asyncio.Event(), asyncio.Event()

    async def wait(row: Row) -> None:
        busy.set()
        await go_on.wait()

    async with office.working(wait):
        await office.say(1, 20)
        await busy.wait()
        for number in (40, 30, 10):
            await office.say(1, number)
        go_on.set()
        await office.all_over()
    assert office.done == [(1, 20), (1, 10), (1, 30), (1, 40)]


async def test_two_workers_share_the_queue_and_do_nothing_twice(office: Office, database_url: str) -> None:
    said = [(thread, number) for thread in range(50) for number in (10, 11, 12)]
    async with open_database(database_url) as db:
        other = Office(db)
        async with office.working(concurrency=4), other.working(concurrency=4):
            await asyncio.gather(*(office.say(*each) for each in said))
            await office.all_over()
        await other.locks.close()
    assert sorted(office.done + other.done) == said


async def test_what_is_for_another_process_waits_for_it_however_often_others_look(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "SOON", 0)
    monkeypatch.setattr(queues, "ATTEMPTS", 2)
    looks = 0

    async def not_ours(row: Row) -> None:
        nonlocal looks
        looks += 1
        if looks < 5:
            raise Elsewhere

    row = await office.say(1, 10)
    async with office.working(not_ours):
        await office.all_over()
    assert office.done == [(1, 10)]
    done = await office.inbox.row(row.key)
    assert done
    assert done.state is State.DONE


# --- failures -------------------------------------------------------------------------------------


async def test_a_turn_that_fails_is_tried_again_before_the_next_of_its_thread(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([ZeroDivisionError("first")])

    async def fail_once(row: Row) -> None:
        for failure in failures:
            raise failure

    await office.say(1, 10)
    await office.say(1, 11)
    async with office.working(fail_once):
        await office.all_over()
    assert office.done == [(1, 10), (1, 11)]
    assert "A turn of T:C:10.000001 failed" in caplog.text


async def test_a_message_that_always_fails_is_given_up_and_lets_the_next_pass(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "ATTEMPTS", 1)

    async def fail(row: Row) -> None:
        if numbers(row) == (1, 10):
            raise ZeroDivisionError

    first, _ = await office.say(1, 10), await office.say(1, 11)
    async with office.working(fail):
        await office.all_over()
    row = await office.inbox.row(first.key)
    assert row is not None
    assert (row.state, row.reason) == (State.FAILED, "given up")
    assert office.done == [(1, 11)]


async def test_an_answer_that_only_has_to_be_said_is_not_given_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "ATTEMPTS", 1)
    away = iter([ConnectionError("Slack is away")] * 2)

    async def say(row: Row) -> None:
        await office.inbox.keep_answer(row.key, {"answer": "x"})
        for error in away:
            raise error

    said = await office.say(1, 10)
    async with office.working(say):
        await office.all_over()
    row = await office.inbox.row(said.key)
    assert row is not None
    assert row.state is State.DONE


async def test_a_message_whose_job_was_lost_gets_a_new_one(office: Office) -> None:
    await office.say(1, 10)
    await office.db.rows("delete from procrastinate_jobs")
    async with office.working():
        await office.all_over()
    assert office.done == [(1, 10)]


async def test_a_job_that_never_reached_its_worker_is_done_again(office: Office) -> None:
    fetched = "update procrastinate_jobs set status = 'doing', worker_id = (select max(id) from procrastinate_workers)"

    async def registered() -> bool:
        return bool(await office.db.rows("select id from procrastinate_workers"))

    async with office.working():
        await until(registered)
        async with office.db.transaction() as db:
            await db.execute("select defer_turn('T:C:1')")
            await db.execute(fetched)
        await office.all_over()


async def test_who_stops_working_gives_running_turns_back(office: Office, database_url: str) -> None:
    busy = asyncio.Event()

    async def forever(row: Row) -> None:
        busy.set()
        await asyncio.Event().wait()

    await office.say(1, 10)
    async with office.working(forever):
        await busy.wait()
    assert office.done == []
    assert await office.db.rows("select status::text from procrastinate_jobs") == [{"status": "todo"}]
    async with office.working():
        await office.all_over()
    assert office.done == [(1, 10)]


async def test_who_stops_working_lets_turns_end_that_are_quick(office: Office) -> None:
    busy = asyncio.Event()

    async def briefly(row: Row) -> None:
        busy.set()
        await asyncio.sleep(0.01)

    await office.say(1, 10)
    async with office.working(briefly):
        await busy.wait()
    assert office.done == [(1, 10)]


# --- other processes die --------------------------------------------------------------------------

WORKER = """
import asyncio, sys
from bot.storage.locks import Locks
from bot.slack.storage.inbox import Inbox, State
from bot.slack.storage.queue import Elsewhere, Queue
from bot.slack.storage.tables import open_database

async def main():
    async with open_database(sys.argv[1]) as db:
        inbox = Inbox(db)

        async def handle(thread):
            if row := await inbox.begin(thread):
                print("working", flush=True)
                await asyncio.sleep(float(sys.argv[2]))
                await inbox.finish(row.key, State.DONE, "over there")

        await Queue(db, Locks(sys.argv[1]), beat=0.5).work(handle, 4)

asyncio.run(main())
"""


@pytest.fixture
def elsewhere(database_url: str) -> Iterator[Callable[[float], subprocess.Popen[str]]]:
    """Starts a worker in a process of its own, whose turns take so many seconds."""
    started: list[subprocess.Popen[str]] = []

    def start(seconds: float) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", WORKER, database_url, str(seconds)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


async def test_the_turns_of_a_killed_process_are_done_by_another_and_their_threads_go_on(
    office: Office, elsewhere: Callable[[float], subprocess.Popen[str]]
) -> None:
    for thread in (1, 2):
        for number in (10, 11):
            await office.say(thread, number)
    killed = elsewhere(600)
    assert [await asyncio.to_thread(hear, killed) for _ in (1, 2)] == ["working\n"] * 2
    killed.kill()
    async with office.working():
        await office.all_over()
    assert sorted(office.done, key=lambda done: done[0]) == [(1, 10), (1, 11), (2, 10), (2, 11)]


async def test_a_process_that_was_only_asleep_and_its_successor_never_work_at_once(
    office: Office, elsewhere: Callable[[float], subprocess.Popen[str]]
) -> None:
    said = await office.say(1, 10)
    asleep = elsewhere(0.5)
    assert await asyncio.to_thread(hear, asleep) == "working\n"
    os.kill(asleep.pid, signal.SIGSTOP)

    async def recovered() -> bool:
        return bool(await office.db.rows("select id from procrastinate_jobs where attempts > 0 and status = 'doing'"))

    async with office.working():
        await until(recovered)
        assert office.done == []
        os.kill(asleep.pid, signal.SIGCONT)
        await office.all_over()
    row = await office.inbox.row(said.key)
    assert row is not None
    assert (row.state, row.reason, row.attempts, office.done) == (State.DONE, "over there", 1, [])


# --- the database restarts ------------------------------------------------------------------------


async def test_a_restart_of_the_database_loses_nothing_and_what_it_interrupted_is_done_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = server_of(tmp_path)
    url = await asyncio.to_thread(server.start)
    async with open_database(url) as db:
        office = Office(db)

        async def work(row: Row) -> None:
            await asyncio.sleep(0.05)

        async with office.working(work):
            for round_number in range(3):
                saying = asyncio.gather(*(office.say(thread, 10 + round_number) for thread in range(30)))
                await asyncio.sleep(0.1)
                await asyncio.to_thread(restart, server)
                await saying
            await office.all_over()
        await office.locks.close()
        rows = await db.rows("select state, count(*) as n from inbox group by state")
    await server.close()
    assert rows == [{"state": "done", "n": 90}]
    assert sorted(set(office.done)) == [(thread, number) for thread in range(30) for number in (10, 11, 12)]
    assert "The connection that held our locks is gone" in caplog.text  # the restarts were felt
    # said only where a statement was under way, and then both
    assert ("The database is away" in caplog.text) == ("The database is back" in caplog.text)
    assert not [record for record in caplog.records if record.name.startswith("psycopg")]
