"""Blocks of messages of the Messages API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]


def blocks_of(content: Any) -> list[Block]:
    """A text alone stands for one block."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def all_blocks(messages: Sequence[Block]) -> Iterator[tuple[int, int, Block]]:
    """With the numbers of their message and within it."""
    for number, message in enumerate(messages):
        for place, block in enumerate(blocks_of(message["content"])):
            yield number, place, block
