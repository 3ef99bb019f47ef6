"""What threads remember, read and written whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bot.uninterrupted import to_the_end
from graphs.state import ThreadState

if TYPE_CHECKING:
    from bot.storage.checkpoints import Checkpoints


class Memory:
    """The threads of one database."""

    def __init__(self, checkpoints: Checkpoints) -> None:
        self._checkpoints = checkpoints

    async def read(self, thread: str) -> ThreadState:
        """What the thread remembers: nothing when it is unknown."""
        values = await self._checkpoints.values(thread)
        return cast(ThreadState, {name: values[name] for name in ThreadState.__annotations__ if name in values})

    async def write(self, thread: str, state: ThreadState) -> None:
        """All of it or nothing, and to the end once begun."""
        await to_the_end(self._checkpoints.put_only(thread, state))

    async def forget(self, thread: str) -> None:
        await self._checkpoints.adelete_thread(thread)
