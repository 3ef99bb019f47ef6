"""Reading order by geometry: pieces of text become rows, rows become lines, columns of prose are read one by one."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tools.kit import Box, Line, Quad, Word

WIDE = 3.0
"""A gap of this many text heights separates: what stands across it belongs to the line only as an amount or a value."""

VALUE = re.compile(r"[:=]?\s*[-+(]?\s*(?:[$€£¥₹%@]|[A-Z]{2,3}\s?)?\s*[-+(]?[.,]?\d|[:=x*@$€£¥₹#-]", re.IGNORECASE)


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


def in_reading_order(pieces: Sequence[Piece]) -> list[Row]:
    """Lines of pieces, top to bottom and left to right, column by column where the page is set in columns."""
    return [part for row in _columns(rows(pieces)) for part in _parted(row)]


def rows(pieces: Sequence[Piece]) -> list[Row]:
    """Pieces that share a baseline, by chaining neighbours: a page that is slightly skewed or curled stays in rows."""
    found: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: piece.box[0]):
        near = [row for row in found if _follows(row[-1], piece)]
        if near:
            min(near, key=lambda row: abs(row[-1].middle - piece.middle)).append(piece)
        else:
            found.append([piece])
    return sorted(found, key=lambda row: statistics.fmean(piece.middle for piece in row))


def _follows(last: Piece, piece: Piece) -> bool:
    lower = min(last.height, piece.height)
    shared = min(last.box[3], piece.box[3]) - max(last.box[1], piece.box[1])
    return shared >= 0.5 * lower and piece.box[0] >= last.box[2] - max(0.5 * lower, 0.2 * piece.width)


def _columns(page: list[Row]) -> list[Row]:
    """Rows re-ordered so that columns of prose are read whole; tables and label-value pairs stay in rows."""
    gutters = {(a.box[2] + b.box[0]) / 2 for row in page for a, b in pairwise(row) if _apart(a, b)}
    best: tuple[int, int, float] | None = None
    for x in sorted(gutters):
        for start, end in _runs(page, x):
            if (best is None or end - start > best[1] - best[0]) and _two_columns(page[start:end], x):
                best = (start, end, x)
    if best is None:
        return page
    start, end, x = best
    left, right = _split(page[start:end], x)
    return _columns(page[:start]) + _columns(left) + _columns(right) + _columns(page[end:])


def _apart(a: Piece, b: Piece) -> bool:
    return b.box[0] - a.box[2] >= 0.8 * min(a.height, b.height)


def _runs(page: list[Row], x: float) -> list[tuple[int, int]]:
    """Stretches of rows that no piece crosses at x."""
    runs, start = [], 0
    for index, row in enumerate([*page, None]):
        if row is None or any(piece.box[0] < x < piece.box[2] for piece in row):
            if index - start >= 3:
                runs.append((start, index))
            start = index + 1
    return runs


def _split(page: list[Row], x: float) -> tuple[list[Row], list[Row]]:
    left = [[piece for piece in row if piece.box[2] <= x] for row in page]
    right = [[piece for piece in row if piece.box[2] > x] for row in page]
    return [row for row in left if row], [row for row in right if row]


def _two_columns(page: list[Row], x: float) -> bool:
    return all(_prose(side) for side in _split(page, x))


def _prose(side: list[Row]) -> bool:
    """Lines of words that fill their column: neither a list of amounts nor a list of short labels."""
    if len(side) < 3:
        return False
    full = max(row[-1].box[2] for row in side) - min(row[0].box[0] for row in side)
    texts = [" ".join(piece.text for piece in row) for row in side]
    letters = statistics.median(sum(letter.isalpha() for letter in text) for text in texts)
    share = sum(letter.isalpha() for text in texts for letter in text) / max(1, sum(map(len, texts)))
    filled = statistics.median(row[-1].box[2] - row[0].box[0] for row in side) / max(full, 1)
    return letters >= 12 and share >= 0.65 and filled >= 0.6


def _parted(row: Row) -> list[Row]:
    """Labels far apart on one height (a diagram, two headings) are their own lines; amounts stay with their label."""
    parts = [[row[0]]]
    for index, (last, piece) in enumerate(pairwise(row), start=1):
        wide = piece.box[0] - last.box[2] > WIDE * max(last.height, piece.height)
        if wide and not _belongs(last, row[index:]):
            parts.append([piece])
        else:
            parts[-1].append(piece)
    return parts


def _belongs(last: Piece, rest: Row) -> bool:
    """Whether what follows across a wide gap is the value of what stands before it ("TOTAL ...... RM 14.10")."""
    value = " ".join(piece.text for piece in rest[:2])
    return bool(VALUE.match(value)) or last.text.rstrip().endswith((":", "："))


def line(row: Row) -> Line:
    """One line: its text with single spaces, its corners, its words."""
    text = " ".join(piece.text.strip() for piece in row)
    weight = sum(len(piece.text) for piece in row)
    sure = sum(piece.sure * len(piece.text) for piece in row) / weight
    first, last = row[0].quad, row[-1].quad
    words = tuple(word for piece in row for word in _words(piece))
    return Line(text=text, quad=(first[0], last[1], last[2], first[3]), sure=round(sure, 4), words=words)


def _words(piece: Piece) -> list[Word]:
    """The words of a piece, each with its share of the piece's width by its letters."""
    text, found = piece.text.strip(), []
    for match in re.finditer(r"\S+", text):
        a, b = match.start() / len(text), match.end() / len(text)
        tl, tr, br, bl = piece.quad
        quad = (_along(tl, tr, a), _along(tl, tr, b), _along(bl, br, b), _along(bl, br, a))
        found.append(Word(text=match.group(), quad=quad, sure=round(piece.sure, 4)))
    return found


def _along(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    return (round(a[0] + (b[0] - a[0]) * share, 1), round(a[1] + (b[1] - a[1]) * share, 1))
