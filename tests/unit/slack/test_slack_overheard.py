"""What is kept of what people say to each other, and for how long."""

from __future__ import annotations

import pytest

from bot.slack.events import Message
from bot.slack.listening import overheard
from bot.slack.listening.overheard import KEPT, Overheard


def reply(ts: str, text: str = "and this one?", thread: str = "100.000000") -> Message:
    return Message(team="T1", channel="C1", ts=ts, thread_ts=thread, user="U1", text=text)


def test_what_was_said_after_a_question_is_found_oldest_first() -> None:
    kept = Overheard()
    for ts in ("103.000000", "101.000000", "099.000000"):
        kept.keep(reply(ts))
    kept.keep(reply("102.000000", thread="050.000000"))
    assert [one.ts for one in kept.after(reply("100.000000"))] == ["101.000000", "103.000000"]


def test_it_is_kept_until_slack_makes_no_further_try() -> None:
    now = 0.0
    kept = Overheard(clock=lambda: now)
    kept.keep(reply("101.000000"))
    now = KEPT
    assert kept.after(reply("100.000000"))
    now = KEPT + 1
    assert not kept.after(reply("100.000000"))


def test_what_was_edited_or_deleted_is_not_taken_as_it_was() -> None:
    kept = Overheard()
    for ts in ("101.000000", "102.000000"):
        kept.keep(reply(ts))
    kept.change(reply("101.000000", "and that one?"))
    kept.change(reply("109.000000"))
    kept.drop(reply("102.000000").key)
    assert [one.text for one in kept.after(reply("100.000000"))] == ["and that one?"]


def test_the_oldest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overheard, "MOST", 2)
    kept = Overheard()
    for ts in ("101.000000", "102.000000", "103.000000"):
        kept.keep(reply(ts))
    assert [one.ts for one in kept.after(reply("100.000000"))] == ["102.000000", "103.000000"]
