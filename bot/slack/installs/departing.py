"""A workspace that took the app out: its running turns are stopped, and then nothing is left of it.

That it left is written down first, so that all of it goes whatever dies in between. Others' rows are never touched:
every table of ours names the workspace of each row, or the thread, whose id begins with it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.archive.ids import holder
from bot.logs import note
from bot.slack.events import Revoked
from bot.slack.installs.installation import Installation, Installations
from bot.slack.installs.trying import Token, tried
from bot.slack.storage.erasing import Memory, Release
from bot.slack.storage.tables import Database
from bot.slack.web import Web
from bot.storage.locks import Locks
from bot.uninterrupted import within
from tools.kit import Archive, CannotDo

log = logging.getLogger(__name__)

POLL = 10.0
"""Seconds between two looks for workspaces that left while another process heard of it."""
TRY = 2.0
"""Seconds in which a token is tried: an event is acknowledged within three."""
PATIENCE = 8.0
"""Seconds for which somebody who adds the app again waits until what was there before is gone."""


class Restartable(Protocol):
    """What every archive is: one that can forget a whole collection."""

    async def restart(self, workspace: str) -> None: ...


class Departing:
    """Takes leave of workspaces. Any number of processes may do so at once."""

    def __init__(
        self,
        db: Database,
        locks: Locks,
        installations: Installations,
        memory: Memory,
        archive: Callable[[], Awaitable[Archive]],
        web: Web,
        *,
        written: Callable[[], Awaitable[None]],
        release: Release | None = None,
    ) -> None:
        """web: of any workspace. written: comes back when nothing that this process heard waits to be written. release:
        lets go of an original of the archive."""
        self._web, self._written, self._release = web, written, release
        self._db, self._locks = db, locks
        self._installations, self._memory, self._archive = installations, memory, archive
        self._left = asyncio.Event()

    async def leave(self, revoked: Revoked) -> None:
        """Write down that it left, for `work` to do the rest. One that came back since stays: events come late."""
        installation = await self._installations.of(revoked.team)
        if installation is None or await self._is_back(installation, revoked.at):
            return
        await self._db.rows("insert into departures (team) values (%s) on conflict do nothing", [revoked.team])
        await self._installations.remove(revoked.team)
        self._left.set()

    async def _is_back(self, installation: Installation, at: int) -> bool:
        """Its token tells. Only where Slack does not say is its clock compared with ours."""
        token = await tried(self._web, installation, patience=TRY)
        return token is Token.GOOD or (token is Token.UNKNOWN and 0 < at < int(installation.since))

    async def work(self) -> None:
        """Erase what is kept of workspaces that left, until cancelled."""
        while True:
            self._left.clear()
            try:
                for row in await self._db.rows("select team from departures order by at"):
                    await self._erase(row["team"])
            except Exception:
                log.exception("A workspace that left is not erased; it is tried again.")
            await within(POLL, self._left.wait())

    async def finish(self, team: str, *, patience: float | None = PATIENCE) -> None:
        """Nothing of an earlier installation is left afterwards.

        patience: seconds; None waits as long as it takes. Raises: CannotDo when it takes longer.
        """
        try:
            async with asyncio.timeout(patience):
                await self._erase(team)
        except TimeoutError:
            raise CannotDo("Spyglass is still being taken out of this workspace: add it again in a minute.") from None

    async def _erase(self, team: str) -> None:
        """All of it. One process at a time: who comes back is not erased with what was there before."""
        async with self._locks.hold(f"departure:{team}"):
            if not await self._db.row("select team from departures where team = %s", [team]):
                return
            await self._installations.remove(team)
            await self._stop_turns(team)
            threads = await self._forget_threads(team)
            archive: Restartable = await self._archive()  # type: ignore[assignment]
            await archive.restart(team)
            await self._let_go_of_originals(team)
            await self._written()
            await self._db.rows("select empty_tables_of(%s)", [team])  # that it left is forgotten with it
            note(log, "uninstalled", team=team, threads=threads)

    async def _stop_turns(self, team: str) -> None:
        """They see that they were cancelled, and what they were asked is gone."""
        await self._db.rows(
            """
            update inbox set
                message = jsonb_build_object('team', team, 'channel', channel, 'ts', ts, 'thread_ts', thread_ts,
                                             'deleted', true),
                user_id = '', answer = null, cancelled_by = 'uninstalled', updated = now(),
                state = case when state in ('heard', 'waiting') then 'stopped' else state end
            where team = %s
            """,
            [team],
        )

    async def _let_go_of_originals(self, team: str) -> None:
        """Those that only the archive keeps."""
        if self._release is None:
            return
        rows = await self._db.rows(
            "select distinct channel, sha256 from archive_postings where team = %s and sha256 is not null", [team]
        )
        for row in rows:
            await self._release(team, row["sha256"], holder(row["channel"]))

    async def _forget_threads(self, team: str) -> int:
        """Their memory and what they hold in blobs, also where a process died and left some. Returns how many."""
        rows = await self._db.rows(
            """
            select thread, coalesce(array_agg(sha256) filter (where sha256 is not null), '{}') as images
            from inbox left join thread_files using (team, channel, thread_ts) where team = %s group by thread
            """,
            [team],
        )
        for row in rows:
            await self._forget(row["thread"], row["images"])
        return len(rows)

    async def _forget(self, thread: str, images: Sequence[str]) -> None:
        """Whoever still works on it, or on a job in it, ends first; then nobody begins again."""
        async with self._locks.hold(f"job:{thread}"), self._locks.hold(f"bulk:{thread}"):
            await self._memory.forget(thread)
            for sha256 in images:
                await self._memory.forget_image(thread, sha256)
