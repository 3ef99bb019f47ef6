"""Messages as a provider may see them: without what another provider alone understands."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.messages import AIMessage, BaseMessage


def for_provider(messages: Sequence[BaseMessage], maker: str) -> list[BaseMessage]:
    """`maker`: the provider as LangChain calls it."""
    return [_native(message, maker) for message in messages]


def _native(message: BaseMessage, maker: str) -> BaseMessage:
    """Of an answer another provider gave, its text and its calls of tools: thinking and signatures are its own."""
    if not isinstance(message, AIMessage) or message.response_metadata.get("model_provider", maker) == maker:
        return message
    return AIMessage(message.text, tool_calls=message.tool_calls, invalid_tool_calls=message.invalid_tool_calls)
