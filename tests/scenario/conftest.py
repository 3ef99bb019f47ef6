"""Running the real command in a process of its own, as a person would: forked from a nursery where only its end is
of interest, and started anew where it is talked to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.samples.drawings import draw_all
from tests.scenario.commands import ROOT, nursery


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Terminal:
    """`spyglass` with a home of its own and nothing of ours in the environment."""

    home: Path

    def __call__(self, *arguments: str | Path, stdin: str | None = None, **settings: str) -> Ran:
        code, out, err = nursery().run(list(map(str, arguments)), self._environment(settings), stdin)
        assert "Traceback" not in err + out
        return Ran(code, out, err)

    @contextmanager
    def started(self, *arguments: str | Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
        """The command under way, to be talked to through its pipes; killed at the end if it still runs."""
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "bot.cli", *map(str, arguments)]
        environment = self._environment(settings)
        with subprocess.Popen(
            command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=ROOT
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def _environment(self, settings: dict[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPYGLASS_", "OPENAI_"))}
        named = {f"SPYGLASS_{name.upper()}": value for name, value in settings.items()}
        return {**kept, "SPYGLASS_HOME": str(self.home), "SPYGLASS_ENCODER": "builtin_encoder", **named}


def with_models(home: Path, models: Path) -> Path:
    """That home, with what is made ready once in a folder outside of it."""
    home.mkdir(exist_ok=True)
    (home / "models").symlink_to(models)
    return home


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, text_models: Path) -> Path:
    """One home for all tests of a worker."""
    return with_models(tmp_path_factory.mktemp("home"), text_models)


@pytest.fixture
def spyglass(home: Path) -> Terminal:
    return Terminal(home)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two photographs, a receipt, an invoice, a diagram, and a product before and after."""
    return draw_all(tmp_path_factory.mktemp("pictures"))
