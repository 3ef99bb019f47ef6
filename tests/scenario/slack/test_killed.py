"""kill -9 at every call that a turn makes, and between them: each message is answered once, and none twice."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from bot.local_slack import LocalSlack
from bot.local_slack.transcript import transcript
from bot.settings import Settings
from tests.scenario.slack.conftest import NewSettings
from tests.scenario.slack.office import Office, Room, pointed_at
from tests.scenario.slack.processes import Processes, Running, processes

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("killed")]

QUESTION = "Compare image 1 and image 2, and give me all the fields of image 3 as CSV"
PICTURES = ("before", "after", "receipt")
PATIENCE = 120.0
STEPS = ("plan", "task_card")
OVER = ("done", "silent", "stopped", "failed")


@dataclass(frozen=True)
class Blow:
    """The bot is killed at this call: before it takes effect, or after that and before its answer arrives."""

    call: str
    after: bool = False
    where: str = ""
    """Name of the argument that is the channel, where the call has one."""
    more: dict[str, str] = field(default_factory=dict)

    def matching(self, room: Room) -> dict[str, str]:
        return {**self.more, **({self.where: room.channel} if self.where else {})}

    def __str__(self) -> str:
        said = " ".join([self.call, *self.more.values(), *(["shared"] if self.where == "channel_id" else [])])
        return f"{'after' if self.after else 'before'} {said}"


def both(call: str, where: str = "", **more: str) -> list[tuple[Blow, ...]]:
    return [(Blow(call, after, where, more),) for after in (False, True)]


def then(first: Blow, call: str, where: str = "") -> list[tuple[Blow, ...]]:
    return [(first, *blows) for blows in both(call, where)]


BEGUN = Blow("chat.startStream", True, "channel")
ENDED = Blow("chat.stopStream", True, "channel")
SHARED = Blow("files.completeUploadExternal", True, "channel_id")
POINTS = [
    *both("assistant.threads.setStatus", "channel_id"),
    *both("users.info"),
    *both("download"),
    *both("chat.startStream", "channel"),
    *both("chat.appendStream", "channel"),
    *both("files.getUploadURLExternal"),
    *both("upload"),
    *both("files.completeUploadExternal"),
    *both("files.info"),
    *both("chat.stopStream", "channel"),
    *both("chat.postMessage", "channel"),
    *both("files.getUploadURLExternal", filename="table.csv"),
    *both("files.completeUploadExternal", "channel_id"),
    *then(BEGUN, "conversations.replies", "channel"),
    *then(BEGUN, "chat.stopStream", "channel"),
    *then(ENDED, "chat.update", "channel"),
    *then(SHARED, "files.info"),
]
"""More than twenty; in the last ones the turn that takes up a dead one's work is killed as well."""


@dataclass
class Mortal:
    """The bot in a process that is killed and followed by another one, in a workspace that sees it all."""

    office: Office
    processes: Processes
    bot: Running
    spare: Running

    @property
    def slack(self) -> LocalSlack:
        return self.office.slack

    async def die(self) -> None:
        """kill -9; the next one starts at once."""
        await self.bot.kill()
        self.slack.faults.clear()
        self.bot = self.spare
        self.bot.begin()
        self.spare = await self.processes.ready("serve")

    async def die_at(self, blow: Blow, room: Room) -> bool:
        """Once the bot makes that call; False when it has answered without it."""
        failure = self.slack.faults.fail(blow.call, hang=PATIENCE, after=blow.after, matching=blow.matching(room))
        await room.ask(QUESTION, *PICTURES) if room.thread is None else None
        await self.slack.until(lambda: failure.struck or self.is_idle(), PATIENCE)
        await self.die()
        return failure.struck > 0

    def is_idle(self) -> bool:
        return not self.open_turns() and all(each.over for each in self.slack.deliveries)

    def open_turns(self) -> int:
        """Messages that the bot still works on."""
        url = self.processes.settings.database_url
        assert url
        with psycopg.connect(url.get_secret_value()) as db:
            found = db.execute("select count(*) from spyglass.inbox where state <> all(%s)", [list(OVER)]).fetchone()
        return int(found[0]) if found else 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mortal(
    new_settings: NewSettings, pictures: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Mortal]:
    async with LocalSlack(retries=(0,) * 60, ack_timeout=1.0) as slack:
        settings = pointed_at(slack, new_settings())
        async with processes(settings, tmp_path_factory.mktemp("logs")) as ours:
            yield Mortal(
                Office(slack, pictures, settings.home), ours, await ours.start("serve"), await ours.ready("serve")
            )


async def test_killed_at_any_call_of_a_turn_it_answers_every_message_once(mortal: Mortal) -> None:
    untouched = await mortal.office.room()
    await untouched.ask(QUESTION, *PICTURES)
    await mortal.slack.until(lambda: len(untouched.said) == 3, PATIENCE)
    rooms: dict[str, Room] = {}
    missed: list[str] = []
    for blows in POINTS:
        room = rooms[", then ".join(map(str, blows))] = await mortal.office.room()
        missed += [str(blow) for blow in blows if not await mortal.die_at(blow, room)]
    await mortal.slack.until(mortal.is_idle, PATIENCE)
    wrong = {name: said for name, room in rooms.items() if (said := told(room)) != told(untouched)}
    print(missed)
    for name, said in wrong.items():
        print(name, *said, sep="\n   | ")
    assert wrong == {}
    assert len(POINTS) - len(missed) >= 20


def told(room: Room) -> list[str]:
    """All that the bot says in the room, without the steps that led to it."""
    return [line for message in room.said for line in transcript({**message, "blocks": list(lasting(message))})]


def lasting(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in message.get("blocks", ()) if block["type"] not in STEPS]
