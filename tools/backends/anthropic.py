"""`anthropic:MODEL`: Claude, through langchain-anthropic and the anthropic SDK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessage, BaseMessage, SystemMessage
from pydantic import BaseModel

from tools.backends.chat import CalledModel, Request, ToolForms, called, key_of, named
from tools.backends.chat.batches import AnthropicBatches
from tools.backends.chat.messages import for_model
from tools.backends.chat.patience import CONNECTING
from tools.kit.models import Ask, ModelCard
from tools.kit.parts import Parts

if TYPE_CHECKING:
    from langchain_anthropic import ChatAnthropic

HOST = "https://api.anthropic.com"
MARK = "cache_control"
BUDGETED = ("claude-haiku-4-5", "claude-opus-4-5", "claude-sonnet-4-5")
"""Those that think by a budget of tokens; later ones decide by themselves how much ("Adaptive thinking")."""
UNFORCED = ("claude-fable-5-", "claude-mythos-5-", "claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5")
"""Those that may not be made to call a tool ("Migration guide": forced tool use returns an error)."""
ANSWER = 16_000
"""Tokens of an answer and of the thinking before it, where nobody says how many."""
THOUGHT = 8_000
"""Tokens of thinking where a budget has to be named."""
ROOM = 1_024
"""Least tokens of thinking, and those left for the answer beside it."""


def build(rest: str, parts: Parts) -> CalledModel:
    """`rest` is the model's name.

    Raises: AskAgain when the model or the key is missing.
    """
    name = named(rest, "anthropic")
    key = key_of(parts, "anthropic", name, "ANTHROPIC_API_KEY")
    where = parts.options.get("anthropic_base_url", HOST)
    return called(Claude(name, key, where), "anthropic", name, parts, where=where)


class Claude:
    """`Vendor`."""

    def __init__(self, name: str, key: str, where: str) -> None:
        from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient, Timeout
        from langchain_anthropic import ChatAnthropic

        # what is given here is not looked for in the environment; and the client is ours, so that it can be closed
        self.chat: ChatAnthropic = ChatAnthropic.model_validate(
            {
                "model": name,
                "api_key": key,
                "base_url": where,
                "anthropic_proxy": None,
                "output_version": None,
                "max_retries": 0,
                "timeout": None,
            }
        )
        self._client = AsyncAnthropic(
            api_key=key,
            base_url=where,
            max_retries=0,
            http_client=DefaultAsyncHttpxClient(
                timeout=Timeout(None, connect=CONNECTING),
                follow_redirects=False,  # keys and images go nowhere else
            ),
        )
        self._client._custom_headers = {}
        self.chat.__dict__["_async_client"] = self._client
        self._tools = ToolForms(self.chat)

    def request(self, ask: Ask, card: ModelCard) -> Request:
        messages = for_model(ask.messages, card.spec, "anthropic")
        arguments: dict[str, Any] = {"max_tokens": min(ask.most_tokens or ANSWER, card.output)}
        if ask.tools:
            arguments |= {"tools": self._tools(ask.tools), "tool_choice": {"type": self._choice(ask)}}
        if ask.schema is not None and card.structured:
            arguments["output_config"] = {"format": _format(ask.schema)}
        if ask.thinking and card.thinking:
            arguments |= self._thinking(arguments["max_tokens"], messages)
        return Request(self._marked(messages, ask), arguments, early=True)

    def batches(self, card: ModelCard) -> AnthropicBatches:
        return AnthropicBatches(self.chat, self._client, self.request, card)

    async def close(self) -> None:
        await self._client.close()

    def _choice(self, ask: Ask) -> str:
        return "auto" if ask.tool_choice == "any" and self.chat.model.startswith(UNFORCED) else ask.tool_choice

    def _thinking(self, most: int, messages: Sequence[BaseMessage]) -> Mapping[str, Any]:
        """Older models are given a budget, unless they called tools without having thought before: that turn has to go
        on so."""
        if not self.chat.model.startswith(BUDGETED):
            return {"thinking": {"type": "adaptive"}}
        budget = min(THOUGHT, most - ROOM)
        if budget < ROOM or _called_unthinking(messages):
            return {}
        return {"thinking": {"type": "enabled", "budget_tokens": budget}}

    def _marked(self, messages: list[BaseMessage], ask: Ask) -> list[BaseMessage]:
        """The first block of the instructions (with the tools before it) is cached; for a model that uses tools, all
        that was said so far too, unless whoever asks has marked what is worth it."""
        if messages and isinstance(messages[0], SystemMessage):
            messages[0] = _cached(messages[0], at=0)
        if ask.tools and len(messages) > 1 and not any(map(_is_marked, messages[1:])):
            messages[-1] = _cached(messages[-1])
        return messages


def _called_unthinking(messages: Sequence[BaseMessage]) -> bool:
    last = next((message for message in reversed(messages) if isinstance(message, AIMessage)), None)
    if last is None or not last.tool_calls:
        return False
    first = last.content[0] if last.content else None
    return not (isinstance(first, dict) and first.get("type") in ("thinking", "redacted_thinking"))


@cache
def _format(schema: type[BaseModel]) -> Mapping[str, Any]:
    """The schema without what Claude's grammar has no place for (bounds, lengths), which stays in descriptions."""
    from anthropic import transform_schema

    return {"type": "json_schema", "schema": transform_schema(schema)}


def _cached(message: BaseMessage, at: int = -1) -> BaseMessage:
    """With the mark that everything up to the end of that block is to be cached (Anthropic, "Prompt caching")."""
    content = message.content
    blocks: list[Any] = [{"type": "text", "text": content}] if isinstance(content, str) else list(content)
    if not blocks or not isinstance(blocks[at], dict) or not blocks[at].get("text", True):
        return message
    blocks[at] = {**blocks[at], MARK: {"type": "ephemeral"}}
    return message.model_copy(update={"content": blocks})


def _is_marked(message: BaseMessage) -> bool:
    return any(isinstance(block, dict) and MARK in block for block in message.content)
