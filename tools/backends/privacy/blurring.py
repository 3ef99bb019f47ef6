"""Making faces unrecognisable and text unreadable, in a worker.

A mosaic of means, not a Gaussian blur: what a linear filter took can in part be computed back.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tools.backends.privacy.faces import faces
from tools.kit import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rgb = NDArray[np.uint8]

CELLS = (4, 2, 1)
"""Cells of the mosaic along a face: fewer when a face is still found after the round before."""
FACE_MARGIN, TEXT_MARGIN = 0.3, 0.4
"""What goes with a face (hair, ears, chin) and with a line (strokes beyond its box), as shares of their heights."""


class StillThereError(Exception):
    """Something is recognisable after every round."""


def without_faces(path: Path, boxes: Sequence[Box], models: Path) -> bytes:
    """The picture at `path` with its faces as mosaics, as PNG. Raises: StillThereError."""
    rgb, left = _opened(path), list(boxes)
    for cells in CELLS:
        for box in left:
            _mosaic(rgb, box, margin=FACE_MARGIN, cells=cells)
        left = [face.box for face in faces(rgb, models)]
        if not left:
            return _png(rgb)
    raise StillThereError


def without_text(path: Path, lines: Sequence[Box]) -> bytes:
    """The picture at `path` without these lines of text, and nothing else as fine as the finer half of them, as PNG."""
    import cv2

    rgb = _opened(path)
    for box in lines:
        _mosaic(rgb, box, margin=TEXT_MARGIN, cells=1)
    if lines:
        height = float(np.median([min(right - left, bottom - top) for left, top, right, bottom in lines]))
        size = max(3, round(height))
        for _ in range(2):
            rgb = np.asarray(cv2.blur(rgb, (size, size)), dtype=np.uint8)
    return _png(rgb)


def _mosaic(rgb: Rgb, box: Box, *, margin: float, cells: int) -> None:
    """In place: means of squares, `cells` of them along the shorter side."""
    import cv2

    left, top, right, bottom = box
    beyond = margin * min(right - left, bottom - top)
    x, y = max(0, int(left - beyond)), max(0, int(top - beyond))
    inside = rgb[y : int(bottom + beyond) + 1, x : int(right + beyond) + 1]
    height, width = inside.shape[:2]
    if not inside.size:
        return
    side = max(1.0, min(height, width) / cells)
    size = (max(1, round(width / side)), max(1, round(height / side)))
    means = cv2.resize(inside, size, interpolation=cv2.INTER_AREA)
    inside[:] = cv2.resize(means, (width, height), interpolation=cv2.INTER_NEAREST)


def _opened(path: Path) -> Rgb:
    from PIL import Image as Pillow

    with Pillow.open(path) as file:
        return np.array(file.convert("RGB"))


def _png(rgb: Rgb) -> bytes:
    import io

    from PIL import Image as Pillow

    data = io.BytesIO()
    Pillow.fromarray(rgb).save(data, "PNG", compress_level=1)
    return data.getvalue()
