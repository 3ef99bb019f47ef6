"""Thread memory: LangGraph checkpoints in PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from tools.kit import CannotDo


@asynccontextmanager
async def open_checkpoints(url: str) -> AsyncIterator[AsyncPostgresSaver]:
    """Connect, create what is missing, and close again at the end.

    Raises: CannotDo when the database does not answer.
    """
    pool: AsyncConnectionPool[psycopg.AsyncConnection[dict[str, object]]] = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=8,
        open=False,
        timeout=10,
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row},
    )
    try:
        await pool.open(wait=True, timeout=10)
    except PoolTimeout:
        await pool.close()
        raise CannotDo("The database does not answer: check SPYGLASS_DATABASE_URL, or unset it.") from None
    try:
        # strict: only plain types and LangChain messages are ever rebuilt from the database
        saver = AsyncPostgresSaver(pool, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        await saver.setup()
        yield saver
    finally:
        await pool.close()
