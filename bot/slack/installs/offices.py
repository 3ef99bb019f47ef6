"""Which bot a payload or a job is for: one office a workspace, opened when it is first needed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.slack.installs.installation import Installation, Installations
from bot.slack.office import Office
from bot.slack.payloads import installed_as
from bot.slack.storage.inbox import Inbox, State
from bot.slack.storage.queue import Elsewhere

log = logging.getLogger(__name__)

KEPT = timedelta(days=1)
"""For so long a message waits for a process that is at home in its workspace."""
Open = Callable[[Installation], Awaitable[Office]]


class Offices:
    """The offices of this process. An office is as its installation is: a new token makes a new one."""

    def __init__(self, installations: Installations, inbox: Inbox, build: Open) -> None:
        self._installations, self._inbox, self._build = installations, inbox, build
        self._open: dict[str, tuple[Installation, Office]] = {}
        self._opening: dict[str, asyncio.Lock] = {}

    async def of(self, team: str) -> Office | None:
        """The bot there; None where the app is not installed (any more)."""
        installation = await self._installations.of(team)
        if installation is None:
            self._open.pop(team, None)
            return None
        async with self._opening.setdefault(team, asyncio.Lock()):
            known, office = self._open.get(team, (None, None))
            if office is None or known != installation:
                office = await self._build(installation)
                self._open[team] = installation, office
            return office

    async def whose(self, body: Mapping[str, Any]) -> Office | None:
        """The bot a payload is for."""
        for team in installed_as(body):
            if office := await self.of(team):
                return office
        return None

    async def work(self, thread: str) -> None:
        """Work on the oldest message of a thread that has no answer yet. Nothing is said where we are not installed.

        Raises: Elsewhere for a message that a process with another token may answer.
        """
        if office := await self.of(thread.partition(":")[0]):
            await office.answering.work(thread)
        elif row := await self._inbox.next(thread):
            if datetime.now(UTC) - row.created < KEPT:
                raise Elsewhere
            log.info("The message %s of %s has no answer: the app is not installed there.", row.key.ts, thread)
            await self._inbox.finish(row.key, State.SILENT, "not installed")
