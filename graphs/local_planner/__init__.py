"""The planner that needs no model: a LangChain chat model that routes by rules and meaning."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from pydantic import PrivateAttr

from graphs.local_planner.answering import compose, fallbacks, wording
from graphs.local_planner.plan import Router
from graphs.local_planner.searches.searching import Searches
from graphs.local_planner.turn import Turn, read_turn
from graphs.local_planner.understanding.meaning import Meaning
from tools.kit import TextEncoder

ROUNDS = 2
"""Rounds of tools in one turn: the second only when the first could not look."""

__all__ = ["LocalPlanner"]


def utc_now() -> datetime:
    return datetime.now(UTC)


class LocalPlanner(BaseChatModel):
    """Plans tool calls from rules and MiniLM's sense of what a sentence means, and answers from evidence alone.

    It reads the thread as the graph writes it: all images of the thread in `additional_kwargs["images"]` of the system
    message, those that came with a message in that message's, beside the asker's time `zone` and the channel (`place`)
    it was said in, `Evidence` in the artifact of tool messages, a rejected draft as a human message named "check".
    Final answers carry `additional_kwargs["status"]`: answered, asked or refused. Without bound tools it answers.
    """

    _router: Router = PrivateAttr()
    _searches: Searches = PrivateAttr()
    _now: Callable[[], datetime] = PrivateAttr()

    def __init__(self, meaning: TextEncoder, now: Callable[[], datetime] = utc_now, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._router = Router(Meaning(meaning))
        self._searches = Searches(self._router)
        self._now = now

    @property
    def _llm_type(self) -> str:
        return "spyglass-local-planner"

    def expect(self, question: str) -> None:
        """It is soon asked: its words may be embedded while its images are opened."""
        self._searches.expect(question)

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Bind tools given in the OpenAI function format."""
        return self.bind(tools=[dict(tool) for tool in tools], **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return asyncio.run(self._agenerate(messages, **kwargs))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        turn = read_turn(messages, _names(kwargs.get("tools") or ()), self._now())
        return ChatResult(generations=[ChatGeneration(message=await self._reply(turn))])

    async def _reply(self, turn: Turn) -> AIMessage:
        if turn.rejected:
            return _say(compose.mended(turn.rejected))
        wish = wording.wish_of(turn)
        if wish is None:
            return await self._planned(turn)
        if told := wording.without_question(turn, wish):
            return _say(*told)
        reply = await self._planned(turn.saying(wish.rest))
        plain = reply.tool_calls or reply.additional_kwargs["status"] != "answered"
        return reply if plain else _say(wording.worded(reply.text, wish))

    async def _planned(self, turn: Turn) -> AIMessage:
        if turn.now.calls:
            return self._after_tools(turn)
        plan = await self._searches.plan(turn)
        if plan.doubts:
            return _say(compose.explained(turn))
        calls = [(tool, said) for tool, said in plan.calls if tool in turn.tools]
        if calls:
            return _call(calls)
        if plan.calls:
            return _say(f"I cannot do that here: {plan.calls[0][0]} is not available.")
        return _say(plan.say, plan.status)

    def _after_tools(self, turn: Turn) -> AIMessage:
        more = [(tool, said) for tool, said in fallbacks.instead(turn.now, turn.images) if tool in turn.tools]
        if more and turn.rounds < ROUNDS:
            return _call(more)
        text, status = compose.answer(turn.now, turn.images)
        return _say("\n".join(filter(None, [text, compose.beyond(turn)])), status)


def _names(tools: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(tool["function"]["name"] for tool in tools)


def _call(calls: Sequence[tuple[str, dict[str, Any]]]) -> AIMessage:
    made = [{"name": tool, "args": said, "id": f"call_{uuid.uuid4().hex}"} for tool, said in calls]
    return AIMessage(content="", tool_calls=made)


def _say(text: str, status: str = "answered") -> AIMessage:
    return AIMessage(content=text, additional_kwargs={"status": status})
