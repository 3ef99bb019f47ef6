"""What tells a photo, a screen, a document and a drawing apart, measured on the pixels of one image."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.kit.types import Pixels

    Grey = NDArray[np.uint8]
    Floats = NDArray[np.float64]

PALE = 200
"""Grey from which a pixel may be paper."""
HARD = 60
"""Step of grey between neighbours that only print, screens and drawings have often."""
COLOURED = 40
"""Difference of the largest and the smallest of red, green and blue from which a pixel has a colour."""


@dataclass(frozen=True)
class Measures:
    """All are shares from 0 to 1."""

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
    """Of the pixels on edges: those on level or upright runs of 24 pixels and more, as frames on screens are."""
    rows: float
    """Rows of one single colour."""
    lines: float
    """Area covered by what looks like lines of text."""
    lettered: float
    """How much looks like text: 1 means surely some."""

    def row(self) -> Floats:
        return np.array(astuple(self), dtype=np.float64)


def measure(pixels: Pixels, grey: Grey) -> Measures:
    """Of (height, width, 3) uint8 sRGB and the same in grey."""
    signed = pixels.astype(np.int16)
    right = np.abs(signed[:, 1:] - signed[:, :-1]).max(axis=-1)[:-1]
    below = np.abs(signed[1:] - signed[:-1]).max(axis=-1)[:, :-1]
    if not right.size:
        return Measures(1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    spread = pixels.max(axis=-1).astype(np.int16) - pixels.min(axis=-1)
    counts = np.sort(np.bincount(_coarse(pixels).ravel(), minlength=1 << 15))[::-1] / grey.size
    step = np.maximum(right, below)
    edges = step >= HARD // 3
    found = _lines(grey)
    return Measures(
        flat=float((step <= 1).mean()),
        commonest=float(counts[0]),
        eight=float(counts[:8].sum()),
        pale=float(((grey >= PALE) & (spread < COLOURED)).mean()),
        coloured=float((spread >= COLOURED).mean()),
        hard=float((step >= HARD).sum() / max(1, edges.sum())),
        level=_level(right, below) / max(1, int(edges.sum())),
        rows=float((right.max(axis=1) <= 1).mean()),
        lines=sum(width * height for _, _, width, height in found) / grey.size,
        lettered=min(1.0, len(found) / 3),
    )


def _coarse(pixels: Pixels) -> NDArray[np.int32]:
    wide = pixels.astype(np.int32) >> 3
    coarse: NDArray[np.int32] = (wide[..., 0] << 10) | (wide[..., 1] << 5) | wide[..., 2]
    return coarse


def _level(right: NDArray[np.int16], below: NDArray[np.int16], run: int = 24) -> int:
    """Pixels on edges that run straight along rows or columns."""
    import cv2

    across = cv2.morphologyEx((below >= HARD // 3).astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    down = cv2.morphologyEx((right >= HARD // 3).astype(np.uint8), cv2.MORPH_OPEN, np.ones((run, 1), np.uint8))
    return int(np.count_nonzero(across | down))


def _lines(grey: Grey) -> list[tuple[int, int, int, int]]:
    """Boxes (left, top, width, height) of what looks like lines of text: wide, low, and full of upright strokes."""
    import cv2

    slope = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    _, marks = cv2.threshold(slope, 40, 1, cv2.THRESH_BINARY)
    joined = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((1, 11), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((3, 7), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for left, top, width, height, area in stats[1:count].tolist():
        if not (5 <= height <= 60 and width >= 1.5 * height and area >= 0.5 * width * height):
            continue
        inside = marks[top : top + height, left : left + width]
        changes = np.abs(np.diff(inside[height // 2].astype(np.int8))).sum() / 2
        if changes >= 0.35 * width / height and changes >= 3:
            found.append((left, top, width, height))
    return found
