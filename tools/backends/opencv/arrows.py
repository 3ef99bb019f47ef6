"""The lines of a drawing between its shapes: a line belongs to the shapes its ends come close to, and an end wider than
the line is a head."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.backends.opencv.shapes import Shape
from tools.kit import Arrow, Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tools.backends.opencv.pixels import Mask

    Points = NDArray[np.float64]

NEAR = 0.022
"""Part of the longer side within which a line's end belongs to a shape."""
HEAD = 1.7
"""Times the line's own width, across the line, from which an end is a head."""
PLAINLY = 1.6
"""Times as wide as the other end, from which only one of two wide ends is a head."""


@dataclass(frozen=True)
class End:
    """Where a drawn line meets a shape."""

    shape: int
    place: tuple[float, float]
    width: float
    """How wide the ink is across the line there, in widths of the line."""

    @property
    def is_head(self) -> bool:
        return self.width > HEAD


def arrows_of(ink: Mask, shapes: Sequence[Shape], texts: Sequence[tuple[str, Box]]) -> tuple[list[Arrow], int]:
    """The connections, and how many drawn lines could not be followed."""
    import cv2
    import numpy as np

    near = round(NEAR * max(ink.shape))
    labels = [text for text in texts if not any(_inside(shape.mask, text[1]) for shape in shapes)]
    strokes = _strokes(ink, shapes, texts)
    count, pieces = cv2.connectedComponents(strokes.astype(np.uint8), connectivity=8)
    grown = [
        cv2.dilate(shape.mask.astype(np.uint8), np.ones((2 * near + 1, 2 * near + 1), np.uint8)) > 0 for shape in shapes
    ]
    found: dict[tuple[int, int], Arrow] = {}
    unclear = 0
    for piece in range(1, count):
        line = pieces == piece
        rows, columns = np.nonzero(line)
        if max(np.ptp(rows), np.ptp(columns)) < near * 0.7:
            continue
        ends = _ends(line, shapes, grown)
        arrows = list(_connections(line, ends, _label(line, labels, near)))
        unclear += bool(len(ends) > 1 and not arrows)
        for arrow in arrows:
            found.setdefault((arrow.start, arrow.end), arrow)
    return list(found.values()), unclear


def _strokes(ink: Mask, shapes: Sequence[Shape], texts: Sequence[tuple[str, Box]]) -> Mask:
    """Ink that is neither a shape, nor its outline, nor text. Dashes are joined."""
    import cv2
    import numpy as np

    strokes = ink.astype(np.uint8)
    outline = _outline(ink, shapes)
    for shape in shapes:
        strokes[cv2.dilate(shape.mask.astype(np.uint8), np.ones((2 * outline + 1, 2 * outline + 1), np.uint8)) > 0] = 0
    boxes = [tuple(round(side) for side in box) for _, box in texts]
    for left, top, right, bottom in boxes:
        strokes[max(0, top - 2) : bottom + 2, max(0, left - 2) : right + 2] = 0
    joined = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    for left, top, right, bottom in boxes:
        _bridge(joined, (max(0, left - 9), max(0, top - 9), right + 9, bottom + 9))
    return np.asarray(joined > 0)


def _bridge(strokes: NDArray[np.uint8], box: tuple[int, int, int, int]) -> None:
    """Draw the line on where a label was written upon it: it comes in at one side and goes out at another."""
    import cv2
    import numpy as np

    left, top, right, bottom = box
    count, pieces = cv2.connectedComponents(strokes[top:bottom, left:right])
    middles = [np.argwhere(pieces == piece).mean(0) for piece in range(1, count)]
    if len(middles) == 2:
        (row, column), (other_row, other_column) = middles
        start, end = (left + round(column), top + round(row)), (left + round(other_column), top + round(other_row))
        cv2.line(strokes, start, end, 1, 2)


def _outline(ink: Mask, shapes: Sequence[Shape]) -> int:
    """Pixels of outline around the shapes: 2 more than the ink found there in most directions."""
    import cv2
    import numpy as np

    for width in range(1, 14):
        inked = []
        for shape in shapes:
            mask = shape.mask.astype(np.uint8)
            inner = cv2.dilate(mask, np.ones((2 * width - 1, 2 * width - 1), np.uint8))
            ring = (cv2.dilate(mask, np.ones((2 * width + 1, 2 * width + 1), np.uint8)) > 0) & (inner == 0)
            inked.append(float(ink[ring].mean()))
        if max(inked) < 0.4:
            return width + 1
    return 8


def _inside(mask: Mask, box: Box) -> bool:
    row = min(mask.shape[0] - 1, max(0, round((box[1] + box[3]) / 2)))
    column = min(mask.shape[1] - 1, max(0, round((box[0] + box[2]) / 2)))
    return bool(mask[row, column])


def _ends(line: Mask, shapes: Sequence[Shape], near: Sequence[Mask]) -> list[End]:
    """Where the line comes close to a shape, and how wide it is there."""
    import cv2
    import numpy as np

    rows, columns = np.nonzero(line)
    ink = np.stack([columns, rows], axis=1).astype(np.float64)
    touched = [index for index, grown in enumerate(near) if (line & grown).any()]
    if len(touched) < 2:
        return []
    tips = [_tip(ink, shapes[index]) for index in touched]
    apart = min(float(np.linalg.norm(one - other)) for one, other in itertools.combinations(tips, 2))
    reach = min(max(8.0, 0.014 * max(line.shape)), 0.4 * max(apart, 6.0))
    own = 2 * float(np.median(cv2.distanceTransform(line.astype(np.uint8), cv2.DIST_L2, 3)[_spine(line)]))
    return [
        End(index, (float(tip[0]), float(tip[1])), _width(ink, tip, reach) / max(own, 2.5))
        for index, tip in zip(touched, tips, strict=True)
    ]


def _tip(ink: Points, shape: Shape) -> Points:
    """(2,) the middle of the ink nearest to a shape."""
    import cv2
    import numpy as np

    away = cv2.distanceTransform((~shape.mask).astype(np.uint8), cv2.DIST_L2, 5)
    distances = away[ink[:, 1].astype(int), ink[:, 0].astype(int)]
    return np.asarray(ink[distances < distances.min() + 3].mean(0))


def _spine(line: Mask) -> Mask:
    """The middle of the stroke: where no neighbour is farther from its edge."""
    import cv2
    import numpy as np

    depth = cv2.distanceTransform(line.astype(np.uint8), cv2.DIST_L2, 3)
    return np.asarray(line & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8))))


def _width(ink: Points, tip: Points, reach: float) -> float:
    """Pixels of ink across the line within `reach` of a tip: open and filled heads are wide, plain ends are not."""
    import numpy as np

    distance = np.linalg.norm(ink - tip, axis=1)
    close, beyond = ink[distance <= reach], ink[(distance > reach) & (distance < 2.5 * reach)]
    if not len(close) or not len(beyond):
        return 0.0
    along = beyond.mean(0) - tip
    along /= np.linalg.norm(along) + 1e-6
    across = (close - tip) @ np.array([-along[1], along[0]])
    return float(np.percentile(across, 98) - np.percentile(across, 2)) + 1


def _connections(line: Mask, ends: Sequence[End], label: str | None) -> Iterator[Arrow]:
    """One for two ends; for more, those that a straight stretch of ink joins, else one tail to every head."""
    if len(ends) == 2:
        yield from _between(ends[0], ends[1], label)
        return
    straight = [pair for pair in itertools.combinations(ends, 2) if _joined(line, *pair)]
    if len(ends) > 2 and len(straight) >= len(ends) // 2:
        for one, other in straight:
            yield from _between(one, other, label)
        return
    heads = [end for end in ends if end.is_head]
    tails = [end for end in ends if not end.is_head]
    if len(ends) > 2 and heads and len(tails) == 1:
        for head in heads:
            yield Arrow(start=tails[0].shape, end=head.shape, directed=True, label=label)
    elif len(ends) > 2 and len(heads) == 1:
        for tail in tails:
            yield Arrow(start=tail.shape, end=heads[0].shape, directed=True, label=label)


def _between(one: End, other: End, label: str | None) -> Iterator[Arrow]:
    """One arrow, two where both ends are heads, or a line without direction."""
    there = other.is_head and not (one.is_head and one.width > PLAINLY * other.width)
    back = one.is_head and not (other.is_head and other.width > PLAINLY * one.width)
    if there or not back:
        yield Arrow(start=one.shape, end=other.shape, directed=there, label=label)
    if back:
        yield Arrow(start=other.shape, end=one.shape, directed=True, label=label)


def _joined(line: Mask, one: End, other: End) -> bool:
    import numpy as np

    steps = np.linspace(0.05, 0.95, 60)
    columns = one.place[0] + steps * (other.place[0] - one.place[0])
    rows = one.place[1] + steps * (other.place[1] - one.place[1])
    hits = [
        line[max(0, round(r) - 4) : round(r) + 5, max(0, round(c) - 4) : round(c) + 5].any()
        for r, c in zip(rows, columns, strict=True)
    ]
    return bool(np.mean(hits) > 0.95)


def _label(line: Mask, labels: Sequence[tuple[str, Box]], near: int) -> str | None:
    """The text beside or upon a line."""
    import numpy as np

    rows, columns = np.nonzero(line)
    best: tuple[float, str] | None = None
    for text, (left, top, right, bottom) in labels:
        across = np.maximum(np.maximum(left - columns, columns - right), 0)
        down = np.maximum(np.maximum(top - rows, rows - bottom), 0)
        distance = float(np.hypot(across, down).min())
        if distance < near and (best is None or distance < best[0]):
            best = (distance, text)
    return best[1] if best else None
