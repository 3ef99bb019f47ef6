"""Prompt caching as the providers do it: a beginning that was there before is read, not counted afresh."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.provider.prompt import Piece

LEAST = 1024
"""Tokens below which nothing is cached by itself: developers.openai.com/api/docs/guides/prompt-caching,
ai.google.dev/gemini-api/docs/caching."""
STEP = 128
"""OpenAI's hits come in steps of so many tokens beyond the first 1024."""


@dataclass
class PromptCache:
    """Beginnings seen so far, by model. Nothing expires within a test."""

    seen: set[bytes] = field(default_factory=set)

    def marked(self, model: str, pieces: Sequence[Piece], least: int) -> tuple[int, int]:
        """Tokens read and written with breakpoints of one's own, as Anthropic has them, from `least` tokens on."""
        starts = list(_starts(model, pieces))
        marks = [number for number, piece in enumerate(pieces) if piece.mark and starts[number][1] >= least]
        if not marks:
            return 0, 0
        read = max((tokens for key, tokens in starts[: marks[-1] + 1] if key in self.seen), default=0)
        self.seen |= {starts[number][0] for number in marks}
        return read, starts[marks[-1]][1] - read

    def automatic(self, model: str, pieces: Sequence[Piece]) -> int:
        """Tokens read where the provider caches by itself, as OpenAI and Google do."""
        starts = list(_starts(model, pieces))
        read = max((tokens for key, tokens in starts if key in self.seen), default=0)
        self.seen |= {key for key, _ in starts}
        return read // STEP * STEP if read >= LEAST else 0


def _starts(model: str, pieces: Sequence[Piece]) -> Iterator[tuple[bytes, int]]:
    """Hash and tokens of every beginning that ends with a piece."""
    told = hashlib.sha256(model.encode())
    tokens = 0
    for piece in pieces:
        told.update(piece.key)
        tokens += piece.cost
        yield told.digest(), tokens
