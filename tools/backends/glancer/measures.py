"""What tells a photo, a screen, a document and a drawing apart, measured on one image."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.kit.types import Pixels

    Grey = NDArray[np.uint8]
    Floats = NDArray[np.float64]
    Box = tuple[int, int, int, int]

PALE = 200
"""Grey from which a pixel may be paper."""
EDGE, HARD = 20, 60
"""Steps of grey between neighbours: an edge, and one that only print, screens and drawings have often."""
COLOURED = 40
"""Difference of the largest and the smallest of red, green and blue from which a pixel has a colour."""
RUN = 24
"""Pixels along which an edge is level or upright, as frames on screens are."""
ODD = 0.004
"""Share of edges in a row or column up to which it is margin."""


@dataclass(frozen=True)
class Measures:
    """Shares from 0 to 1, but for `tall`."""

    flat: float
    """Pixels that equal their right and lower neighbours within 1 of 255: no camera gives these."""
    commonest: float
    """Pixels of the commonest colour (5 bits a channel)."""
    eight: float
    """Pixels of the eight commonest."""
    pale: float
    """Pale pixels without colour."""
    coloured: float
    hard: float
    """Of the pixels on edges: those on hard ones."""
    level: float
    """Of the pixels on edges: those on long level or upright runs."""
    edged: float
    """Pixels on edges."""
    rows: float
    """Rows of one single colour."""
    dead: float
    """Pixels that equal their right and lower neighbours exactly: not in scans and JPEG."""
    margin: float
    """Width of the narrowest of the four margins, in tenths of the image: paper has them all round, screens do not."""
    tall: float
    """Logarithm of height by width, cut at 1 and -1."""
    lines: float
    """Area covered by what looks like lines of text."""
    rough: float
    """Mean step between neighbours that are on no edge, in 20ths of the range: noise and soft shades."""

    def telling(self) -> Floats:
        """(14,)"""
        return np.array(astuple(self), dtype=np.float64)


BARE = Measures(1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0)
"""Of an image too small to have neighbours."""


def measure(pixels: Pixels, grey: Grey) -> Measures:
    """Of (height, width, 3) uint8 sRGB and the same in grey."""
    import cv2

    if min(grey.shape) < 3:
        return BARE
    right = _largest(cv2.absdiff(pixels[:-1, 1:], pixels[:-1, :-1]))
    below = _largest(cv2.absdiff(pixels[1:, :-1], pixels[:-1, :-1]))
    step = cv2.max(right, below)
    red, green, blue = cv2.split(pixels)
    spread = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
    counts = np.sort(np.bincount(_coarse(pixels).ravel(), minlength=1 << 15))[::-1] / grey.size
    edges = max(1, int(np.count_nonzero(step >= EDGE)))
    calm = step[step < EDGE]
    found = text_lines(grey)
    return Measures(
        flat=_share(step <= 1),
        commonest=float(counts[0]),
        eight=float(counts[:8].sum()),
        pale=_share((grey >= PALE) & (spread < COLOURED)),
        coloured=_share(spread >= COLOURED),
        hard=np.count_nonzero(step >= HARD) / edges,
        level=_level(right, below) / edges,
        edged=edges / step.size,
        rows=_share(right.max(axis=1) <= 1),
        dead=_share(step == 0),
        margin=_margin(step >= EDGE),
        tall=float(np.clip(np.log(grey.shape[0] / grey.shape[1]), -1, 1)),
        lines=sum(width * height for _, _, width, height in found) / grey.size,
        rough=float(calm.mean()) / EDGE if calm.size else 0.0,
    )


def _share(mask: NDArray[np.bool_]) -> float:
    return float(np.count_nonzero(mask)) / mask.size


def _largest(steps: Pixels) -> Grey:
    """(height, width): of each pixel the largest of its three channels."""
    import cv2

    red, green, blue = cv2.split(steps)
    largest: Grey = cv2.max(cv2.max(red, green), blue)
    return largest


def _margin(edges: NDArray[np.bool_]) -> float:
    widths = []
    for share in (edges.mean(axis=0), edges.mean(axis=1)):
        for way in (share, share[::-1]):
            printed = np.flatnonzero(way > ODD)
            widths.append((int(printed[0]) if len(printed) else len(way)) / len(way))
    return min(1.0, 10 * min(widths))


def _coarse(pixels: Pixels) -> NDArray[np.uint16]:
    """(height, width): each pixel's colour by 5 bits a channel."""
    red, green, blue = np.moveaxis(pixels.astype(np.uint16) >> 3, -1, 0)
    return np.asarray((red << 10) | (green << 5) | blue, dtype=np.uint16)


def _level(right: Grey, below: Grey) -> int:
    """Pixels on edges that run straight along rows or columns."""
    import cv2

    across = cv2.morphologyEx(cv2.compare(below, EDGE, cv2.CMP_GE), cv2.MORPH_OPEN, np.ones((1, RUN), np.uint8))
    down = cv2.morphologyEx(cv2.compare(right, EDGE, cv2.CMP_GE), cv2.MORPH_OPEN, np.ones((RUN, 1), np.uint8))
    return int(np.count_nonzero(across | down))


def text_lines(grey: Grey) -> list[Box]:
    """Boxes (left, top, width, height) of what looks like lines of text: wide, low, and full of upright strokes.

    Strong slopes, closed along the row (after Epshtein et al. 2010, who follow strokes instead).
    """
    import cv2

    slope = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    _, marks = cv2.threshold(slope, 40, 1, cv2.THRESH_BINARY)
    joined = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((1, 11), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((3, 7), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    return [
        (left, top, width, height)
        for left, top, width, height, area in stats[1:count].tolist()
        if 5 <= height <= 60
        and width >= 1.5 * height
        and area >= 0.5 * width * height
        and _stroked(marks[top + height // 2, left : left + width], height)
    ]


def _stroked(row: Grey, height: int) -> bool:
    """Whether the middle of a line crosses as many strokes as letters of that height have."""
    strokes = np.count_nonzero(np.diff(row)) / 2
    return bool(strokes >= 3 and strokes >= 0.35 * row.size / height)
