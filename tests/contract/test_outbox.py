"""Reply intents on a real PostgreSQL: nothing is said twice, and what went out is recognised."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.events import Identity, Key
from bot.slack.storage.outbox import Outbox, Progress
from bot.slack.storage.tables import Database

BOT = Identity("T1", "UBOT", "B1")
QUESTION = Key("T1", "C1", "1000.000100")


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


def ours(ts: str, **more: Any) -> dict[str, Any]:
    return {"ts": ts, "user": "UBOT", "bot_id": "B1", "thread_ts": "1000.000100", **more}


async def test_an_intent_is_saved_before_anything_is_sent(outbox: Outbox) -> None:
    intent = await outbox.intend(QUESTION, "1000.000100", 0, "message", {"text": "Hello."})
    assert (intent.progress, intent.ts, intent.before, intent.must_look) == (Progress.INTENDED, None, False, False)
    assert [one.id for one in await outbox.open_intents(QUESTION)] == [intent.id]


async def test_what_was_intended_before_a_crash_comes_back_and_asks_for_a_look(outbox: Outbox) -> None:
    first = await outbox.intend(QUESTION, "1000.000100", 0, "message", {"text": "Hello."})
    again = await outbox.intend(QUESTION, "1000.000100", 0, "message", {"text": "Hello!"})
    assert (again.id, again.before, again.must_look) == (first.id, True, True)
    assert again.body == {"text": "Hello!"}


async def test_what_is_sent_stays_sent(outbox: Outbox) -> None:
    intent = await outbox.intend(QUESTION, "1000.000100", 0, "message", {"text": "Hello."})
    await outbox.sent(intent, "1000.000200")
    again = await outbox.intend(QUESTION, "1000.000100", 0, "message", {"text": "Bye."})
    assert (again.progress, again.ts, again.body) == (Progress.SENT, "1000.000200", {"text": "Hello."})
    assert not again.must_look
    assert await outbox.open_intents(QUESTION) == []


async def test_a_started_message_keeps_its_ts_when_it_is_sent(outbox: Outbox) -> None:
    intent = await outbox.intend(QUESTION, "1000.000100", 0, "stream", {})
    await outbox.started(intent, "1000.000200")
    await outbox.sent(intent)
    assert [(one.progress, one.ts) for one in await outbox.of(QUESTION)] == [(Progress.SENT, "1000.000200")]


async def test_a_message_is_known_by_its_metadata_whatever_its_place(outbox: Outbox) -> None:
    one = await outbox.intend(QUESTION, "1000.000100", 0, "message", {})
    two = await outbox.intend(QUESTION, "1000.000100", 1, "message", {})
    seen = [ours("1000.000300", metadata=two.metadata), ours("1000.000400", metadata=one.metadata)]
    adopted = await outbox.adopt(QUESTION, seen, BOT)
    assert {intent.id: intent.ts for intent in adopted} == {one.id: "1000.000400", two.id: "1000.000300"}
    assert {intent.progress for intent in adopted} == {Progress.STARTED}


async def test_a_stream_is_known_by_author_and_place(outbox: Outbox) -> None:
    stream = await outbox.intend(QUESTION, "1000.000100", 0, "stream", {})
    files = await outbox.intend(QUESTION, "1000.000100", 1, "files", {})
    seen = [
        {"ts": "1000.000100", "user": "UANNA"},
        ours("1000.000050"),  # older than the question
        {"ts": "1000.000150", "user": "UANNA"},
        ours("1000.000200", files=[{"id": "F1"}]),
        ours("1000.000300"),
    ]
    adopted = await outbox.adopt(QUESTION, seen, BOT)
    assert {intent.id: intent.ts for intent in adopted} == {stream.id: "1000.000300", files.id: "1000.000200"}


async def test_a_message_that_belongs_to_another_question_is_not_adopted(outbox: Outbox) -> None:
    other = await outbox.intend(Key("T1", "C1", "1000.000110"), "1000.000100", 0, "message", {})
    await outbox.sent(other, "1000.000200")
    await outbox.intend(QUESTION, "1000.000100", 0, "message", {})
    assert await outbox.adopt(QUESTION, [ours("1000.000200")], BOT) == []


async def test_a_message_of_another_intent_by_name_is_not_taken_for_ours(outbox: Outbox) -> None:
    other = await outbox.intend(Key("T1", "C1", "1000.000110"), "1000.000100", 0, "message", {})
    await outbox.intend(QUESTION, "1000.000100", 0, "message", {})
    assert await outbox.adopt(QUESTION, [ours("1000.000200", metadata=other.metadata)], BOT) == []


async def test_a_message_that_slack_refused_may_be_intended_again(outbox: Outbox) -> None:
    intent = await outbox.intend(QUESTION, "1000.000100", 0, "message", {})
    await outbox.failed(intent, "is_archived")
    assert await outbox.open_intents(QUESTION) == []
    assert (await outbox.of(QUESTION))[0].reason == "is_archived"
    assert (await outbox.intend(QUESTION, "1000.000100", 0, "message", {})).progress is Progress.INTENDED
