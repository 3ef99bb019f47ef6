"""The bot in a process that is killed and followed by another one, in a workspace that sees it all."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bot.local_slack import LocalSlack
from bot.local_slack.records.transcript import transcript
from bot.settings import Settings
from tests.scenario.slack.office import Office, Room, pointed_at, sweeping
from tests.scenario.slack.processes import Processes, Running, processes

QUESTION = "Compare image 1 and image 2, and give me all the fields of image 3 as CSV"
"""Its answer takes steps, a picture that is uploaded, a table in each of two messages, and a file."""
PICTURES = ("before", "after", "receipt")
MESSAGES = 3
PATIENCE = 120.0
STEPS = ("plan", "task_card")
UNFINISHED = ("in_progress", "spyglass_stop")
OVER = ["done", "silent", "stopped", "failed"]
RETRIES = (0,) * 100
"""Slack would try for minutes: as often as it takes until a process is there again."""


@dataclass(frozen=True)
class Blow:
    """kill -9 at this call: before it takes effect, or after that and before its answer arrives."""

    call: str
    after: bool = False
    where: str = ""
    """Name of the argument that is the channel, where the call has one."""
    more: dict[str, str] = field(default_factory=dict)
    """Other arguments it has."""

    def matching(self, room: Room) -> dict[str, str]:
        return {**self.more, **({self.where: room.channel} if self.where else {})}

    def __str__(self) -> str:
        return " ".join(["after" if self.after else "before", self.call, self.where, *self.more.values()])


@dataclass
class Mortal:
    office: Office
    processes: Processes
    bot: Running

    @property
    def slack(self) -> LocalSlack:
        return self.office.slack

    async def die(self) -> None:
        """kill -9; the next one starts at once."""
        await self.bot.kill()
        await self._follow()

    async def stop(self) -> int:
        """SIGTERM; the next one starts when it has ended. Returns the exit code."""
        code = await self.bot.stop()
        await self._follow()
        return code

    async def _follow(self) -> None:
        self.slack.faults.clear()
        self.bot = await self.processes.start("serve")

    async def die_at(self, blow: Blow, room: Room) -> bool:
        """Die when the bot makes that call in a turn of the room; False when it did without it."""
        failure = self.slack.faults.fail(blow.call, hang=PATIENCE, after=blow.after, matching=blow.matching(room))
        if room.thread is None:
            await room.ask(QUESTION, *PICTURES)
        await self.slack.until(lambda: failure.struck or self.is_idle(), PATIENCE)
        await self.die()
        return failure.struck > 0

    async def rest(self) -> None:
        """Until nothing is left to do."""
        await self.slack.until(self.is_idle, PATIENCE)

    def is_idle(self) -> bool:
        """Nobody waits for a bot that is not there."""
        assert not self.bot.fell, self.bot.log.read_text()
        return all(each.over for each in self.slack.deliveries) and not self.open_turns()

    def open_turns(self) -> bool:
        """Whether the bot still has to answer; also while nobody knows, because the database is away."""
        with suppress(psycopg.OperationalError), self.db() as db:
            return db.execute("select from spyglass.inbox where state <> all(%s)", [OVER]).fetchone() is not None
        return True

    def db(self) -> psycopg.Connection[Any]:
        """To look into the bot's tables, and to hold them."""
        url = self.processes.settings.database_url
        assert url
        return psycopg.connect(url.get_secret_value(), autocommit=True)


@asynccontextmanager
async def mortal_bot(settings: Settings, pictures: dict[str, Path], logs: Path) -> AsyncIterator[Mortal]:
    with sweeping(settings):
        async with (
            LocalSlack(retries=RETRIES, ack_timeout=1.0) as slack,
            processes(pointed_at(slack, settings), logs) as ours,
        ):
            bot = await ours.start("serve")
            await slack.until(lambda: slack.connections or bot.fell, PATIENCE)
            assert not bot.fell, bot.log.read_text()
            assert settings.database_url
            database = settings.database_url.get_secret_value()
            yield Mortal(Office(slack, pictures, settings.home, database=database), ours, bot)


def told(room: Room) -> list[str]:
    """All that the bot says in the room, without the steps that led to it."""
    return [line for message in room.said for line in transcript({**message, "blocks": _lasting(message)})]


def _lasting(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in message.get("blocks", ()) if block["type"] not in STEPS]


def unfinished(room: Room) -> list[str]:
    """What looks as if the bot were still at it."""
    said = json.dumps(room.said)
    status = room.slack.status(room.channel, room.thread or "")
    return [mark for mark in UNFINISHED if mark in said] + ([status] if status else [])
