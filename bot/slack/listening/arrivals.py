"""Events that come again: Slack repeats what is not acknowledged within three seconds, most of all when much is said
at once. One that is recorded is acknowledged at once, one that is being recorded with the first of it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

MOST = 10_000
"""Events that are remembered. An older one is only recorded once more, which changes nothing."""


class Arrivals:
    """The events this process has recorded lately, by their id."""

    def __init__(self) -> None:
        self._recorded: OrderedDict[str, None] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def once(self, event_id: str, record: Callable[[], Awaitable[None]]) -> None:
        """Record it, unless that is done. What raises was not recorded, and is when the event comes again."""
        async with self._locks.setdefault(event_id, asyncio.Lock()):
            if event_id in self._recorded:
                return
            await record()
            if event_id:
                self._recorded[event_id] = None
            if len(self._recorded) > MOST:
                self._recorded.popitem(last=False)
