"""Buttons, pressed by people: feedback, reasoning, stop."""

from __future__ import annotations

import pytest

from bot.slack.replying import labels
from bot.slack.replying.replies import FEEDBACK, REASONING, STOP
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.model import Model, Pause, Use
from tests.scenario.slack.office import Json, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

KINDS = "Is this red or blue?"
SMALL = ("small.png", small_png())


async def test_a_good_answer_is_thanked_for(room: Room) -> None:
    await room.answer_to(KINDS, SMALL)
    await room.anna.press(room.channel, room.said[-1]["ts"], FEEDBACK, verdict(room, "positive_button"))
    await room.slack.until(lambda: room.notes_to(room.anna) == [labels.THANKS])


async def test_a_bad_answer_is_asked_why(room: Room) -> None:
    await room.answer_to(KINDS, SMALL)
    await room.ben.press(room.channel, room.said[-1]["ts"], FEEDBACK, verdict(room, "negative_button"))
    await room.slack.until(lambda: room.ben.view() is not None)
    view = room.ben.view()
    assert view is not None
    assert await room.ben.submit(view["id"], {"reason": "It is green."}) is None
    assert room.ben.view() is None


def verdict(room: Room, button: str) -> str:
    elements = (element for block in room.said[-1]["blocks"] for element in block.get("elements", ()))
    return str(next(element[button]["value"] for element in elements if button in element))


async def test_the_reasoning_is_shown_to_who_asks(room: Room) -> None:
    await room.answer_to(KINDS, SMALL)
    await room.ben.press(room.channel, room.said[-1]["ts"], REASONING)
    await room.slack.until(lambda: room.ben.view() is not None)
    assert "small.png (image 1)" in str(room.ben.view())
    assert room.anna.view() is None


async def test_the_reasoning_of_a_deleted_question_is_gone(room: Room) -> None:
    ts = await room.ask(KINDS, SMALL)
    await room.reply_to(ts)
    await room.anna.delete(room.channel, ts)
    await room.slack.delivered()
    room.thread = None
    await room.answer_to("thanks!")
    await room.anna.press(room.channel, room.replies(ts)[-1]["ts"], REASONING)
    await room.slack.until(lambda: room.notes_to(room.anna) == [labels.GONE])


async def stoppable(room: Room, model: Model, question: str) -> tuple[str, Pause]:
    """A question whose work has gone on long enough to be stopped."""
    pause = Pause()
    model.answers(question, Use("classify", {"image": "image 1", "labels": ["red", "blue"]}), pause, "I cannot tell.")
    ts = await room.ask(question, SMALL)
    await pause.begun()
    await room.slack.until(lambda: stop_shown(room.said))
    return ts, pause


def stop_shown(messages: list[Json]) -> bool:
    return any(STOP in str(message.get("blocks")) for message in messages)


async def test_who_asked_stops_the_work(slow_room: Room, model: Model) -> None:
    ts, pause = await stoppable(slow_room, model, "Will I stop this?")
    await slow_room.anna.press(slow_room.channel, slow_room.said[0]["ts"], STOP)
    assert labels.STOPPED in await slow_room.reply_to(ts)
    assert labels.STOPPING in slow_room.notes_to(slow_room.anna)
    pause.end()
    classify = Use("classify", {"image": "image 1", "labels": ["red", "blue"]})
    model.answers("Which is it?", classify, "I cannot tell that.")
    assert "I cannot tell that." in await slow_room.answer_to("Which is it?")
    assert "classified small.png (image 1)" in str(slow_room.said[-1])  # what was stopped has lost nothing
    assert len(slow_room.replies(ts)) == 1


async def test_somebody_else_does_not_stop_the_work(slow_room: Room, model: Model) -> None:
    ts, pause = await stoppable(slow_room, model, "Will Ben stop this?")
    await slow_room.ben.press(slow_room.channel, slow_room.said[0]["ts"], STOP)
    await slow_room.slack.until(lambda: slow_room.notes_to(slow_room.ben) == [labels.NOT_YOURS])
    pause.end()
    assert "I cannot tell." in await slow_room.reply_to(ts)
    assert not stop_shown(slow_room.said)


def slacks_stop_button(room: Room, user: str) -> Json:
    """The event of its being pressed. Slack has stopped the stream by then."""
    return {
        "type": "agent_session_stopped",
        "channel": room.channel,
        "thread_ts": room.thread,
        "streaming_message_ts": [room.said[0]["ts"]],
        "user": user,
        "event_ts": room.said[0]["ts"],
    }


async def test_slacks_own_stop_button_stops_the_work_for_who_asked(slow_room: Room, model: Model) -> None:
    ts, pause = await stoppable(slow_room, model, "Will I stop this in Slack's way?")
    slow_room.slack.emit(slacks_stop_button(slow_room, slow_room.anna.id))
    assert labels.STOPPED in await slow_room.reply_to(ts)
    pause.end()


async def test_slacks_own_stop_button_does_not_stop_the_work_for_somebody_else(slow_room: Room, model: Model) -> None:
    ts, pause = await stoppable(slow_room, model, "Will Ben stop this in Slack's way?")
    slow_room.slack.emit(slacks_stop_button(slow_room, slow_room.ben.id))
    await slow_room.slack.until(lambda: slow_room.notes_to(slow_room.ben) == [labels.NOT_YOURS])
    pause.end()
    assert "I cannot tell." in await slow_room.reply_to(ts)


async def test_a_stale_stop_button_says_that_it_is_too_late(slow_room: Room, model: Model) -> None:
    _, pause = await stoppable(slow_room, model, "Will this be too late?")
    slow_room.slack.faults.fail("chat.update", error="message_not_found", matching={"channel": slow_room.channel})
    pause.end()
    await slow_room.slack.until(lambda: "I cannot tell." in str(slow_room.said))
    await slow_room.slack.until(lambda: slow_room.calls("chat.update"))
    await slow_room.anna.press(slow_room.channel, slow_room.said[0]["ts"], STOP)
    await slow_room.slack.until(lambda: slow_room.notes_to(slow_room.anna) == [labels.TOO_LATE])
