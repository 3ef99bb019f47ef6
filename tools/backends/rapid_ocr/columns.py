"""Pages set in columns: columns of prose are read whole; tables and label-value pairs stay in rows.

Every gap between two pieces may be the gutter of two columns, and each is tried over all rows, so that is done on
arrays: a page with thousands of gaps takes a moment.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tools.backends.rapid_ocr.pieces import Piece, Row

FEWEST = 3
"""Rows of a column."""
Chosen = NDArray[np.intp]
"""Places of pieces, in order."""


def by_columns(page: list[Row]) -> list[Row]:
    """Rows re-ordered so that columns of prose are read one by one."""
    best = _widest_run(page)
    if best is None:
        return page
    start, end, x = best
    left, right = _split(page[start:end], x)
    return by_columns(page[:start]) + by_columns(left) + by_columns(right) + by_columns(page[end:])


def _widest_run(page: list[Row]) -> tuple[int, int, float] | None:
    """The most rows (from, to) that are set in two columns with a gutter at x."""
    gutters = {(a.box[2] + b.box[0]) / 2 for row in page for a, b in pairwise(row) if _apart(a, b)}
    best: tuple[int, int, float] | None = None
    sheet = Sheet(page) if gutters else None
    for x in sorted(gutters):
        assert sheet
        for start, end in sheet.runs(x):
            if (best is None or end - start > best[1] - best[0]) and sheet.is_set_in_two(start, end, x):
                best = (start, end, x)
    return best


def _apart(a: Piece, b: Piece) -> bool:
    return b.box[0] - a.box[2] >= 0.8 * min(a.height, b.height)


def _split(page: list[Row], x: float) -> tuple[list[Row], list[Row]]:
    left = [[piece for piece in row if piece.box[2] <= x] for row in page]
    right = [[piece for piece in row if piece.box[2] > x] for row in page]
    return [row for row in left if row], [row for row in right if row]


class Sheet:
    """The pieces of a page as arrays, row by row."""

    def __init__(self, page: list[Row]) -> None:
        pieces = [piece for row in page for piece in row]
        self._begins = np.concatenate([[0], np.cumsum([len(row) for row in page])])
        """The first piece of each row, and the end."""
        self._row = np.repeat(np.arange(len(page)), np.diff(self._begins))
        self._left = np.array([piece.box[0] for piece in pieces])
        self._right = np.array([piece.box[2] for piece in pieces])
        self._letters = np.array([sum(letter.isalpha() for letter in piece.text) for piece in pieces])
        self._length = np.array([len(piece.text) for piece in pieces])

    def runs(self, x: float) -> list[tuple[int, int]]:
        """Stretches of rows that no piece crosses at x."""
        crossing = np.logical_or.reduceat((self._left < x) & (x < self._right), self._begins[:-1])
        bounds = np.concatenate([[-1], np.flatnonzero(crossing), [len(crossing)]])
        starts, ends = bounds[:-1] + 1, bounds[1:]
        enough = ends - starts >= FEWEST
        return list(zip(starts[enough].tolist(), ends[enough].tolist(), strict=True))

    def is_set_in_two(self, start: int, end: int, x: float) -> bool:
        """Whether these rows are prose on both sides of x."""
        places = np.arange(self._begins[start], self._begins[end])
        is_left = self._right[places] <= x
        return self._is_prose(places[is_left]) and self._is_prose(places[~is_left])

    def _is_prose(self, side: Chosen) -> bool:
        """Lines of words that fill their column: neither a list of amounts nor a list of short labels."""
        rows, firsts, pieces = np.unique(self._row[side], return_index=True, return_counts=True)
        if len(rows) < FEWEST:
            return False
        letters = np.add.reduceat(self._letters[side], firsts)
        lengths = np.add.reduceat(self._length[side], firsts) + pieces - 1  # with the spaces between them
        if np.median(letters) < 12 or letters.sum() / max(1, lengths.sum()) < 0.65:
            return False
        left, right = self._left[side[firsts]], self._right[side[firsts + pieces - 1]]
        return bool(np.median(right - left) / max(right.max() - left.min(), 1) >= 0.6)
