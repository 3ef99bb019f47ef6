"""The page as rows of words, upright, with the way back from any stretch of text to its place on the image."""

from __future__ import annotations

import bisect
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tools.backends.rapid_ocr.lines import rows
from tools.backends.rapid_ocr.pieces import Piece
from tools.kit import Box, Quad, Reading

GAP = 1.2
"""Words further apart than this many text heights stand in different cells."""


@dataclass(frozen=True)
class Span:
    """A stretch of text in one row (or several spans one below the other, joined)."""

    text: str
    words: tuple[Piece, ...]

    @property
    def sure(self) -> float:
        return statistics.fmean(word.sure for word in self.words)

    @property
    def box(self) -> Box:
        """In pixels of the image as posted."""
        points = [point for word in self.words for point in word.quad]
        xs, ys = zip(*points, strict=True)
        return (min(xs), min(ys), max(xs), max(ys))

    @property
    def upright(self) -> Box:
        """In the upright frame, for comparing positions."""
        boxes = [word.box for word in self.words]
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return (min(lefts), min(tops), max(rights), max(bottoms))

    def __add__(self, other: Span) -> Span:
        return Span(f"{self.text} {other.text}", self.words + other.words)


@dataclass(frozen=True)
class Row:
    """Words on one baseline, left to right, and their text with single spaces."""

    number: int
    words: tuple[Piece, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def starts(self) -> list[int]:
        starts, at = [], 0
        for word in self.words:
            starts.append(at)
            at += len(word.text) + 1
        return starts

    def span(self, start: int, end: int) -> Span:
        """The characters [start, end), and the words they stand in."""
        first = bisect.bisect_right(self.starts, start) - 1
        last = max(first, bisect.bisect_left(self.starts, end) - 1)
        return Span(self.text[start:end].strip(), self.words[first : last + 1])

    @property
    def height(self) -> float:
        return statistics.median(word.height for word in self.words)

    @cached_property
    def cells(self) -> list[Span]:
        """The row cut where the gaps between words are wide."""
        groups = [[self.words[0]]]
        for word in self.words[1:]:
            last = groups[-1][-1]
            if _apart(last, word):
                groups.append([word])
            else:
                groups[-1].append(word)
        return [Span(" ".join(word.text for word in group), tuple(group)) for group in groups]

    @cached_property
    def extents(self) -> list[tuple[int, int]]:
        """Where each cell begins and ends in the row's text."""
        extents, at = [], 0
        for cell in self.cells:
            extents.append((at, at + len(cell.text)))
            at += len(cell.text) + 1
        return extents


@dataclass(frozen=True)
class Page:
    """All rows of a reading, top to bottom."""

    rows: Sequence[Row]

    @cached_property
    def text(self) -> str:
        return "\n".join(row.text for row in self.rows)

    @cached_property
    def letters(self) -> str:
        """Letters and digits only, in lower case: what a value must be made of to be printed on the paper."""
        return bare(self.text)

    @cached_property
    def height_of_text(self) -> float:
        """Median height of a word."""
        return statistics.median(word.height for row in self.rows for word in row.words)

    def cells(self) -> Iterator[tuple[Row, Span]]:
        for row in self.rows:
            for cell in row.cells:
                yield row, cell


def _apart(last: Piece, word: Piece) -> bool:
    """A wide gap, or another size of print (a stamp beside a name)."""
    low, high = sorted((last.height, word.height))
    return word.box[0] - last.box[2] > GAP * low or (high > 1.6 * low and len(word.text) > 2)


def bare(text: str) -> str:
    """Letters and digits only, in lower case."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def page_of(reading: Reading) -> Page:
    """Rows of words in the upright frame. An empty reading gives a page without rows."""
    pieces = [
        replace(Piece.of(word.text, _upright(word.quad, reading.angle), word.sure), quad=word.quad)
        for line in reading.lines
        for word in line.words
        if word.text.strip()
    ]
    found = rows(pieces)
    return Page([Row(number, tuple(row)) for number, row in enumerate(found)])


def _upright(quad: Quad, angle: float) -> Quad:
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    a, b, c, d = ((x * cos - y * sin, x * sin + y * cos) for x, y in quad)
    return (a, b, c, d)
