"""A real PostgreSQL for tests: the embedded server."""

from __future__ import annotations

from pathlib import Path

from tools.backends import postgres
from tools.backends.postgres import EmbeddedPostgres
from tools.backends.workers import PebbleWorkers
from tools.kit.parts import Parts


def server_of(home: Path) -> EmbeddedPostgres:
    """The embedded server of that home, not started."""
    return postgres.build("", Parts(home=home, workers=PebbleWorkers()))
