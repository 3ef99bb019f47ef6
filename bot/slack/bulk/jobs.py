"""Jobs of alt texts and the files of each, as they are kept: whatever dies, what was written is not written again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.slack.events import Key, Message
from bot.slack.fetching.files import Wanted
from bot.slack.storage.tables import Database
from graphs.alt_texts import Row

LONGEST_WAIT = 60
"""Seconds before a job that failed is gone on with, at most."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Job:
    """One job that is not over."""

    key: Key
    """Of the message that asked for it."""
    thread: str
    thread_ts: str
    user: str
    """Who asked; empty once that is forgotten."""
    stopped_by: str | None
    failures: int
    """How often in a row it could not be gone on with."""
    created: datetime
    shown: datetime | None
    """When people last saw how far it is."""


@dataclass(frozen=True)
class Item:
    """One file of a job."""

    file: Mapping[str, Any]
    """Slack's file object."""
    posted_ts: str
    posted_by: str
    attempts: int
    """How often it was begun with, this time included."""

    def message(self, job: Job) -> Message:
        """The message it was posted with, as far as it matters here."""
        team, channel = job.key.team, job.key.channel
        return Message(team=team, channel=channel, ts=self.posted_ts, thread_ts=job.thread_ts, user=self.posted_by)


@dataclass(frozen=True)
class Done:
    """What has come of one file."""

    file: Mapping[str, Any]
    deleted: bool
    rows: list[Row]
    """One an image; none of a file that was deleted."""


class Jobs:
    """The tables `bulk_jobs` and `bulk_items`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # --- a job begins and ends ------------------------------------------------------------------

    async def begin(self, question: Message, files: Sequence[Wanted]) -> bool:
        """Record the job that the message asks for. False when another one of its thread is not over."""
        async with self._db.transaction() as db:
            begun = await db.execute(
                """
                insert into bulk_jobs (team, channel, ts, thread, thread_ts, user_id)
                values (%s, %s, %s, %s, %s, %s) on conflict do nothing returning ts
                """,
                [*_of(question.key), question.thread, question.thread_ts, question.user],
            )
            if await begun.fetchone() is None:
                return False
            for number, (message, file) in enumerate(files):
                await db.execute(
                    """
                    insert into bulk_items (team, channel, ts, number, file, object, posted_ts, posted_by)
                    values (%s, %s, %s, %s, %s, %s::jsonb, %s, %s) on conflict do nothing
                    """,
                    [*_of(question.key), number, file["id"], json.dumps(dict(file)), message.ts, message.user],
                )
            await db.execute(HELD, {**_named(question.key), "thread_ts": question.thread_ts})
        return True

    async def over(self, key: Key, reason: str) -> None:
        """Nothing is left to do: what was written is in the CSV, and goes; what was never read may be asked about."""
        async with self._db.transaction() as db:
            for statement in (
                LET_GO,
                "delete from bulk_items where (team, channel, ts) = (%(team)s, %(channel)s, %(ts)s)",
            ):
                await db.execute(statement, _named(key))
            await db.execute(
                "update bulk_jobs set state = 'over', reason = %s where (team, channel, ts) = (%s, %s, %s)",
                [reason, *_of(key)],
            )

    async def stop(self, key: Key, by: str) -> bool:
        """Have it end with what it has; False when it is over. The first who asks is kept."""
        stopped = await self._db.row(
            """
            update bulk_jobs set stopped_by = coalesce(stopped_by, %s), due = now()
            where (team, channel, ts) = (%s, %s, %s) and state = 'open' returning ts
            """,
            [by, *_of(key)],
        )
        return stopped is not None

    # --- which there are ------------------------------------------------------------------------

    async def known(self, key: Key) -> bool:
        """Whether the message has a job, over or not."""
        query = "select ts from bulk_jobs where (team, channel, ts) = (%s, %s, %s)"
        return await self._db.row(query, _of(key)) is not None

    async def under_way(self, thread: str) -> Job | None:
        """The job of a thread that is not over."""
        return _job(await self._db.row("select * from bulk_jobs where thread = %s and state = 'open'", [thread]))

    async def at(self, key: Key) -> Job | None:
        """The job of that message, unless it is over."""
        query = "select * from bulk_jobs where (team, channel, ts) = (%s, %s, %s) and state = 'open'"
        return _job(await self._db.row(query, _of(key)))

    async def lately(self, team: str, user: str) -> int:
        """How many jobs a person began within the last hour."""
        query = "select count(*) as n from bulk_jobs where (team, user_id) = (%s, %s) and created > now() - %s"
        found = await self._db.row(query, [team, user, HOUR])
        return int(found["n"]) if found else 0

    async def whose_turn(self) -> Job | None:
        """The job that has waited longest since something was done for it: they all go on, an image each in turn."""
        return _job(
            await self._db.row(
                """
                update bulk_jobs set due = now() where (team, channel, ts) = (
                    select team, channel, ts from bulk_jobs where state = 'open' and due <= now() order by due limit 1
                ) returning *
                """
            )
        )

    async def start(self, key: Key) -> Job | None:
        """Begin with the next thing to do, and nobody else does; None when the job is over."""
        query = """
            update bulk_jobs set worked = now() where (team, channel, ts) = (%s, %s, %s) and state = 'open' returning *
        """
        return _job(await self._db.row(query, _of(key)))

    async def later(self, job: Job) -> None:
        """It cannot be gone on with just now."""
        wait = timedelta(seconds=min(2.0**job.failures, LONGEST_WAIT))
        await self._db.rows(
            "update bulk_jobs set failures = failures + 1, due = now() + %s where (team, channel, ts) = (%s, %s, %s)",
            [wait, *_of(job.key)],
        )

    async def may_show(self, key: Key, pace: float) -> bool:
        """Whether its progress was last shown so many seconds ago; it is taken for shown then."""
        query = """
            update bulk_jobs set shown = now() where (team, channel, ts) = (%s, %s, %s)
                and coalesce(shown < now() - %s, true) returning ts
        """
        return await self._db.row(query, [*_of(key), timedelta(seconds=pace)]) is not None

    async def questions_wait(self) -> bool:
        """Whether people wait for an answer."""
        query = "select ts from inbox where state in ('waiting', 'working') limit 1"
        return await self._db.row(query) is not None

    # --- its files ------------------------------------------------------------------------------

    async def next(self, key: Key) -> Item | None:
        """Begin with the next file; None when there is none left."""
        found = await self._db.row(
            """
            update bulk_items set attempts = attempts + 1 where (team, channel, ts, file) = (
                select team, channel, ts, file from bulk_items
                where (team, channel, ts) = (%s, %s, %s) and status = 'open' order by number limit 1
            ) returning *
            """,
            _of(key),
        )
        if found is None:
            return None
        return Item(found["object"], found["posted_ts"], found["posted_by"], found["attempts"])

    async def keep(self, key: Key, file: str, rows: Sequence[Row]) -> None:
        """Save what was written of a file; of one that was deleted meanwhile nothing."""
        await self._db.rows(
            """
            update bulk_items set status = 'done', written = %s::json
            where (team, channel, ts, file) = (%s, %s, %s, %s) and status = 'open'
            """,
            [json.dumps([row.model_dump() for row in rows]), *_of(key), file],
        )
        await self._db.rows("update bulk_jobs set failures = 0 where (team, channel, ts) = (%s, %s, %s)", _of(key))

    async def done(self, key: Key) -> list[Done]:
        """What has come of its files so far, in the order they were posted."""
        found = await self._db.rows(
            """
            select object, status, written from bulk_items
            where (team, channel, ts) = (%s, %s, %s) and status <> 'open' order by number
            """,
            _of(key),
        )
        return [
            Done(row["object"], row["status"] == "deleted", [Row.model_validate(one) for one in row["written"] or ()])
            for row in found
        ]

    async def files(self, key: Key) -> int:
        """How many files it has."""
        query = "select count(*) as n from bulk_items where (team, channel, ts) = (%s, %s, %s)"
        found = await self._db.row(query, _of(key))
        return int(found["n"]) if found else 0


HELD = """
    insert into thread_files (team, channel, thread_ts, file, ts, turn_ts, user_id, name)
    select team, channel, %(thread_ts)s, file, posted_ts, ts, posted_by, coalesce(object ->> 'name', '')
    from bulk_items where (team, channel, ts) = (%(team)s, %(channel)s, %(ts)s)
    on conflict do nothing
"""
"""Questions in between do not take in what the job is about to."""
LET_GO = """
    delete from thread_files f using bulk_items i
    where (i.team, i.channel, i.ts) = (%(team)s, %(channel)s, %(ts)s) and i.status = 'open'
        and (f.team, f.channel, f.turn_ts, f.file) = (i.team, i.channel, i.ts, i.file) and f.sha256 is null
"""


def _of(key: Key) -> tuple[str, str, str]:
    return key.team, key.channel, key.ts


def _named(key: Key) -> dict[str, str]:
    return {"team": key.team, "channel": key.channel, "ts": key.ts}


def _job(found: dict[str, Any] | None) -> Job | None:
    if found is None:
        return None
    return Job(
        key=Key(found["team"], found["channel"], found["ts"]),
        user=found["user_id"],
        **{name: found[name] for name in ("thread", "thread_ts", "stopped_by", "failures", "created", "shown")},
    )
