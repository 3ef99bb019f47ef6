"""Words are kept for as many days as the settings say; what is needed to answer nothing twice stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.slack.events import Edit, Identity, Key, Message
from bot.slack.storage import expiring as module
from bot.slack.storage.expiring import Expiring
from bot.slack.storage.feedback import Feedback
from bot.slack.storage.inbox import Inbox, Row, State
from bot.slack.storage.records import Records
from bot.slack.storage.tables import Database
from tests.unit.slack.test_slack_records import PHOTO, message

BOT = Identity("T1", "UBOT", "BBOT")
ANSWER = {"answer": "A ginger cat."}


class Memory:
    """Remembers what it was told to forget."""

    def __init__(self) -> None:
        self.forgotten: list[tuple[str, str]] = []

    async def forget_words(self, thread: str, turns: Iterable[str]) -> None:
        self.forgotten += [(thread, turn) for turn in sorted(turns)]


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def expiring(database: Database, memory: Memory) -> Expiring:
    return Expiring(database, memory, ours, days=90)


async def ours() -> list[str]:
    return ["T1"]


async def aged(database: Database, key: Key, days: int) -> None:
    await database.rows(
        "update inbox set created = created - make_interval(days => %s) where (team, channel, ts) = (%s, %s, %s)",
        [days, key.team, key.channel, key.ts],
    )


async def answered(database: Database, said: Message, days: int) -> Row:
    """A question that was answered so many days ago."""
    inbox = Inbox(database)
    row = (await inbox.hear(said, for_us=True)).row
    await inbox.keep_answer(said.key, ANSWER)
    await inbox.finish(said.key, State.DONE)
    await aged(database, said.key, days)
    return row


async def kept(inbox: Inbox, said: Message) -> Row:
    row = await inbox.row(said.key)
    assert row
    return row


async def test_after_the_days_words_and_answer_are_gone_and_place_and_files_stay(
    database: Database, inbox: Inbox, expiring: Expiring, memory: Memory
) -> None:
    old, young = message("1.0", "what is this?", PHOTO), message("2.0", "and now?")
    run = (await answered(database, old, 91)).run
    await answered(database, young, 89)
    assert await expiring.tidy() == 1
    row = await kept(inbox, old)
    assert (row.message.text, row.answer, row.state, row.run) == ("", None, State.DONE, run)
    assert [file["id"] for file in row.message.files] == ["F1"]
    assert (await kept(inbox, young)).message.text == "and now?"
    assert (await kept(inbox, young)).answer == ANSWER
    assert memory.forgotten == [("T1:C1:1.0", "1.0")]


async def test_nothing_of_the_words_is_left_in_the_table(database: Database, expiring: Expiring) -> None:
    await answered(database, message("1.0", "what is this?", about={"F1": "a.png"}), 91)
    await expiring.tidy()
    row = await database.row("select message::text || coalesce(answer::text, '') as all from inbox")
    assert row
    assert not {word for word in ("what is this", "ginger", "a.png") if word in row["all"]}


@pytest.mark.parametrize("text", ["what is this?", ""])
async def test_why_a_turn_failed_is_no_longer_said(
    database: Database, inbox: Inbox, expiring: Expiring, text: str
) -> None:
    said = message("1.0", text)
    await inbox.hear(said, for_us=True)
    await inbox.finish(said.key, State.FAILED, "secret.png cannot be read.")
    await aged(database, said.key, 91)
    await expiring.tidy()
    assert (await kept(inbox, said)).reason == ""


async def test_how_long_words_are_kept_elsewhere_is_not_ours_to_say(
    database: Database, inbox: Inbox, expiring: Expiring
) -> None:
    theirs = message("1.0", "what is this?").model_copy(update={"team": "T2"})
    await answered(database, theirs, 91)
    assert await expiring.tidy() == 0
    assert (await kept(inbox, theirs)).message.text == "what is this?"


async def test_a_message_whose_words_are_gone_is_not_answered_once_more(
    database: Database, inbox: Inbox, expiring: Expiring
) -> None:
    old = message("1.0", "what is this?")
    await answered(database, old, 91)
    await expiring.tidy()
    heard = await inbox.hear(old, for_us=True)
    assert (heard.new, heard.row.state, heard.row.message.text) == (False, State.DONE, "")
    assert await inbox.next(old.thread) is None


async def test_what_is_worked_on_keeps_its_words_however_old_it_is(
    database: Database, inbox: Inbox, expiring: Expiring, memory: Memory
) -> None:
    waiting = message("1.0", "what is this?")
    await inbox.hear(waiting, for_us=True)
    await aged(database, waiting.key, 91)
    assert await expiring.tidy() == 0
    assert (await kept(inbox, waiting)).message.text == "what is this?"
    assert memory.forgotten == []


async def test_what_an_edit_brings_back_goes_the_next_time(
    database: Database, inbox: Inbox, expiring: Expiring
) -> None:
    old = message("1.0", "what is this?")
    await answered(database, old, 91)
    await expiring.tidy()
    edited = old.model_copy(update={"text": "what is that?", "edited": "9.0"})
    await Records(database, inbox, BOT).edit(Edit(edited, before=old))
    assert await expiring.tidy() == 1
    assert (await kept(inbox, old)).message.text == ""


async def test_many_old_messages_go_in_small_steps(
    database: Database, inbox: Inbox, expiring: Expiring, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    monkeypatch.setattr(module, "BREATH", 0)
    for number in range(1, 6):
        await answered(database, message(f"{number}.0", "what is this?"), 91)
    assert await expiring.tidy() == 5
    assert len(memory.forgotten) == 5
    assert await expiring.tidy() == 0


async def test_reasons_of_ratings_and_searches_go_as_well_and_verdicts_stay(
    database: Database, expiring: Expiring
) -> None:
    feedback, run = Feedback(database), (await answered(database, message("1.0", "what is this?"), 91)).run
    await feedback.give(run, "T1", "U1", "bad")
    await feedback.explain(run, "U1", "it is a dog")
    await database.rows("update feedback set at = at - interval '91 days'")
    search = "insert into searches (team, user_id, channel, asked, at) values ('T1', 'U1', 'C1', '{}', now() - %s)"
    await database.rows(search, [timedelta(days=91)])
    await expiring.tidy()
    assert [(one.verdict, one.reason) for one in await feedback.of(run)] == [("bad", "")]
    assert await database.rows("select * from searches") == []


async def test_with_no_days_set_nothing_is_ever_erased(database: Database, inbox: Inbox, memory: Memory) -> None:
    old = message("1.0", "what is this?")
    await answered(database, old, 10_000)
    assert await Expiring(database, memory, ours, days=0).tidy() == 0
    assert (await kept(inbox, old)).message.text == "what is this?"


async def test_of_what_people_say_to_each_other_only_place_and_files_are_recorded(
    database: Database, inbox: Inbox
) -> None:
    records, question = Records(database, inbox, BOT), message("2.0", "<@UBOT> which?")
    aside = message("1.0", "do not tell anybody", PHOTO)
    await records.join(question, [aside])
    edited = aside.model_copy(update={"text": "really, nobody", "edited": "3.0"})
    await records.edit(Edit(edited, before=aside))
    row = await kept(inbox, aside)
    assert (row.message.text, [file["id"] for file in row.message.files]) == ("", ["F1"])
    asks = edited.model_copy(update={"text": "<@UBOT> what is it?", "mentioned": True})
    assert (await inbox.hear(asks, for_us=True)).row.message.text == "<@UBOT> what is it?"
