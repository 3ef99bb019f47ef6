"""Jobs of alt texts on a real PostgreSQL: begun once, one a thread, every file once, and nothing left at the end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.slack.bulk import sentences
from bot.slack.bulk.beginning import FEW, Beginning
from bot.slack.bulk.board import STOP
from bot.slack.bulk.jobs import Job, Jobs
from bot.slack.bulk.wanting import Where
from bot.slack.events import Deletion, FileDeleted, Identity, Message
from bot.slack.fetching.files import Wanted
from bot.slack.replying.replies import Replies, Reply
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.erasures import Erasure, insert
from bot.slack.storage.inbox import Inbox, State
from bot.slack.storage.records import Records, Taken
from bot.slack.storage.tables import Database
from bot.slack.web import Unsure
from graphs.alt_texts import Row
from tests.fakes import WordGate

BOT = Identity("T1", "UBOT", "B1")
ROW = Row(file="a.png", status="done", alt_text="A red square.")
ASKED = "<@UBOT> alt text for all images in this thread"


def message(ts: str, *, files: int = 0, thread_ts: str = "", **more: Any) -> Message:
    posted = tuple({"id": f"F{ts[:4]}{n}", "name": f"{n}.png"} for n in range(files))
    said: dict[str, Any] = {"team": "T1", "channel": "C1", "user": "UANNA", "text": ASKED, "mentioned": True}
    return Message(**{**said, **more}, ts=ts, thread_ts=thread_ts or ts, files=posted)


async def heard(database: Database, question: Message) -> Message:
    await Inbox(database).hear(question, for_us=True)
    return question


def wanted(question: Message) -> list[Wanted]:
    return [(question, file) for file in question.files]


@pytest.fixture
def jobs(database: Database) -> Jobs:
    return Jobs(database)


async def begun(database: Database, jobs: Jobs, question: Message) -> Job:
    await heard(database, question)
    assert await jobs.begin(question, wanted(question))
    job = await jobs.at(question.key)
    assert job
    return job


async def test_a_message_begins_one_job_and_a_thread_has_one_at_a_time(database: Database, jobs: Jobs) -> None:
    first = message("1000.000100", files=2)
    second = message("1000.000200", files=2, thread_ts=first.ts)
    for each in (first, second):
        await heard(database, each)
    assert await jobs.begin(first, wanted(first))
    assert not await jobs.begin(first, wanted(first))
    assert not await jobs.begin(second, wanted(second))
    assert await jobs.files(first.key) == 2
    await jobs.over(first.key, "done")
    assert await jobs.begin(second, wanted(second))


async def test_two_processes_that_begin_a_job_for_one_thread_at_once_begin_one(database: Database, jobs: Jobs) -> None:
    first = message("1000.000100", files=9)
    second = message("1000.000200", files=9, thread_ts=first.ts)
    for each in (first, second):
        await heard(database, each)
    assert sorted(await asyncio.gather(*(jobs.begin(each, wanted(each)) for each in (first, second)))) == [False, True]


async def test_every_file_is_begun_in_order_until_its_rows_are_kept(database: Database, jobs: Jobs) -> None:
    job = await begun(database, jobs, message("1000.000100", files=2))
    for attempts in (1, 2):  # a process that died did not keep any
        item = await jobs.next(job.key)
        assert item
        assert (item.file["id"], item.attempts) == ("F10000", attempts)
    await jobs.keep(job.key, "F10000", [ROW])
    item = await jobs.next(job.key)
    assert item
    assert item.file["id"] == "F10001"
    await jobs.keep(job.key, "F10001", [ROW])
    assert await jobs.next(job.key) is None
    assert [one.rows for one in await jobs.done(job.key)] == [[ROW], [ROW]]


async def test_rows_are_kept_once(database: Database, jobs: Jobs) -> None:
    job = await begun(database, jobs, message("1000.000100", files=1))
    await jobs.keep(job.key, "F10000", [ROW])
    await jobs.keep(job.key, "F10000", [ROW, ROW])
    assert [one.rows for one in await jobs.done(job.key)] == [[ROW]]


async def test_of_a_file_that_is_deleted_nothing_is_kept(database: Database, jobs: Jobs) -> None:
    question = message("1000.000100", files=2)
    job = await begun(database, jobs, question)
    await jobs.keep(job.key, "F10000", [ROW])
    records = Records(database, Inbox(database), BOT)
    await records.delete(Deletion(message("0999.000100").emptied(), ("F10000", "F10001")))
    await jobs.keep(job.key, "F10001", [ROW])
    assert [(one.deleted, one.rows) for one in await jobs.done(job.key)] == [(True, []), (True, [])]
    assert await jobs.next(job.key) is None


async def test_jobs_take_turns(database: Database, jobs: Jobs) -> None:
    for ts in ("1000.000100", "2000.000100", "3000.000100"):
        await begun(database, jobs, message(ts, files=1))
    turns = [job.key.ts for _ in range(6) if (job := await jobs.whose_turn())]
    assert turns[:3] == turns[3:]
    assert sorted(turns[:3]) == ["1000.000100", "2000.000100", "3000.000100"]


async def test_a_job_that_failed_waits(database: Database, jobs: Jobs) -> None:
    job = await begun(database, jobs, message("1000.000100", files=1))
    await jobs.later(job)
    assert await jobs.whose_turn() is None
    again = await jobs.at(job.key)
    assert again
    assert again.failures == 1


async def test_a_stop_is_taken_at_once_and_the_first_who_asks_is_kept(database: Database, jobs: Jobs) -> None:
    job = await begun(database, jobs, message("1000.000100", files=1))
    await jobs.later(job)
    assert await jobs.stop(job.key, "UANNA")
    assert await jobs.stop(job.key, "UBEN")
    stopped = await jobs.whose_turn()
    assert stopped
    assert stopped.stopped_by == "UANNA"
    await jobs.over(job.key, "stopped")
    assert not await jobs.stop(job.key, "UANNA")


async def test_progress_is_shown_at_a_bounded_rate(database: Database, jobs: Jobs) -> None:
    job = await begun(database, jobs, message("1000.000100", files=1))
    assert await jobs.may_show(job.key, 60.0)
    assert not await jobs.may_show(job.key, 60.0)
    assert await jobs.may_show(job.key, 0.0)


async def test_a_question_in_between_does_not_take_in_what_a_job_is_about_to(database: Database, jobs: Jobs) -> None:
    question = message("1000.000100", files=3)
    job = await begun(database, jobs, question)
    later = await heard(database, message("1000.000200", thread_ts=question.ts))
    records = Records(database, Inbox(database), BOT)
    assert (await records.files(later)).untaken == []
    assert await records.take(question, [Taken(question.files[0], question, "ab")]) == []
    await jobs.keep(job.key, "F10000", [ROW])
    await jobs.stop(job.key, "UANNA")
    await jobs.over(job.key, "stopped")
    assert [file["id"] for _, file in (await records.files(later)).untaken] == ["F10001", "F10002"]


async def test_nothing_of_its_files_is_left_of_a_job_that_is_over(database: Database, jobs: Jobs) -> None:
    job = await begun(database, jobs, message("1000.000100", files=2))
    await jobs.over(job.key, "done")
    assert await database.rows("select * from bulk_items") == []
    assert await jobs.at(job.key) is None
    assert await jobs.known(job.key)


async def test_jobs_go_with_their_message(database: Database, jobs: Jobs) -> None:
    job = await begun(database, jobs, message("1000.000100", files=2))
    await database.rows("delete from inbox")
    assert not await jobs.known(job.key)
    assert await database.rows("select * from bulk_items") == []


async def test_questions_that_wait_are_seen_until_they_are_answered(database: Database, jobs: Jobs) -> None:
    assert not await jobs.questions_wait()
    question = await heard(database, message("1000.000100"))
    assert await jobs.questions_wait()
    await Inbox(database).begin(question.thread)
    assert await jobs.questions_wait()
    await Inbox(database).finish(question.key, State.DONE)
    assert not await jobs.questions_wait()


class Memory:
    """Remembers nothing, and counts how often it was to forget."""

    forgotten = 0

    async def forget_image(self, thread: str, sha256: str) -> None:
        self.forgotten += 1

    async def edit(self, thread: str, *, turn: str, text: str | None) -> None: ...

    async def forget(self, thread: str) -> None: ...


async def test_what_is_deleted_while_a_file_is_worked_on_is_forgotten_again_after_it(
    database: Database, jobs: Jobs
) -> None:
    job = await begun(database, jobs, message("1000.000100", files=2))
    await Inbox(database).finish(job.key, State.DONE)
    memory = Memory()
    erasing = Erasing(database, memory)
    assert await jobs.start(job.key)
    async with database.transaction() as db:
        await insert(db, [Erasure(team="T1", channel="C1", thread_ts="1000.000100", images=("ab",))])
    assert await erasing.work_off() == 1
    assert await jobs.start(job.key)  # the next file
    assert await erasing.work_off() == 0
    assert memory.forgotten == 2


async def _took_in(database: Database, jobs: Jobs, *taken: str) -> tuple[Job, Records]:
    """A job about two files that were posted in the channel before, in a message we never heard of."""
    question, posted = message("1000.000100"), message("0999.000100", files=2)
    await heard(database, question)
    assert await jobs.begin(question, wanted(posted))
    job = await jobs.at(question.key)
    assert job
    records = Records(database, Inbox(database), BOT)
    for file in posted.files:
        if file["id"] in taken:
            assert await records.take(question, [Taken(file, posted, f"sha of {file['id']}")]) == []
    return job, records


async def _gone(database: Database) -> list[Erasure]:
    rows = await database.rows("select erasure from erasures order by id")
    return [Erasure.model_validate(row["erasure"]) for row in rows]


async def test_what_a_job_took_in_from_the_channel_goes_with_the_message_that_brought_it(
    database: Database, jobs: Jobs
) -> None:
    _, records = await _took_in(database, jobs, "F09990", "F09991")
    await records.delete(Deletion(message("0999.000100").emptied(), ("F09990", "F09991")))
    assert await database.rows("select file from thread_files") == []
    (erasure,) = await _gone(database)
    assert (erasure.thread_ts, erasure.images) == ("1000.000100", ("sha of F09990", "sha of F09991"))


async def test_what_a_job_took_in_from_the_channel_goes_with_its_file(database: Database, jobs: Jobs) -> None:
    job, records = await _took_in(database, jobs, "F09990")
    await records.delete_file(FileDeleted("T1", "F09990"))
    assert [erasure.images for erasure in await _gone(database)] == [("sha of F09990",)]
    assert [one.deleted for one in await jobs.done(job.key)] == [True]


async def test_a_job_takes_in_nothing_that_was_deleted_while_it_was_fetched(database: Database, jobs: Jobs) -> None:
    job, records = await _took_in(database, jobs)
    posted = message("0999.000100", files=2)
    await records.delete_file(FileDeleted("T1", "F09990"))
    one = Taken(posted.files[0], posted, "sha")
    assert await records.take(message(job.key.ts), [one]) == [one]


# --- whether one is begun -------------------------------------------------------------------------


class Collected:
    """Finds the message's own files; or Slack does not tell."""

    away = False

    async def of(self, question: Message, where: Where) -> list[Wanted]:
        if self.away:
            raise Unsure("away")
        return wanted(question)


async def reply_to(database: Database, jobs: Jobs, question: Message, **limits: Any) -> Replies | None:
    collecting: Any = limits.pop("collecting", Collected())
    chosen = {"most": 20, "per_hour": 2, "begun": lambda: None, **limits}
    await heard(database, question)
    row = await Inbox(database).row(question.key)
    assert row
    return await Beginning(jobs, collecting, BOT, WordGate(), **chosen).begin(row)


def said(replies: Replies | None) -> str:
    assert replies
    assert isinstance(replies[0], Reply)
    return replies[0].text


async def test_a_handful_of_files_is_a_question_like_any_other(database: Database, jobs: Jobs) -> None:
    assert await reply_to(database, jobs, message("1000.000100", files=FEW)) is None
    assert await reply_to(database, jobs, message("2000.000100", files=FEW + 1)) == []


async def test_another_wish_is_a_question_like_any_other(database: Database, jobs: Jobs) -> None:
    assert await reply_to(database, jobs, message("1000.000100", files=15, text="alt text for image 2")) is None


async def test_a_turn_that_is_begun_again_begins_no_second_job(database: Database, jobs: Jobs) -> None:
    question = message("1000.000100", files=15)
    assert [await reply_to(database, jobs, question) for _ in range(2)] == [[], []]
    assert len(await database.rows("select * from bulk_jobs")) == 1


async def test_too_many_files_are_refused_with_the_number(database: Database, jobs: Jobs) -> None:
    replies = await reply_to(database, jobs, message("1000.000100", files=21))
    assert said(replies) == sentences.TOO_MANY.format(number=21, most=20)


async def test_one_person_begins_so_many_an_hour(database: Database, jobs: Jobs) -> None:
    for n in (1, 2):
        assert await reply_to(database, jobs, message(f"{n}000.000100", files=15)) == []
    assert "jobs of alt texts within an hour" in said(await reply_to(database, jobs, message("3000.000100", files=15)))
    assert await reply_to(database, jobs, message("4000.000100", files=15, user="UBEN")) == []


async def test_a_second_job_of_a_thread_offers_to_stop_the_first(database: Database, jobs: Jobs) -> None:
    first = message("1000.000100", files=15)
    await reply_to(database, jobs, first)
    replies = await reply_to(database, jobs, message("1000.000200", files=15, thread_ts=first.ts))
    assert said(replies).startswith("I am writing alt text for this thread already")
    assert replies
    (button,) = replies[0].blocks[-1]["elements"]  # type: ignore[union-attr]
    assert (button["action_id"], button["value"]) == (STOP, first.ts)


async def test_what_slack_does_not_tell_is_said_by_a_turn(database: Database, jobs: Jobs) -> None:
    away = Collected()
    away.away = True
    assert await reply_to(database, jobs, message("1000.000100", files=15), collecting=away) is None
