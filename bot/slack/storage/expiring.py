"""How long words are kept: after so many days what people said and what was answered is gone from our tables and from
the threads' memory. Places, files and verdicts stay, so that nothing is answered twice and images can still be found.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, LiteralString, Protocol

from bot.slack.archiving.changes import Changes
from bot.slack.storage.leaving import let_go
from bot.slack.storage.tables import Database

log = logging.getLogger(__name__)

EVERY = 3600.0
"""Seconds between two looks for what has become too old."""
AT_ONCE = 200
"""Messages of one step: an old database is gone through in many small ones."""
BREATH = 0.1
"""Seconds between two steps, for those who ask something."""

OLD: LiteralString = """
    select team, channel, ts, thread from inbox
    where team = any(%s) and created < %s
        and (message ->> 'text' <> '' or answer is not null or searches is not null)
        and state not in ('waiting', 'working', 'answered')
    order by created limit %s
"""
EMPTIED: LiteralString = """
    update inbox set message = wordless(message), answer = null, searches = null, reason = ''
    from unnest(%s::text[], %s::text[], %s::text[]) as old (team, channel, ts)
    where (inbox.team, inbox.channel, inbox.ts) = (old.team, old.channel, old.ts)
        and inbox.state not in ('waiting', 'working', 'answered')
"""
NAMELESS: LiteralString = """
    delete from archive_people a where team = any(%s) and not exists (
        select from archive_postings p where (p.team, p.user_id) = (a.team, a.user_id)
    )
"""
"""Names of people of whom nothing is in any archive by now."""
OF_TEAMS: LiteralString = "p.team = any(%(teams)s) and p.ts < %(before)s"
OF_CHANNEL: LiteralString = "p.team = any(%(teams)s) and p.channel = %(channel)s and p.ts < %(before)s"
PERIODS: LiteralString = "select team, channel, keep_days from channels where team = any(%s) and keep_days is not null"
"""Of channels that chose for how long their images are kept."""
BESIDE: tuple[LiteralString, ...] = (
    "update feedback set reason = '' where team = any(%s) and at < %s and reason <> ''",
    "update inbox set reason = '' where team = any(%s) and created < %s and state = 'failed' and reason <> ''",
    "delete from searches where team = any(%s) and at < %s",
)
"""What else people wrote, and what names their files: few rows, in one statement each."""

Teams = Callable[[], Awaitable[list[str]]]


def _nobody() -> None:
    """Nobody wants to know."""


class Memory(Protocol):
    """The threads' memory: `bot.turns.running.Turns`."""

    async def forget_words(self, thread: str, turns: Iterable[str]) -> object:
        """What was said in these turns is gone; the thread's images stay."""
        ...


class Expiring:
    """Looks after it where this process is at home. Any number of processes may do so at once."""

    def __init__(
        self,
        db: Database,
        memory: Memory,
        teams: Teams,
        *,
        days: int,
        archive_days: int = 0,
        expired: Callable[[], None] = _nobody,
    ) -> None:
        """teams: whose words these are. days: for which they are kept; archive_days: for which images stay in the
        archive, where the channel chose no fewer. 0 keeps everything for ever. expired: told that something is to leave
        the archive or be reworded."""
        self._db, self._memory, self._teams = db, memory, teams
        self._days, self._archive_days, self._expired = days, archive_days, expired

    async def work(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.tidy()
            except Exception:
                log.exception("What is too old to be kept could not be erased; it is tried again.")
            await asyncio.sleep(EVERY)

    async def tidy(self) -> int:
        """Erase all that is too old now. Returns how many messages lost their words."""
        teams = await self._teams()
        erased = await self._words(teams) if self._days else 0
        await self._db.rows(NAMELESS, [teams])
        if self._archive_days:
            await self._images(teams, self._archive_days)
        for chosen in await self._db.rows(PERIODS, [teams]):
            await self._images([chosen["team"]], chosen["keep_days"], chosen["channel"])
        return erased

    async def _images(self, teams: list[str], days: int, channel: str = "") -> None:
        """What was posted too long ago leaves the archive, whenever it came into it."""
        gone, condition = 0, OF_CHANNEL if channel else OF_TEAMS
        old = {"teams": teams, "channel": channel, "before": _before(days)}
        while True:
            async with self._db.transaction() as db:
                step = await let_go(db, condition, old, most=AT_ONCE)
            if not step:
                break
            gone += step
            self._expired()
            await asyncio.sleep(BREATH)
        if gone:
            log.info("%d images are older than %d days: they leave the archive.", gone, days)

    async def _words(self, teams: list[str]) -> int:
        before, erased = datetime.now(UTC) - timedelta(days=self._days), 0
        while step := await self._step(teams, before):
            erased += step
            await asyncio.sleep(BREATH)
        while await Changes(self._db).forget_words(teams, _before(self._days), AT_ONCE):
            self._expired()
            await asyncio.sleep(BREATH)
        for statement in BESIDE:
            await self._db.rows(statement, [teams, before])
        if erased:
            log.info("%d messages are older than %d days: what was said in them is erased.", erased, self._days)
        return erased

    async def _step(self, teams: list[str], before: datetime) -> int:
        """Memory first: should this process die in between, the rows still say what is to be done."""
        old = await self._db.rows(OLD, [teams, before, AT_ONCE])
        for thread, rows in groupby(sorted(old, key=_thread), _thread):
            await self._memory.forget_words(thread, {row["ts"] for row in rows})
        if old:
            await self._db.rows(EMPTIED, [[row[name] for row in old] for name in ("team", "channel", "ts")])
        return len(old)


def _before(days: int) -> str:
    """The `ts` that so many days ago had."""
    return f"{(datetime.now(UTC) - timedelta(days=days)).timestamp():.6f}"


def _thread(row: Mapping[str, Any]) -> str:
    return str(row["thread"])
