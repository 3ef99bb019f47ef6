"""`spyglass serve` and `spyglass work` in processes of their own, to be killed and stopped."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, SecretStr

from bot.settings import Settings

ROOT = Path(__file__).parents[3]
OURS = ("SPYGLASS_", "SLACK_", "OPENAI_", "DATABASE_")


@dataclass(frozen=True)
class Running:
    """A process of the bot."""

    process: Process
    log: Path

    def begin(self) -> None:
        """Let it run: until then it waits, with everything imported."""
        assert self.process.stdin
        self.process.stdin.write(b"\n")

    async def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        self.process.terminate()
        return await self.process.wait()

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

    async def ready(self, *command: str) -> Running:
        """`spyglass` with that command, once it is told to begin."""
        log = self.logs / f"{len(self.started)}.log"
        with log.open("wb") as err:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.scenario.slack.lively", *command),
                env=environment(self.settings),
                cwd=ROOT,
                stdin=PIPE,
                stdout=DEVNULL,
                stderr=err,
            )
        self.started.append(Running(process, log))
        return self.started[-1]

    async def start(self, *command: str) -> Running:
        running = await self.ready(*command)
        running.begin()
        return running


@asynccontextmanager
async def processes(settings: Settings, logs: Path) -> AsyncIterator[Processes]:
    opened = Processes(settings, logs)
    try:
        yield opened
    finally:
        for running in opened.started:
            if running.process.returncode is None:
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
