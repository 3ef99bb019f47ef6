"""What is to be erased from a thread's memory, blobs and archive: written down first, so that nothing stays by a crash.

Turns hold their thread while they work, so an erasure may have to wait for one; the events that ask for it do not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import LiteralString, Protocol

from bot.archive.ids import holder, posting_ids
from bot.slack.scopes import scope_of
from bot.slack.storage.erasures import Erasure
from bot.slack.storage.originals import hold_originals
from bot.slack.storage.tables import Database
from bot.storage.database import Connection
from bot.uninterrupted import within
from tools.kit import Archive, Scope

log = logging.getLogger(__name__)

POLL = 10.0
"""Seconds between two looks for what was left undone."""

LONGEST_PAUSE = 3600.0
"""Seconds before an erasure that failed is tried again, at most."""

AT_ONCE = 3
"""Erasures under way in a process: each keeps a connection while it waits for a turn, and turns need some too."""


class Memory(Protocol):
    """The threads' memory: `bot.turns.threads.Threads`. Whatever is not there is no error."""

    async def forget_image(self, thread: str, sha256: str) -> object: ...

    async def edit(self, thread: str, *, turn: str, text: str | None) -> object:
        """The question of that turn says something else, or nothing any more."""
        ...

    async def forget(self, thread: str) -> object:
        """Nothing of the thread is left."""
        ...


Release = Callable[[str, str, str], Awaitable[object]]


class Erasing:
    """Carries erasures out. Any number of processes may do so at once."""

    def __init__(
        self,
        db: Database,
        memory: Memory,
        archive: Callable[[], Awaitable[Archive | None]] | None = None,
        release: Release | None = None,
    ) -> None:
        """archive: gives the archive of images from Slack, or None while there is none. release: lets go of an original
        (its workspace, SHA-256 and who holds it)."""
        self._db = db
        self._memory = memory
        self._archive = archive
        self._release = release
        self._asked = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)

    def wake(self) -> None:
        """There is something to erase."""
        self._asked.set()

    async def work(self) -> None:
        """Carry out what is asked for, until cancelled."""
        while True:
            self._asked.clear()
            try:
                await self.work_off()
            except Exception:
                log.exception("Erasing failed; it is tried again.")
            await within(POLL, self._asked.wait())

    async def work_off(self) -> int:
        """Carry out all that is due. Returns how many could not be, and stay for another time."""
        waiting = await self._db.rows("select id from erasures where due <= now() order by id")
        return sum([not await self._carried_out(row["id"]) for row in waiting])

    async def _carried_out(self, number: int) -> bool:
        async with self._slots, self._db.transaction() as db:
            query = "select erasure, created, failures from erasures where id = %s for update skip locked"
            found = await (await db.execute(query, [number])).fetchone()
            if found is None:  # done, or being done by somebody else
                return True
            erasure = Erasure.model_validate(found["erasure"])
            # a turn under way may still write what it knew before: then all is done once more
            again = await self._is_worked_on(erasure, found["created"])
            try:
                await self._carry_out(erasure)
            except Exception as error:
                await self._later(db, number, found["failures"] + 1, error)
                return False
            if not again:
                await db.execute("delete from erasures where id = %s", [number])
            return not again

    async def _later(self, db: Connection, number: int, failures: int, error: Exception) -> None:
        """After twice the time, each time; only the first failure is told in full."""
        pause = min(POLL * 2 ** min(failures, 20), LONGEST_PAUSE)
        told = error if failures == 1 else None
        log.error(
            "Erasure %s failed %d times (%s); next in %d s.",
            number,
            failures,
            type(error).__name__,
            pause,
            exc_info=told,
        )
        query = "update erasures set failures = %s, due = now() + make_interval(secs => %s) where id = %s"
        await db.execute(query, [failures, pause, number])

    async def _is_worked_on(self, erasure: Erasure, since: datetime) -> bool:
        working = """
            select ts from inbox where thread = %s and state in ('working', 'answered') and created <= %s union all
            select ts from bulk_jobs where thread = %s and state = 'open' and worked <= %s limit 1
        """
        place = [erasure.thread, since]
        return bool(erasure.thread_ts) and await self._db.row(working, [*place, *place]) is not None

    async def _carry_out(self, erasure: Erasure) -> None:
        if erasure.thread_ts:
            await self._from_memory(erasure)
            await self._from_answers(erasure)
        if erasure.postings or (erasure.whole and not erasure.thread_ts):
            await self._from_archive(erasure)
        for other in [*await self._found_in(erasure), *await self._shown_in(erasure)]:
            await self._from_memory(other)
            await self._from_answers(other)

    async def _from_memory(self, erasure: Erasure) -> None:
        if erasure.whole:
            await self._memory.forget(erasure.thread)
        for sha256 in erasure.images:  # of a whole thread too: bytes may be left where a process died
            await self._memory.forget_image(erasure.thread, sha256)
        texts: Mapping[str, str | None] = {**erasure.edits, **dict.fromkeys(erasure.turns)}
        for turn, text in () if erasure.whole else texts.items():
            await self._memory.edit(erasure.thread, turn=turn, text=text)

    async def _from_answers(self, erasure: Erasure) -> None:
        """Saved answers tell what was read on every image of their thread."""
        await self._db.rows(
            """
            update inbox set answer = null, searches = case when ts = any(%s) then null else searches end
            where thread = %s and answer is not null and (ts = any(%s) or exists (
                select from unnest(%s::text[]) image where position(image in answer::text) > 0
            ))
            """,
            [list(erasure.turns), erasure.thread, list(erasure.turns), list(erasure.images)],
        )

    async def _found_in(self, erasure: Erasure) -> list[Erasure]:
        """Other threads of the channel in which a search found images that are gone from it."""
        gone = list(set(erasure.images) - await self._held(erasure)) if erasure.images else []
        if not gone:
            return []
        rows = await self._db.rows(
            """
            select distinct thread_ts from inbox
            where (team, channel) = (%s, %s) and thread_ts <> %s and answer is not null
                and exists (select from unnest(%s::text[]) image where position(image in answer::text) > 0)
            """,
            [erasure.team, erasure.channel, erasure.thread_ts, gone],
        )
        return [
            Erasure(team=erasure.team, channel=erasure.channel, thread_ts=row["thread_ts"], images=tuple(gone))
            for row in rows
        ]

    async def _shown_in(self, erasure: Erasure) -> list[Erasure]:
        """Threads anywhere in the workspace in which a search has shown postings that are gone."""
        ids = erasure.ids
        if not ids:
            return []
        rows = await self._db.rows(
            """
            select distinct channel, thread_ts from inbox
            where team = %s and searches is not null
                and exists (select from unnest(%s::text[]) id where position(id in searches::text) > 0)
            """,
            [erasure.team, ids],
        )
        originals = {gone.sha256 for gone in erasure.postings}
        found = []
        for row in rows:
            place = {"team": erasure.team, "channel": row["channel"], "thread_ts": row["thread_ts"]}
            if gone := originals - await self._held_there(**place, originals=originals):
                found.append(Erasure(**place, images=tuple(sorted(gone))))
        return found

    async def _held_there(self, team: str, channel: str, thread_ts: str, originals: set[str]) -> set[str]:
        """Of these images those that were posted in a thread itself."""
        rows = await self._db.rows(
            "select sha256 from thread_files where (team, channel, thread_ts) = (%s, %s, %s) and sha256 = any(%s)",
            [team, channel, thread_ts, list(originals)],
        )
        return {row["sha256"] for row in rows}

    async def _from_archive(self, erasure: Erasure) -> None:
        archive = await self._archive() if self._archive else None
        if archive is not None:
            scope = scope_of(erasure.team, erasure.channel)
            async with self._db.transaction() as db:
                again = await _back(db, erasure)
                await archive.remove(scope, [key for key in await _ids(archive, scope, erasure) if key not in again])
        for sha256 in sorted({gone.sha256 for gone in erasure.postings}):
            await self._let_go(erasure, sha256)

    async def _let_go(self, erasure: Erasure, sha256: str) -> None:
        """The archive of the channel keeps an original no more, unless it was posted there once more."""
        if self._release is None:
            return
        async with self._db.transaction() as db:
            await hold_originals(db, [(erasure.team, erasure.channel, sha256)])
            held = await db.execute(POSTED, [erasure.team, erasure.channel, sha256])
            if await held.fetchone() is None:
                await self._release(erasure.team, sha256, holder(erasure.channel))

    async def _held(self, erasure: Erasure) -> set[str]:
        """Images that were posted in the channel once more."""
        rows = await self._db.rows(
            "select distinct sha256 from thread_files where (team, channel) = (%s, %s) and sha256 = any(%s)",
            [erasure.team, erasure.channel, list(erasure.images)],
        )
        return {row["sha256"] for row in rows}


POSTED: LiteralString = (
    "select file from archive_postings where (team, channel, sha256) = (%s, %s, %s) and state <> 'gone' limit 1"
)


async def _back(db: Connection, erasure: Erasure) -> set[str]:
    """Ids of what came in once more since then. Held: what is on its way comes in after this is done."""
    postings = None if erasure.whole else [(gone.ts, gone.file) for gone in erasure.postings]
    found = await db.execute(
        """
        select ts, file, pages, state from archive_postings
        where (team, channel) = (%s, %s) and state in ('shelved', 'done', 'wanted')
            and (%s or (ts, file) in (select * from unnest(%s::text[], %s::text[])))
        order by ts, file for share
        """,
        [
            *(erasure.team, erasure.channel, postings is None),
            [ts for ts, _ in postings or ()],
            [file for _, file in postings or ()],
        ],
    )
    rows = [row for row in await found.fetchall() if row["state"] != "wanted"]
    return {key for row in rows for key in posting_ids(erasure.channel, row["ts"], row["file"], row["pages"])}


async def _ids(archive: Archive, scope: Scope, erasure: Erasure) -> list[str]:
    """Of a whole channel all that is in its archive, whatever has put it there."""
    if erasure.whole:
        return [item.id async for item in archive.scan(scope)]
    return erasure.ids
