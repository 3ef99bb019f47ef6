"""Who works on jobs, and when: every job in its turn, questions first, and one that fails later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from bot.slack.bulk.jobs import Job, Jobs
from bot.slack.bulk.rounds import Rounds
from bot.slack.storage.inbox import Inbox, State
from bot.slack.storage.tables import Database
from bot.storage.locks import Locks
from tests.contract.test_bulk_jobs import ROW, begun, heard, message

QUESTION = message("9000.000100", text="<@UBOT> what is this?")


class Working:
    """Keeps a row for every file. Notes what it worked on, and whether a question waited then."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self.database, self.jobs = database, jobs
        self.seen: list[tuple[str, bool]] = []
        self.fails = 0

    async def go_on(self, job: Job) -> None:
        self.seen.append((job.key.ts, await self.jobs.questions_wait()))
        if self.fails:
            self.fails -= 1
            raise RuntimeError("not now")
        item = await self.jobs.next(job.key)
        if item is None:
            await self.jobs.over(job.key, "done")
        else:
            await self.jobs.keep(job.key, str(item.file["id"]), [ROW])

    async def of(self, team: str) -> Any:
        return self


@pytest.fixture
def jobs(database: Database) -> Jobs:
    return Jobs(database)


@pytest.fixture
def working(database: Database, jobs: Jobs) -> Working:
    return Working(database, jobs)


@pytest.fixture
async def locks(database_url: str) -> AsyncIterator[Locks]:
    locks = Locks(database_url)
    yield locks
    await locks.close()


async def worked_off(database: Database, rounds: Rounds, working: Working) -> None:
    """Work until every job is over."""
    task = asyncio.create_task(rounds.work(working.of))
    try:
        async with asyncio.timeout(60):
            while await database.rows("select ts from bulk_jobs where state = 'open'"):  # noqa: ASYNC110  a table
                await asyncio.sleep(0.01)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_jobs_go_on_in_turns(database: Database, jobs: Jobs, locks: Locks, working: Working) -> None:
    for ts in ("1000.000100", "2000.000100"):
        await begun(database, jobs, message(ts, files=3))
    await worked_off(database, Rounds(jobs, locks, most=0.0), working)
    order = [ts for ts, _ in working.seen]
    assert order == [order[0], order[1]] * 4
    assert order[0] != order[1]


async def test_no_file_is_begun_while_a_question_waits(
    database: Database, jobs: Jobs, locks: Locks, working: Working
) -> None:
    job = await begun(database, jobs, message("1000.000100", files=3))
    await jobs.may_show(job.key, 0.0)
    await Inbox(database).finish(message("1000.000100").key, State.DONE)
    await heard(database, QUESTION)

    async def answer() -> None:
        await asyncio.sleep(0.5)
        await Inbox(database).finish(QUESTION.key, State.DONE)

    answering = asyncio.create_task(answer())
    await worked_off(database, Rounds(jobs, locks, most=60.0), working)
    await answering
    assert [waited for _, waited in working.seen] == [False] * 4


async def test_where_somebody_always_asks_jobs_come_to_an_end_as_well(
    database: Database, jobs: Jobs, locks: Locks, working: Working
) -> None:
    await begun(database, jobs, message("1000.000100", files=2))
    await heard(database, QUESTION)
    await worked_off(database, Rounds(jobs, locks, most=0.0), working)
    assert [waited for _, waited in working.seen] == [True] * 3


async def test_what_fails_is_gone_on_with(database: Database, jobs: Jobs, locks: Locks, working: Working) -> None:
    await begun(database, jobs, message("1000.000100", files=1))
    working.fails = 1
    await worked_off(database, Rounds(jobs, locks, most=0.0), working)
    assert len(working.seen) == 3


async def test_two_processes_never_work_on_one_job_at_once(
    database: Database, database_url: str, jobs: Jobs, locks: Locks, working: Working
) -> None:
    at_work: list[int] = []

    async def go_on(job: Job) -> None:
        at_work.append(1)
        assert len(at_work) == 1
        await asyncio.sleep(0.02)
        await Working.go_on(working, job)
        at_work.pop()

    vars(working)["go_on"] = go_on
    await begun(database, jobs, message("1000.000100", files=8))
    others = Locks(database_url)
    await asyncio.gather(*(worked_off(database, Rounds(jobs, each, most=0.0), working) for each in (locks, others)))
    await others.close()
    assert len(working.seen) == 9
