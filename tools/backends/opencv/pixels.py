"""Loading for work in a worker: our own decoded files, reduced to a size that shows what a person would see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.kit import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]
    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]

SIDE = 800
"""Longer side of the working copy in pixels."""


@dataclass(frozen=True)
class Reduced:
    """An image at working size."""

    rgb: Grey
    """(height, width, 3) uint8 sRGB."""
    scale: float
    """Working pixels for one pixel of the original."""

    @property
    def grey(self) -> Grey:
        import cv2

        grey: Grey = cv2.cvtColor(self.rgb, cv2.COLOR_RGB2GRAY)
        return grey

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.rgb.shape[1], self.rgb.shape[0]


def load(path: str, side: int = SIDE) -> Reduced:
    """Decode and reduce (never enlarge) an image to at most `side` pixels on its longer side."""
    import numpy as np
    from PIL import Image

    with Image.open(path) as file:
        picture = file.convert("RGB")
    scale = min(1.0, side / max(picture.size))
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    if size != picture.size:
        picture = picture.resize(size, Image.Resampling.BOX if scale < 0.5 else Image.Resampling.LANCZOS)
    return Reduced(np.asarray(picture), scale)


def scaled(box: Box, factor: float) -> Box:
    """The same box in an image so many times as large."""
    left, top, right, bottom = (side * factor for side in box)
    return left, top, right, bottom


def lab(rgb: Grey | Floats) -> Floats:
    """CIELAB, L from 0 to 100, of (..., ..., 3) uint8 or 0-255 float sRGB."""
    import cv2
    import numpy as np

    values: Floats = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return values


def correlation(one: Floats, two: Floats) -> float:
    """Pearson's, of two series of equal length; 0 where one has no spread, which can go with nothing."""
    import numpy as np

    if min(np.ptp(one), np.ptp(two)) == 0:
        return 0.0
    return float(np.corrcoef(one.astype(np.float64), two.astype(np.float64))[0, 1])
