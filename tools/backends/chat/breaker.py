"""A circuit breaker (Nygard, "Release It!", 2007), shared by all models of a provider in this process."""

from __future__ import annotations

import time
from collections.abc import Callable

_BREAKERS: dict[tuple[str, str], Breaker] = {}


class Breaker:
    """Closed; open after so many failures in a row; after a while half-open, when one call may try."""

    def __init__(self, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = failures
        self._seconds = seconds
        self._clock = clock
        self._failed = 0
        self._opened: float | None = None
        self._trying = False

    def enter(self) -> float:
        """0 when a call may be made, which is then ended by one of the others; or the seconds it still rests."""
        if self._opened is None:
            return 0.0
        left = self._opened + self._seconds - self._clock()
        if left > 0:
            return left
        if self._trying:
            return self._seconds
        self._trying = True
        return 0.0

    def succeeded(self) -> None:
        self._failed, self._opened, self._trying = 0, None, False

    def failed(self) -> None:
        self._failed += 1
        if self._trying or self._failed >= self._most:
            self._opened = self._clock()
        self._trying = False

    def left(self) -> None:
        """The call ended without saying anything about the provider."""
        self._trying = False

    @property
    def resting(self) -> bool:
        return self._opened is not None and self._clock() < self._opened + self._seconds


def breaker_of(provider: str, where: str, *, failures: int, seconds: float) -> Breaker:
    """That of a provider at a base URL."""
    return _BREAKERS.setdefault((provider, where), Breaker(failures, seconds))
