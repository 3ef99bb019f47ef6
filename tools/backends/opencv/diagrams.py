"""Boxes and arrows of a drawing: closed or filled shapes that hold text, and the lines between them.

For drawings on a plain ground: screenshots, exports, scans.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tools.backends.opencv.arrows import arrows_of
from tools.backends.opencv.labels import Reader, told_apart, without_heads
from tools.backends.opencv.pixels import lab, load, scaled
from tools.backends.opencv.shapes import contours_of, shapes_of
from tools.kit import Diagram, Line

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tools.backends.opencv.pixels import Floats

SIDE = 1400
INK, TINT = 14.0, 4.0
"""Colour distance (CIELAB) from the ground from which a pixel belongs to a line, and to a filled shape: a pale fill is
no farther from the ground than the noise JPEG leaves around lines, but it is wide."""


def read_diagram(path: str, lines: Sequence[Line], reader: Reader) -> Diagram:
    """Runs in a worker. `reader` reads again what `lines` joined across an outline."""
    import cv2

    cv2.setNumThreads(1)
    image = load(path, SIDE)
    apart = _from_ground(image.rgb)
    ink = apart > INK
    texts = [(line.text, scaled(line.box, image.scale)) for line in lines]
    outlines = list(contours_of(ink, apart > TINT, [box for _, box in texts]))
    texts = without_heads(ink, told_apart(image.rgb, outlines, texts, reader), outlines)
    found = shapes_of(outlines, texts, ink.shape, image.scale)
    nodes = tuple(shape.node for shape in found)
    if len(found) < 2:
        return Diagram(nodes=nodes)
    connections, unclear = arrows_of(ink, found, texts)
    return Diagram(nodes=nodes, arrows=tuple(connections), unclear=unclear)


def _from_ground(rgb: NDArray[np.uint8]) -> Floats:
    """Colour distance from the ground, which is the commonest colour along the border."""
    import numpy as np

    border = np.concatenate([rgb[:4].reshape(-1, 3), rgb[-4:].reshape(-1, 3), rgb[:, :4].reshape(-1, 3),
                             rgb[:, -4:].reshape(-1, 3)])  # fmt: skip
    ground = np.median(border, axis=0).astype(np.uint8)
    return np.asarray(np.linalg.norm(lab(rgb) - lab(ground.reshape(1, 1, 3)), axis=-1))
