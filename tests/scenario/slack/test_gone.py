"""Channels, rights, messages and streams that are gone while an answer is in the making."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.scenario.slack.conftest import Opening
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.model import Model, Pause, Use
from tests.scenario.slack.office import Office, Room, is_whole

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

ANSWER = "I cannot tell."
LOOK = Use("classify", {"image": "image 1", "labels": ["red", "blue"]})


async def begun(room: Room, model: Model, question: str) -> tuple[str, Pause]:
    """A question whose steps are shown and whose answer waits."""
    pause = Pause()
    model.answers(question, LOOK, pause, ANSWER)
    ts = await room.ask(question, ("small.png", small_png()))
    await pause.begun()
    await room.slack.until(lambda: room.said)
    return ts, pause


async def test_an_expired_stream_ends_as_an_edited_message(slow_room: Room, model: Model) -> None:
    ts, pause = await begun(slow_room, model, "Is it expired?")
    slow_room.slack.faults.expire_streams()
    pause.end()
    assert ANSWER in await slow_room.reply_to(ts)
    assert len(slow_room.said) == 1
    assert slow_room.calls("chat.update")


async def test_steps_go_on_in_the_message_when_its_stream_expires(slow_room: Room, model: Model) -> None:
    first, second = Pause(), Pause()
    model.answers("Is it expired between steps?", LOOK, first, LOOK, second, ANSWER)
    ts = await slow_room.ask("Is it expired between steps?", ("small.png", small_png()))
    await first.begun()
    await slow_room.slack.until(lambda: slow_room.said)
    slow_room.slack.faults.expire_streams()
    first.end()
    await second.begun()
    await slow_room.slack.until(lambda: slow_room.calls("chat.update"))
    second.end()
    assert ANSWER in await slow_room.reply_to(ts)
    assert len(slow_room.said) == 1


@pytest.mark.parametrize("error", ["unknown_method", "feature_not_enabled", "missing_recipient_team_id"])
async def test_where_streaming_is_missing_steps_are_edited(slow_room: Room, model: Model, error: str) -> None:
    slow_room.slack.faults.fail("chat.startStream", error=error, times=9)
    question = f"Is there streaming, or {error}?"
    ts, pause = await begun(slow_room, model, question)
    await slow_room.slack.until(lambda: "Classifying" in str(slow_room.said))
    pause.end()
    assert ANSWER in await slow_room.reply_to(ts)
    assert len(slow_room.said) == 1
    assert not slow_room.calls("chat.stopStream")


async def test_a_half_finished_answer_that_somebody_deleted_is_said_anew(slow_room: Room, model: Model) -> None:
    ts, pause = await begun(slow_room, model, "Who deletes half an answer?")
    admin = slow_room.slack.person("olga", role="admin")
    await admin.delete(slow_room.channel, slow_room.said[0]["ts"])
    pause.end()
    assert ANSWER in await slow_room.reply_to(ts)
    assert len(slow_room.said) == 1


async def test_a_question_that_is_deleted_is_not_answered(slow_room: Room, model: Model) -> None:
    ts, pause = await begun(slow_room, model, "Will this be deleted?")
    await slow_room.anna.delete(slow_room.channel, ts)
    await slow_room.slack.until(lambda: not slow_room.said)
    pause.end()
    slow_room.thread = None
    model.answers("Are you there?", ANSWER)
    assert ANSWER in await slow_room.answer_to("Are you there?")
    assert [message for message in slow_room.said if "Will this" in str(message)] == []
    assert not slow_room.replies(ts)


async def test_a_question_that_is_deleted_before_anything_is_shown_is_not_answered(
    slow_room: Room, model: Model
) -> None:
    pause = Pause()
    model.answers("Deleted at once?", pause, ANSWER)
    ts = await slow_room.ask("Deleted at once?")
    await pause.begun()
    await slow_room.anna.delete(slow_room.channel, ts)
    await nothing_is_said(slow_room, pause)


async def test_a_question_whose_deletion_overtakes_it_is_not_answered(slow_room: Room, model: Model) -> None:
    model.answers("Deleted before it came?", ANSWER)
    slow_room.slack.faults.late(0.5, count=2)
    ts = await slow_room.ask("Deleted before it came?")
    await slow_room.anna.delete(slow_room.channel, ts)
    await nothing_is_said(slow_room)


async def nothing_is_said(room: Room, pause: Pause | None = None) -> None:
    await room.slack.delivered()
    if pause:
        pause.end()
    room.thread = None
    last = await room.ask("Is there anybody?")
    await room.reply_to(last)
    await room.slack.until(lambda: room.said == room.replies(last))  # steps that were shown are taken away


async def test_an_answer_has_no_place_in_an_archived_channel(slow_room: Room, model: Model) -> None:
    ts, pause = await begun(slow_room, model, "Will this be archived?")
    await slow_room.slack.archive(slow_room.channel)
    pause.end()
    await refused(slow_room, "chat.stopStream")
    await slow_room.slack.unarchive(slow_room.channel)
    slow_room.thread = None
    model.answers("Are you back?", ANSWER)
    assert ANSWER in await slow_room.answer_to("Are you back?")
    assert not slow_room.whole_replies(ts)


async def test_an_answer_has_no_place_where_the_bot_was_removed(slow_room: Room, model: Model) -> None:
    ts, pause = await begun(slow_room, model, "Will you be removed?")
    await slow_room.slack.remove(slow_room.channel, None)
    pause.end()
    await refused(slow_room, "chat.stopStream")
    await slow_room.slack.invite(slow_room.channel, None)
    slow_room.thread = None
    model.answers("Are you back here?", ANSWER)
    assert ANSWER in await slow_room.answer_to("Are you back here?")
    assert not slow_room.whole_replies(ts)


async def refused(room: Room, method: str) -> None:
    """Slack has said no, and was not asked for ever."""
    calls = room.slack.calls
    await room.slack.until(
        lambda: any(
            call.method == method and call.arguments.get("channel") == room.channel and not call.response["ok"]
            for call in calls
        )
    )


@pytest_asyncio.fixture(loop_scope="session")
async def other_office(opening: Opening, model: Model) -> AsyncIterator[Office]:
    """One that may be broken."""
    async with opening(model="openai:scripted", openai_base_url=model.url) as opened:
        yield opened


async def test_a_revoked_token_ends_the_answer_and_a_restored_one_is_taken_up(
    other_office: Office, model: Model
) -> None:
    room = await other_office.room()
    _, pause = await begun(room, model, "Is the token revoked?")
    room.slack.faults.revoke_token()
    pause.end()
    await refused(room, "chat.stopStream")
    assert not any(is_whole(message) for message in room.said)
    room.slack.faults.restore_token()
    await room.slack.until(lambda: room.slack.connections, 60)
    room.thread = None
    model.answers("Is it good again?", ANSWER)
    assert ANSWER in await room.answer_to("Is it good again?")
