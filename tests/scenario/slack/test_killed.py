"""kill -9 at every call that a turn makes, and between them: each message is answered once, and none twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from tests.scenario.slack.mortal import (
    MESSAGES,
    PATIENCE,
    PICTURES,
    QUESTION,
    Blow,
    Mortal,
    told,
    unfinished,
)
from tests.scenario.slack.office import Room

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("killed")]


def both(call: str, where: str = "", **more: str) -> list[list[Blow]]:
    return [[Blow(call, after, where, more)] for after in (False, True)]


def then(first: Blow, call: str, where: str = "") -> list[list[Blow]]:
    return [[first, *blows] for blows in both(call, where)]


BEGUN = Blow("chat.startStream", True, "channel")
ENDED = Blow("chat.stopStream", True, "channel")
SHARED = Blow("files.completeUploadExternal", True, "channel_id")
POINTS = [
    *both("assistant.threads.setStatus", "channel_id"),
    *both("download"),
    *both("chat.startStream", "channel"),
    *both("chat.appendStream", "channel"),
    *both("files.getUploadURLExternal"),
    *both("upload"),
    *both("files.completeUploadExternal"),
    *both("chat.stopStream", "channel"),
    *both("chat.postMessage", "channel"),
    *both("files.getUploadURLExternal", filename="table.csv"),
    *both("files.completeUploadExternal", "channel_id"),
    *then(BEGUN, "conversations.replies", "channel"),
    *then(BEGUN, "chat.stopStream", "channel"),
    *then(ENDED, "chat.update", "channel"),
    *then(SHARED, "files.info"),
]
"""In the last ones the turn that takes up the work of a dead one is killed as well."""
MISSED = 6
"""On a fast machine a turn is over before it would show more steps."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def untouched(mortal: Mortal) -> list[str]:
    """What is said where nobody dies."""
    room = await mortal.office.room()
    await room.ask(QUESTION, *PICTURES)
    await mortal.rest()
    assert len(room.said) == MESSAGES
    return told(room)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rooms(mortal: Mortal, untouched: list[str]) -> dict[str, Room]:
    """One for each point of a turn: the bot was killed there, while it still worked for the rooms before."""
    rooms: dict[str, Room] = {}
    for blows in POINTS:
        room = await mortal.office.room()
        struck = [await mortal.die_at(blow, room) for blow in blows]
        await mortal.slack.until(lambda: all(len(each.said) >= MESSAGES for each in rooms.values()), PATIENCE)
        if all(struck):
            rooms[", then ".join(map(str, blows))] = room
    await mortal.rest()
    return rooms


async def test_killed_at_any_call_of_a_turn_it_answers_every_message_once(
    rooms: dict[str, Room], untouched: list[str]
) -> None:
    said = {name: told(room) for name, room in rooms.items()}
    assert said == dict.fromkeys(said, untouched)
    assert {name: unfinished(room) for name, room in rooms.items()} == {name: [] for name in rooms}
    assert len(rooms) >= len(POINTS) - MISSED >= 20


async def test_threads_that_were_cut_remember_each_image_once(
    rooms: dict[str, Room], mortal: Mortal, untouched: list[str]
) -> None:
    asked = {name: await room.ask("What format is the second one?") for name, room in rooms.items()}
    await mortal.rest()
    said = {name: told(room)[len(untouched)] for name, room in rooms.items()}
    assert said == dict.fromkeys(rooms, "Image 2 is a PNG file (image/png).")
    with mortal.db() as db:
        known = db.execute("select ts, answer -> 'images' from spyglass.inbox where ts = any(%s)", [[*asked.values()]])
        handles = {ts: [image["handle"] for image in images] for ts, images in known}
    assert handles == {ts: ["image 1", "image 2", "image 3"] for ts in asked.values()}


# --- between two calls ----------------------------------------------------------------------------


MOMENTS: dict[str, tuple[str, str]] = {
    "before a message is recorded": ("insert on spyglass.inbox", "true"),
    "before its turn is begun": ("update on spyglass.inbox", "new.attempts > old.attempts"),
    "before its files are recorded": ("insert on spyglass.thread_files", "true"),
    "with the turn in memory and its answer not saved": ("update on spyglass.inbox", "new.state = 'answered'"),
    "before the stream is intended": ("insert on spyglass.outbox", "new.kind = 'stream'"),
    "with a stream begun that is not noted": ("update on spyglass.outbox", "new.ts is not null"),
    "before the file is intended": ("insert on spyglass.outbox", "new.kind = 'files' and new.part < 1000"),
    "with all said and the turn not ended": ("update on spyglass.inbox", "new.state = 'done'"),
}
"""Changes of rows: the bot is killed while the database is about to carry one out."""
HELD = 4711
"""Key of the advisory lock that such a change waits for."""


@contextmanager
def held(mortal: Mortal, change: str, condition: str) -> Iterator[None]:
    """No such change of a row is carried out."""
    waiting = f"begin perform pg_advisory_xact_lock({HELD}); return new; end"
    table = change.rpartition(" ")[2]
    with mortal.db() as db:
        run(db, f"select pg_advisory_lock({HELD})")
        run(db, f"create function spyglass.held() returns trigger language plpgsql as $$ {waiting} $$")
        run(db, f"create trigger held before {change} for each row when ({condition}) execute function spyglass.held()")
        try:
            yield
        finally:
            run(db, f"select pg_advisory_unlock({HELD})")
            run(db, f"drop trigger held on {table}")
            run(db, "drop function spyglass.held()")


def run(db: psycopg.Connection[Any], statement: str) -> list[Any]:
    cursor = db.execute(statement.encode())
    return cursor.fetchall() if cursor.description else []


def held_up(mortal: Mortal) -> list[int]:
    """The bot's connections whose change waits."""
    with mortal.db() as db:
        found = run(db, f"select pid from pg_locks where locktype = 'advisory' and not granted and objid = {HELD}")
    return [pid for (pid,) in found]


async def die_during(mortal: Mortal, moment: str, room: Room, *, lost: bool) -> None:
    """Die while the change is under way; lost: the database does not carry it out any more."""
    with held(mortal, *MOMENTS[moment]):
        await room.ask(QUESTION, *PICTURES)
        await mortal.slack.until(lambda: held_up(mortal), PATIENCE)
        await mortal.die()
        with mortal.db() as db:
            for pid in held_up(mortal) if lost else ():
                run(db, f"select pg_terminate_backend({pid}, 5000)")


@pytest.mark.parametrize("moment", MOMENTS)
async def test_killed_between_two_calls_it_answers_once(mortal: Mortal, untouched: list[str], moment: str) -> None:
    room = await mortal.office.room()
    await die_during(mortal, moment, room, lost=True)
    await mortal.rest()
    assert told(room) == untouched
    assert unfinished(room) == []


async def test_killed_between_a_message_is_recorded_and_acknowledged_it_answers_once(
    mortal: Mortal, untouched: list[str]
) -> None:
    room = await mortal.office.room()
    await die_during(mortal, "before a message is recorded", room, lost=False)
    await mortal.rest()
    assert told(room) == untouched


async def test_killed_right_after_the_acknowledgement_it_answers_once(mortal: Mortal, untouched: list[str]) -> None:
    room = await mortal.office.room()
    await room.ask(QUESTION, *PICTURES)
    await mortal.slack.delivered(PATIENCE)
    await mortal.die()
    await mortal.rest()
    assert told(room) == untouched


async def test_a_turn_that_always_takes_the_process_with_it_is_told_of(mortal: Mortal) -> None:
    room = await mortal.office.room()
    assert await mortal.die_at(BEGUN, room)
    with mortal.db() as db:
        db.execute("update spyglass.inbox set attempts = 8 where channel = %s", [room.channel])
    await mortal.rest()
    assert (len(told(room)), unfinished(room)) == (1, [])
    assert "Something went wrong" in told(room)[0]


async def test_a_question_that_was_deleted_before_the_process_died_is_not_answered_by_the_next(mortal: Mortal) -> None:
    room = await mortal.office.room()
    begun = mortal.slack.faults.fail("chat.startStream", hang=PATIENCE, after=True, matching={"channel": room.channel})
    ts = await room.ask(QUESTION, *PICTURES)
    await mortal.slack.until(lambda: begun.struck, PATIENCE)
    await room.anna.delete(room.channel, ts)
    await mortal.slack.delivered(PATIENCE)
    await mortal.die()
    await mortal.rest()
    assert room.said == []
    with mortal.db() as db:
        ended = db.execute("select state, answer from spyglass.inbox where channel = %s", [room.channel]).fetchall()
    assert ended == [("stopped", None)]
