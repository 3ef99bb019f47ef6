"""Which way the text runs, and the frame in which it runs left to right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Corners = NDArray[np.float32]
"""(4, 2): top left, top right, bottom right, bottom left."""

LONG = 2.0
"""Only boxes at least this much longer than high say which way text runs."""

NEAR = 6.0
"""Degrees within which boxes count as running the same way."""


def slope(boxes: list[Corners]) -> float | None:
    """Direction the text runs, in degrees clockwise from rightward, in (-90, 90]; None when no box is long enough.

    The direction most of the text's length agrees on; upside down looks the same, so it is decided by reading.
    """
    angles, lengths = [], []
    for box in boxes:
        along, across = (box[1] - box[0] + box[2] - box[3]) / 2, (box[3] - box[0] + box[2] - box[1]) / 2
        longer, shorter = sorted((along, across), key=lambda side: -float(np.hypot(*side)))
        length = float(np.hypot(*longer))
        if length >= LONG * float(np.hypot(*shorter)):
            angles.append(math.degrees(math.atan2(longer[1], longer[0])))
            lengths.append(length)
    if not angles:
        return None
    votes = [sum(w for b, w in zip(angles, lengths, strict=True) if abs(_half(b - a)) <= NEAR) for a in angles]
    mode = angles[votes.index(max(votes))]
    near = [(_half(b - mode), w) for b, w in zip(angles, lengths, strict=True) if abs(_half(b - mode)) <= NEAR]
    return _half(mode + sum(d * w for d, w in near) / sum(w for _, w in near))


def _half(angle: float) -> float:
    """An angle of a line without direction, in (-90, 90]."""
    angle %= 180
    return angle - 180 if angle > 90 else angle


def snapped(turn: float, straight: float) -> float:
    """`turn`, or the right angle it is within `straight` degrees of: a page is scanned squarely more often than not."""
    right = 90.0 * round(turn / 90)
    return right if abs(turn - right) <= straight else turn


def half_turn(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(3, 3) matrix that turns this picture upside down."""
    height, width = pixels.shape[:2]
    return np.array([[-1.0, 0, width], [0, -1.0, height], [0, 0, 1]])


@dataclass(frozen=True)
class Frame:
    """The image scaled, turned and given a margin; and the way back."""

    pixels: NDArray[np.uint8]
    matrix: NDArray[np.float64]
    """(3, 3): from pixels of the image as posted to this frame."""

    def back(self, corners: Corners) -> Corners:
        """Corners in pixels of the image as posted."""
        return _moved(corners, np.linalg.inv(self.matrix))

    def forth(self, corners: Corners) -> Corners:
        """Corners of the image as posted in pixels of this frame."""
        return _moved(corners, self.matrix)


def _moved(corners: Corners, matrix: NDArray[np.floating[Any]]) -> Corners:
    flat = np.hstack([corners, np.ones((4, 1))]) @ matrix.T
    moved: Corners = flat[:, :2].astype(np.float32)
    return moved


def frame(pixels: NDArray[np.uint8], scale: float, turn: float, margin: int) -> Frame:
    """`pixels` scaled, then turned clockwise by `turn` degrees, whole, with a margin of its own edge colour.

    (height, width, 3) uint8 in and out.
    """
    import cv2

    height, width = pixels.shape[:2]
    small = pixels
    if scale != 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    h, w = small.shape[:2]
    zoom = np.diag([w / width, h / height, 1.0])
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    about = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    corners = about[:2, :2] @ np.array([[0, w, w, 0], [0, 0, h, h]])
    low, high = corners.min(axis=1), corners.max(axis=1)
    about[:2, 2] = margin - low
    across, down = (math.ceil(side) + 2 * margin for side in high - low)
    turned: Any = cv2.warpAffine(
        small,
        about[:2],
        (across, down),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_edge(small),
    )
    return Frame(turned, about @ zoom)


def _edge(pixels: NDArray[np.uint8]) -> tuple[int, ...]:
    """Median colour of the rim, so that the margin draws no frame the detector could take for text."""
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return tuple(int(value) for value in np.median(rim, axis=0))
