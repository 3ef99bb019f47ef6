"""Who fills archives, and when: what was just posted at once, the rest beside people's questions, which come first.

Lines in each process that do not wait for each other: what was just posted into the archive, what was posted before
(in two of them: one fetches while the other looks), what takes long to find out about either, and the history of
channels. Any number of processes may do so at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.slack.archiving.history.backfills import Backfill, Backfills
from bot.slack.archiving.leases import kept
from bot.slack.archiving.postings import Claimed, Posting, Work
from bot.slack.archiving.register import Register
from bot.slack.archiving.telling.announcements import Announcement, Announcements
from bot.uninterrupted import within

log = logging.getLogger(__name__)

POLL = 0.5
"""Seconds between two looks for what another process has heard."""
LOOK = 0.1
"""Seconds between two looks whether something newly posted still waits."""
AWAY = 30.0
"""Seconds before a posting is offered again that is of a workspace where the app is not installed."""
LAST = 20.0
"""Seconds for which everything waits at most, for questions and for what was just posted; that itself is soon done."""

Waits = Callable[[float], Awaitable[None]]
"""Waits for questions, for so many seconds at most."""


class Archivist(Protocol):
    """Who fills the archive of one workspace."""

    async def shelve(self, postings: list[Posting]) -> int: ...

    async def rewrite(self, postings: list[Posting]) -> None: ...

    async def enrich(self, posting: Posting) -> None: ...

    async def announce(self, one: Announcement) -> None: ...

    async def look_back(self, one: Backfill) -> None: ...


Of = Callable[[str], Awaitable[Archivist | None]]
"""Who fills the archive of a workspace; None where the app is not installed."""


@dataclass(frozen=True)
class _Line:
    """What is done one after the other."""

    name: str
    step: Callable[[Of], Awaitable[bool]]
    """Whether there was something to do."""
    asked: asyncio.Event


class ArchiveRounds:
    """Works on all archives of the database."""

    def __init__(self, register: Register, announcements: Announcements, backfills: Backfills, give_way: Waits) -> None:
        self._register, self._announcements, self._backfills = register, announcements, backfills
        self._waits_for_questions = give_way
        self._shelving = False
        """Whether something just posted is on its way into the archive."""
        self._lines = [
            _Line(name, step, asyncio.Event())
            for name, step in (
                ("latest postings", self._fill),
                ("contents", self._enrich),
                ("earlier postings", self._fill_up),
                ("earlier postings", self._fill_up),
                ("history", self._look_back),
            )
        ]

    def wake(self) -> None:
        """There is something to do."""
        for line in self._lines:
            line.asked.set()

    async def work(self, of: Of) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as lines:
            for line in self._lines:
                lines.create_task(self._work(line, of))

    async def give_way(self) -> None:
        """Wait for questions, and for what was just posted."""
        await self._waits_for_questions(LAST)
        loop = asyncio.get_running_loop()
        until = loop.time() + LAST
        while loop.time() < until and (self._shelving or await self._register.waits(Work.NEW)):  # noqa: ASYNC110
            await asyncio.sleep(LOOK)

    async def _work(self, line: _Line, of: Of) -> None:
        while True:
            line.asked.clear()
            try:
                busy = await line.step(of)
            except Exception:
                log.exception("The %s of archives cannot be gone on with; it is tried again.", line.name)
                busy = False
            if not busy:
                await within(POLL, line.asked.wait())

    async def _fill(self, of: Of) -> bool:
        claimed = await self._register.claim([Work.NEW, Work.CHANGED])
        if claimed is None:
            return False
        archivist = await self._whose(claimed, of)
        if archivist is None:
            return True
        self._shelving = claimed.work is Work.NEW
        try:
            if claimed.work is Work.CHANGED:
                await archivist.rewrite(claimed.postings)
            elif await archivist.shelve(claimed.postings):
                self.wake()
        finally:
            self._shelving = False
        return True

    async def _fill_up(self, of: Of) -> bool:
        claimed = await self._register.claim([Work.OLD])
        if claimed is None:
            return False
        if archivist := await self._whose(claimed, of):
            await self._give_way_with(claimed)
            if await archivist.shelve(claimed.postings):
                self.wake()
        return True

    async def _enrich(self, of: Of) -> bool:
        claimed = await self._register.claim([Work.ENRICH])
        if claimed is None:
            return False
        if archivist := await self._whose(claimed, of):
            await self._give_way_with(claimed)
            await archivist.enrich(claimed.postings[0])
        return True

    async def _give_way_with(self, claimed: Claimed) -> None:
        """Nobody else begins with what waits here."""
        async with kept(self._register, claimed.postings):
            await self.give_way()

    async def _whose(self, claimed: Claimed, of: Of) -> Archivist | None:
        archivist = await of(claimed.postings[0].team)
        if archivist is None:
            await self._register.give_back(claimed.postings, AWAY)
        return archivist

    async def _look_back(self, of: Of) -> bool:
        announcement = await self._announcements.next()
        if announcement and (archivist := await of(announcement.team)):
            await archivist.announce(announcement)
        backfill = await self._backfills.next()
        if backfill is None:
            return announcement is not None
        if archivist := await of(backfill.team):
            await archivist.look_back(backfill)
            self.wake()
        else:
            await self._backfills.later(backfill, AWAY)
        return True
