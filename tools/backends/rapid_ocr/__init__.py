"""RapidOCR (PP-OCRv6 models from inside its wheel, ONNX Runtime) as the `Ocr` port; PDF pages by their own text layer.

A reading is kept below the home by workspace, and by the hash and page of the original: an image is read once, however
often asked about, and nobody hears what was read for others.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from tools.backends.common import spelling
from tools.backends.common.worker_failures import WORKER_FAILED, worker_failures_said
from tools.backends.rapid_ocr import engine, shelf, text_layer
from tools.kit import Image, Ocr, Reading, Workers
from tools.kit.parts import Parts


class RapidOcr:
    """Reads in a worker of the lane "read"; nothing of the image is decoded here."""

    def __init__(self, workers: Workers, folder: Path) -> None:
        self._workers = workers
        self._folder = folder

    async def read(self, image: Image) -> Reading:
        """Raises: CannotDo when the image takes too long or too much memory to read."""
        kept = self._kept_at(image)
        reading = await asyncio.to_thread(shelf.take, kept)
        if reading is None:
            reading = await self._read(image)
            await asyncio.to_thread(shelf.put, kept, reading)
        return reading

    def _kept_at(self, image: Image) -> Path:
        ref = image.ref
        name = f"{ref.sha256}-{ref.page or 0}-{ref.width}x{ref.height}-v{engine.VERSION}.json"
        return self._folder / image.workspace / name

    async def forget(self, workspace: str, sha256: str) -> None:
        """As `Forgetful` has it."""
        await asyncio.to_thread(_remove, self._folder / workspace, sha256)

    async def mend(self, reading: Reading) -> list[tuple[int, str, str]]:
        """Misread words, as `Speller` has it; none when the worker cannot look them up: mending is a courtesy."""
        lines = [(line.text, line.sure) for line in reading.lines]
        try:
            return await self._workers.run("read", spelling.mend, lines)
        except WORKER_FAILED:
            return []

    async def _read(self, image: Image) -> Reading:
        printed = await asyncio.to_thread(text_layer.read, image.words_path, image.ref.width, image.ref.height)
        if printed is not None:
            return printed
        with worker_failures_said(f"Reading {image.handle}", "post a smaller copy or a part of it"):
            return Reading.model_validate_json(await self._workers.run("read", engine.read_file, str(image.path)))


def _remove(folder: Path, sha256: str) -> None:
    for reading in folder.glob(f"{sha256}-*"):
        reading.unlink(missing_ok=True)


def build(rest: str, parts: Parts) -> Ocr:
    """`rapid_ocr` takes no argument: its models come with its package."""
    return RapidOcr(parts.workers, parts.home / "readings")
