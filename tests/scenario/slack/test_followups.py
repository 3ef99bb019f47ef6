"""What people ask after a search and in a thread: of hits, of who posted them, and how many there are."""

from __future__ import annotations

import pytest

from bot.local_slack.records.transcript import transcript
from tests.scenario.slack.hits import FIND, FLOWERS, cards, filed, flowers, names, shown_flowers
from tests.scenario.slack.office import Json, Room

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack")]


async def asked(room: Room, text: str) -> tuple[str, Json]:
    """What the bot answers, in words and as a message."""
    await room.answer_to(text)
    return " ".join(transcript(room.said[-1])), room.said[-1]


async def test_of_a_hit_it_is_told_who_posted_it_where_and_when_and_then_the_search_goes_on(room: Room) -> None:
    await shown_flowers(room)
    _, first = await asked(room, FIND)
    told, message = await asked(room, "who posted the second one?")
    posted = room.slack.messages(room.channel)[0]["ts"].replace(".", "")
    address = f"{room.slack.url}/archives/{room.channel}/p{posted}"
    assert f"({names(first)[1]}) was posted by {room.anna.name} in #" in told
    assert address in told
    [card] = cards(message)
    assert card["actions"][0]["url"] == address
    told, _ = await asked(room, "the third one: what does it say?")
    assert "That search found 2 images and there are more" in told
    _, more = await asked(room, "more")
    assert names(more)[:2] == names(first)


async def test_in_this_thread_is_what_was_posted_in_it(room: Room) -> None:
    await shown_flowers(room, 2)
    others = flowers(room.office.pictures["flower"])[2:3]
    await room.answer_to("What format is image 1?", *others)
    thread = room.thread
    await filed(room)
    room.thread = thread
    told, _ = await asked(room, "find the flower in this thread")
    assert "image 1" in told.lower()
    _, message = await asked(room, "which images did I post in this thread?")
    assert names(message) == [others[0][0]]
    assert "in this thread" in str(message["blocks"])


async def test_images_are_counted_by_who_posted_them(room: Room) -> None:
    await shown_flowers(room)
    told, _ = await asked(room, "how many images are in the archive?")
    assert f"{FLOWERS} images are in the archive, of what may be shown here." in told
    told, _ = await asked(room, "who posted the most photos here?")
    assert f"{room.anna.name} {FLOWERS}" in told
