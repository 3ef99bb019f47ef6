"""How far the history of each channel was looked through, as it is kept: whatever dies, it is gone on with from there.

A place in a history is the `ts` of the oldest message that was looked at: unlike Slack's cursors it does not go stale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.slack.archiving.postings import Posting, Work
from bot.slack.archiving.register import want
from bot.slack.storage.tables import Database

LEASE = timedelta(seconds=20)
"""For so long a backfill is somebody's who has begun with its next step."""
OFTEN = 5
"""A posting that failed so often, over a minute, is not waited for any longer; it is tried further all the same."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 600.0
"""Seconds before one that failed is gone on with."""


@dataclass(frozen=True)
class Backfill:
    """Of one channel."""

    team: str
    channel: str
    run: int
    """Which time this is."""
    user: str
    """Who asked for it."""
    state: str
    reason: str
    stopped_by: str | None
    began: datetime
    reached: str
    """The `ts` of the oldest message that was looked at."""
    whole: bool
    """The channel's beginning was reached."""
    messages: int
    files: int
    failures: int


@dataclass(frozen=True)
class Thread:
    """One that is still to be looked through."""

    thread_ts: str
    reached: str
    """The `ts` of the latest reply that was looked at; before the first one the thread's own."""


@dataclass(frozen=True)
class Page:
    """What was found in one look at Slack."""

    reached: str
    messages: int
    postings: Sequence[Posting]
    threads: Sequence[str] = ()
    """`ts` of roots of threads."""
    last: bool = False
    """There is no further page."""


@dataclass(frozen=True)
class Left:
    """Postings of a channel's history that are still on their way into the archive."""

    waiting: int
    failing: int
    """Apart from those: they have failed again and again, and are tried further."""


class Backfills:
    """The tables `archive_backfills` and `archive_threads`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # --- one begins and ends ----------------------------------------------------------------------

    async def begin(self, team: str, channel: str, user: str, before: str) -> bool:
        """Look through all that was said before that `ts`. False when that is under way."""
        async with self._db.transaction() as db:
            done = await db.execute(BEGIN, [team, channel, user, before])
            begun = await done.fetchone() is not None
            if begun:
                await db.execute("delete from archive_threads where (team, channel) = (%s, %s)", [team, channel])
            return begun

    async def stop(self, team: str, channel: str, by: str) -> bool:
        """End it with what it has; False when none is under way."""
        stopped = await self._db.row(
            """
            update archive_backfills set stopped_by = coalesce(stopped_by, %s), due = now()
            where (team, channel) = (%s, %s) and state = 'open' returning channel
            """,
            [by, team, channel],
        )
        return stopped is not None

    async def let_go(self, one: Backfill) -> int:
        """Postings of the channel's history that nobody has begun to put into the archive are wanted no longer. Returns
        how many these are; a later backfill finds them again."""
        rows = await self._db.rows(
            """
            delete from archive_postings where (team, channel, ts, file) in (
                select team, channel, ts, file from archive_postings
                where (team, channel) = (%s, %s) and state = 'wanted' and late and not asked and sha256 is null
                for update skip locked
            ) returning file
            """,
            [one.team, one.channel],
        )
        return len(rows)

    async def over(self, one: Backfill, reason: str) -> None:
        async with self._db.transaction() as db:
            await db.execute("delete from archive_threads where (team, channel) = (%s, %s)", [one.team, one.channel])
            await db.execute(
                "update archive_backfills set state = 'over', reason = %s where (team, channel, run) = (%s, %s, %s)",
                [reason, one.team, one.channel, one.run],
            )

    # --- which there are --------------------------------------------------------------------------

    async def next(self) -> Backfill | None:
        """Begin with the next step of the one that has waited longest."""
        return _backfill(await self._db.row(NEXT, {"lease": LEASE}))

    async def of(self, team: str, channel: str) -> Backfill | None:
        """The latest of a channel, over or not."""
        query = "select * from archive_backfills where (team, channel) = (%s, %s)"
        return _backfill(await self._db.row(query, [team, channel]))

    async def thread(self, one: Backfill) -> Thread | None:
        """The next thread to look through."""
        row = await self._db.row(
            """
            select thread_ts, reached from archive_threads where (team, channel) = (%s, %s)
            order by thread_ts desc limit 1
            """,
            [one.team, one.channel],
        )
        return Thread(**row) if row else None

    async def left(self, one: Backfill) -> Left:
        """What is left to do for the channel's history."""
        row = await self._db.row(
            """
            select count(*) filter (where failures < %s) as waiting, count(*) filter (where failures >= %s) as failing
            from archive_postings where (team, channel) = (%s, %s) and work = %s
            """,
            [OFTEN, OFTEN, one.team, one.channel, Work.OLD],
        )
        assert row
        return Left(**row)

    async def may_show(self, one: Backfill, pace: float) -> bool:
        """Whether its progress was last shown so many seconds ago; it is taken for shown then."""
        query = """
            update archive_backfills set shown = now() where (team, channel, run) = (%s, %s, %s)
                and coalesce(shown < now() - make_interval(secs => %s), true) returning channel
        """
        return await self._db.row(query, [one.team, one.channel, one.run, pace]) is not None

    # --- how far it comes -------------------------------------------------------------------------

    async def keep(self, one: Backfill, page: Page) -> None:
        """What a page of the history holds is wanted, and how far that is; all or nothing, and never twice."""
        async with self._db.transaction() as db:
            moved = await db.execute(
                """
                update archive_backfills set reached = %s, whole = %s, messages = messages + %s, failures = 0
                where (team, channel, run, reached) = (%s, %s, %s, %s) and not whole returning channel
                """,
                [page.reached, page.last, page.messages, one.team, one.channel, one.run, one.reached],
            )
            if await moved.fetchone() is None:  # somebody else was faster
                return
            await self._count(db, one, await want(db, page.postings, again=True))
            for root in page.threads:
                await db.execute(
                    """
                    insert into archive_threads (team, channel, thread_ts, reached) values (%s, %s, %s, %s)
                    on conflict do nothing
                    """,
                    [one.team, one.channel, root, root],
                )

    async def keep_thread(self, one: Backfill, thread: Thread, page: Page) -> None:
        """As `keep`, of a thread."""
        place = [one.team, one.channel, thread.thread_ts, thread.reached]
        async with self._db.transaction() as db:
            moved = await db.execute(
                THREAD_DONE if page.last else THREAD_ON, [*([] if page.last else [page.reached]), *place]
            )
            if await moved.fetchone() is None:
                return
            await db.execute(
                "update archive_backfills set messages = messages + %s, failures = 0 where (team, channel) = (%s, %s)",
                [page.messages, one.team, one.channel],
            )
            await self._count(db, one, await want(db, page.postings, again=True))

    async def later(self, one: Backfill, seconds: float | None = None) -> None:
        """It is gone on with after that time; None: it failed, after a longer one each time."""
        failed = seconds is None
        pause = min(FIRST_PAUSE * 2.0 ** min(one.failures, 20), LONGEST_PAUSE) if seconds is None else seconds
        await self._db.rows(
            """
            update archive_backfills set failures = failures + %s, due = now() + make_interval(secs => %s)
            where (team, channel) = (%s, %s)
            """,
            [int(failed), pause, one.team, one.channel],
        )

    async def _count(self, db: Any, one: Backfill, files: int) -> None:
        await db.execute(
            "update archive_backfills set files = files + %s where (team, channel) = (%s, %s)",
            [files, one.team, one.channel],
        )


BEGIN = """
    insert into archive_backfills as b (team, channel, user_id, reached) values (%s, %s, %s, %s)
    on conflict (team, channel) do update set run = b.run + 1, user_id = excluded.user_id, state = 'open', reason = '',
        stopped_by = null, began = now(), reached = excluded.reached, whole = false, messages = 0, files = 0,
        failures = 0, due = now(), shown = null
        where b.state = 'over'
    returning channel
"""
NEXT = """
    update archive_backfills b set due = now() + %(lease)s
    from (
        select team, channel from archive_backfills where state = 'open' and due <= now()
        order by due limit 1 for update skip locked
    ) next
    where (b.team, b.channel) = (next.team, next.channel) returning b.*
"""
THREAD_ON = """
    update archive_threads set reached = %s where (team, channel, thread_ts, reached) = (%s, %s, %s, %s)
    returning thread_ts
"""
THREAD_DONE = """
    delete from archive_threads where (team, channel, thread_ts, reached) = (%s, %s, %s, %s) returning thread_ts
"""


def _backfill(row: dict[str, Any] | None) -> Backfill | None:
    if row is None:
        return None
    names = ("team", "channel", "run", "state", "reason", "stopped_by", "began", "reached", "whole", "messages")
    return Backfill(
        user=row["user_id"], files=row["files"], failures=row["failures"], **{name: row[name] for name in names}
    )
