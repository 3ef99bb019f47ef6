"""What was said, and what it took to have it said: an answer that is said again saves that."""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.kit import Seen
from tools.kit.models import ModelCard, Reply, Usage
from tools.kit.types import Frozen


class Said(Frozen):
    """An answer of models."""

    seen: Seen
    usage: Usage = Usage()
    """Of every reading that went into it, those of a cheaper model that did not stand included."""
    cost: float | None = None
    """US dollars, by the prices of single calls; None where a price is not known."""


@dataclass
class Readings:
    """Readings of one question, as they come."""

    usage: Usage = field(default_factory=Usage)
    cost: float | None = 0.0

    def took(self, reply: Reply, card: ModelCard) -> None:
        cost = reply.usage.cost(card.price)
        self.usage += reply.usage
        self.cost = None if cost is None or self.cost is None else self.cost + cost
