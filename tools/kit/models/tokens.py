"""Tokens before a provider has counted them: close enough to trim by, never for bills that can be had exactly."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

CHARACTERS = 4
"""To a token of English (OpenAI, "What are tokens and how to count them?"); other scripts take more tokens."""
WIDE = "\u2e80"
"""From here on (CJK, emoji) a character is about a token."""
IMAGE = 1_500
"""Of an image whose size is not known here: about what 1024 x 1024 pixels take."""
MESSAGE = 4
"""For the frame of a message."""


def text_tokens(text: str) -> int:
    """About how many tokens a text takes."""
    wide = sum(character >= WIDE for character in text) if not text.isascii() else 0
    return wide + -(-(len(text) - wide) // CHARACTERS)


def estimated_tokens(messages: Sequence[BaseMessage], tools: Sequence[Mapping[str, Any]] = ()) -> int:
    """About how many tokens messages and schemas of tools take."""
    return sum(map(_of_message, messages)) + (text_tokens(json.dumps(tools)) if tools else 0)


def _of_message(message: BaseMessage) -> int:
    content = message.content
    blocks: list[Any] = [content] if isinstance(content, str) else list(content)
    calls = getattr(message, "tool_calls", None)
    return MESSAGE + sum(map(_of_block, blocks)) + (text_tokens(json.dumps(calls, default=str)) if calls else 0)


def _of_block(block: Any) -> int:
    if isinstance(block, str):
        return text_tokens(block)
    if block.get("type") in {"image", "image_url", "input_image"}:
        return IMAGE
    return text_tokens(str(block.get("text") or block.get("thinking") or ""))
