"""Reading order by geometry: pieces of text become rows, rows become lines, columns of prose are read one by one."""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from tools.backends.rapid_ocr.columns import by_columns
from tools.backends.rapid_ocr.pieces import Piece, Row
from tools.kit import Line, Word

WIDE = 3.0
"""A gap of this many text heights separates: what stands across it belongs to the line only as an amount or a value."""

VALUE = re.compile(r"[:=]?\s*[-+(]?\s*(?:[$€£¥₹%@]|[A-Z]{2,3}\s?)?\s*[-+(]?[.,]?\d|[:=x*@$€£¥₹#-]", re.IGNORECASE)


def in_reading_order(pieces: Sequence[Piece]) -> list[Row]:
    """Lines of pieces, top to bottom and left to right, column by column where the page is set in columns."""
    return [part for row in by_columns(rows(pieces)) for part in _parted(row)]


def rows(pieces: Sequence[Piece]) -> list[Row]:
    """Pieces that share a baseline, by chaining neighbours: a page that is slightly skewed or curled stays in rows."""
    found: list[Row] = []
    ends = Ends(pieces)
    for piece in sorted(pieces, key=lambda piece: piece.box[0]):
        near = [number for number in ends.near(piece) if _follows(found[number][-1], piece)]
        number = min(near, key=lambda number: abs(found[number][-1].middle - piece.middle), default=len(found))
        if number == len(found):
            found.append([piece])
        else:
            ends.drop(number, found[number][-1])
            found[number].append(piece)
        ends.add(number, piece)
    return sorted(found, key=lambda row: statistics.fmean(piece.middle for piece in row))


class Ends:
    """The last pieces of rows by their height on the page, so that a piece is compared with its neighbours alone."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._step = max(statistics.median([piece.height for piece in pieces] or [1.0]), 1.0)
        self._rows: defaultdict[int, set[int]] = defaultdict(set)

    def near(self, piece: Piece) -> list[int]:
        """Numbers of the rows whose last piece may share a height with this one, as they were found."""
        return sorted(set().union(*(self._rows[band] for band in self._bands(piece))))

    def add(self, number: int, last: Piece) -> None:
        for band in self._bands(last):
            self._rows[band].add(number)

    def drop(self, number: int, last: Piece) -> None:
        for band in self._bands(last):
            self._rows[band].discard(number)

    def _bands(self, piece: Piece) -> range:
        return range(int(piece.box[1] // self._step), int(piece.box[3] // self._step) + 1)


def _follows(last: Piece, piece: Piece) -> bool:
    lower = min(last.height, piece.height)
    shared = min(last.box[3], piece.box[3]) - max(last.box[1], piece.box[1])
    return shared >= 0.5 * lower and piece.box[0] >= last.box[2] - max(0.5 * lower, 0.2 * piece.width)


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
