"""The span of one call of a model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tools.kit.models.asking import Ask, Reply
from tools.kit.models.card import ModelCard
from tools.kit.tracing.spans import Attributes, Span, span

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

PROVIDERS = {"google": "gcp.gemini"}
"""Providers that the conventions call otherwise than we do."""
ROLES = {"human": "user", "ai": "assistant"}
"""Roles by LangChain's types of messages, where the words differ."""


class Call:
    """One call, under way."""

    def __init__(self, recorded: Span) -> None:
        self._span = recorded

    def answered(self, reply: Reply) -> None:
        usage = reply.usage
        self._span.set(
            {
                "gen_ai.response.model": reply.model.partition(":")[2] or reply.model,
                "gen_ai.usage.input_tokens": usage.input,
                "gen_ai.usage.cache_read.input_tokens": usage.cached,
                "gen_ai.usage.cache_creation.input_tokens": usage.written,
                "gen_ai.usage.output_tokens": usage.output,
                "gen_ai.usage.reasoning.output_tokens": usage.thinking,
            }
        )
        if reply.stopped is not None:
            self._span.set({"spyglass.stopped": True})
        self._span.content(lambda: {"gen_ai.output.messages": _as_json([reply.message])})


@contextmanager
def chat_span(card: ModelCard, ask: Ask) -> Iterator[Call]:
    """Put it around one call of one provider."""
    asked: Attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": PROVIDERS.get(card.provider, card.provider),
        "gen_ai.request.model": card.name,
        "spyglass.purpose": ask.purpose,
        "spyglass.images": ask.images,
        "spyglass.image_bytes": ask.image_bytes,
    }
    with span(f"chat {card.name}", asked) as recorded:
        recorded.content(lambda: {"gen_ai.input.messages": _as_json(ask.messages)})
        yield Call(recorded)


def _as_json(messages: Any) -> str:
    """As the conventions' schema of ``gen_ai.input.messages`` has it."""
    told = [{"role": ROLES.get(message.type, message.type), "parts": _parts(message)} for message in messages]
    return json.dumps(told, ensure_ascii=False, default=str)


def _parts(message: BaseMessage) -> list[dict[str, Any]]:
    called = [
        {"type": "tool_call", "id": call["id"], "name": call["name"], "arguments": call["args"]}
        for call in getattr(message, "tool_calls", [])
    ]
    said = [part for block in message.content_blocks if (part := _part(block))]
    if message.type != "tool":
        return said + called
    return [{"type": "tool_call_response", "id": getattr(message, "tool_call_id", ""), "response": message.text}]


def _part(block: Mapping[str, Any]) -> dict[str, Any] | None:
    if block["type"] == "text":
        return {"type": "text", "content": block["text"]}
    if block["type"] == "image" and "base64" in block:
        media = block.get("mime_type", "")
        return {"type": "blob", "modality": "image", "mime_type": media, "content": block["base64"]}
    return None
