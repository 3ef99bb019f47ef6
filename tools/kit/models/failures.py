"""How a model's provider fails: what kind it is, and the sentence for the person."""

from __future__ import annotations

from typing import Literal

from tools.kit.errors import CannotDo

Kind = Literal[
    "timeout",
    "limited",
    "overloaded",
    "broken",
    "unreachable",
    "dropped",
    "key",
    "credit",
    "model",
    "request",
    "too_long",
    "too_large",
    "refused",
    "filtered",
    "cut_off",
    "invalid",
    "resting",
    "budget",
    "local_only",
]
"""timeout: no answer in time. limited: 429. overloaded: 529 and the like. broken: 5xx. dropped: the stream ended early.
key, model: not accepted, not known. credit: the account has none left. request: another 4xx. too_long: more than the
context holds. too_large: the body. refused: the model declines. filtered: the provider's filter does. cut_off: the
answer reached its length. invalid: not what the schema says, even after mending. resting: the breaker is open.
budget: the day's money is spent. local_only: nothing may leave the machine here."""

PASSING: frozenset[Kind] = frozenset({"timeout", "limited", "overloaded", "broken", "unreachable", "dropped"})
"""Worth trying again."""


class ProviderFailure(CannotDo):
    """No answer. `str()` of it is for people, and holds nothing the provider said (that may hold the key)."""

    def __init__(self, sentence: str, kind: Kind, *, who: str = "", after: float | None = None) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.who = who
        """Spec of the model."""
        self.after = after
        """Seconds the provider wants us to wait, where it says so."""

    @property
    def passing(self) -> bool:
        return self.kind in PASSING
