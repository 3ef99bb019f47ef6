"""What is to be erased from a thread's memory, blobs and archive: written down first, so that nothing stays by a crash.

Turns hold their thread while they work, so an erasure may have to wait for one; the events that ask for it do not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from bot.database import Connection
from bot.slack.events import Message
from bot.slack.scopes import scope_of
from bot.slack.storage.tables import Database
from graphs.memory import thread_key
from tools.kit import Archive, Item

log = logging.getLogger(__name__)

POLL = 10.0
"""Seconds between two looks for what was left undone."""

LONGEST_PAUSE = 3600.0
"""Seconds before an erasure that failed is tried again, at most."""

AT_ONCE = 3
"""Erasures under way in a process: each keeps a connection while it waits for a turn, and turns need some too."""


class Erasure(BaseModel):
    """Of one thread, or of a whole channel's archive when no thread is named."""

    model_config = ConfigDict(frozen=True)

    team: str
    channel: str
    thread_ts: str = ""
    turns: tuple[str, ...] = ()
    """`ts` of questions that are gone."""
    images: tuple[str, ...] = ()
    """SHA-256 of images that are gone."""
    edits: dict[str, str] = {}
    """`ts` of a question -> what it says now, in plain words."""
    whole: bool = False

    @classmethod
    def of(cls, message: Message, **what: Any) -> Erasure:
        return cls(team=message.team, channel=message.channel, thread_ts=message.thread_ts, **what)

    @property
    def thread(self) -> str:
        return thread_key(self.team, self.channel, self.thread_ts)


class Memory(Protocol):
    """The threads' memory: `bot.turns.Turns`. Whatever is not there is no error."""

    async def forget_image(self, thread: str, sha256: str) -> object: ...

    async def edit(self, thread: str, *, turn: str, text: str | None) -> object:
        """The question of that turn says something else, or nothing any more."""
        ...

    async def forget(self, thread: str) -> object:
        """Nothing of the thread is left."""
        ...


async def insert(db: Connection, erasures: Iterable[Erasure]) -> None:
    """Write down what is to be erased, in the transaction that makes it so."""
    for erasure in erasures:
        await db.execute("insert into erasures (erasure) values (%s::jsonb)", [erasure.model_dump_json()])


class Erasing:
    """Carries erasures out. Any number of processes may do so at once."""

    def __init__(
        self, db: Database, memory: Memory, archive: Callable[[], Awaitable[Archive | None]] | None = None
    ) -> None:
        """archive: gives the archive of images from Slack, or None while there is none."""
        self._db = db
        self._memory = memory
        self._archive = archive
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
            try:
                await asyncio.wait_for(self._asked.wait(), POLL)
            except TimeoutError:
                continue

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
        if erasure.images or erasure.whole:
            await self._from_archive(erasure)
        for other in await self._found_in(erasure):
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

    async def _from_archive(self, erasure: Erasure) -> None:
        archive = await self._archive() if self._archive else None
        if archive is None:
            return
        scope = scope_of(erasure.team, erasure.channel)
        held = set() if erasure.whole and not erasure.thread_ts else await self._held(erasure)

        def goes(item: Item) -> bool:
            everything = erasure.whole and not erasure.thread_ts
            return everything or (item.sha256 in erasure.images and item.sha256 not in held)

        ids = [item.id async for item in archive.scan(scope) if goes(item)]
        await archive.remove(scope, ids)

    async def _held(self, erasure: Erasure) -> set[str]:
        """Images that were posted in the channel once more."""
        rows = await self._db.rows(
            "select distinct sha256 from thread_files where (team, channel) = (%s, %s) and sha256 = any(%s)",
            [erasure.team, erasure.channel, list(erasure.images)],
        )
        return {row["sha256"] for row in rows}
