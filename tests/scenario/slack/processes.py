"""`spyglass serve` and `spyglass work` in processes of their own, to be killed and stopped."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, SecretStr

from bot.settings import Settings
from tests.scenario.commands import Born, nursery

OURS = ("SPYGLASS_", "SLACK_", "OPENAI_", "DATABASE_")


@dataclass
class Running:
    """A process of the bot."""

    born: Born
    log: Path
    code: int | None = None
    """Its exit code, once it has ended and somebody asked."""

    async def kill(self) -> None:
        """kill -9."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, ending: signal.Signals) -> int:
        if self.code is None:
            with suppress(ProcessLookupError):
                os.kill(self.born.pid, ending)
            self.code = await asyncio.to_thread(self.born.wait)
        return self.code

    @property
    def runs(self) -> bool:
        """It has not ended, by whatever."""
        return self.code is None and not self.born.ended

    @property
    def fell(self) -> bool:
        """It has ended by itself."""
        return self.code is None and self.born.ended

    @property
    def serves(self) -> bool:
        """It is connected and takes turns."""
        return any(f'"event": "{event}"' in self.log.read_text() for event in ("serving", "working"))

    @property
    def turns(self) -> int:
        """How many turns it has ended."""
        return self.log.read_text().count('"event": "turn"')


@dataclass
class Processes:
    """Starts them, all with the same settings. None outlives the block."""

    settings: Settings
    logs: Path
    started: list[Running] = field(default_factory=list)

    async def start(self, *command: str) -> Running:
        """`spyglass` with that command."""
        log = self.logs / f"{len(self.started)}.log"
        self.started.append(Running(await asyncio.to_thread(self._born, command, log), log))
        return self.started[-1]

    def _born(self, command: Sequence[str], log: Path) -> Born:
        with Path(os.devnull).open("r+b") as nothing, log.open("ab") as said:
            standard = [nothing.fileno(), nothing.fileno(), said.fileno()]
            return nursery().start(command, environment(self.settings), standard, hurried=True)


@asynccontextmanager
async def processes(settings: Settings, logs: Path) -> AsyncIterator[Processes]:
    opened = Processes(settings, logs)
    try:
        yield opened
    finally:
        for running in opened.started:
            await running.kill()


def environment(settings: Settings) -> dict[str, str]:
    """What says these settings to another process, and nothing of the machine's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    named = {name: getattr(settings, name) for name in settings.model_fields_set}
    return {**kept, **{_variable(name): _value(value) for name, value in named.items()}}


def _variable(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return str(alias.choices[-1]) if isinstance(alias, AliasChoices) else f"SPYGLASS_{name.upper()}"


def _value(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
