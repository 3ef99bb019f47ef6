"""The one thing in front of a plain background, and the fingerprint of a whole picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tools.backends.opencv.pixels import Reduced, lab

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tools.backends.opencv.pixels import Grey, Mask

EDGE = 12.0
"""Colour gradient (CIELAB, Sobel) from which a pixel lies on an edge."""


def fingerprint(grey: Grey) -> int:
    """A 64-bit perceptual hash: the signs of the lowest 8 x 8 frequencies of a 32 x 32 copy (pHash, Zauner 2010)."""
    import cv2
    import numpy as np

    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:8, :8].flatten()
    return int("".join("1" if bit else "0" for bit in low > np.median(low[1:])), 2)


def object_size(image: Reduced) -> tuple[float, float] | None:
    """Width and height, in pixels of the original, of the only object before a plain background. None without one."""
    import cv2
    import numpy as np

    mask = _foreground(image)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count < 2:
        return None
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    left, top, across, down, area = (int(value) for value in stats[largest])
    height, width = mask.shape
    touches = left <= 1 or top <= 1 or left + across >= width - 1 or top + down >= height - 1
    if touches or not 0.02 < area / mask.size < 0.8 or area < 0.85 * mask.sum():
        return None
    rows, columns = np.nonzero(labels == largest)
    return _extent(np.stack([columns, rows], axis=1).astype(np.float32), 1 / image.scale)


def _extent(points: NDArray[np.float32], scale: float) -> tuple[float, float]:
    """Along the object's own axes when it is turned by at most 20 degrees, else along the picture's."""
    import cv2
    import numpy as np

    corners = cv2.boxPoints(cv2.minAreaRect(points))
    sides = [corners[1] - corners[0], corners[2] - corners[1]]
    across, down = sorted(sides, key=lambda side: -abs(float(side[0])) / (float(np.linalg.norm(side)) + 1e-6))
    if abs(float(across[1])) > math.tan(math.radians(20)) * abs(float(across[0])):
        across, down = np.ptp(points, axis=0) * np.eye(2)
    return round(float(np.linalg.norm(across)) * scale, 1), round(float(np.linalg.norm(down)) * scale, 1)


def _foreground(image: Reduced) -> Mask:
    """What edges cut off from the border. Nothing where the border itself is full of edges."""
    import cv2
    import numpy as np

    soft = cv2.GaussianBlur(lab(image.rgb), (0, 0), 1.5)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    plain = (np.sqrt((across**2 + down**2).sum(-1)) < EDGE).astype(np.uint8)
    if _border(plain).mean() < 0.9:
        return np.zeros(plain.shape, bool)
    _, labels = cv2.connectedComponents(plain, connectivity=4)
    background = np.isin(labels, np.unique(_border(labels)[_border(plain) > 0])) & (plain > 0)
    solid = cv2.morphologyEx((~background).astype(np.uint8), cv2.MORPH_OPEN, np.ones((13, 13), np.uint8))
    return np.asarray(solid > 0)


def _border(image: NDArray[Any]) -> NDArray[Any]:
    """(height, width, ...) -> (n, ...): the pixels of the frame that is 3 pixels inside the edge."""
    import numpy as np

    inner = image[3:-3, 3:-3]
    return np.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]])
