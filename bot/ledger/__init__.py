"""What models took and said: calls with their tokens and costs, daily budgets, and answers that can be said again."""

from __future__ import annotations

from pathlib import Path

from bot.storage.tables import Step, steps_in

SCHEMA = Path(__file__).parent / "schema"


def steps() -> list[Step]:
    """Those that make the tables."""
    return steps_in(SCHEMA, prefix="ledger ")
