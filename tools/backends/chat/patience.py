"""How long a model is waited for, and how often it is asked again."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tools.kit.models import ProviderFailure

CONNECTING = 10.0
"""Seconds for a connection."""
BASE = 0.5
"""Seconds; the longest first wait."""
LONGEST = 8.0
"""Seconds; the longest wait of our own choosing."""
AFTER = 30.0
"""Seconds; the longest wait a provider may ask for."""
TIMEOUTS = 1
"""How often a provider that said nothing is asked again: the next one is to have its time too."""


@dataclass(frozen=True)
class Patience:
    seconds: float = 60.0
    """Deadline of a call, retries included."""
    retries: int = 2
    breaker_failures: int = 3
    breaker_seconds: float = 30.0

    @classmethod
    def of(cls, options: Mapping[str, str]) -> Patience:
        """From `Parts.options`."""
        return cls(
            seconds=float(options.get("model_seconds", cls.seconds)),
            retries=int(options.get("model_retries", cls.retries)),
            breaker_failures=int(options.get("breaker_failures", cls.breaker_failures)),
            breaker_seconds=float(options.get("breaker_seconds", cls.breaker_seconds)),
        )

    @property
    def silence(self) -> float:
        """Seconds within which a provider that speaks early has to say something."""
        return self.seconds / 4

    def wait(
        self,
        retry: int,
        failure: ProviderFailure,
        *,
        left: float,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> float | None:
        """Seconds before retry number `retry` (from 0), or None when there is to be none.

        Full jitter (Brooker, "Exponential Backoff and Jitter", 2015), never before the provider's Retry-After, never
        beyond the deadline.
        """
        most = min(self.retries, TIMEOUTS) if failure.kind == "timeout" else self.retries
        if not failure.passing or retry >= most:
            return None
        if failure.after is not None and failure.after > AFTER:
            return None
        wait = max(failure.after or 0.0, draw(0.0, min(LONGEST, BASE * 2**retry)))
        return wait if wait < left else None
