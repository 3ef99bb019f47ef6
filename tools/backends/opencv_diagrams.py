"""OpenCV as `Diagrams`: boxes, arrows and what they connect, in a worker."""

from __future__ import annotations

from collections.abc import Sequence

from tools.backends.common.worker_failures import worker_failures_said
from tools.backends.opencv.diagrams import read_diagram
from tools.kit import Diagram, Image, Line, Workers
from tools.kit.parts import Parts


def build(rest: str, parts: Parts) -> OpenCvDiagrams:
    """`rest` is not used."""
    return OpenCvDiagrams(parts.workers)


class OpenCvDiagrams:
    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    async def read(self, image: Image, lines: Sequence[Line]) -> Diagram:
        """Raises: CannotDo when it takes too long or does not fit into memory."""
        with worker_failures_said(f"Following the lines of {image.handle}", "post a smaller copy or a part of it"):
            return await self._workers.run("encode", read_diagram, str(image.path), list(lines))
