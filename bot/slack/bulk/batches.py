"""Batches of jobs with a provider, as they are kept: whatever dies, none is submitted twice or forgotten."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.alt_texts.batching import Sent, wait_before
from bot.slack.bulk.jobs import Item
from bot.slack.events import Key
from bot.slack.storage.tables import Database


@dataclass(frozen=True)
class Batch:
    marker: str
    id: str | None
    """The provider's; None while it is not known whether it was submitted."""
    sent: Mapping[str, Sent]
    done: int
    """Requests that were done when it was last looked at."""
    looks: int
    due: datetime
    cancelled: datetime | None
    ended: bool
    created: datetime

    @property
    def age(self) -> timedelta:
        return datetime.now(UTC) - self.created


@dataclass(frozen=True)
class Ungathered:
    """A file that was not asked about yet."""

    number: int
    item: Item
    times: int
    """How often it was begun with, this time included."""


class KeptBatches:
    """The table `bulk_batches`, and what `bulk_items` says of it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def next(self, key: Key, after: int) -> Ungathered | None:
        """Begin with the next file that is in no batch yet."""
        found = await self._db.row(
            """
            update bulk_items set gathered = gathered + 1 where (team, channel, ts, file) = (
                select team, channel, ts, file from bulk_items
                where (team, channel, ts) = (%s, %s, %s) and number > %s and status = 'open' and batch is null
                order by number limit 1
            ) returning *
            """,
            [*_of(key), after],
        )
        if found is None:
            return None
        item = Item(found["object"], found["posted_ts"], found["posted_by"], attempts=found["gathered"])
        return Ungathered(found["number"], item, found["gathered"])

    async def intend(self, key: Key, marker: str, sent: Mapping[str, Sent], numbers: Sequence[int]) -> None:
        """Write down that these files are asked about now; by that batch, where there is something to send."""
        told = json.dumps({name: one.model_dump() for name, one in sent.items()})
        async with self._db.transaction() as db:
            if sent:
                await db.execute(
                    "insert into bulk_batches (marker, team, channel, ts, sent) values (%s, %s, %s, %s, %s::jsonb)",
                    [marker, *_of(key), told],
                )
            await db.execute(
                "update bulk_items set batch = %s where (team, channel, ts) = (%s, %s, %s) and number = any(%s)",
                [marker if sent else "", *_of(key), list(numbers)],
            )

    async def withdraw(self, marker: str) -> None:
        """It was never submitted: its files are asked about again."""
        async with self._db.transaction() as db:
            await db.execute("update bulk_items set batch = null where batch = %s", [marker])
            await db.execute("delete from bulk_batches where marker = %s", [marker])

    async def submitted(self, marker: str, known_as: str) -> None:
        """known_as: the provider's id."""
        await self._db.rows("update bulk_batches set id = %s where marker = %s", [known_as, marker])

    async def looked(self, batch: Batch, done: int) -> None:
        """It is looked at again a while later."""
        wait = timedelta(seconds=wait_before(batch.looks + 1))
        await self._db.rows(
            "update bulk_batches set looks = looks + 1, done = %s, due = now() + %s where marker = %s",
            [done, wait, batch.marker],
        )

    async def cancelled(self, marker: str) -> None:
        query = "update bulk_batches set cancelled = coalesce(cancelled, now()) where marker = %s"
        await self._db.rows(query, [marker])

    async def ended(self, marker: str) -> None:
        await self._db.rows("update bulk_batches set ended = true where marker = %s", [marker])

    async def of(self, key: Key) -> list[Batch]:
        """The batches of a job, the oldest first."""
        query = "select * from bulk_batches where (team, channel, ts) = (%s, %s, %s) order by created, marker"
        return [_batch(row) for row in await self._db.rows(query, _of(key))]

    async def ids(self) -> list[str]:
        """Those of all jobs that are known."""
        return [row["id"] for row in await self._db.rows("select id from bulk_batches where id is not null")]

    async def drop(self, key: Key) -> None:
        await self._db.rows("delete from bulk_batches where (team, channel, ts) = (%s, %s, %s)", _of(key))

    async def ungathered(self, key: Key) -> bool:
        """Whether a file is in no batch yet."""
        query = """
            select from bulk_items
            where (team, channel, ts) = (%s, %s, %s) and status = 'open' and batch is null limit 1
        """
        return await self._db.row(query, _of(key)) is not None

    async def wait(self, key: Key, seconds: float, *, stopped: bool = False) -> None:
        """Nothing can be done for the job before that; unless it is stopped meanwhile, or was it, as `stopped` says."""
        await self._db.rows(
            """
            update bulk_jobs set failures = 0, due = now() + %s
            where (team, channel, ts) = (%s, %s, %s) and (stopped_by is null or %s)
            """,
            [timedelta(seconds=seconds), *_of(key), stopped],
        )


def _of(key: Key) -> tuple[str, str, str]:
    return key.team, key.channel, key.ts


def _batch(row: Mapping[str, Any]) -> Batch:
    names = ("marker", "id", "done", "looks", "due", "cancelled", "ended", "created")
    sent = {name: Sent.model_validate(told) for name, told in row["sent"].items()}
    return Batch(sent=sent, **{name: row[name] for name in names})
