"""Thread memory: LangGraph checkpoints in PostgreSQL, one a thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from psycopg.types.json import Jsonb

from bot.storage.database import Connection, Pool, connected

ONLY = """
    with earlier as (delete from checkpoints where thread_id = %(thread)s),
        values_before as (delete from checkpoint_blobs where thread_id = %(thread)s),
        writes as (delete from checkpoint_writes where thread_id = %(thread)s),
        values_now as (
            insert into checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)
            select %(thread)s, '', channel, %(version)s, type, blob
            from unnest(%(channels)s::text[], %(types)s::text[], %(blobs)s::bytea[]) as one (channel, type, blob)
        )
    insert into checkpoints (thread_id, checkpoint_ns, checkpoint_id, checkpoint, metadata)
    values (%(thread)s, '', %(id)s, %(checkpoint)s, %(metadata)s)
"""
"""All or nothing, and one round trip: LangGraph's own way takes nine statements to write a state and prune the rest."""


class Checkpoints(AsyncPostgresSaver):
    """LangGraph's saver, which can also put one state in the place of all that a thread had."""

    async def values(self, thread: str) -> dict[str, Any]:
        """The thread's state, by channel; empty for an unknown thread."""
        found = await self.aget_tuple({"configurable": {"thread_id": thread, "checkpoint_ns": ""}})
        return found.checkpoint["channel_values"] if found else {}

    async def put_only(self, thread: str, values: Mapping[str, Any]) -> None:
        """This state, and no earlier one: those are weight, and may hold what was to be forgotten."""
        checkpoint, version = empty_checkpoint(), self.get_next_version(None, None)
        checkpoint["channel_versions"] = dict.fromkeys(values, version)
        # in a thread: a long state must not hold up other threads
        dumped = await asyncio.to_thread(lambda: [self.serde.dumps_typed(value) for value in values.values()])
        row = {
            "thread": thread,
            "version": version,
            "channels": list(values),
            "types": [kind for kind, _ in dumped],
            "blobs": [blob for _, blob in dumped],
            "id": checkpoint["id"],
            "checkpoint": Jsonb(checkpoint),
            "metadata": Jsonb({"source": "update", "step": 0, "parents": {}}),
        }
        async with self._cursor() as db:
            await db.execute(ONLY, row)


@asynccontextmanager
async def open_checkpoints(url: str) -> AsyncIterator[Checkpoints]:
    """Connect, create what is missing, and close again at the end.

    Raises: AskAgain when the URL is none; CannotDo when the database does not answer or refuses.
    """

    async def set_up(pool: Pool) -> None:
        await _saver(pool).setup()

    async with connected(url, most=8, set_up=set_up, configure=_hurry) as pool:
        yield _saver(pool)


async def _hurry(db: Connection) -> None:
    """A commit does not wait for the disk: a database that crashes may lose the last half second.

    In Slack nothing comes of it, the turn is begun again: what counts on a state (a saved answer, an erasure that is
    done) is committed later and for good, and no commit is kept without those before it.
    """
    await db.execute("set synchronous_commit = off")


def _saver(pool: Pool) -> Checkpoints:
    # strict: only plain types and LangChain messages are ever rebuilt from the database
    return Checkpoints(pool, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
