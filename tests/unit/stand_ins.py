"""Ports for the tests of comparing, describing and analysing: small, deterministic, in this process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import numpy as np
from PIL import Image as Pillow

from tools.kit import Calibration, Embeddings, Evidence, Image, ImageRef, Json, Line, Picture, Reading

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

P = ParamSpec("P")
R = TypeVar("R")


def kept(picture: PillowImage, path: Path, number: int = 1) -> Image:
    """The picture as intake would hand it on."""
    picture.save(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    ref = ImageRef(
        handle=f"image {number}",
        sha256=digest,
        mime="image/png",
        width=picture.width,
        height=picture.height,
        name=path.name,
    )
    return Image(ref, path)


def line(text: str, box: tuple[float, float, float, float] = (0, 0, 100, 20), sure: float = 0.98) -> Line:
    left, top, right, bottom = box
    return Line(text=text, quad=((left, top), (right, top), (right, bottom), (left, bottom)), sure=sure)


class Here:
    """`Workers` that work here."""

    async def run(self, lane: str, task: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        return task(*args, **kwargs)

    async def close(self) -> None: ...


class ColourEncoder:
    """`Encoder` for which a picture is its mean colours in a 4 x 4 grid, and a text is what it is told it is."""

    name = "colours"
    dim = 48
    calibration = Calibration(scale=20.0, none_logit=10.0, relevant=0.2, alike=0.9, templates=("{}",))

    def __init__(self, meanings: Mapping[str, Embeddings] | None = None) -> None:
        self.meanings = meanings or {}

    async def images(self, images: Sequence[Image]) -> Embeddings:
        return np.stack([self.of(Pillow.open(image.path)) for image in images])

    def of(self, picture: PillowImage) -> Embeddings:
        small = np.asarray(picture.convert("RGB").resize((4, 4), Pillow.Resampling.BOX), dtype=np.float32).ravel()
        return small / (np.linalg.norm(small) + 1e-6)

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        away = np.eye(self.dim, dtype=np.float32)[0] * -1
        return np.stack([self.meanings.get(text, away) for text in texts])


class GivenOcr:
    """`Ocr` that reads what it was told stands in an image, by handle."""

    def __init__(self, lines: Mapping[str, Sequence[Line]] | None = None) -> None:
        self.lines = lines or {}

    async def read(self, image: Image) -> Reading:
        found = tuple(self.lines.get(image.handle, ()))
        return Reading(lines=found, width=image.ref.width, height=image.ref.height)


class FolderEasel:
    """`Easel` that keeps what it was shown."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown: list[PillowImage] = []

    async def show(self, picture: PillowImage, caption: str) -> Picture:
        self.shown.append(picture)
        path = self.folder / f"shown-{len(self.shown)}.png"
        picture.save(path)
        return Picture(path=str(path), caption=caption)


class GivenTools:
    """`Toolbox` whose tools answer as told, by name and first image, and remember that they were asked."""

    def __init__(self, answers: Mapping[tuple[str, str], Evidence | Exception]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Json]]] = []
        self.patience = 60.0

    def names(self) -> list[str]:
        return sorted({name for name, _ in self.answers})

    def seconds(self) -> float:
        return self.patience

    async def use(self, name: str, arguments: Mapping[str, Json]) -> Evidence:
        self.asked.append((name, dict(arguments)))
        handle = arguments.get("image") or arguments["images"][0]
        answer = self.answers[name, str(handle)]
        if isinstance(answer, Exception):
            raise answer
        return answer.model_copy(update={"tool": name, "arguments": dict(arguments)})
