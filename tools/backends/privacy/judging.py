"""What a picture shows that may be nobody else's business: faces, a screen, a document. Measured, in a worker.

Measured on ../shared/data: of 65 photos of 224 pixels with a recognisable face 59 are found (91%; most others are
profiles), and in 30 of 200 without one a face is seen (15%, mostly texture of a few pixels). Of 28 pages and receipts
all are documents and 4 also screens; of 7 screens all are screens; of 106 photos 4 are documents and none a screen.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tools.backends.builtin_encoder import probabilities
from tools.backends.builtin_encoder.picture_kinds import flatness
from tools.backends.privacy.faces import faces
from tools.kit import Box, Reading
from tools.kit.discretion import Sensitive
from tools.kit.types import Frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION = 1
"""Of what is measured and how; part of the name under which it is kept."""
FACE = 0.8
"""Probability of a face from which a picture shows one. Those less sure are blurred all the same."""
RENDERED = 0.75
"""Share of equal neighbouring pixels from which a picture came from a computer, not from a camera or scanner."""
DEVICES = (527, 620, 664, 681, 782, 851, 916)
"""ImageNet classes: desktop computer, laptop, monitor, notebook, screen, television, web site."""
DEVICE = 0.6
"""Their probability from which a photo shows a screen; of scanned receipts none reaches it."""
PAPER = (25, 225)
"""Mean saturation up to which, and mean value from which, a picture is of light paper (0 to 255)."""


class Looks(Frozen):
    """What was measured on the pixels."""

    faces: tuple[tuple[Box, float], ...]
    flat: float
    device: float
    saturation: float
    value: float


def look(path: Path, models: Path) -> Looks:
    """A file that we wrote ourselves. `models`: the folder where the networks are kept."""
    import cv2

    cv2.setNumThreads(1)
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise ValueError(f"{path.name} is not an image.")
    rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    hsv = cv2.cvtColor(bgr, cv2.COLOR_BGR2HSV)
    return Looks(
        faces=tuple((face.box, face.sure) for face in faces(rgb, models)),
        flat=_flat(rgb),
        device=float(probabilities(models, rgb)[list(DEVICES)].sum()),
        saturation=float(hsv[..., 1].mean()),
        value=float(hsv[..., 2].mean()),
    )


def _flat(rgb: NDArray[np.uint8]) -> float:
    """Of the middle 2000 x 2000 pixels, unscaled: scaling makes pixels differ."""
    height, width = rgb.shape[:2]
    top, left = max(0, height // 2 - 1000), max(0, width // 2 - 1000)
    return float(flatness(rgb[None, top : top + 2000, left : left + 2000])[0])


def shown(looks: Looks, reading: Reading | None, *, mime: str) -> list[Sensitive]:
    """The kinds of what was measured and read on an image; without a reading, faces alone.

    mime: of the original.
    """
    kinds: list[Sensitive] = ["faces"] if any(sure >= FACE for _, sure in looks.faces) else []
    if reading is None:
        return kinds
    if _is_screen(looks, reading, mime):
        kinds.append("screens")
    if mime == "application/pdf" or _is_document(looks, reading, screen="screens" in kinds):
        kinds.append("documents")
    return kinds


def _is_screen(looks: Looks, reading: Reading, mime: str) -> bool:
    rendered = mime != "application/pdf" and looks.flat >= RENDERED and len(reading.lines) >= 2
    return rendered or looks.device >= DEVICE


def _is_document(looks: Looks, reading: Reading, *, screen: bool) -> bool:
    """A screen that shows a page of text is both."""
    words = sum(len(line.text.split()) for line in reading.lines)
    if words < 15 or len(reading.lines) < 5 or _covered(reading) < 0.04:
        return False
    return not screen or (looks.saturation <= PAPER[0] and looks.value >= PAPER[1])


def _covered(reading: Reading) -> float:
    """Share of the picture under its lines of text."""
    areas = [(right - left) * (bottom - top) for left, top, right, bottom in (line.box for line in reading.lines)]
    return sum(areas) / max(1, reading.width * reading.height)
