"""Boxes and arrows of a drawing: closed or filled shapes that hold text, and the lines between them.

For drawings on a plain ground (screenshots, exports, scans). Shapes are found by their outline or their fill, whatever
their form; a line belongs to the shapes its ends come close to; an end wider than the line is a head.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.backends.opencv.labels import Reader, told_apart, without_heads
from tools.backends.opencv.pixels import lab, load
from tools.kit import Arrow, Box, Diagram, Line, Node

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tools.backends.opencv.pixels import Floats, Mask

    Contour = NDArray[np.int32]
    Points = NDArray[np.float64]

SIDE = 1400
INK, TINT = 14.0, 4.0
"""Colour distance (CIELAB) from the ground from which a pixel belongs to a line, and to a filled shape: a pale fill is
no farther from the ground than the noise JPEG leaves around lines, but it is wide."""
SMALLEST, LARGEST = 0.0008, 0.4
"""Share of the drawing a shape may cover."""
COMPACT = 0.85
"""Share of its convex hull a shape fills: boxes, ovals and diamonds do, the space between arrows does not."""
NEAR = 0.022
"""Part of the longer side within which a line's end belongs to a shape."""
HEAD = 1.7
"""Times the line's own width, across the line, from which an end is a head."""
PLAINLY = 1.6
"""Times as wide as the other end, from which only one of two wide ends is a head."""


@dataclass(frozen=True)
class Shape:
    node: Node
    mask: Mask


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


def read_diagram(path: str, lines: Sequence[Line], reader: Reader) -> Diagram:
    """Runs in a worker. `reader` reads again what `lines` joined across an outline."""
    import cv2

    cv2.setNumThreads(1)
    image = load(path, SIDE)
    apart = _from_ground(image.rgb)
    ink = apart > INK
    texts = [(line.text, _scaled(line.box, image.scale)) for line in lines]
    contours = list(_contours(ink, apart > TINT, [box for _, box in texts]))
    texts = without_heads(ink, told_apart(image.rgb, contours, texts, reader), contours)
    shapes = _shapes(contours, texts, ink.shape, image.scale)
    if len(shapes) < 2:
        return Diagram(nodes=tuple(shape.node for shape in shapes))
    arrows, unclear = _arrows(ink, shapes, texts)
    return Diagram(nodes=tuple(shape.node for shape in shapes), arrows=tuple(arrows), unclear=unclear)


def _from_ground(rgb: NDArray[np.uint8]) -> Floats:
    """Colour distance from the ground, which is the commonest colour along the border."""
    import numpy as np

    border = np.concatenate([rgb[:4].reshape(-1, 3), rgb[-4:].reshape(-1, 3), rgb[:, :4].reshape(-1, 3),
                             rgb[:, -4:].reshape(-1, 3)])  # fmt: skip
    ground = np.median(border, axis=0).astype(np.uint8)
    return np.asarray(np.linalg.norm(lab(rgb) - lab(ground.reshape(1, 1, 3)), axis=-1))


# --- shapes ---------------------------------------------------------------------------------------


def _shapes(
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


def _contours(ink: Mask, tinted: Mask, texts: Sequence[Box]) -> Iterator[Contour]:
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
    return Shape(Node(label=label, box=_scaled((x, y, x + across, y + down), 1 / scale)), mask > 0)


# --- lines ----------------------------------------------------------------------------------------


def _arrows(ink: Mask, shapes: Sequence[Shape], texts: Sequence[tuple[str, Box]]) -> tuple[list[Arrow], int]:
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


def _scaled(box: Box, factor: float) -> Box:
    left, top, right, bottom = (side * factor for side in box)
    return left, top, right, bottom
