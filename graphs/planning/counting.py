"""How many tokens messages take, before anybody has counted them: rather too many than too few."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage

BYTES = 3
"""UTF-8 bytes to a token: three letters of English, one and a half Cyrillic or Greek ones, one of Chinese, Japanese or
Korean. Byte-level BPE vocabularies take about four bytes of English to a token, those of newer models fewer."""
FRAME = 8
"""Tokens of a message besides its content."""
LEAST, MOST = 0.7, 3.0
"""How far a provider's count may correct ours."""


def tokens_of(messages: Sequence[BaseMessage]) -> int:
    return sum(map(_tokens, messages))


def tokens_of_tools(schemas: Sequence[Mapping[str, Any]]) -> int:
    return sum(_of_text(json.dumps(schema)) + FRAME for schema in schemas)


def _tokens(message: BaseMessage) -> int:
    calls = message.tool_calls if isinstance(message, AIMessage) else []
    called = sum(_of_text(json.dumps(call, default=str)) + FRAME for call in calls)
    return FRAME + _of_text(message.text) + called


def _of_text(text: str) -> int:
    return -(-len(text.encode("utf-8", "surrogatepass")) // BYTES)


class Correction:
    """What a model's provider counts for each token that we count: learned from what it reports."""

    def __init__(self) -> None:
        self.factor = 1.0

    def learn(self, ours: int, theirs: int) -> None:
        """Up at once, down slowly: a request that is too long fails, one that is too short only forgets sooner."""
        if ours <= 0 or theirs <= 0:
            return
        seen = min(MOST, max(LEAST, theirs / ours))
        self.factor = seen if seen > self.factor else 0.9 * self.factor + 0.1 * seen
