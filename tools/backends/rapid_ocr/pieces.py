"""Text as it was found on a page."""

from __future__ import annotations

from dataclasses import dataclass

from tools.kit import Box, Quad


@dataclass(frozen=True)
class Piece:
    """Text found in one go (a word, or a run of words), in the upright frame, with the corners it came from."""

    text: str
    box: Box
    quad: Quad
    sure: float

    @classmethod
    def of(cls, text: str, quad: Quad, sure: float) -> Piece:
        xs, ys = zip(*quad, strict=True)
        return cls(text, (min(xs), min(ys), max(xs), max(ys)), quad, sure)

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


Row = list[Piece]
"""Pieces on one height, from left to right."""
