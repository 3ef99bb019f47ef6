"""Stand-ins that keep the ports' promises: small, deterministic, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from tools.kit import Evidence, Verdict


class ScriptedPlanner(BaseChatModel):
    """A chat model that says its lines in order and remembers what it was told."""

    lines: list[AIMessage]
    heard: list[list[BaseMessage]] = []
    offered: list[list[str]] = []
    """Names of the tools it could call, one list a turn."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self.bind(tools=list(tools))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.heard.append(messages)
        self.offered.append([tool["function"]["name"] for tool in kwargs.get("tools", [])])
        line = self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]
        return ChatResult(generations=[ChatGeneration(message=line)])


def calls(*named: tuple[str, dict[str, Any]]) -> AIMessage:
    """A planner's line that calls tools."""
    return AIMessage(
        "", tool_calls=[{"name": name, "args": args, "id": f"call-{n}"} for n, (name, args) in enumerate(named)]
    )


class WordGate:
    """A gate with one rule: some words may not be said."""

    def __init__(self, *banned: str) -> None:
        self.banned = banned

    def judge(self, text: str, evidence: Sequence[Evidence] = (), **context: Any) -> list[Verdict]:
        said = [word for word in self.banned if word.lower() in text.lower()]
        return [Verdict(rule="banned_brands", broken=f"Do not say {', '.join(said)}." if said else None)]

    def clean(self, text: str) -> str:
        for word in self.banned:
            text = text.replace(word, "▇▇▇")
        return text


def lender(**ports: Any) -> Callable[[type], Any]:
    """Lends by the port's name."""
    return lambda port: ports[port.__name__]
