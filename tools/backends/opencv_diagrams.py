"""OpenCV as `Diagrams`: boxes, arrows and what they connect, in a worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tools.backends.common.worker_failures import worker_failures_said
from tools.backends.opencv.diagrams import read_diagram
from tools.backends.rapid_ocr import engine
from tools.kit import Box, Diagram, Image, Line, Workers
from tools.kit.parts import Parts

if TYPE_CHECKING:
    from tools.backends.opencv.pixels import Grey


def build(rest: str, parts: Parts) -> OpenCvDiagrams:
    """`rest` is not used."""
    return OpenCvDiagrams(parts.workers)


class OpenCvDiagrams:
    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    async def read(self, image: Image, lines: Sequence[Line]) -> Diagram:
        """Raises: CannotDo when it takes too long or does not fit into memory."""
        with worker_failures_said(f"Following the lines of {image.handle}", "post a smaller copy or a part of it"):
            return await self._workers.run("read", read_here, str(image.path), list(lines))


def read_here(path: str, lines: Sequence[Line]) -> Diagram:
    """Runs in a worker of the lane "read": labels that run into each other are read again, box by box."""
    return read_diagram(path, lines, _texts)


def _texts(rgb: Grey) -> list[tuple[str, Box]]:
    import numpy as np

    return [(line.text, line.box) for line in engine.read_pixels(np.ascontiguousarray(rgb[..., ::-1])).lines]
