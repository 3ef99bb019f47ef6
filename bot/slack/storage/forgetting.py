"""`/spyglass forget`: what is known of a person, a thread or a channel, counted and erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

from bot.slack import messages
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.erasures import Erasure, insert
from bot.slack.storage.leaving import forget_channel, let_go
from bot.slack.storage.tables import Database
from bot.storage.database import Connection
from graphs.memory import thread_key

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Whose:
    """What is forgotten: all of one person, one thread or one channel. What is empty is left open."""

    team: str
    user: str = ""
    channel: str = ""
    thread_ts: str = ""


@dataclass(frozen=True)
class Counts:
    """How much it is."""

    messages: int = 0
    images: int = 0
    archived: int = 0
    """Images and PDFs in the archive that no thread took in."""
    threads: int = 0
    ratings: int = 0
    searches: int = 0
    """In the search form."""

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def __str__(self) -> str:
        return messages.counted(**vars(self))


class Forgetting:
    """Counts and erases."""

    def __init__(self, db: Database, erasing: Erasing) -> None:
        self._db = db
        self._erasing = erasing

    async def count(self, whose: Whose) -> Counts:
        """How much there is to forget."""
        async with self._db.transaction() as db:
            return _counts(*await _found(db, whose), await _archived(db, whose))

    async def began(self, whose: Whose) -> str:
        """Who began the thread; empty when it is not known."""
        row = await self._db.row(
            "select user_id from inbox where thread = %s and ts = thread_ts",
            [thread_key(whose.team, whose.channel, whose.thread_ts)],
        )
        return str(row["user_id"]) if row else ""

    async def erase(self, whose: Whose) -> Counts:
        """Erase it: from our tables at once, from memory, blobs and archive when the threads' running turns have ended.

        The place of each message stays, without what it said, so that a late event is not answered once more.
        """
        # a turn may hold what is wanted here, and wait for what is held
        erased = await self._db.as_one(lambda db: _erase(db, whose))
        await self._erasing.work_off()
        return erased


async def _erase(db: Connection, whose: Whose) -> Counts:
    await _all(db, HOLD, whose)
    said, files, ratings, searches = await _found(db, whose)
    archived = await _archived(db, whose)
    await _leave_archive(db, whose)
    await _empty(db, whose)
    await insert(db, _erasures(whose, said, files, await _held_by_others(db, files)))
    return _counts(said, files, ratings, searches, archived)


async def _found(db: Connection, whose: Whose) -> tuple[Rows, Rows, Rows, Rows]:
    return (
        await _all(db, "select * from messages_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s)", whose),
        await _all(db, "select * from files_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s)", whose),
        await _all(db, "select * from feedback_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s)", whose),
        await _all(db, "select * from searches_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s)", whose),
    )


async def _archived(db: Connection, whose: Whose) -> int:
    found = await db.execute(
        f"""
        select count(*) as n from archive_postings p where {ARCHIVED} and state in ('wanted', 'shelved', 'done')
            and not exists (
                select from files_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s) f
                where (f.channel, f.ts, f.file) = (p.channel, p.ts, p.file) and f.sha256 is not null
            )
        """,  # noqa: S608  all ours
        vars(whose),
    )
    row = await found.fetchone()
    return int(row["n"]) if row else 0


async def _leave_archive(db: Connection, whose: Whose) -> None:
    """Before the rows go by which a thread's images are found that were posted outside of it."""
    await let_go(db, ARCHIVED, vars(whose))
    if whose.channel and not whose.thread_ts and not whose.user:
        await forget_channel(db, whose.team, whose.channel)
    if whose.user:
        await db.execute("delete from archive_people where (team, user_id) = (%(team)s, %(user)s)", vars(whose))
        await db.execute(
            "update archive_backfills set user_id = '' where (team, user_id) = (%(team)s, %(user)s)", vars(whose)
        )
        await db.execute(
            "update archive_backfills set stopped_by = 'forgotten' where (team, stopped_by) = (%(team)s, %(user)s)",
            vars(whose),
        )


HOLD: LiteralString = """
    select from thread_files t join files_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s) m
        using (team, channel, thread_ts, file)
    order by team, channel, thread_ts, file for update of t
"""
"""First: a turn that files its images meanwhile sees that they are gone (`records.holding` waits), or what it has filed
by then leaves with the rest."""
ARCHIVED: LiteralString = """
    p.team = %(team)s
    and (%(user)s = '' or p.user_id = %(user)s)
    and (%(channel)s = '' or p.channel = %(channel)s)
    and (%(thread_ts)s = '' or p.thread_ts = %(thread_ts)s or (p.asked and exists (
        select from thread_files f
        where (f.team, f.channel, f.thread_ts, f.ts, f.file) = (p.team, p.channel, %(thread_ts)s, p.ts, p.file)
    )))
"""


async def _empty(db: Connection, whose: Whose) -> None:
    """Files, ratings and replies first: they are found by the messages they belong to. What other people posted and a
    turn of these took in is gone from memory with it, and can be taken in once more."""
    for statement in (*EMPTYING, *(NAMING if whose.user else ())):
        await _all(db, statement, whose)


EMPTYING: tuple[LiteralString, ...] = (
    """
    delete from searches s using searches_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s) m
    where (s.team, s.user_id, s.channel, s.asked) = (m.team, m.user_id, m.channel, m.asked)
    """,
    """
    delete from thread_files f using files_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s) m
    where (f.team, f.channel, f.thread_ts, f.file) = (m.team, m.channel, m.thread_ts, m.file)
    """,
    """
    delete from thread_files f using messages_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s) m
    where (f.team, f.channel, f.thread_ts, f.turn_ts) = (m.team, m.channel, m.thread_ts, m.ts)
    """,
    """
    delete from feedback f using feedback_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s) m
    where (f.run, f.user_id) = (m.run, m.user_id)
    """,
    """
    delete from outbox o using messages_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s) m
    where (o.team, o.channel, o.question_ts) = (m.team, m.channel, m.ts) and o.state in ('sent', 'failed')
    """,
    """
    delete from bulk_items i where team = %(team)s and ((%(user)s <> '' and posted_by = %(user)s) or exists (
        select from messages_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s) m
        where m.channel = i.channel and m.ts in (i.ts, i.posted_ts)
    ))
    """,
    """
    update model_calls set channel = '', turn = ''
    where team = %(team)s and channel = %(channel)s and %(channel)s <> '' and %(thread_ts)s = '' and %(user)s = ''
    """,
    """
    update bulk_jobs j set user_id = '', stopped_by = coalesce(stopped_by, 'forgotten'), due = now()
    from messages_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s) m
    where (j.team, j.channel, j.ts) = (m.team, m.channel, m.ts)
    """,
    """
    update inbox i set
        message = jsonb_build_object('team', i.team, 'channel', i.channel, 'ts', i.ts, 'thread_ts', i.thread_ts,
                                     'deleted', true),
        user_id = '', answer = null, searches = null, reason = 'forgotten',
        cancelled_by = case when i.state in ('waiting', 'working') then 'forgotten' end,
        state = case when i.state in ('heard', 'waiting') then 'stopped' else i.state end,
        updated = now()
    from messages_of(%(team)s, %(user)s, %(channel)s, %(thread_ts)s) m
    where (i.team, i.channel, i.ts) = (m.team, m.channel, m.ts)
    """,
)
NAMING: tuple[LiteralString, ...] = (
    """
    update bulk_jobs set stopped_by = case when stopped_by = %(user)s then 'forgotten' else stopped_by end,
        reason = case when reason = 'stopped by ' || %(user)s then 'stopped by forgotten' else reason end
    where team = %(team)s and (stopped_by = %(user)s or reason = 'stopped by ' || %(user)s)
    """,
    """
    update inbox set cancelled_by = case when cancelled_by = %(user)s then 'forgotten' else cancelled_by end,
        reason = case when reason = 'stopped by ' || %(user)s then 'stopped by forgotten' else reason end
    where team = %(team)s and (cancelled_by = %(user)s or reason = 'stopped by ' || %(user)s)
    """,
    """
    update model_calls set user_id = '', turn = '', channel = case when left(channel, 1) = 'D' then '' else channel end
    where team = %(team)s and user_id = %(user)s
    """,
    "update channels set chosen_by = '' where team = %(team)s and chosen_by = %(user)s",
    "delete from searches where team = %(team)s and asked ->> 'by' = %(user)s",
)
"""What names a person in what is others': what they stopped and chose, whose images others searched for, and what
models took, whose sums stay. (A direct message names who is in it.)"""


async def _held_by_others(db: Connection, files: Rows) -> set[tuple[str, str]]:
    """(thread, SHA-256) of pictures that somebody else posted in the same thread too."""
    held = "select * from thread_files where sha256 = any(%s)"
    rows = await (await db.execute(held, [[file["sha256"] for file in files]])).fetchall()
    return {(_thread(row), row["sha256"]) for row in rows}


def _erasures(whose: Whose, said: Rows, files: Rows, held: set[tuple[str, str]]) -> Iterable[Erasure]:
    """One a thread. A person's turns and images leave their threads; a thread or a channel is forgotten whole."""
    gone = [file for file in files if file["sha256"] and (_thread(file), file["sha256"]) not in held]
    for channel, thread_ts in sorted({(row["channel"], row["thread_ts"]) for row in (*said, *gone)}):
        yield Erasure(
            team=whose.team,
            channel=channel,
            thread_ts=thread_ts,
            turns=tuple(row["ts"] for row in said if (row["channel"], row["thread_ts"]) == (channel, thread_ts)),
            images=tuple(
                sorted(
                    {file["sha256"] for file in gone if (file["channel"], file["thread_ts"]) == (channel, thread_ts)}
                )
            ),
            whole=not whose.user,
        )


def _thread(row: Mapping[str, Any]) -> str:
    return thread_key(row["team"], row["channel"], row["thread_ts"])


def _counts(said: Rows, files: Rows, ratings: Rows, searches: Rows, archived: int) -> Counts:
    return Counts(
        messages=len(said),
        images=sum(file["sha256"] is not None for file in files),
        archived=archived,
        threads=len({_thread(row) for row in (*said, *files)}),
        ratings=len(ratings),
        searches=len(searches),
    )


async def _all(db: Connection, query: LiteralString, whose: Whose) -> Rows:
    cursor = await db.execute(query, vars(whose))
    return await cursor.fetchall() if cursor.description else []
