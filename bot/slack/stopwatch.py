"""Where the time of a turn goes, for the log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from graphs.state import Step


class Stopwatch:
    """Seconds a turn spends on each kind of work; tools that run side by side count once."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._began = clock()
        self._spent: dict[str, float] = {"tools": 0.0}
        self._tools, self._since = 0, 0.0

    @contextmanager
    def measured(self, kind: str) -> Iterator[None]:
        started = self._clock()
        try:
            yield
        finally:
            self._spent[kind] = self._spent.get(kind, 0.0) + self._clock() - started

    def step(self, step: Step) -> None:
        """A tool began or ended."""
        now = self._clock()
        if self._tools:
            self._spent["tools"] += now - self._since
        self._since = now
        self._tools += 1 if step.state == "running" else -1

    def seconds(self) -> dict[str, float]:
        """By kind, and the ``total`` since the turn was begun."""
        return {kind: round(spent, 4) for kind, spent in {**self._spent, "total": self._clock() - self._began}.items()}
