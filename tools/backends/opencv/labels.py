"""The text of a drawing, told apart by its shapes: what a reader joined across an outline or took an arrow for.

A reader of text knows nothing of shapes: it gives "Browser X Server" for two boxes and the arrow between them, and a
letter or a triangle for the head of an arrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from tools.kit import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tools.backends.opencv.pixels import Grey, Mask

    Contour = NDArray[np.int32]

Text = tuple[str, Box]

Reader = Callable[["Grey"], list[Text]]
"""Reads (height, width, 3) uint8 sRGB: what stands there, with boxes in pixels of it."""

INSET = 3
"""Pixels inside an outline that are left out of what is read: the outline's own soft edge."""

FEW = 2
"""Letters up to which a text that hangs on a line is the head of an arrow."""


def told_apart(rgb: Grey, contours: Sequence[Contour], texts: Sequence[Text], read: Reader) -> list[Text]:
    """The texts, those that cross an outline read again: each shape's inside by itself, and what is left between."""
    crossed = {index: _crossed(contours, text) for index, text in enumerate(texts)}
    kept = [text for index, text in enumerate(texts) if not crossed[index]]
    shapes = {number for numbers in crossed.values() for number in numbers}
    for number in sorted(shapes):
        kept = [text for text in kept if not _is_in(contours[number], text[1])]
        kept += _inside(rgb, contours[number], read)
    for index, numbers in crossed.items():
        if numbers:
            kept += _between(rgb, [contours[number] for number in numbers], texts[index][1], read)
    return list(dict.fromkeys(kept))


def without_heads(ink: Mask, texts: Sequence[Text], contours: Sequence[Contour]) -> list[Text]:
    """The texts without those that are no text: signs alone, and a letter or two whose ink goes on as a line."""
    return [text for text in texts if not _is_head(ink, text, contours)]


def _is_head(ink: Mask, text: Text, contours: Sequence[Contour]) -> bool:
    letters = sum(letter.isalnum() for letter in text[0])
    if letters > FEW:
        return False
    inside = any(_is_in(contour, text[1]) for contour in contours)
    return not letters or (not inside and _goes_on(ink, text[1]))


def _goes_on(ink: Mask, box: Box) -> bool:
    """Whether the ink in a box is part of something several times as long."""
    import cv2
    import numpy as np

    left, top, right, bottom = (max(0, round(side)) for side in box)
    longest = 2.5 * max(right - left, bottom - top)
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    here = np.unique(pieces[top:bottom, left:right])
    return any(piece and max(stats[piece, 2], stats[piece, 3]) > longest for piece in here)


def _crossed(contours: Sequence[Contour], text: Text) -> list[int]:
    """The shapes a text stands partly in: some of it inside, some of it well outside."""
    import cv2

    left, top, right, bottom = text[1]
    row, step = (top + bottom) / 2, (right - left) / 12
    found = []
    for number, contour in enumerate(contours):
        _, _, _, high = cv2.boundingRect(contour)
        if high < bottom - top:  # the inside of a letter
            continue
        depths = [cv2.pointPolygonTest(contour, (left + step * at, row), True) for at in range(13)]
        if max(depths) > step / 2 and min(depths) < -max(step / 2, 2 * INSET):
            found.append(number)
    return found


def _is_in(contour: Contour, box: Box) -> bool:
    import cv2

    return bool(cv2.pointPolygonTest(contour, ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), False) > 0)


def _inside(rgb: Grey, contour: Contour, read: Reader) -> list[Text]:
    """What stands in a shape, with all around it in the colour of its inside."""
    import cv2
    import numpy as np

    x, y, across, down = cv2.boundingRect(contour)
    mask = np.zeros(rgb.shape[:2], np.uint8)
    cv2.drawContours(mask, [contour], -1, 1, cv2.FILLED)
    mask = cv2.erode(mask, np.ones((2 * INSET + 1, 2 * INSET + 1), np.uint8))
    area = rgb[y : y + down, x : x + across].copy()
    within = mask[y : y + down, x : x + across] > 0
    if not within.any():
        return []
    area[~within] = np.median(area[within], axis=0)
    return list(_moved(read(area), x, y))


def _between(rgb: Grey, contours: Sequence[Contour], box: Box, read: Reader) -> list[Text]:
    """What is left of a text once the shapes it crosses are painted over."""
    import cv2
    import numpy as np

    mask = np.zeros(rgb.shape[:2], np.uint8)
    for contour in contours:  # one by one: drawn together, an outline within another one is a hole
        cv2.drawContours(mask, [contour], -1, 1, cv2.FILLED)
    mask = cv2.dilate(mask, np.ones((6 * INSET + 1, 6 * INSET + 1), np.uint8))
    left, top, right, bottom = (max(0, round(side)) for side in box)
    left, top, right, bottom = max(0, left - 4), max(0, top - 4), right + 4, bottom + 4
    area = rgb[top:bottom, left:right].copy()
    covered = mask[top:bottom, left:right] > 0
    if covered.all():
        return []
    area[covered] = np.median(area[~covered], axis=0)
    return [text for text in _moved(read(area), left, top) if sum(map(str.isalnum, text[0])) > 1]


def _moved(texts: Sequence[Text], x: int, y: int) -> Iterator[Text]:
    for text, (left, top, right, bottom) in texts:
        yield text, (left + x, top + y, right + x, bottom + y)
