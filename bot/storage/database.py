"""Connections to PostgreSQL: opened with one clear sentence where that fails, and a lock for creating tables."""

from __future__ import annotations

import asyncio
import select
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from tools.kit import AskAgain, CannotDo

Connection = psycopg.AsyncConnection[dict[str, Any]]
SETTING_UP = 0x5B1C1A55
"""Key of the advisory lock for creating tables."""
PATIENCE = 10.0
"""Seconds a database has to let us in, and a connection to become free."""

NOTICED: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds: what was sent and not received keeps keepalives from being sent
}
"""A server that went away without a word is missed within 30 s, whether it was asked something or not.

https://www.postgresql.org/docs/current/libpq-connect.html"""


class DatabaseAway(CannotDo):
    """The database does not answer. It may come back: what was to be done can be tried again."""


class Pool(AsyncConnectionPool[Connection]):
    """Loses no cancellation. It waits by `asyncio.wait_for`, which in Python 3.11 swallows one that comes as a
    connection becomes free: what goes on until it is cancelled would go on for ever.

    https://github.com/python/cpython/issues/86296
    """

    async def getconn(self, timeout: float | None = None) -> Connection:  # noqa: ASYNC109  the pool's own
        """Raises: PoolTimeout."""
        task = asyncio.current_task()
        before = task.cancelling() if task else 0
        db = await super().getconn(timeout)
        if task and task.cancelling() > before:
            await self.putconn(db)
            raise asyncio.CancelledError
        return db


@asynccontextmanager
async def connected(
    url: str,
    *,
    most: int,
    set_up: Callable[[Pool], Awaitable[None]],
    configure: Callable[[Connection], Awaitable[None]] | None = None,
) -> AsyncIterator[Pool]:
    """A pool of at most `most` connections, with the tables that `set_up` creates; closed at the end.

    A connection that broke while nobody used it is replaced before it is lent. Raises: AskAgain when the URL is none;
    CannotDo when the database does not answer or refuses.
    """
    try:
        psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise AskAgain("SPYGLASS_DATABASE_URL is no PostgreSQL URL: postgresql://USER:PASSWORD@HOST/NAME") from None
    pool = Pool(
        url,
        min_size=1,
        max_size=most,
        open=False,
        timeout=PATIENCE,
        check=_check,
        configure=configure,
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row, **NOTICED},
    )
    try:
        await _prepare(pool, set_up)
        yield pool
    finally:
        await pool.close()


async def _check(db: Connection) -> None:
    """Ask only a connection on which something has come unasked for, as when the server went away: asking each time
    would double the round trips."""
    looking = select.poll()
    looking.register(db.fileno(), select.POLLIN)
    if looking.poll(0):
        await Pool.check_connection(db)


async def _prepare(pool: Pool, set_up: Callable[[Pool], Awaitable[None]]) -> None:
    try:
        await pool.open(wait=True, timeout=PATIENCE)
        async with _alone(pool):
            await set_up(pool)
    except PoolTimeout:
        raise DatabaseAway("The database does not answer: check SPYGLASS_DATABASE_URL, or unset it.") from None
    except psycopg.Error as error:
        raise CannotDo(f"The database refuses ({reason(error)}): check who may create tables in it.") from error


@asynccontextmanager
async def _alone(pool: Pool) -> AsyncIterator[None]:
    """One process at a time creates the tables.

    The lock is tried, not waited for: a waiting statement is one that `create index concurrently` would wait for.
    """
    async with pool.connection() as db:
        while not await locked(db, "select pg_try_advisory_lock(%s) as got", SETTING_UP):  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # another process holds it: no event here
        try:
            yield
        finally:
            await db.execute("select pg_advisory_unlock(%s)", [SETTING_UP])


async def locked(db: Connection, query: Any, key: str | int) -> bool:
    """Whether that statement got the lock on `key`."""
    row = await (await db.execute(query, [key])).fetchone()
    return bool(row and row["got"])


def reason(error: BaseException) -> str:
    """The first line of what the database said."""
    return str(error).strip().partition("\n")[0].rstrip(".")


async def connect_for_long(url: str) -> Connection:
    """A connection of its own that mostly waits."""
    return await psycopg.AsyncConnection.connect(url, autocommit=True, row_factory=dict_row, **NOTICED)
