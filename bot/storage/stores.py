"""What lies in PostgreSQL, by URL or on the embedded server, connected to when it is first needed."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from bot.once import BuiltOnce
from bot.settings import Settings
from tools.kit import CannotDo

if TYPE_CHECKING:
    from bot.ledger.answers import Answers
    from bot.ledger.calls import Calls
    from bot.ledger.lazily import Tables
    from bot.storage.checkpoints import Checkpoints
    from bot.storage.locks import Locks

PULSE = 1.0
"""Seconds between two looks whether the embedded database is up."""


class Server(Protocol):
    """The embedded database. Blocks: called from threads."""

    @property
    def data(self) -> Path: ...

    def start(self) -> str:
        """Unless it runs. Returns its URL. Raises: CannotDo when it does not come up."""
        ...

    def running(self) -> bool: ...

    def in_use(self) -> bool:
        """Whether any process has started it and not left."""
        ...

    def stop_if_unused(self) -> bool:
        """Leave it. Whether it was stopped, since nobody else uses it."""
        ...

    def abandoned(self) -> Sequence[Server]:
        """Those beside this one whose home is gone."""
        ...

    def discard(self) -> bool:
        """Stop it and delete what it holds, unless somebody uses it; whether that was done."""
        ...


class Stores(BuiltOnce, ABC):
    """Part of `bot.wiring.Wiring`."""

    settings: Settings
    say: Callable[[str], None]

    @abstractmethod
    async def embedded_database(self) -> Server:
        """Not started."""
        ...

    async def checkpoints(self) -> Checkpoints:
        """Thread memory in PostgreSQL: by URL, or the embedded server."""
        return cast("Checkpoints", await self._once("checkpoints", self._checkpoints))

    async def _checkpoints(self) -> Any:
        from bot.storage.checkpoints import open_checkpoints

        return await self._closing.enter_async_context(open_checkpoints(await self.database_url()))

    async def locks(self) -> Locks:
        """What holds a thread for one turn at a time, over all processes."""
        return cast("Locks", await self._once("locks", self._locks_of_threads))

    async def _locks_of_threads(self) -> Locks:
        from bot.storage.locks import Locks

        return Locks(await self.database_url())

    async def ledger(self) -> Calls:
        """What models took, and the daily budgets. It connects when there is something to write or to ask."""
        return cast("Calls", await self._once("ledger", self._ledger))

    async def _ledger(self) -> Any:
        from bot.ledger.calls import Calls
        from bot.ledger.spending import budgets_of

        tables, chosen = await self.model_tables(), self.settings
        return Calls(tables, limits=budgets_of(chosen), days=chosen.usage_days, answers_days=chosen.answers_days)

    async def answers_kept(self) -> Answers:
        """What vision models said before. It connects when it is asked."""
        return cast("Answers", await self._once("answers", self._answers))

    async def _answers(self) -> Any:
        from bot.ledger.answers import Answers

        return Answers(await self.model_tables(), days=self.settings.answers_days)

    async def model_tables(self) -> Tables:
        """Where the ledger and the answers are."""
        # known now: what is written while we close is written before the server is let go
        server = None if self.settings.database_url else await self.embedded_database()

        async def url() -> str:
            return await (asyncio.to_thread(server.start) if server else self.database_url())

        def make() -> Tables:
            from bot.ledger.lazily import Tables

            return Tables(url)

        return cast("Tables", await self._once("model tables", make))

    async def database_url(self) -> str:
        if self.settings.database_url:
            return self.settings.database_url.get_secret_value()
        return await asyncio.to_thread((await self.embedded_database()).start)

    async def keep_database_up(self) -> None:
        """Start the embedded server again when somebody else has ended it, until cancelled. One by URL is not ours."""
        if self.settings.database_url:
            return
        server = await self.embedded_database()
        while True:
            await asyncio.sleep(PULSE)
            if await asyncio.to_thread(server.running):
                continue
            self.say("The embedded database was ended by somebody else: it is started again.")
            try:
                await asyncio.to_thread(server.start)
            except CannotDo as error:
                self.say(str(error))
