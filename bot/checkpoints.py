"""Thread memory: LangGraph checkpoints in PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from bot.database import Pool, connected


@asynccontextmanager
async def open_checkpoints(url: str) -> AsyncIterator[AsyncPostgresSaver]:
    """Connect, create what is missing, and close again at the end.

    Raises: AskAgain when the URL is none; CannotDo when the database does not answer or refuses.
    """

    async def set_up(pool: Pool) -> None:
        await _saver(pool).setup()

    async with connected(url, most=8, set_up=set_up) as pool:
        yield _saver(pool)


def _saver(pool: Pool) -> AsyncPostgresSaver:
    # strict: only plain types and LangChain messages are ever rebuilt from the database
    return AsyncPostgresSaver(pool, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
