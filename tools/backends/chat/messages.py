"""Messages as a model may see them: without what another one alone understands."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.messages import AIMessage, BaseMessage

SPEC = "spyglass_model"
"""Key of an answer's metadata: spec of the model that gave it."""


def signed(message: AIMessage, spec: str) -> None:
    """Remember who said it."""
    message.response_metadata[SPEC] = spec


def for_model(messages: Sequence[BaseMessage], spec: str, maker: str) -> list[BaseMessage]:
    """`maker`: the provider as LangChain calls it."""
    return [_own(message, spec, maker) for message in messages]


def _own(message: BaseMessage, spec: str, maker: str) -> BaseMessage:
    """Of an answer another model gave, its text and its calls of tools: thinking and signatures are its own."""
    if not isinstance(message, AIMessage):
        return message
    told = message.response_metadata
    if told[SPEC] == spec if SPEC in told else told.get("model_provider", maker) == maker:
        return message
    return AIMessage(message.text, tool_calls=message.tool_calls, invalid_tool_calls=message.invalid_tool_calls)
