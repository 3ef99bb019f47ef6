"""The inbox on a real PostgreSQL: one turn of a message whatever arrives, in whatever order, however late."""

from __future__ import annotations

import asyncio
import itertools
import random
import subprocess
import sys
from typing import Any
from uuid import uuid4

import pytest

from bot.slack.events import Key, Message
from bot.slack.storage.inbox import Heard, Inbox, State
from bot.slack.storage.tables import Database, open_database
from tools.kit import AskAgain, CannotDo

KEY = Key("T1", "C1", "1000.000200")
THREAD = "T1:C1:1000.000100"
FILE = {"id": "F1", "name": "a.png", "mimetype": "image/png"}


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


def message(ts: str = KEY.ts, **more: Any) -> Message:
    fields = {"team": "T1", "channel": "C1", "thread_ts": "1000.000100", "user": "UANNA", "text": "what is this?"}
    return Message(ts=ts, **{**fields, **more})


async def jobs(database: Database) -> list[str]:
    return [row["lock"] for row in await database.rows("select lock from procrastinate_jobs order by id")]


# --- one message ----------------------------------------------------------------------------------


async def test_a_message_for_us_waits_and_has_a_job(inbox: Inbox, database: Database) -> None:
    heard = await inbox.hear(message(), for_us=True, reason="mentioned")
    assert (heard.new, heard.row.state, heard.row.reason, heard.row.thread) == (True, "waiting", "mentioned", THREAD)
    assert await jobs(database) == [THREAD]


async def test_a_message_that_is_not_for_us_is_recorded_and_has_none(inbox: Inbox, database: Database) -> None:
    heard = await inbox.hear(message(), for_us=False)
    assert (heard.new, heard.row.state) == (True, State.HEARD)
    assert await jobs(database) == []
    assert await inbox.next(THREAD) is None


async def test_a_message_becomes_ours_when_its_mention_comes_later(inbox: Inbox, database: Database) -> None:
    await inbox.hear(message(), for_us=False)
    heard = await inbox.hear(message(mentioned=True), for_us=True, reason="mentioned")
    assert (heard.new, heard.row.state, heard.row.reason) == (False, State.WAITING, "mentioned")
    assert heard.row.message.mentioned
    assert await jobs(database) == [THREAD]


async def test_the_poorer_event_does_not_win(inbox: Inbox) -> None:
    full, poor = message(files=(FILE,), channel_type="channel"), message(mentioned=True, complete=False)
    for first, second in itertools.permutations([full, poor]):
        heard = await inbox.hear(first.model_copy(update={"ts": f"2.{first.complete}"}), for_us=True)
        again = await inbox.hear(second.model_copy(update={"ts": heard.row.key.ts}), for_us=True)
        told = again.row.message
        assert (told.files, told.channel_type, told.mentioned, told.complete) == ((FILE,), "channel", True, True)


async def test_the_same_event_a_hundred_times_at_once_is_one_message(inbox: Inbox, database: Database) -> None:
    heard = await asyncio.gather(*(inbox.hear(message(), for_us=True) for _ in range(100)))
    assert sum(one.new for one in heard) == 1
    assert len({one.row.run for one in heard}) == 1
    assert await jobs(database) == [THREAD]


async def test_different_views_at_once_merge_and_make_one_job(inbox: Inbox, database: Database) -> None:
    views = [message(files=({"id": f"F{number}"},), mentioned=number == 7) for number in range(20)]
    random.Random(1).shuffle(views)
    heard = await asyncio.gather(*(inbox.hear(view, for_us=view.mentioned) for view in views))
    row = await inbox.row(KEY)
    assert row is not None
    assert {file["id"] for file in row.message.files} == {f"F{number}" for number in range(20)}
    assert (row.state, row.message.mentioned) == (State.WAITING, True)
    assert len(heard) == 20
    assert await jobs(database) == [THREAD]


@pytest.mark.parametrize("end", [State.DONE, State.SILENT, State.STOPPED, State.FAILED])
async def test_a_retry_after_the_end_changes_nothing(inbox: Inbox, database: Database, end: State) -> None:
    await inbox.hear(message(), for_us=True)
    await inbox.begin(THREAD)
    await inbox.finish(KEY, end, "because")
    before = await inbox.row(KEY)
    assert before is not None
    assert await inbox.hear(message(files=(FILE,), mentioned=True), for_us=True) == Heard(before, new=False)
    assert await jobs(database) == [THREAD]


async def test_what_comes_in_mid_turn_is_merged_and_makes_no_second_job(inbox: Inbox, database: Database) -> None:
    await inbox.hear(message(mentioned=True, complete=False), for_us=True)
    await inbox.begin(THREAD)
    heard = await inbox.hear(message(files=(FILE,)), for_us=True)
    assert (heard.row.state, heard.row.message.files) == (State.WORKING, (FILE,))
    assert await jobs(database) == [THREAD]


async def test_messages_of_other_teams_and_channels_are_other_messages(inbox: Inbox) -> None:
    places = [{"team": "T1"}, {"team": "T2"}, {"channel": "C2"}]
    assert all([(await inbox.hear(message(**place), for_us=True)).new for place in places])


# --- its turn -------------------------------------------------------------------------------------


async def test_the_oldest_message_comes_first_however_late_it_came(inbox: Inbox) -> None:
    for ts in ("1000.000300", "1000.000200", "1000.000400"):
        await inbox.hear(message(ts), for_us=True)
    order = []
    while row := await inbox.next(THREAD):
        order.append(row.key.ts)
        await inbox.finish(row.key, State.DONE)
    assert order == ["1000.000200", "1000.000300", "1000.000400"]


async def test_an_answer_is_kept_until_it_is_said(inbox: Inbox) -> None:
    await inbox.hear(message(), for_us=True)
    await inbox.begin(THREAD)
    assert await inbox.keep_answer(KEY, {"answer": "A cat."})
    row = await inbox.begin(THREAD)  # after a crash
    assert row is not None
    assert (row.state, row.answer, row.attempts) == (State.ANSWERED, {"answer": "A cat."}, 2)
    await inbox.finish(KEY, State.DONE)
    assert await inbox.next(THREAD) is None
    assert await inbox.begin(THREAD) is None


async def test_an_answer_that_comes_after_the_stop_is_not_to_be_said(inbox: Inbox) -> None:
    await inbox.hear(message(), for_us=True)
    await inbox.begin(THREAD)
    await inbox.cancel(KEY, "UANNA")
    assert not await inbox.keep_answer(KEY, {"answer": "A cat."})
    row = await inbox.row(KEY)
    assert row is not None
    assert (row.state, row.answer) == (State.WORKING, None)


async def test_what_is_over_stays_over(inbox: Inbox) -> None:
    await inbox.hear(message(), for_us=True)
    await inbox.finish(KEY, State.STOPPED, "stopped")
    await inbox.finish(KEY, State.DONE)
    await inbox.keep_answer(KEY, {"answer": "A cat."})
    row = await inbox.row(KEY)
    assert row is not None
    assert (row.state, row.reason, row.answer) == (State.STOPPED, "stopped", None)


async def test_a_turn_ends_only_with_an_end(inbox: Inbox) -> None:
    with pytest.raises(ValueError, match="no end"):
        await inbox.finish(KEY, State.WORKING)


async def test_who_stops_a_turn_first_is_remembered(inbox: Inbox) -> None:
    await inbox.hear(message(), for_us=True)
    assert not await inbox.is_cancelled(KEY)
    assert await inbox.cancel(KEY, "UANNA")
    assert await inbox.cancel(KEY, "UBEN")
    row = await inbox.row(KEY)
    assert row is not None
    assert row.cancelled_by == "UANNA"
    assert await inbox.is_cancelled(KEY)


async def test_there_is_nothing_to_stop_once_it_is_over(inbox: Inbox) -> None:
    await inbox.hear(message(), for_us=True)
    await inbox.finish(KEY, State.DONE)
    assert not await inbox.cancel(KEY, "UANNA")
    assert not await inbox.cancel(Key("T1", "C1", "9.9"), "UANNA")


async def test_a_turn_is_found_by_its_run(inbox: Inbox) -> None:
    heard = await inbox.hear(message(), for_us=True)
    assert await inbox.of_run(heard.row.run) == heard.row
    assert await inbox.of_run(uuid4()) is None


# --- the tables -----------------------------------------------------------------------------------

OPENING = """
import asyncio, sys
from bot.slack.storage.tables import open_database

async def main():
    async with open_database(sys.argv[1]) as db:
        print((await db.row("select count(*) as n from inbox"))["n"])

asyncio.run(main())
"""


def test_twenty_processes_may_open_a_new_database_at_once(database_url: str) -> None:
    command = [sys.executable, "-c", OPENING, database_url]
    opening = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(20)]
    told = [(*process.communicate(timeout=120), process.returncode) for process in opening]
    assert told == [("0\n", "", 0)] * 20


async def test_opening_again_changes_nothing(database_url: str) -> None:
    for opened in (1, 2):
        async with open_database(database_url) as db:
            await Inbox(db).hear(message(f"{opened}.0"), for_us=True)
            assert len(await db.rows("select * from inbox")) == opened


async def test_our_tables_are_in_a_schema_of_their_own(database: Database) -> None:
    query = "select distinct schemaname from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
    assert await database.rows(query) == [{"schemaname": "spyglass"}]


async def test_a_url_that_is_none_is_said() -> None:
    with pytest.raises(AskAgain, match="no PostgreSQL URL"):
        async with open_database("not a url"):
            pass


async def test_a_database_that_may_not_be_changed_is_said(database_url: str, database: Database) -> None:
    await database.rows("create role reader login")
    with pytest.raises(CannotDo, match=r"refuses \(.*permission denied.*\)"):
        async with open_database(f"{database_url} user=reader"):
            pass
    await database.rows("drop role reader")


# --- what has no message in Slack -----------------------------------------------------------------


def press(once: str = "more:1", **more: Any) -> Message:
    return message(once=once, **more)


async def test_a_press_is_one_turn_however_often_it_is_done_and_by_whom(inbox: Inbox, database: Database) -> None:
    presses = [press(ts=f"1000.000{number}", user=f"U{number}") for number in range(100, 150)]
    heard = await asyncio.gather(*(inbox.hear_once(one) for one in presses))
    assert sum(one.new for one in heard) == 1
    assert len({one.row.run for one in heard}) == 1
    assert await jobs(database) == [THREAD]


async def test_two_presses_at_the_same_moment_are_two_turns(inbox: Inbox, database: Database) -> None:
    await inbox.hear(message(), for_us=True)
    heard = await asyncio.gather(inbox.hear_once(press("more:1")), inbox.hear_once(press("more:2")))
    assert {one.row.key.ts for one in heard} == {"1000.000201", "1000.000202"}
    assert [one.row.message.ts for one in heard] == [one.row.key.ts for one in heard]
    assert await jobs(database) == [THREAD] * 3


async def test_the_same_press_in_another_channel_is_another_one(inbox: Inbox) -> None:
    await inbox.hear_once(press())
    assert (await inbox.hear_once(press(channel="C2"))).new


async def test_a_press_that_was_answered_is_not_asked_again(inbox: Inbox) -> None:
    heard = await inbox.hear_once(press())
    await inbox.keep_answer(heard.row.key, {}, [{"arguments": {"query": "red"}, "shown": ["1"]}])
    await inbox.finish(heard.row.key, State.DONE)
    again = await inbox.hear_once(press(ts="2000.000000"))
    assert (again.new, again.row.state, again.row.key) == (False, State.DONE, heard.row.key)
    assert again.row.searches == [{"arguments": {"query": "red"}, "shown": ["1"]}]
