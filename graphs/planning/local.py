"""Planning without a model, behind the port of planners."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import BaseChatModel

from graphs.planning.planner import LOCAL, Planned, Request
from tools.kit.providers import provider_failure

NO_TOOL: dict[str, Any] = {"anthropic-chat": {"type": "none"}, "openai-chat": "none"}


class LocalPlanning:
    """The local planner, which reads all of a thread by rule, as long as it is."""

    slow = False

    def __init__(self, chat: BaseChatModel, *, name: str = LOCAL) -> None:
        self._chat = chat
        self.name = name

    async def plan(self, request: Request) -> Planned:
        schemas = [dict(schema) for schema in request.tools]
        none = NO_TOOL.get(self._chat._llm_type)
        if request.may_call:
            chat = self._chat.bind_tools(schemas)
        else:
            chat = self._chat.bind_tools(schemas, tool_choice=none) if none else self._chat
        try:
            return Planned(await chat.ainvoke(request.messages), self.name)
        except Exception as error:
            if failure := provider_failure(error, self.name):
                raise failure from error
            raise
