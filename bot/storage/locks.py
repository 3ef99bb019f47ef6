"""One at a time, over all processes: advisory locks in PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import psycopg

from bot.storage.database import Connection, DatabaseAway, connect_for_long, locked, reason
from bot.uninterrupted import to_the_end

log = logging.getLogger(__name__)

TRYING = 0.05
"""Seconds between two tries while another process holds a lock."""
PULSE = 1.0
"""Seconds between two looks whether the locks are still ours."""
KEPT_ALIVE = """
    select set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),
           set_config('tcp_keepalives_count', '3', false)
"""
"""How soon the server gives up a machine that went away without a word, and lets go of its locks."""


class Locks:
    """All locks of this process are held over one connection, so that a hundred turns do not take a hundred of them.

    The database lets go of them when the process dies. When the connection breaks they are lost: whoever holds one is
    stopped, because another process may have it by then.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._line: Line | None = None
        self._connecting = asyncio.Lock()
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """A connection is given a lock again that it holds already. Gone with the last one who waits for it."""

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncIterator[None]:
        """Wait for the lock on `key`, and hold it for the block.

        Raises: DatabaseAway when the database does not answer, or goes away while the block runs, which is stopped.
        """
        async with self._here.setdefault(key, asyncio.Lock()):
            line = await self._locked(key)
            try:
                async with line.stops_when_lost():
                    yield
            finally:
                await to_the_end(line.unlock(key))

    async def close(self) -> None:
        if self._line:
            await self._line.close()

    async def _locked(self, key: str) -> Line:
        try:
            line = await self._connected()
            while not await line.lock(key):  # noqa: ASYNC110  another process holds it: no event here
                await asyncio.sleep(TRYING)
        except psycopg.Error as error:
            raise DatabaseAway(f"The database does not answer ({reason(error)}): ask again.") from error
        return line

    async def _connected(self) -> Line:
        async with self._connecting:
            if self._line is None or self._line.db.closed:
                await to_the_end(self._connect())
            assert self._line
            return self._line

    async def _connect(self) -> None:
        db = await connect_for_long(self._url)
        await db.execute(KEPT_ALIVE)
        self._line = Line(db)


class Line:
    """One connection and those who hold locks over it."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self._holding: set[asyncio.Timeout] = set()
        self._watching = asyncio.create_task(self._watch())

    async def lock(self, key: str) -> bool:
        """Whether we have it now. One that comes to somebody who was stopped meanwhile is given back."""
        trying = asyncio.create_task(
            locked(self.db, "select pg_try_advisory_lock(hashtextextended(%s, 0)) as got", key)
        )
        try:
            return await asyncio.shield(trying)
        except asyncio.CancelledError:
            if await trying:
                await self.unlock(key)
            raise

    async def unlock(self, key: str) -> None:
        if self.db.closed:
            return
        try:
            await self.db.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [key])
        except psycopg.Error as error:
            log.debug("The lock on %s went with its connection (%s).", key, reason(error))

    @asynccontextmanager
    async def stops_when_lost(self) -> AsyncIterator[None]:
        """Raises: DatabaseAway, as soon as the connection is found broken."""
        held = asyncio.timeout(0 if self.db.closed else None)
        self._holding.add(held)
        try:
            async with held:
                yield
        except TimeoutError as error:
            if not held.expired():  # somebody else's deadline
                raise
            raise DatabaseAway("The database went away in the middle of this: ask again.") from error
        finally:
            self._holding.discard(held)

    async def close(self) -> None:
        self._watching.cancel()
        await asyncio.wait([self._watching])
        await self.db.close()

    async def _watch(self) -> None:
        try:
            while True:
                await asyncio.sleep(PULSE)
                await self.db.execute("select 1")
        except psycopg.Error as error:
            log.warning("The connection that held our locks is gone (%s).", reason(error))
            await self.db.close()
            for held in self._holding:
                held.reschedule(0)
