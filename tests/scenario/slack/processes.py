"""`spyglass serve` and `spyglass work` in processes of their own, to be killed and stopped."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from pydantic import AliasChoices, SecretStr

from bot.settings import Settings

ROOT = Path(__file__).parents[3]
OURS = ("SPYGLASS_", "SLACK_", "OPENAI_", "DATABASE_")


@dataclass
class Running:
    """A process of the bot."""

    pid: int
    log: Path
    nursery: Process
    code: int | None = None
    """Its exit code, once it has ended."""

    async def kill(self) -> None:
        """kill -9."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, ending: signal.Signals) -> int:
        if self.code is None:
            os.kill(self.pid, ending)
            self.code = await _asked(self.nursery, {"wait": self.pid})
        return self.code

    @property
    def runs(self) -> bool:
        """It has not ended, by whatever."""
        return self.code is None and psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE

    @property
    def fell(self) -> bool:
        """It has ended by itself."""
        return self.code is None and not self.runs

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
    nursery: Process
    started: list[Running] = field(default_factory=list)

    async def start(self, *command: str) -> Running:
        """`spyglass` with that command."""
        log = self.logs / f"{len(self.started)}.log"
        log.touch()
        pid = await _asked(self.nursery, {"start": command, "log": str(log)})
        self.started.append(Running(pid, log, self.nursery))
        return self.started[-1]


async def _asked(nursery: Process, request: dict[str, Any]) -> int:
    assert nursery.stdin
    assert nursery.stdout
    nursery.stdin.write(json.dumps(request).encode() + b"\n")
    return int(await nursery.stdout.readline())


@asynccontextmanager
async def processes(settings: Settings, logs: Path) -> AsyncIterator[Processes]:
    nursery = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.scenario.slack.nursery"),
        env=environment(settings),
        cwd=ROOT,
        stdin=PIPE,
        stdout=PIPE,
    )
    opened = Processes(settings, logs, nursery)
    try:
        yield opened
    finally:
        for running in opened.started:
            await running.kill()
        assert nursery.stdin
        nursery.stdin.close()
        await nursery.wait()


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
