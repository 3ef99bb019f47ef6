"""Planning without a model, behind the port of planners."""

from __future__ import annotations

from langchain_core.language_models import BaseChatModel

from graphs.planning.planner import LOCAL, Planned, Request


class LocalPlanning:
    """The local planner, which reads all of a thread by rule, as long as it is."""

    name = LOCAL
    slow = False

    def __init__(self, chat: BaseChatModel) -> None:
        self._chat = chat

    async def plan(self, request: Request) -> Planned:
        chat = self._chat.bind_tools([dict(schema) for schema in request.tools]) if request.may_call else self._chat
        return Planned(await chat.ainvoke(request.messages), self.name)
