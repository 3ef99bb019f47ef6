"""Postings that are wanted in the archive, or in it, as they are kept: none is lost, and none comes in twice."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import LiteralString, TypeVar

from bot.slack.archiving.postings import KEY, Claimed, Posting, State, Work, keys_of, posting_of_row
from bot.slack.storage.leaving import let_go
from bot.slack.storage.originals import hold_originals
from bot.slack.storage.tables import Database
from bot.storage.database import Connection

T = TypeVar("T")
LEASE = timedelta(seconds=20)
"""For so long a posting is somebody's who has begun with it; whoever is at it renews that."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 3600.0
"""Seconds before a posting that failed is tried again: twice as many each time."""
TOGETHER = 16
"""Postings of a channel that are begun with together."""
CRASHES = 8
"""How often one is begun with that takes the process with it each time."""


class Register:
    """The table `archive_postings`. Any number of processes may use it at once."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # --- what is wanted ---------------------------------------------------------------------------

    async def want(self, postings: Sequence[Posting]) -> int:
        """Record postings, each once. Returns how many are new to it. Safe to acknowledge afterwards."""
        if not postings:
            return 0
        async with self._db.transaction() as db:
            return await want(db, postings)

    async def waits(self, kind: Work) -> bool:
        """Whether there is something of that kind to do."""
        query = "select ts from archive_postings where work = %s and due <= now() limit 1"
        return await self._db.row(query, [int(kind)]) is not None

    # --- what is to be done -----------------------------------------------------------------------

    async def claim(self, kinds: Collection[Work]) -> Claimed | None:
        """Begin with what is most urgent of these kinds; nobody else does while the lease lasts."""
        rows = await self._db.rows(CLAIM, {"lease": LEASE, "together": TOGETHER, "kinds": [*map(int, kinds)]})
        return Claimed(Work(rows[0]["work"]), [posting_of_row(row) for row in rows]) if rows else None

    async def claim_these(self, postings: Sequence[Posting]) -> list[Posting]:
        """Begin with these, of those that nobody has begun with."""
        rows = await self._db.rows(
            """
            update archive_postings p set begun = begun + 1, due = now() + %s
            from unnest(%s::text[], %s::text[], %s::text[], %s::text[]) wanted (team, channel, ts, file)
            where (p.team, p.channel, p.ts, p.file) = (wanted.team, wanted.channel, wanted.ts, wanted.file)
                and state = 'wanted' and due <= now()
            returning p.*
            """,
            [LEASE, *keys_of(postings)],
        )
        return [posting_of_row(row) for row in rows]

    async def renew(self, postings: Sequence[Posting]) -> None:
        """They are still being worked on."""
        await self._db.rows(
            """
            update archive_postings p set due = now() + %s
            from unnest(%s::text[], %s::text[], %s::text[], %s::text[]) ours (team, channel, ts, file)
            where (p.team, p.channel, p.ts, p.file) = (ours.team, ours.channel, ours.ts, ours.file) and begun > 0
            """,
            [LEASE, *keys_of(postings)],
        )

    async def identify(self, found: Sequence[tuple[Posting, str, int]]) -> None:
        """What is about to be put into the archive, each with its SHA-256 and number of pages (0: no PDF): whoever
        deletes it knows where to look."""
        postings, hashes, pages = ([*column] for column in zip(*found, strict=True))
        await self._db.rows(
            """
            update archive_postings p set sha256 = ours.sha256, pages = greatest(p.pages, ours.pages)
            from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[])
                ours (team, channel, ts, file, sha256, pages)
            where (p.team, p.channel, p.ts, p.file) = (ours.team, ours.channel, ours.ts, ours.file) and state = 'wanted'
            """,
            [*keys_of(postings), hashes, pages],
        )

    # --- what has become of it --------------------------------------------------------------------

    async def while_there(
        self,
        postings: Sequence[Posting],
        work: Callable[[list[Posting]], Awaitable[T]],
        *,
        before: Collection[State],
        after: State | None,
    ) -> T:
        """Do that with those of the postings that are still in one of the states `before`, and are in the state `after`
        then; None leaves them where they are.

        Who deletes one of them, or changes what it says, waits until it is done, and then erases or changes what it
        left. It may be done twice, when the database is away in between. Raises: DatabaseAway; what `work` raises.
        """

        async def do(db: Connection) -> T:
            async with db.transaction():
                found = await db.execute(THERE, [*keys_of(postings), list(before)])
                there = [posting_of_row(row) for row in await found.fetchall()]
                await hold_originals(db, ((one.team, one.channel, one.sha256) for one in there))
                done = await work(there)
                await db.execute(DONE, [after, *keys_of(there)])
                return done

        return await self._db.patiently(do)

    async def later(self, posting: Posting, reason: str) -> None:
        """It could not be done, and is tried again after a pause, a longer one each time."""
        pause = min(FIRST_PAUSE * 2.0 ** min(posting.failures, 20), LONGEST_PAUSE)
        await self._db.rows(
            """
            update archive_postings set failures = %s, begun = 0, reason = %s,
                due = now() + make_interval(secs => %s)
            where (team, channel, ts, file) = (%s, %s, %s, %s) and state <> 'gone'
            """,
            [posting.failures + 1, reason, pause, *posting.key],
        )

    async def give_back(self, postings: Sequence[Posting], seconds: float = 0.0) -> None:
        """They are for another process, or for another time; that was no attempt."""
        await self._db.rows(
            """
            update archive_postings p set begun = greatest(begun - 1, 0), due = now() + make_interval(secs => %s)
            from unnest(%s::text[], %s::text[], %s::text[], %s::text[]) ours (team, channel, ts, file)
            where (p.team, p.channel, p.ts, p.file) = (ours.team, ours.channel, ours.ts, ours.file)
            """,
            [seconds, *keys_of(postings)],
        )

    async def note_names(self, team: str, names: Mapping[str, str]) -> None:
        """What people are called who posted something, by their ids."""
        await self._db.rows(
            """
            insert into archive_people as p (team, user_id, name)
            select %s, user_id, name from unnest(%s::text[], %s::text[]) called (user_id, name) order by user_id
            on conflict (team, user_id) do update set name = excluded.name where p.name <> excluded.name
            """,
            [team, [*names], [*names.values()]],
        )

    async def leave_out(self, posting: Posting, reason: str) -> None:
        """It is nothing for the archive, or cannot be had."""
        await self._db.rows(
            """
            update archive_postings set state = 'left_out', reason = %s, pending = null, begun = 0
            where (team, channel, ts, file) = (%s, %s, %s, %s) and state = 'wanted'
            """,
            [reason, *posting.key],
        )

    async def fetch_again(self, posting: Posting) -> None:
        """Its original is lost: it is wanted as if it had just been posted."""
        await self._db.rows(
            """
            update archive_postings set state = 'wanted', pending = coalesce(pending, '{}'), sha256 = null, begun = 0,
                late = true, due = now()
            where (team, channel, ts, file) = (%s, %s, %s, %s) and state in ('shelved', 'done')
            """,
            [*posting.key],
        )

    async def drop(self, postings: Sequence[Posting]) -> None:
        """They are not wanted any more, until they are wanted again."""
        if not postings:
            return
        keys = dict(zip(KEY, keys_of(postings), strict=True))
        async with self._db.transaction() as db:
            await let_go(db, f"{AMONG} and p.state = 'wanted'", keys)
            await db.execute(DROP, keys)


CLAIM = """
    with first as (
        select team, channel, work from archive_postings where work = any(%(kinds)s) and due <= now()
        order by work, due limit 1
    ), mine as (
        select p.team, p.channel, p.ts, p.file from archive_postings p join first using (team, channel, work)
        where p.due <= now() order by p.due limit case (select work from first) when 3 then 1 else %(together)s end
        for update of p skip locked
    )
    update archive_postings p set begun = begun + 1, due = now() + %(lease)s from mine
    where (p.team, p.channel, p.ts, p.file) = (mine.team, mine.channel, mine.ts, mine.file)
    returning p.*
"""
AMONG: LiteralString = """
    (p.team, p.channel, p.ts, p.file) in (
        select * from unnest(%(team)s::text[], %(channel)s::text[], %(ts)s::text[], %(file)s::text[])
    )
"""
DROP: LiteralString = f"delete from archive_postings p where {AMONG} and p.state = 'gone'"  # noqa: S608  all ours
THERE = """
    select p.* from archive_postings p
    join unnest(%s::text[], %s::text[], %s::text[], %s::text[]) ours (team, channel, ts, file)
        on (p.team, p.channel, p.ts, p.file) = (ours.team, ours.channel, ours.ts, ours.file)
    where p.state = any(%s) order by p.team, p.channel, p.ts, p.file for update of p skip locked
"""
DONE = """
    update archive_postings p
    set state = coalesce(%s, p.state), pending = null, begun = 0, failures = 0, reason = '', due = now()
    from unnest(%s::text[], %s::text[], %s::text[], %s::text[]) ours (team, channel, ts, file)
    where (p.team, p.channel, p.ts, p.file) = (ours.team, ours.channel, ours.ts, ours.file)
"""


async def want(db: Connection, postings: Iterable[Posting], *, again: bool = False) -> int:
    """As `Register.want`, in a transaction. again: those that were left out, or fail, are tried once more."""
    return sum([await _insert(db, posting, again=again) for posting in postings])


async def _insert(db: Connection, posting: Posting, *, again: bool) -> bool:
    done = await db.execute(
        """
        insert into archive_postings as p
            (team, channel, ts, file, thread_ts, user_id, asked, late, has_words, object, pending, sha256)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s)
        on conflict (team, channel, ts, file) do update set state = 'wanted', failures = 0, begun = 0, due = now(),
            reason = '', object = excluded.object, pending = excluded.pending, asked = p.asked and excluded.asked
            where %s and (p.state = 'left_out' or (p.state = 'wanted' and p.failures > 0))
        returning file
        """,
        [
            *posting.key,
            posting.thread_ts,
            posting.user,
            posting.asked,
            posting.late,
            bool((posting.pending or {}).get("text")),
            json.dumps(dict(posting.object)),
            json.dumps(dict(posting.pending or {})),
            posting.sha256,
            again,
        ],
    )
    return await done.fetchone() is not None
