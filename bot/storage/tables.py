"""Our tables in PostgreSQL, all in the schema `spyglass`: how they are asked, and how they are made, step by step.

Each part of the bot brings steps of its own. One is carried out once, in the order of the names: to change a table, add
a file.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, LiteralString, TypeVar

import psycopg

from bot.storage.database import Connection, DatabaseAway, Pool, reason

T = TypeVar("T")
log = logging.getLogger(__name__)

PATIENCE = 30.0
"""Seconds for which a database that is away is waited for: a restart takes a few."""
TRIES = 3
"""How often a transaction is begun that gets into the way of another."""
Parameters = Sequence[Any] | Mapping[str, Any]
Step = tuple[str, str]
"""A name and a script."""


class Database:
    """The tables' connections. Rows are dicts. A restart of the server is waited for."""

    def __init__(self, pool: Pool, url: str) -> None:
        self.pool = pool
        self.url = url
        self._away = False

    async def rows(self, query: LiteralString, parameters: Parameters = ()) -> list[dict[str, Any]]:
        """All rows of one statement.

        It is repeated when its connection broke, and may have been carried out before: write it so that this does no
        harm. Raises: DatabaseAway when the database stays away.
        """

        async def ask(db: Connection) -> list[dict[str, Any]]:
            cursor = await db.execute(query, parameters)
            return await cursor.fetchall() if cursor.description else []

        return await self.patiently(ask)

    async def row(self, query: LiteralString, parameters: Parameters = ()) -> dict[str, Any] | None:
        """The first row of one statement, as `rows`."""
        return next(iter(await self.rows(query, parameters)), None)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Several statements that hold together, on one connection. Not repeated."""
        async with self.pool.connection() as db, db.transaction():
            yield db

    async def as_one(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Do that in a transaction; from its beginning when it and another one wait for each other, some times."""
        for _ in range(TRIES - 1):
            with suppress(psycopg.errors.DeadlockDetected):
                async with self.transaction() as db:
                    return await work(db)
        async with self.transaction() as db:
            return await work(db)

    async def patiently(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Do that with a connection, again with another one when it breaks.

        Raises: DatabaseAway when the database stays away.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while True:
            try:
                async with self.pool.connection() as db:
                    done = await work(db)
            except psycopg.OperationalError as error:  # a full pool is one too
                if self.pool.closed or loop.time() > until:
                    raise DatabaseAway(f"The database does not answer ({reason(error)}).") from error
                self._note_away(error)
                await asyncio.sleep(0.1)
            else:
                self._note_back()
                return done

    def _note_away(self, error: Exception) -> None:
        if not self._away:
            log.warning("The database is away (%s): waiting for it.", reason(error))
        self._away = True

    def _note_back(self) -> None:
        if self._away:
            log.warning("The database is back.")
        self._away = False


async def enter_schema(db: Connection) -> None:
    """Statements name no schema."""
    await db.execute("set search_path to spyglass")


def steps_in(folder: Path, prefix: str = "") -> list[Step]:
    """The SQL files of a folder. `prefix` begins their names, where others have files of the same names."""
    return [(f"{prefix}{file.name}", file.read_text("utf-8")) for file in sorted(folder.glob("*.sql"))]


async def carry_out(pool: Pool, steps: Callable[[Collection[str]], Iterable[Step]]) -> None:
    """All steps that were not carried out before, or none. `steps`: gives them, told the names of those that were."""
    async with pool.connection() as db, db.transaction():
        await db.execute("create schema if not exists spyglass")
        await db.execute("create table if not exists steps (name text primary key, at timestamptz default now())")
        done = {row["name"] for row in await (await db.execute("select name from steps")).fetchall()}
        for name, script in steps(done):
            if name not in done:
                await db.execute(script.encode(), prepare=False)
                await db.execute("insert into steps (name) values (%s)", [name])
