"""The tables, connected to when somebody first needs them: a bot without a model never does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from bot.ledger import steps
from bot.storage.database import Connection, connected
from bot.storage.tables import Database, carry_out, enter_schema

CONNECTIONS = 3


class Tables:
    """Gives the database, with all tables in it."""

    def __init__(self, url: Callable[[], Awaitable[str]]) -> None:
        self._url = url
        self._db: Database | None = None
        self._opening = asyncio.Lock()
        self._closing = AsyncExitStack()

    async def db(self) -> Database:
        """Raises: CannotDo when it does not answer or refuses; AskAgain when its URL is none."""
        async with self._opening:
            if self._db is None:
                url = await self._url()
                pool = connected(
                    url, most=CONNECTIONS, set_up=lambda pool: carry_out(pool, lambda _: steps()), configure=_hurry
                )
                self._db = Database(await self._closing.enter_async_context(pool), url)
            return self._db

    async def close(self) -> None:
        await self._closing.aclose()


async def _hurry(db: Connection) -> None:
    """A commit does not wait for the disk: a database that crashes may lose the last half second of what is here."""
    await enter_schema(db)
    await db.execute("set synchronous_commit = off")
