"""A small world for archive tests: an encoder that knows colours, a decoder and workers that need no processes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from tools.kit import AskAgain, Calibration, Embeddings, Encoded, Image, Opened, Picture

COLOURS = {
    "red": (220, 30, 30),
    "green": (30, 180, 40),
    "blue": (40, 60, 220),
    "yellow": (230, 220, 40),
    "white": (245, 245, 245),
    "black": (10, 10, 10),
}


def paint(path: Path, *colours: str, size: tuple[int, int] = (64, 48), **save: Any) -> Path:
    """A picture of upright stripes in these colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Pillow.new("RGB", size)
    width = size[0] / len(colours)
    for number, colour in enumerate(colours):
        image.paste(COLOURS[colour], (round(number * width), 0, round((number + 1) * width), size[1]))
    image.save(path, **save)
    return path


def shares(path: Path) -> Embeddings:
    """(6,) float32: how much of the picture is nearest to each colour, L2-normalised."""
    with Pillow.open(path) as image:
        pixels = np.asarray(image.convert("RGB").resize((24, 24)), dtype=np.float32).reshape(-1, 1, 3)
    nearest = np.linalg.norm(pixels - np.array([*COLOURS.values()], np.float32), axis=2).argmin(axis=1)
    return unit(np.bincount(nearest, minlength=len(COLOURS)))


def unit(vector: Any) -> Embeddings:
    made: Embeddings = np.asarray(vector, np.float32)
    return made / max(float(np.linalg.norm(made)), 1e-9)


class ColourEncoder:
    """Texts are the colours they name."""

    name = "colours"
    dim = len(COLOURS)
    calibration = Calibration(scale=10, none_logit=3, relevant=0.5, alike=0.6, templates=("a photo of a {}.",))

    async def images(self, images: Sequence[Image]) -> Embeddings:
        return np.stack([shares(image.path) for image in images])

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        return np.stack([unit([text.lower().count(colour) for colour in COLOURS]) for text in texts])


class BulkColourEncoder(ColourEncoder):
    """With a fast path for JPEG, which remembers what it encoded and can take its time."""

    def __init__(self, seconds: float = 0) -> None:
        self.seconds = seconds
        self.encoded: list[Path] = []

    async def encode_files(self, files: Sequence[Path]) -> list[Encoded | None]:
        await asyncio.sleep(self.seconds)
        self.encoded += files
        return [self._photo(file) for file in files]

    def _photo(self, file: Path) -> Encoded | None:
        try:
            with Pillow.open(file, formats=["JPEG"]) as image:
                size = image.size
            data = file.read_bytes()
        except (OSError, UnidentifiedImageError):
            return None
        return Encoded(shares(file), hashlib.sha256(data).hexdigest(), "image/jpeg", *size, len(data))


class WordMeaning:
    """`TextEncoder` to which texts mean what words they share."""

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        out = np.zeros((len(texts), 384), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                out[row, crc32(word.encode()) % 384] += 1
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
        return out


class PlainDecoder:
    """Opens what Pillow opens. A file whose first line is ``%PDF-pages N colour`` is a PDF of N such pages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def open(self, original: bytes | Path, *, name: str, workspace: str) -> list[Opened]:
        data = original if isinstance(original, bytes) else original.read_bytes()  # noqa: ASYNC240
        sha256 = hashlib.sha256(data).hexdigest()
        if data.startswith(b"%PDF-pages "):
            number, colour = data.decode().split()[1:3]
            return [self._page(sha256, page, int(number), colour) for page in range(1, int(number) + 1)]
        path = self._folder / f"{sha256}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        try:
            with Pillow.open(path) as image:
                return [Opened(sha256, Pillow.MIME[str(image.format)], *image.size, path)]
        except UnidentifiedImageError:
            raise AskAgain(f"{name} is not an image: send an image or a PDF.") from None

    async def kept(self, workspace: str, sha256: str) -> list[Opened] | None:
        return None

    async def forget(self, workspace: str, sha256: str) -> None: ...

    @asynccontextmanager
    async def briefly(self, original: bytes | Path, *, name: str, workspace: str) -> AsyncIterator[list[Opened]]:
        yield await self.open(original, name=name, workspace=workspace)

    def _page(self, sha256: str, page: int, pages: int, colour: str) -> Opened:
        path = paint(self._folder / f"{sha256}-{page}.png", colour)
        return Opened(sha256, "application/pdf", 64, 48, path, page=page, pages=pages)


class HereWorkers:
    """Runs tasks in this process."""

    async def run(self, lane: str, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        return task(*args, **kwargs)

    async def close(self) -> None:
        pass


class FolderEasel:
    """Keeps the pictures it is shown."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.shown: list[Any] = []

    async def show(self, picture: Any, caption: str) -> Picture:
        self.shown.append(picture)
        path = self._folder / f"shown-{len(self.shown)}.png"
        picture.save(path)
        return Picture(path=str(path), caption=caption)
