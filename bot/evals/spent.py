"""What models took while something was measured."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from tools.kit.models import Account, Entry, charged_to

if TYPE_CHECKING:
    from bot.wiring import Wiring


@dataclass
class Took:
    """One case."""

    seconds: float = 0.0
    calls: int = 0
    cost: float | None = 0.0
    """US dollars; None when the price of any call is not known."""

    def hear(self, entry: Entry) -> None:
        self.calls += max(1, entry.usage.calls)
        price = 0.0 if entry.outcome == "cached" else entry.cost
        self.cost = None if self.cost is None or price is None else self.cost + price


@dataclass
class Spent:
    """Every case by its turn."""

    cases: dict[str, Took] = field(default_factory=lambda: defaultdict(Took))

    def hear(self, account: Account, entry: Entry) -> None:
        self.cases[account.turn].hear(entry)

    @contextmanager
    def case(self) -> Iterator[Took]:
        """Within the block models work for one case, and its seconds run."""
        turn = f"eval {uuid4().hex}"
        took, started = self.cases[turn], time.perf_counter()
        with charged_to(turn=turn):
            yield took
        took.seconds = time.perf_counter() - started


async def listening(wiring: Wiring) -> Spent:
    """To the ledger from now on."""
    spent = Spent()
    (await wiring.ledger()).hears.append(spent.hear)
    return spent


def together(tooks: list[Took]) -> tuple[float | None, int]:
    """Cost and calls of several cases; no cost where any is not known, or nobody was asked."""
    calls = sum(took.calls for took in tooks)
    costs = [took.cost for took in tooks]
    return (sum(cost for cost in costs if cost is not None) if calls and None not in costs else None), calls
