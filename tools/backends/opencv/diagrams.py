"""Boxes and arrows of a drawing: closed or filled shapes that hold text, and the lines between them.

For drawings on a plain ground (screenshots, exports, scans). Shapes are found by their outline or their fill, whatever
their form; a line belongs to the shapes its ends come close to; an end with more ink than the line is wide is a head.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.backends.opencv.pixels import lab, load
from tools.kit import Arrow, Box, Diagram, Line, Node

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tools.backends.opencv.pixels import Mask

    Contour = NDArray[np.int32]

SIDE = 1400
INK = 4.0
"""Colour distance (CIELAB) from the ground at which a pixel is drawn on, when the ground has no noise of its own."""
SMALLEST, LARGEST = 0.0008, 0.4
"""Share of the drawing a shape may cover."""
COMPACT = 0.85
"""Share of its convex hull a shape fills: boxes, ovals and diamonds do, the space between arrows does not."""
NEAR = 0.022
"""Part of the longer side within which a line's end belongs to a shape."""
HEAD = 1.45
"""Times the ink of a plain line end, and of the other end, from which an end is a head."""


@dataclass(frozen=True)
class Shape:
    node: Node
    mask: Mask


@dataclass(frozen=True)
class End:
    """Where a drawn line meets a shape."""

    shape: int
    place: tuple[float, float]
    ink: float
    """Ink around it, in units of a plain line's."""


def read_diagram(path: str, lines: Sequence[Line]) -> Diagram:
    """Runs in a worker."""
    import cv2

    cv2.setNumThreads(1)
    image = load(path, SIDE)
    texts = [(line.text, _scaled(line.box, image.scale)) for line in lines]
    ink = _ink(image.rgb)
    shapes = _shapes(ink, texts, image.scale)
    if len(shapes) < 2:
        return Diagram(nodes=tuple(shape.node for shape in shapes))
    arrows, unclear = _arrows(ink, shapes, texts)
    return Diagram(nodes=tuple(shape.node for shape in shapes), arrows=tuple(arrows), unclear=unclear)


def _ink(rgb: NDArray[np.uint8]) -> Mask:
    """What differs from the ground, which is the commonest colour along the border."""
    import numpy as np

    border = np.concatenate([rgb[:4].reshape(-1, 3), rgb[-4:].reshape(-1, 3), rgb[:, :4].reshape(-1, 3),
                             rgb[:, -4:].reshape(-1, 3)])  # fmt: skip
    ground = np.median(border, axis=0).astype(np.uint8)
    apart = np.linalg.norm(lab(rgb) - lab(ground.reshape(1, 1, 3)), axis=-1)
    noise = float(np.percentile(np.linalg.norm(lab(border[None]) - lab(ground.reshape(1, 1, 3)), axis=-1), 90))
    return np.asarray(apart > INK + 2 * noise)


# --- shapes ---------------------------------------------------------------------------------------


def _shapes(ink: Mask, texts: Sequence[tuple[str, Box]], scale: float) -> list[Shape]:
    """Every shape with text in it, in reading order. Of shapes within each other, the innermost."""
    candidates = sorted(_contours(ink), key=_area)
    taken: list[tuple[Contour, list[tuple[str, Box]]]] = []
    free = list(texts)
    for contour in candidates:
        inside = [text for text in free if _holds(contour, text[1])]
        if inside and not any(_holds_contour(contour, other) for other, _ in taken):
            taken.append((contour, inside))
            free = [text for text in free if text not in inside]
    shapes = [_shape(contour, inside, ink.shape, scale) for contour, inside in taken]
    high = max([shape.node.box[3] - shape.node.box[1] for shape in shapes] or [1.0])
    return sorted(shapes, key=lambda shape: (round(shape.node.box[1] / high), shape.node.box[0]))


def _contours(ink: Mask) -> Iterator[Contour]:
    """Outlines of closed and of filled shapes of a plausible size and form."""
    import cv2
    import numpy as np

    closed = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, tree = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    holes = (
        [contour for contour, (_, _, _, parent) in zip(contours, tree[0], strict=True) if parent >= 0]
        if len(contours)
        else []
    )
    fat = max(9, round(0.012 * max(ink.shape)) | 1)  # wider than any line or arrow head
    filled = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((fat, fat), np.uint8))
    solid = cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((2 * fat + 1, 2 * fat + 1), np.uint8))
    blobs, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for contour in [*holes, *blobs]:
        area = cv2.contourArea(contour)
        hull = cv2.contourArea(cv2.convexHull(contour))
        if SMALLEST * ink.size < area < LARGEST * ink.size and area > COMPACT * hull:
            yield contour


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
        ends = [
            _end(line, shape, grown[index], index) for index, shape in enumerate(shapes) if (line & grown[index]).any()
        ]
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


def _end(line: Mask, shape: Shape, grown: Mask, index: int) -> End:
    """The part of a line nearest to a shape, and how much ink there is around it."""
    import cv2
    import numpy as np

    away = cv2.distanceTransform((~shape.mask).astype(np.uint8), cv2.DIST_L2, 5)
    rows, columns = np.nonzero(line & grown)
    nearest = int(away[rows, columns].argmin())
    row, column = int(rows[nearest]), int(columns[nearest])
    middle = float(columns.mean()), float(rows.mean())
    reach = max(8, round(0.013 * max(line.shape)))
    left, top = max(0, column - reach), max(0, row - reach)
    width = 2 * float(np.percentile(cv2.distanceTransform(line.astype(np.uint8), cv2.DIST_L2, 3)[line], 40)) + 0.01
    around = line[top : row + reach + 1, left : column + reach + 1]
    return End(index, middle, float(around.sum()) / (max(1.0, width) * reach))


def _connections(line: Mask, ends: Sequence[End], label: str | None) -> Iterator[Arrow]:
    """One for two ends; for more, those that a straight stretch of ink joins, else one tail to every head."""
    if len(ends) == 2:
        yield _arrow(ends[0], ends[1], label)
        return
    straight = [pair for pair in itertools.combinations(ends, 2) if _joined(line, *pair)]
    if len(ends) > 2 and len(straight) >= len(ends) // 2:
        for one, other in straight:
            yield _arrow(one, other, label)
        return
    heads = [end for end in ends if end.ink > HEAD * min(each.ink for each in ends)]
    tails = [end for end in ends if end not in heads]
    if len(ends) > 2 and heads and len(tails) == 1:
        for head in heads:
            yield Arrow(start=tails[0].shape, end=head.shape, directed=True, label=label)
    elif len(ends) > 2 and len(heads) == 1:
        for tail in tails:
            yield Arrow(start=tail.shape, end=heads[0].shape, directed=True, label=label)


def _arrow(one: End, other: End, label: str | None) -> Arrow:
    if other.ink > HEAD * one.ink:
        return Arrow(start=one.shape, end=other.shape, directed=True, label=label)
    if one.ink > HEAD * other.ink:
        return Arrow(start=other.shape, end=one.shape, directed=True, label=label)
    return Arrow(start=one.shape, end=other.shape, directed=False, label=label)


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
