"""The shortcut on a message: a form, and one answer in the message's thread."""

from __future__ import annotations

import asyncio

import pytest

from bot.slack import messages
from bot.slack.surface import sentences
from bot.slack.surface.question import OWN, READY, SHORTCUT
from tests.scenario.slack.drawings import small_png
from tests.scenario.slack.forms import answered, changed, opened, said
from tests.scenario.slack.office import Json, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]

SMALL = ("small.png", small_png())
QUESTION = {READY: "What does this show?"}


async def on_message(room: Room, *pictures: str | tuple[str, bytes], text: str = "look") -> Json:
    """Ben uses the shortcut on what Anna posts: the form he sees."""
    room.thread = await room.anna.post(
        room.channel, text, files=[room.office.pictures.get(str(p), p) for p in pictures]
    )
    await room.ben.message_action(room.channel, room.thread, SHORTCUT)
    return await opened(room, room.ben)


async def test_the_answer_comes_in_the_thread_and_calls_who_asked(room: Room) -> None:
    view = await on_message(room, SMALL)
    assert "small.png" in said(view)
    assert not await room.ben.submit(view["id"], QUESTION)
    assert room.ben.view() is None
    lines = await answered(room, view)
    assert lines[0].endswith("asks about small.png:")
    assert "What does this show?" in lines[1]
    intro = room.said[0]
    assert intro["thread_ts"] == room.thread
    assert f"<@{room.ben.id}>" in intro["text"]
    assert len(lines) > 2


async def test_submitted_twice_is_asked_once(room: Room) -> None:
    view = await on_message(room, SMALL)
    await asyncio.gather(*(room.ben.submit(view["id"], {OWN: "What is this?"}) for _ in range(2)))
    await answered(room, view)
    await room.nothing_more_comes()
    assert sum("asks about" in str(one) for one in room.said) == 1


async def test_the_image_of_that_message_is_meant_among_those_of_the_thread(room: Room) -> None:
    room.thread = await room.anna.post(room.channel, "one", files=[("first.png", small_png("red"))])
    second = await room.anna.post(room.channel, "two", files=[("second.png", small_png("blue"))], thread_ts=room.thread)
    await room.anna.post(room.channel, "three", files=[("third.png", small_png("green"))], thread_ts=room.thread)
    await room.ben.message_action(room.channel, second, SHORTCUT)
    view = await opened(room, room.ben)
    assert "second.png" in said(view)
    assert "first.png" not in said(view)
    await room.ben.submit(view["id"], {OWN: "What is this?"})
    lines = await answered(room, view)
    assert "described second.png (image 2) · 1 of 3 images in this thread" in " ".join(lines)


async def test_a_follow_up_goes_on_in_that_thread(room: Room) -> None:
    view = await on_message(room, SMALL)
    await room.ben.submit(view["id"], QUESTION)
    await answered(room, view)
    ts = await room.say("how large is it?", who=room.anna)
    assert await room.reply_to(ts)


async def test_a_question_has_to_be_there(room: Room) -> None:
    view = await on_message(room, SMALL)
    answer = await room.ben.submit(view["id"], {})
    assert answer == {"response_action": "errors", "errors": {OWN: sentences.NO_QUESTION}}
    assert room.said == []


async def test_a_message_without_images_is_told_so(room: Room) -> None:
    assert said(await on_message(room)) == sentences.NO_IMAGES
    assert said(await on_message(room, ("notes.txt", b"hello"))) in (sentences.NO_IMAGES, "notes.txt")


async def test_a_channel_the_bot_is_not_in_is_told_so(room: Room) -> None:
    await room.slack.remove(room.channel, None)
    assert said(await on_message(room, SMALL)) == sentences.NOT_IN_CHANNEL


async def test_who_left_the_channel_meanwhile_is_not_answered(room: Room) -> None:
    view = await on_message(room, SMALL)
    await room.ben.leave(room.channel)
    await room.ben.submit(view["id"], QUESTION)
    assert await changed(room, room.ben, lambda shown: shown == messages.NOT_A_MEMBER)
    await room.slack.delivered()
    assert room.said == []


async def test_a_trigger_that_is_too_late_is_said(room: Room) -> None:
    room.slack.faults.fail("views.open", status=200, error="expired_trigger_id")
    ts = await room.anna.post(room.channel, "look", files=[SMALL])
    await room.ben.message_action(room.channel, ts, SHORTCUT)
    await room.slack.until(lambda: room.notes_to(room.ben) != [])
    assert room.notes_to(room.ben) == [sentences.TRIGGER_LATE]
