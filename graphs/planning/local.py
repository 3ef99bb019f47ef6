"""Planning without a model, behind the port of planners."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from langchain_core.language_models import BaseChatModel

from graphs.planning.planner import LOCAL, Planned, Request


@runtime_checkable
class Expectant(Protocol):
    """A chat model that can begin before it is asked."""

    def expect(self, question: str) -> None: ...


class LocalPlanning:
    """The local planner, which reads all of a thread by rule, as long as it is."""

    name = LOCAL
    slow = False

    def __init__(self, chat: BaseChatModel) -> None:
        self._chat = chat

    def expect(self, question: str) -> None:
        if isinstance(self._chat, Expectant):
            self._chat.expect(question)

    async def plan(self, request: Request) -> Planned:
        chat = self._chat.bind_tools([dict(schema) for schema in request.tools]) if request.may_call else self._chat
        return Planned(await chat.ainvoke(request.messages), self.name)
