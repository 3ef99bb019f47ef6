"""The database falls, the bot is stopped, the websocket breaks, all in mid-turn: each message is answered once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.local_slack import LocalSlack
from tests.postgres import restart, server_of
from tests.scenario.slack.conftest import NewSettings
from tests.scenario.slack.mortal import PATIENCE, PICTURES, QUESTION, RETRIES, Mortal, mortal_bot, told, unfinished
from tests.scenario.slack.office import Office, Room, pointed_at
from tests.scenario.slack.processes import processes
from tests.stand_in_qdrant import Wire
from tools.backends.postgres import EmbeddedPostgres

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("outages"),
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant"),
]

AT_ONCE = 4


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedPostgres]:
    """A PostgreSQL that nobody else uses."""
    server = server_of(tmp_path_factory.mktemp("own"))
    server.start()
    yield server
    await server.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mortal(
    new_settings: NewSettings,
    pictures: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
    server: EmbeddedPostgres,
) -> AsyncIterator[Mortal]:
    settings = new_settings(database_url=SecretStr(server.start()))
    async with mortal_bot(settings, pictures, tmp_path_factory.mktemp("logs")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def untouched(mortal: Mortal) -> list[str]:
    """What is said where nothing goes wrong."""
    [room] = await asked(mortal, 1)
    await mortal.rest()
    return told(room)


async def asked(mortal: Mortal, number: int = AT_ONCE) -> list[Room]:
    rooms = [await mortal.office.room() for _ in range(number)]
    for room in rooms:
        await room.ask(QUESTION, *PICTURES)
    return rooms


async def in_mid_turn(mortal: Mortal, rooms: list[Room]) -> None:
    """Until the steps of a turn are shown."""
    await mortal.slack.until(lambda: any(room.said for room in rooms), PATIENCE)


# --- the database ---------------------------------------------------------------------------------


def killed(server: EmbeddedPostgres) -> None:
    """kill -9 of the postmaster; a moment later the server is back, after recovery."""
    os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    server.start()


@pytest.mark.parametrize("fall", [restart, killed])
async def test_a_database_that_falls_in_mid_turn_costs_no_answer_and_no_restart(
    mortal: Mortal, untouched: list[str], server: EmbeddedPostgres, fall: Callable[[EmbeddedPostgres], None]
) -> None:
    before = mortal.bot
    rooms = await asked(mortal)
    await in_mid_turn(mortal, rooms)
    await asyncio.to_thread(fall, server)
    late = await asked(mortal, 1)
    await mortal.rest()
    assert [told(room) for room in (*rooms, *late)] == [untouched] * (AT_ONCE + 1)
    assert not any(map(unfinished, rooms))
    assert (mortal.bot, before.runs) == (before, True)


# --- the process ----------------------------------------------------------------------------------


async def test_stopped_in_mid_turn_it_ends_well_and_another_goes_on(mortal: Mortal, untouched: list[str]) -> None:
    rooms = await asked(mortal)
    await in_mid_turn(mortal, rooms)
    assert await mortal.stop() == 0
    await mortal.rest()
    assert [told(room) for room in rooms] == [untouched] * AT_ONCE
    assert not any(map(unfinished, rooms))


async def test_stopped_where_a_call_never_ends_it_gives_the_turn_back(mortal: Mortal, untouched: list[str]) -> None:
    failure = mortal.slack.faults.fail("download", hang=PATIENCE)
    [room] = await asked(mortal, 1)
    await mortal.slack.until(lambda: failure.struck, PATIENCE)
    assert await mortal.stop() == 0
    await mortal.rest()
    assert told(room) == untouched


# --- the websocket --------------------------------------------------------------------------------


async def test_a_websocket_that_breaks_while_ten_turns_run_costs_nothing(mortal: Mortal, untouched: list[str]) -> None:
    rooms = await asked(mortal, 10)
    await in_mid_turn(mortal, rooms)
    mortal.slack.faults.drop_websocket()
    for room in rooms:
        assert mortal.slack.redeliver(room.thread or "") >= 2
    await mortal.rest()
    assert [told(room) for room in rooms] == [untouched] * 10
    assert not any(map(unfinished, rooms))


# --- several processes ----------------------------------------------------------------------------


async def test_two_processes_answer_forty_messages_of_ten_threads_once_each_and_in_order(
    new_settings: NewSettings, pictures: dict[str, Path], tmp_path: Path
) -> None:
    with Wire() as qdrant:
        settings = new_settings(archive=f"qdrant_server:{qdrant.url}")
        async with (
            LocalSlack(retries=RETRIES, ack_timeout=1.0) as slack,
            processes(pointed_at(slack, settings), tmp_path) as ours,
        ):
            bots = [await ours.start("serve", "--several"), await ours.start("work")]
            office = Office(slack, pictures, settings.home)
            await slack.until(lambda: all(bot.serves for bot in bots), PATIENCE)
            rooms = [await office.room() for _ in range(10)]
            asked = [
                [await room.ask("What format is it?", *with_it) for with_it in (("flower",), (), (), ())]
                for room in rooms
            ]
            await slack.until(lambda: all(len(room.said) >= 4 for room in rooms), PATIENCE)
            await slack.until(lambda: sum(bot.turns for bot in bots) >= 40, PATIENCE)
            assert [answered(room) for room in rooms] == asked
            assert {line for room in rooms for line in told(room) if "format" in line or "JPEG" in line} == {
                "Image 1 is a JPEG file (image/jpeg)."
            }
            assert all(bot.turns for bot in bots)
            assert [await bot.stop() for bot in bots] == [0, 0]


def answered(room: Room) -> list[str]:
    """What the messages of the bot answer, in the order in which they were posted."""
    return [message["metadata"]["event_payload"]["question_ts"] for message in room.said]
