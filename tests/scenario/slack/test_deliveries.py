"""Events come twice, late, in the wrong order, or over a websocket that breaks: each message is answered once."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.scenario.slack.model import Model, Pause
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


async def test_events_that_come_three_times_are_answered_once(room: Room) -> None:
    room.slack.faults.duplicate(times=2, count=2)
    ts = await room.ask("thanks!")
    await room.reply_to(ts)
    await room.nothing_more_comes()
    assert len(room.replies(ts)) == 1


async def test_a_loop_that_stood_still_as_between_tests_loses_no_command(room: Room) -> None:
    await room.nothing_more_comes()
    await asyncio.sleep(1.5)  # the client has heard from the other side
    time.sleep(6)  # noqa: ASYNC251  the tests of other files run meanwhile
    await room.anna.post(room.channel, "hello")
    await room.slack.delivered()
    await room.anna.slash("/spyglass", "help", room.channel)


async def test_a_mention_that_comes_before_its_message_is_answered_once(room: Room) -> None:
    room.slack.faults.reorder(2)
    ts = await room.ask("thanks!")
    await room.reply_to(ts)
    await room.nothing_more_comes()
    assert len(room.replies(ts)) == 1


async def test_questions_that_arrive_in_the_wrong_order_are_each_answered_once(room: Room) -> None:
    await room.answer_to("thanks!")
    room.slack.faults.reorder(3)
    asked = [await room.ask("thanks!") for _ in range(3)]
    for ts in asked:
        await room.reply_to(ts)
    await room.nothing_more_comes()
    assert [len(room.replies(ts)) for ts in asked] == [1, 1, 1]


async def test_a_retry_minutes_later_changes_nothing(room: Room) -> None:
    ts = await room.ask("thanks!")
    said = await room.reply_to(ts)
    assert room.slack.redeliver(ts) == 2
    await room.nothing_more_comes()
    assert (await room.reply_to(ts), len(room.replies(ts))) == (said, 1)


async def test_a_message_that_comes_long_after_its_mention_is_answered_once(room: Room) -> None:
    room.slack.faults.late(1.0, kind="message")
    ts = await room.ask("thanks!")
    await room.reply_to(ts)
    await room.nothing_more_comes()
    assert len(room.replies(ts)) == 1


async def test_a_mention_without_its_files_is_answered_with_them(room: Room) -> None:
    room.slack.faults.mentions_without_files = True
    room.slack.faults.mention_first = True
    room.slack.faults.late(1.0, kind="message")
    assert "Image 1 is a JPEG file (image/jpeg)." in await room.answer_to("What format is it?", "flower")
    assert room.calls("conversations.replies")


async def test_files_are_found_when_only_the_mention_arrives(room: Room) -> None:
    room.slack.faults.mentions_without_files = True
    room.slack.faults.lose()
    assert "Image 1 is a JPEG file (image/jpeg)." in await room.answer_to("What format is it?", "flower")


async def test_an_event_that_is_not_acknowledged_because_the_websocket_breaks_is_answered_once(room: Room) -> None:
    room.slack.faults.drop_websocket(after=1)
    ts = await room.ask("thanks!")
    await room.reply_to(ts)
    await room.nothing_more_comes()
    assert len(room.replies(ts)) == 1


async def test_an_answer_in_the_making_outlives_the_websocket(slow_room: Room, model: Model) -> None:
    thinking = Pause()
    model.answers("Did the socket break?", thinking, "I cannot tell.")
    ts = await slow_room.ask("Did the socket break?")
    await thinking.begun()
    slow_room.slack.faults.drop_websocket()
    thinking.end()
    assert "I cannot tell." in await slow_room.reply_to(ts)
    model.answers("And is it back?", "I cannot tell that either.")
    assert "I cannot tell that either." in await slow_room.answer_to("And is it back?")


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_slack_may_ask_for_a_new_websocket_while_questions_come(room: Room, reason: str) -> None:
    room.slack.faults.disconnect(reason, grace=0.5)
    asked = [await room.ask("thanks!") for _ in range(3)]
    await asyncio.gather(*(room.reply_to(ts) for ts in asked))
    await room.slack.until(lambda: room.slack.connections == 1)
    await room.answer_to("thanks!")
    await room.nothing_more_comes()
    assert [len(room.replies(ts)) for ts in asked] == [1, 1, 1]
