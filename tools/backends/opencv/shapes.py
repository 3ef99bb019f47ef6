"""The closed and the filled shapes of a drawing, found by their outline or their fill, whatever their form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.backends.opencv.pixels import scaled
from tools.kit import Box, Node

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tools.backends.opencv.pixels import Mask

    Contour = NDArray[np.int32]

SMALLEST, LARGEST = 0.0008, 0.4
"""Share of the drawing a shape may cover."""
COMPACT = 0.85
"""Share of its convex hull a shape fills: boxes, ovals and diamonds do, the space between arrows does not."""


@dataclass(frozen=True)
class Shape:
    node: Node
    mask: Mask


def shapes_of(
    contours: Sequence[Contour], texts: Sequence[tuple[str, Box]], size: tuple[int, ...], scale: float
) -> list[Shape]:
    """Every shape with text in it, in reading order. Of shapes within each other, the innermost."""
    candidates = sorted(contours, key=_area)
    taken: list[tuple[Contour, list[tuple[str, Box]]]] = []
    free = list(texts)
    for contour in candidates:
        inside = [text for text in free if _holds(contour, text[1])]
        if inside and not any(_holds_contour(contour, other) for other, _ in taken):
            taken.append((contour, inside))
            free = [text for text in free if text not in inside]
    shapes = [_shape(contour, inside, size, scale) for contour, inside in taken]
    high = max([shape.node.box[3] - shape.node.box[1] for shape in shapes] or [1.0])
    return sorted(shapes, key=lambda shape: (round(shape.node.box[1] / high), shape.node.box[0]))


def contours_of(ink: Mask, tinted: Mask, texts: Sequence[Box]) -> Iterator[Contour]:
    """Outlines of closed and of filled shapes of a plausible size and form."""
    import cv2
    import numpy as np

    closed = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, tree = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    parents = tree[0][:, 3] if len(contours) else []
    holes = [contour for contour, parent in zip(contours, parents, strict=True) if parent >= 0]
    fat = max(19, round(0.022 * max(ink.shape)) | 1)  # wider than any line or arrow head
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (fat, fat))
    solid = cv2.morphologyEx(_without_letters(tinted.astype(np.uint8), texts), cv2.MORPH_OPEN, disc)
    blobs, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for contour in [*holes, *blobs]:
        area = cv2.contourArea(contour)
        hull = cv2.contourArea(cv2.convexHull(contour))
        if SMALLEST * ink.size < area < LARGEST * ink.size and area > COMPACT * hull:
            yield contour


def _without_letters(ink: NDArray[np.uint8], texts: Sequence[Box]) -> NDArray[np.uint8]:
    """Letters the colour of the ground would be holes in a filled shape: where ink is all around them, fill them."""
    filled = ink.copy()
    for box in texts:
        left, top, right, bottom = (max(0, round(side)) for side in box)
        left, top, right, bottom = max(3, left), max(3, top), right + 3, bottom + 3
        around = [ink[top - 3, left:right], ink[bottom - 1 : bottom, left:right], ink[top:bottom, left - 3]]
        if all(part.size and part.mean() > 0.8 for part in around):
            filled[top:bottom, left:right] = 1
    return filled


def _area(contour: Contour) -> float:
    import cv2

    return float(cv2.contourArea(contour))


def _holds(contour: Contour, box: Box) -> bool:
    import cv2

    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    return bool(cv2.pointPolygonTest(contour, middle, False) > 0)


def _holds_contour(contour: Contour, other: Contour) -> bool:
    import cv2

    x, y, across, down = cv2.boundingRect(other)
    return _holds(contour, (x, y, x + across, y + down))


def _shape(contour: Contour, texts: Sequence[tuple[str, Box]], size: tuple[int, ...], scale: float) -> Shape:
    import cv2
    import numpy as np

    mask = np.zeros(size, np.uint8)
    cv2.drawContours(mask, [contour], -1, 1, cv2.FILLED)
    x, y, across, down = cv2.boundingRect(contour)
    label = " ".join(text for text, _ in sorted(texts, key=lambda text: (round(text[1][1] / 12), text[1][0])))
    return Shape(Node(label=label, box=scaled((x, y, x + across, y + down), 1 / scale)), mask > 0)
