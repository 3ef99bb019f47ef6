"""What is built when somebody first asks for it, once, and closed together with the rest."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from tools.kit import CannotDo


class BuiltOnce:
    """A base for whoever builds."""

    def __init__(self) -> None:
        self._built: dict[str, Any] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._closing = AsyncExitStack()
        self._closed = False

    async def _close(self) -> None:
        self._closed = True
        for building in list(self._locks.values()):
            async with building:  # what is being built is closed too
                pass
        await self._closing.aclose()

    async def _once(self, name: str, make: Callable[[], Any]) -> Any:
        """Build under a lock of its own, so that parallel tools do not load a model twice.

        Raises: CannotDo after closing, when nobody would close it any more.
        """
        async with self._locks.setdefault(name, asyncio.Lock()):
            if self._closed:
                raise CannotDo("Spyglass is stopping: ask again when it runs.")
            if name not in self._built:
                made = make()
                self._built[name] = await made if inspect.isawaitable(made) else made
                self._close_later(self._built[name])
            return self._built[name]

    def _close_later(self, port: Any) -> None:
        close = getattr(port, "close", None)
        if close is not None:
            self._closing.push_async_callback(close)
