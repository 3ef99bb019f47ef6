"""Our own record of threads: who speaks to whom, which files are taken, and that what is gone is gone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.slack.addressing import Speaking
from bot.slack.events import Deletion, Edit, FileDeleted, Identity, Message
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.forgetting import Counts, Forgetting, Whose
from bot.slack.storage.inbox import Inbox, State
from bot.slack.storage.outbox import Outbox
from bot.slack.storage.records import Records, Taken
from bot.slack.storage.tables import CONNECTIONS, Database
from tests.unit.slack.slack_edge import Memory

BOT = Identity("T1", "UBOT", "BBOT")
PHOTO = {"id": "F1", "name": "a.png"}
OTHER = {"id": "F2", "name": "b.png"}
THREAD = "T1:C1:1.0"


def message(ts: str, text: str = "", *files: dict[str, Any], **more: Any) -> Message:
    place = {"team": "T1", "channel": "C1", "thread_ts": "1.0", "user": "U1"}
    return Message(**{**place, "ts": ts, "text": text, "files": files, **more})


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


@pytest.fixture
def records(database: Database, inbox: Inbox) -> Records:
    return Records(database, inbox, BOT)


@pytest.fixture
def memory() -> Memory:
    return Memory()


class HeldUp(Memory):
    """Its threads are all held by turns, until these are over."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting, self.over = 0, asyncio.Event()

    async def edit(self, thread: str, *, turn: str, text: str | None) -> None:
        self.waiting += 1
        await self.over.wait()


@pytest.fixture
def held_up() -> HeldUp:
    return HeldUp()


@pytest.fixture
def erasing(database: Database, memory: Memory) -> Erasing:
    return Erasing(database, memory)


async def _answered(inbox: Inbox, said: Message, answer: dict[str, Any]) -> None:
    await inbox.hear(said, for_us=True)
    await inbox.keep_answer(said.key, answer)
    await inbox.finish(said.key, State.DONE)


# --- who speaks to whom ---------------------------------------------------------------------------


async def test_after_a_question_and_after_its_answer_people_speak_to_the_bot(inbox: Inbox, records: Records) -> None:
    await inbox.hear(message("1.0", "<@UBOT> what is this?"), for_us=True)
    assert await records.speaking(message("2.0")) is Speaking.TO_BOT
    await inbox.finish(message("1.0").key, State.DONE)
    assert await records.speaking(message("2.0")) is Speaking.TO_BOT


async def test_after_a_message_to_a_person_people_speak_to_each_other(inbox: Inbox, records: Records) -> None:
    await inbox.hear(message("1.0"), for_us=True)
    await inbox.hear(message("2.0", "<@U2> look"), for_us=False)
    assert await records.speaking(message("3.0", user="U2")) is Speaking.TO_PEOPLE


async def test_when_the_bot_has_answered_since_people_speak_to_it_again(
    database: Database, inbox: Inbox, records: Records
) -> None:
    await inbox.hear(message("1.0"), for_us=True)
    await inbox.hear(message("2.0", "<@U2> look"), for_us=False)
    assert await records.speaking(message("3.0")) is Speaking.TO_PEOPLE
    outbox = Outbox(database)
    intent = await outbox.intend(message("1.0").key, thread_ts="1.0", part=0, kind="message", body={})
    await outbox.started(intent, "2.5")
    assert await records.speaking(message("3.0")) is Speaking.TO_BOT
    assert await records.speaking(message("2.2")) is Speaking.TO_PEOPLE


async def test_in_a_thread_we_know_nothing_of_nobody_speaks_to_the_bot(records: Records) -> None:
    assert await records.speaking(message("2.0")) is Speaking.NOBODY
    assert await records.speaking(message("1.0")) is Speaking.NOBODY


async def test_in_a_thread_the_bot_began_people_speak_to_it(records: Records) -> None:
    assert await records.speaking(message("2.0", in_ours=True)) is Speaking.TO_BOT


async def test_what_was_deleted_does_not_decide_who_speaks_to_whom(inbox: Inbox, records: Records) -> None:
    await inbox.hear(message("1.0"), for_us=True)
    await inbox.hear(message("2.0", "<@U2> look"), for_us=False)
    await records.delete(Deletion(message("2.0").emptied()))
    assert await records.speaking(message("3.0")) is Speaking.TO_BOT


# --- files ----------------------------------------------------------------------------------------


async def names(records: Records, question: Message) -> list[str]:
    return [file["name"] for _, file in (await records.files(question)).untaken]


async def test_files_are_taken_in_once_and_again_only_by_the_turn_that_took_them(
    inbox: Inbox, records: Records
) -> None:
    root, question = message("1.0", "", PHOTO), message("2.0", "<@UBOT> which?", OTHER)
    await records.join(question, [root])
    await inbox.hear(question, for_us=True)
    assert await names(records, question) == ["a.png", "b.png"]
    await records.take(question, [Taken(PHOTO, root, "aa"), Taken(OTHER, question, None)])
    assert await names(records, question) == ["a.png", "b.png"]
    assert await names(records, message("3.0")) == []


async def test_what_a_stopped_turn_took_in_is_for_the_next_one(inbox: Inbox, records: Records) -> None:
    stopped, following = message("1.0", "<@UBOT> which?", PHOTO), message("2.0")
    for asked in (stopped, following):
        await inbox.hear(asked, for_us=True)
    await records.take(stopped, [Taken(PHOTO, stopped, "aa")])
    await inbox.finish(stopped.key, State.STOPPED)
    assert await names(records, following) == ["a.png"]
    await records.take(following, [Taken(PHOTO, stopped, "aa")])
    assert await names(records, message("3.0")) == []


async def test_a_file_posted_after_the_question_is_for_the_next_one(inbox: Inbox, records: Records) -> None:
    await inbox.hear(message("1.0"), for_us=True)
    await inbox.hear(message("2.0", "<@U2> this one", PHOTO), for_us=False)
    assert await names(records, message("1.0")) == []
    assert await names(records, message("3.0")) == ["a.png"]


async def test_files_of_a_turn_are_told_with_their_messages_as_long_as_they_are_there(
    inbox: Inbox, records: Records
) -> None:
    photo, other = PHOTO, OTHER
    root, question = message("1.0", "", photo), message("2.0", "<@UBOT> <https://x.slack.com/F3>", other)
    await records.join(question, [root])
    await inbox.hear(question, for_us=True)
    linked = Taken({"id": "F3", "permalink": "https://x.slack.com/F3"}, question, "cc")
    await records.take(question, [Taken(photo, root, "aa"), Taken(other, question, "bb"), linked])
    assert await told(records, question) == [("F1", "1.0", "aa"), ("F2", "2.0", "bb")]
    await records.delete_file(FileDeleted("T1", "F1"))
    assert await told(records, question) == [("F2", "2.0", "bb")]


async def told(records: Records, question: Message) -> list[tuple[str, str, str | None]]:
    return sorted((one.file["id"], one.message.ts, one.sha256) for one in await records.posted(question))


async def test_a_thread_is_joined_once_and_its_earlier_messages_are_no_questions(
    inbox: Inbox, records: Records
) -> None:
    question = message("3.0", "<@UBOT> hi")
    assert await records.has_joined(message("1.0"))
    assert not await records.has_joined(question)
    await records.join(question, [message("1.0", "<@UBOT> long ago")])
    assert await records.has_joined(question)
    assert await inbox.next(THREAD) is None


async def test_a_thread_that_began_with_a_question_needs_no_asking(inbox: Inbox, records: Records) -> None:
    await inbox.hear(message("1.0", "<@UBOT> hi"), for_us=True)
    assert await records.has_joined(message("2.0"))
    await records.delete(Deletion(message("1.0").emptied()))
    assert not await records.has_joined(message("2.0"))


# --- edits and deletions --------------------------------------------------------------------------


async def test_an_edit_is_followed_into_memory(
    inbox: Inbox, records: Records, erasing: Erasing, memory: Memory
) -> None:
    await inbox.hear(message("1.0", "<@UBOT> what is thsi?"), for_us=True)
    await inbox.finish(message("1.0").key, State.DONE)
    edited = message("1.0", "<@UBOT> what is &lt;this&gt;?", edited="9.0")
    row = await records.edit(Edit(edited, message("1.0")))
    assert row is not None
    assert (row.message.text, row.state) == (edited.text, State.DONE)
    await erasing.work_off()
    assert memory.asked == [("edit", THREAD, "1.0", "what is <this>?")]


async def test_edits_that_arrive_in_the_wrong_order_leave_the_latest(
    inbox: Inbox, records: Records, erasing: Erasing, memory: Memory
) -> None:
    await inbox.hear(message("1.0", "first"), for_us=True)
    await inbox.finish(message("1.0").key, State.DONE)
    for text, at in (("third", "9.0"), ("second one", "8.0")):
        await records.edit(Edit(message("1.0", text, edited=at), message("1.0")))
    row = await inbox.row(message("1.0").key)
    assert row is not None
    assert row.message.text == "third"
    await erasing.work_off()
    assert memory.asked == [("edit", THREAD, "1.0", "third")]


async def test_a_file_that_an_edit_removed_is_gone(
    inbox: Inbox, records: Records, erasing: Erasing, memory: Memory
) -> None:
    posted = message("1.0", "look", PHOTO, OTHER)
    await inbox.hear(posted, for_us=True)
    await records.take(posted, [Taken(PHOTO, posted, "aa"), Taken(OTHER, posted, "bb")])
    await records.edit(Edit(message("1.0", "look", OTHER, edited="9.0"), posted))
    await erasing.work_off()
    assert memory.asked == [("image", THREAD, "aa")]
    assert await names(records, message("1.0")) == ["b.png"]


async def test_a_deleted_message_is_gone_with_its_files_and_its_turn(
    inbox: Inbox, records: Records, erasing: Erasing, memory: Memory
) -> None:
    posted = message("1.0", "<@UBOT> secret", PHOTO)
    await inbox.hear(posted, for_us=True)
    await records.take(posted, [Taken(PHOTO, posted, "aa")])
    await records.delete(Deletion(posted.emptied(), ("F1",), to_bot=True))
    await erasing.work_off()
    assert memory.asked == [("image", THREAD, "aa"), ("edit", THREAD, "1.0", None)]
    row = await inbox.row(posted.key)
    assert row is not None
    assert (row.state, row.message) == (State.STOPPED, posted.emptied())
    await inbox.hear(posted, for_us=True)
    assert await inbox.row(posted.key) == row
    assert await inbox.next(THREAD) is None


async def test_what_a_deleted_question_took_in_of_others_is_taken_in_again(inbox: Inbox, records: Records) -> None:
    root, question = message("1.0", "", PHOTO, user="U2"), message("2.0", "<@UBOT> which?", OTHER)
    await records.join(question, [root])
    await inbox.hear(question, for_us=True)
    await records.take(question, [Taken(PHOTO, root, "aa"), Taken(OTHER, question, "bb")])
    await records.delete(Deletion(question.emptied(), ("F2",), to_bot=True))
    assert await names(records, message("3.0")) == ["a.png"]


async def test_answers_that_tell_of_an_image_go_with_it(inbox: Inbox, records: Records, erasing: Erasing) -> None:
    posted, later = message("1.0", "look", PHOTO), message("2.0", "and now?")
    unlike = message("5.0", "elsewhere", thread_ts="5.0")
    for said, images in ((posted, ["aa"]), (later, ["aa", "bb"]), (unlike, ["bb"])):
        await _answered(inbox, said, {"images": [{"sha256": one} for one in images]})
    await records.take(posted, [Taken(PHOTO, posted, "aa")])
    await records.delete_file(FileDeleted("T1", "F1"))
    await erasing.work_off()
    rows = [await inbox.row(said.key) for said in (posted, later, unlike)]
    assert [bool(row and row.answer) for row in rows] == [False, False, True]


@pytest.mark.parametrize("posted_again", [False, True])
async def test_what_another_thread_found_of_an_image_goes_unless_it_was_posted_there_too(
    inbox: Inbox, records: Records, erasing: Erasing, memory: Memory, posted_again: bool
) -> None:
    posted, search = message("1.0", "look", PHOTO), message("5.0", "find it", OTHER, thread_ts="5.0")
    for said in (posted, search):
        await _answered(inbox, said, {"tools": [{"evidence": {"facts": {"hits": [{"sha256": "aa"}]}}}]})
    await records.take(posted, [Taken(PHOTO, posted, "aa")])
    await records.take(search, [Taken(OTHER, search, "aa" if posted_again else "bb")])
    await records.delete_file(FileDeleted("T1", "F1"))
    await erasing.work_off()
    row = await inbox.row(search.key)
    assert bool(row and row.answer) is posted_again
    assert (("image", "T1:C1:5.0", "aa") in memory.asked) is not posted_again


async def test_a_deletion_that_comes_before_its_message_still_holds(inbox: Inbox, records: Records) -> None:
    await records.delete(Deletion(message("1.0").emptied(), to_bot=True))
    heard = await inbox.hear(message("1.0", "<@UBOT> secret", PHOTO), for_us=True)
    assert (heard.row.state, heard.row.message.text) == (State.STOPPED, "")


async def test_deletions_of_what_we_never_knew_leave_nothing(database: Database, records: Records) -> None:
    await records.delete(Deletion(message("1.0").emptied()))
    assert await database.rows("select ts from inbox") == []
    assert await database.rows("select id from erasures") == []


async def test_a_deleted_file_is_gone_from_every_thread(
    inbox: Inbox, records: Records, erasing: Erasing, memory: Memory
) -> None:
    here = message("1.0", "", PHOTO, OTHER)
    there = message("5.0", "", PHOTO, thread_ts="5.0", channel="C2")
    for posted in (here, there):
        await inbox.hear(posted, for_us=True)
        await records.take(posted, [Taken(PHOTO, posted, "aa")])
    await records.delete_file(FileDeleted("T1", "F1"))
    await erasing.work_off()
    assert memory.asked == [("image", THREAD, "aa"), ("image", "T1:C2:5.0", "aa")]
    assert await names(records, here) == ["b.png"]
    assert await names(records, there) == []


async def test_what_is_deleted_while_it_is_fetched_is_not_taken_in(inbox: Inbox, records: Records) -> None:
    earlier, question = message("1.0", "", PHOTO), message("2.0", "<@UBOT> which?", OTHER)
    linked = {"id": "F3", "name": "c.png"}
    for said in (earlier, question):
        await inbox.hear(said, for_us=True)
    await records.delete(Deletion(earlier.emptied(), ("F1",)))
    await records.delete_file(FileDeleted("T1", "F2"))
    fetched = [Taken(PHOTO, earlier, "aa"), Taken(OTHER, question, "bb"), Taken(linked, question, "cc")]
    assert await records.take(question, fetched) == fetched[:2]
    assert (await records.files(message("3.0"))).held == {"F3"}


async def test_a_file_that_was_only_linked_to_is_gone_when_it_is_deleted(
    inbox: Inbox, records: Records, erasing: Erasing, memory: Memory
) -> None:
    question = message("1.0", "<@UBOT> <https://x.slack.com/files/U2/F3/c.png>")
    await inbox.hear(question, for_us=True)
    await records.take(question, [Taken({"id": "F3", "name": "c.png"}, question, "cc")])
    await records.delete_file(FileDeleted("T1", "F3"))
    await erasing.work_off()
    assert memory.asked == [("image", THREAD, "cc")]


async def test_an_edit_brings_nothing_back_that_was_deleted_at_the_same_time(inbox: Inbox, records: Records) -> None:
    said = message("1.0", "<@UBOT> secret", PHOTO)
    await inbox.hear(said, for_us=True)
    edit = Edit(message("1.0", "<@UBOT> secrets", PHOTO, edited="9.0"), said)
    await asyncio.gather(*(records.edit(edit) for _ in range(8)), records.delete(Deletion(said.emptied(), ("F1",))))
    row = await inbox.row(said.key)
    assert row
    assert row.message == said.emptied()


async def test_a_picture_that_another_file_shows_too_stays(
    inbox: Inbox, records: Records, erasing: Erasing, memory: Memory
) -> None:
    posted = message("1.0", "", PHOTO, OTHER)
    await inbox.hear(posted, for_us=True)
    await records.take(posted, [Taken(PHOTO, posted, "aa"), Taken(OTHER, posted, "aa")])
    await records.delete_file(FileDeleted("T1", "F1"))
    await erasing.work_off()
    assert memory.asked == []


async def test_erasures_that_wait_for_turns_leave_the_turns_their_connections(
    database: Database, inbox: Inbox, records: Records, held_up: HeldUp
) -> None:
    erasing = Erasing(database, held_up)
    for number in range(2 * CONNECTIONS):
        said = message(f"{number}.0", thread_ts=f"{number}.0")
        await inbox.hear(said, for_us=True)
        await records.delete(Deletion(said.emptied(), to_bot=True))
    asked = [asyncio.create_task(erasing.work_off()) for _ in range(CONNECTIONS)]
    while not held_up.waiting:  # noqa: ASYNC110
        await asyncio.sleep(0.5)
    assert held_up.waiting <= CONNECTIONS // 2
    held_up.over.set()
    await asyncio.gather(*asked)
    assert await database.rows("select id from erasures") == []


async def test_what_could_not_be_erased_is_left_alone_for_a_while(
    inbox: Inbox, records: Records, erasing: Erasing, memory: Memory
) -> None:
    posted = message("1.0", "<@UBOT> secret")
    await inbox.hear(posted, for_us=True)
    await records.delete(Deletion(posted.emptied(), to_bot=True))
    memory.broken = True
    await erasing.work_off()
    memory.broken = False
    assert await erasing.work_off() == 0
    assert memory.asked == []


async def test_what_could_not_be_erased_is_tried_again_later_each_time(
    database: Database,
    inbox: Inbox,
    records: Records,
    erasing: Erasing,
    memory: Memory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    posted = message("1.0", "<@UBOT> secret")
    await inbox.hear(posted, for_us=True)
    await records.delete(Deletion(posted.emptied(), to_bot=True))
    memory.broken = True
    for _ in range(3):
        assert await erasing.work_off() == 1
        await database.rows("update erasures set due = now() where due > now()")
    told = [record for record in caplog.records if "Erasure" in record.message]
    assert [record.message.rpartition("next in ")[2] for record in told] == ["20 s.", "40 s.", "80 s."]
    assert [bool(record.exc_info) for record in told] == [True, False, False]
    memory.broken = False
    assert await erasing.work_off() == 0
    assert memory.asked == [("edit", THREAD, "1.0", None)]
    assert await erasing.work_off() == 0
    assert len(memory.asked) == 1


# --- forgetting -----------------------------------------------------------------------------------


@pytest.fixture
async def forgetting(database: Database, inbox: Inbox, records: Records, erasing: Erasing) -> Forgetting:
    """Two people in one thread of C1, and the first of them in C2."""
    mine, theirs = message("1.0", "mine", PHOTO), message("2.0", "theirs", OTHER, user="U2")
    elsewhere = message("5.0", "mine too", thread_ts="5.0", channel="C2")
    for said in (mine, theirs, elsewhere):
        heard = await inbox.hear(said, for_us=True)
        await inbox.keep_answer(said.key, {"answer": "said"})
        await inbox.finish(said.key, State.DONE)
        await database.rows(
            "insert into feedback (run, team, user_id, verdict) values (%s, 'T1', %s, 'good')",
            [heard.row.run, said.user],
        )
    await records.take(mine, [Taken(PHOTO, mine, "aa")])
    await records.take(theirs, [Taken(OTHER, theirs, "bb")])
    return Forgetting(database, erasing)


async def left(database: Database) -> list[tuple[str, str]]:
    rows = await database.rows("select ts, message ->> 'text' as text, answer from inbox order by ts")
    return [(row["ts"], row["text"]) for row in rows if row["text"] or row["answer"]]


async def test_a_person_is_forgotten_everywhere_and_nobody_else(
    database: Database, forgetting: Forgetting, memory: Memory
) -> None:
    me = Whose("T1", user="U1")
    expected = Counts(messages=2, images=1, threads=2, ratings=2)
    assert await forgetting.count(me) == expected
    assert await forgetting.erase(me) == expected
    assert sorted(memory.asked) == [
        ("edit", THREAD, "1.0", None),
        ("edit", "T1:C2:5.0", "5.0", None),
        ("image", THREAD, "aa"),
    ]
    assert await left(database) == [("2.0", "theirs")]
    assert [row["user_id"] for row in await database.rows("select user_id from feedback")] == ["U2"]
    assert not await forgetting.count(me)


async def test_a_channel_is_forgotten_whole_and_no_other(
    database: Database, forgetting: Forgetting, memory: Memory
) -> None:
    counts = await forgetting.erase(Whose("T1", channel="C1"))
    assert counts == Counts(messages=2, images=2, threads=1, ratings=2)
    assert memory.asked == [("thread", THREAD), ("image", THREAD, "aa"), ("image", THREAD, "bb")]
    assert await left(database) == [("5.0", "mine too")]


async def test_a_thread_is_forgotten_whole(database: Database, forgetting: Forgetting, memory: Memory) -> None:
    thread = Whose("T1", channel="C2", thread_ts="5.0")
    assert await forgetting.began(thread) == "U1"
    assert await forgetting.erase(thread) == Counts(messages=1, threads=1, ratings=1)
    assert memory.asked == [("thread", "T1:C2:5.0")]
    assert len(await left(database)) == 2


async def test_a_late_event_does_not_bring_back_what_was_forgotten(
    database: Database, inbox: Inbox, forgetting: Forgetting
) -> None:
    await forgetting.erase(Whose("T1", user="U1"))
    heard = await inbox.hear(message("1.0", "mine", PHOTO), for_us=True)
    assert (heard.new, heard.row.state, heard.row.message.text) == (False, State.DONE, "")
    assert await left(database) == [("2.0", "theirs")]


async def test_a_turn_under_way_is_stopped_and_what_it_still_writes_is_erased(
    inbox: Inbox, erasing: Erasing, forgetting: Forgetting, memory: Memory
) -> None:
    asked = message("3.0", "and this?")
    await inbox.hear(asked, for_us=True)
    assert await inbox.begin(asked.thread)
    await forgetting.erase(Whose("T1", user="U1"))
    assert await inbox.is_cancelled(asked.key)
    await inbox.keep_answer(asked.key, {"answer": "late"})
    await inbox.finish(asked.key, State.STOPPED)
    memory.asked.clear()
    assert await erasing.work_off() == 0
    row = await inbox.row(asked.key)
    assert row is not None
    assert row.answer is None
    assert ("edit", THREAD, "3.0", None) in memory.asked
    memory.asked.clear()
    await erasing.work_off()
    assert memory.asked == []
