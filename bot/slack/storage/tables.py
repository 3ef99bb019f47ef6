"""The Slack side's tables, and those of the queue; what models took is kept beside them.

A file in ``schema/`` is one step.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from procrastinate.schema import SchemaManager

from bot import ledger
from bot.storage.database import Pool, connected
from bot.storage.tables import Database, Parameters, Step, carry_out, enter_schema, steps_in

__all__ = ["Database", "Parameters", "open_database"]

STEPS = Path(__file__).parent / "schema"
CONNECTIONS = 10
READY = 5
"""Of these are always open: a burst of messages is acknowledged without connecting first."""
QUEUE = "queue "
"""Begins the names of steps that are Procrastinate's own."""


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Connect, create or change what this version needs, and close again at the end. Any number may do so at once.

    Raises: AskAgain when the URL is none; CannotDo when the database does not answer or refuses.
    """
    async with connected(url, most=CONNECTIONS, set_up=_set_up, configure=enter_schema) as pool:
        await pool.resize(READY, CONNECTIONS)
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it warns of each try; we say once that it is away
        yield Database(pool, url)


async def _set_up(pool: Pool) -> None:
    await carry_out(pool, _steps)


def _steps(done: Collection[str]) -> list[Step]:
    """Procrastinate's, made whole at first and by its migrations later, then ours."""
    queue_exists = any(name.startswith(QUEUE) for name in done)
    migrations = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    queue = [(f"{QUEUE}{step.name}", step.read_text() if queue_exists else "") for step in migrations]
    whole = [] if queue_exists else [(f"{QUEUE}schema", SchemaManager.get_schema())]
    return [*whole, *queue, *steps_in(STEPS), *ledger.steps()]
