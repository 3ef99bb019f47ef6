"""kill -9 between the press of a button and its answer: what was recorded is answered once, and never twice."""

from __future__ import annotations

from contextlib import suppress

import pytest
import pytest_asyncio

from bot.local_slack.records.transcript import transcript
from bot.local_slack.sending.delivery import Unanswered
from bot.slack.replying.cards import LIKE, MORE
from tests.scenario.slack.hits import FIND, found, names, press, shown_flowers
from tests.scenario.slack.mortal import PATIENCE, Blow, Mortal, unfinished
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("hits_killed")]

POINTS = [
    Blow("chat.postMessage", False, "channel"),
    Blow("chat.postMessage", True, "channel"),
    Blow("chat.startStream", True, "channel"),
    Blow("chat.stopStream", False, "channel"),
    Blow("chat.stopStream", True, "channel"),
]


@pytest_asyncio.fixture(loop_scope="module")
async def room(mortal: Mortal) -> Room:
    """A search of it has found the first two of five flowers."""
    made = await mortal.office.room()
    await shown_flowers(made)
    await made.answer_to(FIND)
    await mortal.rest()
    return made


async def pressed(room: Room, action: str) -> None:
    """Slack shows whoever pressed that nobody has answered; they do not mind."""
    with suppress(Unanswered):
        await press(room, found(room)[0], action)


def introduced(room: Room, words: str) -> list[str]:
    """Where it is said who asked that."""
    return [line for message in room.said if words in (line := " ".join(transcript(message)))]


@pytest.mark.parametrize("blow", POINTS, ids=str)
async def test_a_press_is_answered_once_wherever_the_bot_is_killed(mortal: Mortal, room: Room, blow: Blow) -> None:
    failure = mortal.slack.faults.fail(blow.call, hang=PATIENCE, after=blow.after, matching=blow.matching(room))
    await pressed(room, MORE)
    await mortal.slack.until(lambda: failure.struck, PATIENCE)
    await mortal.die()
    await mortal.rest()
    first, second = found(room)
    assert len({*names(first), *names(second)}) == 4
    assert len(introduced(room, "asks: More results")) == 1
    assert unfinished(room) == []


async def test_a_press_that_died_unrecorded_is_no_hindrance_to_the_next(mortal: Mortal, room: Room) -> None:
    failure = mortal.slack.faults.fail("users.conversations", hang=PATIENCE, matching={"user": room.anna.id})
    await pressed(room, LIKE)
    await mortal.slack.until(lambda: failure.struck, PATIENCE)
    await mortal.die()
    await mortal.slack.until(lambda: mortal.bot.serves and mortal.slack.connections, PATIENCE)
    assert len(found(room)) == 1
    await pressed(room, LIKE)
    await mortal.slack.until(lambda: len(found(room)) == 2, PATIENCE)


async def test_a_button_of_a_process_that_is_gone_works_with_the_next(mortal: Mortal, room: Room) -> None:
    assert await mortal.stop() == 0
    await mortal.slack.until(lambda: mortal.bot.serves and mortal.slack.connections, PATIENCE)
    await pressed(room, MORE)
    await mortal.slack.until(lambda: introduced(room, "asks: More results"), PATIENCE)
    await mortal.rest()
    assert len(found(room)) == 2
    await pressed(room, MORE)
    await mortal.rest()
    assert len(found(room)) == 2
