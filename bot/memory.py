"""What threads remember, read and written whole."""

from __future__ import annotations

from typing import Any, cast

from langgraph.checkpoint.base import BaseCheckpointSaver

from bot.uninterrupted import to_the_end
from graphs.agent import build_agent
from graphs.state import ThreadState


class Memory:
    """The threads of one checkpointer."""

    def __init__(self, saver: BaseCheckpointSaver[Any]) -> None:
        self._saver = saver
        self._agent = build_agent(saver)

    async def read(self, thread: str) -> ThreadState:
        """What the thread remembers: nothing when it is unknown."""
        return cast(ThreadState, (await self._agent.aget_state(_config(thread))).values)

    async def write(self, thread: str, changes: ThreadState) -> None:
        """All of it or nothing, and to the end once begun. Earlier states are gone: they are weight, and may hold what
        was to be forgotten."""
        await to_the_end(self._write(thread, changes))

    async def forget(self, thread: str) -> None:
        await self._saver.adelete_thread(thread)

    async def _write(self, thread: str, changes: ThreadState) -> None:
        await self._agent.aupdate_state(_config(thread), changes, as_node="answer")
        await self._saver.aprune([thread])


def _config(thread: str) -> Any:
    return {"configurable": {"thread_id": thread}}
