"""What an evaluation says: figures, each with its target and how many cases it stands on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number."""

    suite: str
    what: str
    value: float
    cases: int
    target: float | None = None
    """None: reported, not judged."""
    at_most: bool = False
    """The target is an upper bound."""
    note: str = ""

    @property
    def met(self) -> bool:
        if self.target is None:
            return True
        return self.value <= self.target if self.at_most else self.value >= self.target
