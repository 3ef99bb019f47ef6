"""What a call took, as LangChain hands on the provider's count."""

from __future__ import annotations

from langchain_core.messages import AIMessage

from tools.kit.models import Usage

WRITTEN = ("cache_creation", "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")
"""Input written to the prompt cache; the first is 0 where the others are given."""


def usage_of(message: AIMessage) -> Usage | None:
    """None when the provider's count never came."""
    counted = message.usage_metadata
    if counted is None or not (counted["input_tokens"] or counted["output_tokens"]):
        return None
    went: dict[str, int | None] = dict(counted.get("input_token_details") or {})  # type: ignore[arg-type]
    came: dict[str, int | None] = dict(counted.get("output_token_details") or {})  # type: ignore[arg-type]
    return Usage(
        input=counted["input_tokens"],
        cached=went.get("cache_read") or 0,
        written=sum(went.get(name) or 0 for name in WRITTEN),
        output=counted["output_tokens"],
        thinking=came.get("reasoning") or 0,
    )
