"""The Slack side's tables, all in the schema `spyglass`: ours, and those of the queue.

A file in ``schema/`` is one step, carried out once, in the order of the names: to change a table, add a file.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, LiteralString, TypeVar

import psycopg
from procrastinate.schema import SchemaManager

from bot.database import Connection, DatabaseAway, Pool, connected, reason

T = TypeVar("T")
log = logging.getLogger(__name__)

STEPS = Path(__file__).parent / "schema"
CONNECTIONS = 10
READY = 5
"""Of these are always open: a burst of messages is acknowledged without connecting first."""
PATIENCE = 30.0
"""Seconds for which a database that is away is waited for: a restart takes a few."""
Parameters = Sequence[Any] | Mapping[str, Any]


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


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Connect, create or change what this version needs, and close again at the end. Any number may do so at once.

    Raises: AskAgain when the URL is none; CannotDo when the database does not answer or refuses.
    """
    async with connected(url, most=CONNECTIONS, set_up=_set_up, configure=_enter_schema) as pool:
        await pool.resize(READY, CONNECTIONS)
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it warns of each try; we say once that it is away
        yield Database(pool, url)


async def _enter_schema(db: Connection) -> None:
    """The queue's statements name no schema."""
    await db.execute("set search_path to spyglass")


async def _set_up(pool: Pool) -> None:
    async with pool.connection() as db, db.transaction():
        await db.execute("create schema if not exists spyglass")
        await db.execute("create table if not exists steps (name text primary key, at timestamptz default now())")
        done = {row["name"] for row in await (await db.execute("select name from steps")).fetchall()}
        for name, script in _steps(queue_exists=any(name.startswith(QUEUE) for name in done)):
            if name not in done:
                await db.execute(script, prepare=False)
                await db.execute("insert into steps (name) values (%s)", [name])


QUEUE = "queue "
"""Begins the names of steps that are Procrastinate's own."""


def _steps(*, queue_exists: bool) -> list[tuple[str, str]]:
    """Names and scripts: Procrastinate's, made whole at first and by its migrations later, then ours."""
    migrations = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    queue = [(f"{QUEUE}{step.name}", step.read_text() if queue_exists else "") for step in migrations]
    whole = [] if queue_exists else [(f"{QUEUE}schema", SchemaManager.get_schema())]
    return [*whole, *queue, *((step.name, step.read_text()) for step in sorted(STEPS.glob("*.sql")))]
