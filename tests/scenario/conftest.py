"""Running the real command in a process of its own, as a person would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.demo_pictures import draw_all


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
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPYGLASS_", "OPENAI_"))}
        named = {f"SPYGLASS_{name.upper()}": value for name, value in settings.items()}
        environment = {**kept, "SPYGLASS_HOME": str(self.home), "SPYGLASS_ENCODER": "builtin_encoder", **named}
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *map(str, arguments)],
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
            cwd=Path(__file__).parents[2],
        )
        assert "Traceback" not in done.stderr + done.stdout
        return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all tests of a worker: models are prepared once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def spyglass(home: Path) -> Terminal:
    return Terminal(home)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two photographs, a receipt, an invoice, a diagram, and a product before and after."""
    return draw_all(tmp_path_factory.mktemp("pictures"))
