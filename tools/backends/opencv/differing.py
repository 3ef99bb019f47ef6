"""Where two aligned images differ: areas of pixels whose colour the other image does not have around there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.backends.opencv.pixels import Floats, Mask

VISIBLE = 11.0
"""Colour distance (CIE76) that counts. A just noticeable difference is 2.3; JPEG noise and soft shadows do not."""
MOST_NOISE = 16.0
"""Colour distance that is never put down to a noisy picture."""
SMALLEST = 0.00025
"""Share of the image below which an area is noise."""
MISFIT = 2
"""Pixels by which edges may lie beside each other without being a difference."""


def differing(first: Floats, second: Floats, shared: Mask) -> Mask:
    """Pixels whose colour does not occur within `MISFIT` pixels in the other image."""
    import cv2
    import numpy as np

    one, two = (_softened(image) for image in (first, second))
    distance = np.maximum(_outside(one, two), _outside(two, one))
    distance[~shared] = 0
    noise = float(np.median(distance[shared]))
    limit = min(max(VISIBLE, 3.0 * noise + VISIBLE / 2), MOST_NOISE)
    mask = (distance > limit).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    differing: Mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)) > 0
    return differing & shared


def _softened(image: Floats) -> Floats:
    """Colour more than lightness: JPEG keeps it at half the resolution, and so do eyes."""
    import cv2
    import numpy as np

    lightness = cv2.GaussianBlur(image[..., :1], (0, 0), 1.2)[..., None]
    colour = cv2.GaussianBlur(image[..., 1:], (0, 0), 2.2)
    return np.concatenate([lightness, colour], axis=-1)


def _outside(image: Floats, other: Floats) -> Floats:
    """How far each colour lies outside the range of colours around the same place of the other image."""
    import cv2
    import numpy as np

    around = np.ones((2 * MISFIT + 1, 2 * MISFIT + 1), np.uint8)
    over, under = image - cv2.dilate(other, around), cv2.erode(other, around) - image
    apart = np.maximum(np.maximum(over, under), 0)
    apart[..., 0] *= 0.8  # lightness is what shadows and lamps change; colour is what paint changes
    distance: Floats = np.sqrt((apart**2).sum(-1))
    return distance


def areas(mask: Mask, gap: int) -> Iterator[Mask]:
    """The differing pixels of each area; parts less than `gap` pixels apart are one area."""
    import cv2
    import numpy as np

    joined = cv2.dilate(mask.astype(np.uint8), np.ones((gap, gap), np.uint8))
    count, labels = cv2.connectedComponents(joined)
    for label in range(1, count):
        area = mask & (labels == label)
        if area.sum() >= SMALLEST * mask.size:
            yield area
