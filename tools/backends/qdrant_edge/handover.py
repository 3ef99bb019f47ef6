"""Between two calls an owner hands its archive over to a process that waits for it, and takes it back when needed.

So a chat that idles, or a server, locks nobody out for longer than one of its calls; and as long as nobody else comes,
nothing is opened twice (0.1 s with 1,000 images, 0.8 s with 100,000).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY = 0.25
"""Seconds between two looks whether somebody waits."""


class Handover:
    """give: closes what others wait for, while no call is under way, and says whether anything is left open."""

    def __init__(self, give: Callable[[], bool]) -> None:
        self._give = give
        self._calls = 0
        self._lock = threading.Lock()
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """A call, in any thread: nothing is handed over until it is done."""
        with self._lock:
            self._calls += 1
        try:
            yield
        finally:
            with self._lock:
                self._calls -= 1

    def watch(self) -> None:
        """Look from time to time from now on. In the event loop; safe to call again."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(EVERY, self._look)

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _look(self) -> None:
        self._timer = None
        with self._lock:
            left = bool(self._calls) or self._give()
        if left:
            self.watch()
