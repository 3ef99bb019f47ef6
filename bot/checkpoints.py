"""Thread memory: LangGraph checkpoints in PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, LiteralString, cast

import psycopg
import psycopg.sql
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from tools.kit import AskAgain, CannotDo

Pool = AsyncConnectionPool[psycopg.AsyncConnection[dict[str, object]]]
SETTING_UP = 0x5B1C1A55
"""Key of the advisory lock for creating tables."""


@asynccontextmanager
async def open_checkpoints(url: str) -> AsyncIterator[AsyncPostgresSaver]:
    """Connect, create what is missing, and close again at the end.

    Raises: AskAgain when the URL is none; CannotDo when the database does not answer or refuses.
    """
    try:
        psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise AskAgain("SPYGLASS_DATABASE_URL is no PostgreSQL URL: postgresql://USER:PASSWORD@HOST/NAME") from None
    pool: Pool = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=8,
        open=False,
        timeout=10,
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row},
    )
    try:
        # strict: only plain types and LangChain messages are ever rebuilt from the database
        saver = AsyncPostgresSaver(pool, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        await _prepare(pool, saver)
        yield saver
    finally:
        await pool.close()


@asynccontextmanager
async def alone_in(saver: BaseCheckpointSaver[Any], thread: str) -> AsyncIterator[None]:
    """One turn of a thread at a time, over all processes: whoever comes second sees what the first one posted.

    A connection of its own holds the lock, so that turns that wait cannot starve the pool of those that work; the
    database lets go of it when the process dies.
    """
    pool: Any = cast(AsyncPostgresSaver, saver).conn
    async with await psycopg.AsyncConnection.connect(pool.conninfo, autocommit=True) as db:
        while not await _locked(db, "hashtextextended(%s, 0)", thread):  # noqa: ASYNC110  as in `_alone`
            await asyncio.sleep(0.05)
        yield


async def _prepare(pool: Pool, saver: AsyncPostgresSaver) -> None:
    try:
        await pool.open(wait=True, timeout=10)
        async with _alone(pool):
            await saver.setup()
    except PoolTimeout:
        raise CannotDo("The database does not answer: check SPYGLASS_DATABASE_URL, or unset it.") from None
    except psycopg.Error as error:
        why = str(error).strip().partition("\n")[0].rstrip(".")
        raise CannotDo(f"The database refuses ({why}): check who may create tables in it.") from error


@asynccontextmanager
async def _alone(pool: Pool) -> AsyncIterator[None]:
    """One process at a time creates the tables.

    The lock is tried, not waited for: a waiting statement is one that `create index concurrently` would wait for.
    """
    async with pool.connection() as db:
        while not await _locked(db, "%s", SETTING_UP):  # noqa: ASYNC110  another process holds it: no event here
            await asyncio.sleep(0.05)
        try:
            yield
        finally:
            await db.execute("select pg_advisory_unlock(%s)", [SETTING_UP])


async def _locked(db: psycopg.AsyncConnection[Any], key: LiteralString, value: str | int) -> bool:
    query = psycopg.sql.SQL("select pg_try_advisory_lock(") + psycopg.sql.SQL(key) + psycopg.sql.SQL(")")
    row = await (await db.execute(query, [value])).fetchone()
    return bool(row and (row["pg_try_advisory_lock"] if isinstance(row, dict) else row[0]))
