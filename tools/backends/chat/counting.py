"""What a call took, as LangChain hands on the provider's count."""

from __future__ import annotations

from langchain_core.messages import AIMessage

from tools.kit.models import Usage

MOST = 10**9
"""Tokens of a call: a count beyond is none."""
WRITTEN = ("cache_creation", "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")
"""Input written to the prompt cache; the first is 0 where the others are given."""


def usage_of(message: AIMessage) -> Usage | None:
    """None when the provider's count never came."""
    counted = message.usage_metadata
    if counted is None:
        return None
    went_in, came_out = _tokens(counted["input_tokens"]), _tokens(counted["output_tokens"])
    if not (went_in or came_out):
        return None
    went: dict[str, object] = dict(counted.get("input_token_details") or {})
    came: dict[str, object] = dict(counted.get("output_token_details") or {})
    return Usage(
        input=went_in,
        cached=(cached := min(went_in, _tokens(went.get("cache_read")))),
        written=min(went_in - cached, sum(_tokens(went.get(name)) for name in WRITTEN)),
        output=came_out,
        thinking=_tokens(came.get("reasoning")),
    )


def _tokens(told: object) -> int:
    return min(MOST, max(0, told)) if isinstance(told, int) else 0
