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
BESIDE: tuple[LiteralString, ...] = (
    "update feedback set reason = '' where team = any(%s) and at < %s and reason <> ''",
    "update inbox set reason = '' where team = any(%s) and created < %s and state = 'failed' and reason <> ''",
    "delete from searches where team = any(%s) and at < %s",
)
"""What else people wrote, and what names their files: few rows, in one statement each."""

Teams = Callable[[], Awaitable[list[str]]]


class Memory(Protocol):
    """The threads' memory: `bot.turns.Turns`."""

    async def forget_words(self, thread: str, turns: Iterable[str]) -> object:
        """What was said in these turns is gone; the thread's images stay."""
        ...


class Expiring:
    """Looks after it where this process is at home. Any number of processes may do so at once."""

    def __init__(self, db: Database, memory: Memory, teams: Teams, *, days: int) -> None:
        """teams: whose words these are. days: 0 keeps everything for ever."""
        self._db, self._memory, self._teams, self._days = db, memory, teams, days

    async def work(self) -> None:
        """Until cancelled."""
        while self._days:
            try:
                await self.tidy()
            except Exception:
                log.exception("What is too old to be kept could not be erased; it is tried again.")
            await asyncio.sleep(EVERY)

    async def tidy(self) -> int:
        """Erase all that is too old now. Returns how many messages lost their words."""
        before, erased, teams = datetime.now(UTC) - timedelta(days=self._days), 0, await self._teams()
        while step := await self._step(teams, before):
            erased += step
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


def _thread(row: Mapping[str, Any]) -> str:
    return str(row["thread"])
