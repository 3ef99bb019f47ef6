"""In a worker: texts and images through the towers of a checkpoint that has been made ready."""

from __future__ import annotations

import contextlib
import functools
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends.clip.checkpoint import FILE, TEMPLATES, Checkpoint
from tools.backends.clip.patches import Given
from tools.backends.common.calibrating import measuring
from tools.backends.common.calibrating.measuring import Measured
from tools.backends.common.onnx_models import from_onnxruntime, session
from tools.backends.common.towers import Tokens, Towers
from tools.kit.errors import CannotDo
from tools.kit.types import Embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image as Pillow

BATCH = 16
TEXTS = 64
INT8 = "image.int8.onnx"
"""The quantised network for images."""
CORES = os.cpu_count() or 1


def embed_files(checkpoint: Checkpoint, files: Sequence[Path], runtime: str) -> Embeddings:
    """Files that we wrote ourselves -> (n, dim) float32, L2-normalised."""
    from PIL import Image as Pillow

    rows: list[Embeddings] = []
    for start in range(0, len(files), BATCH):
        pixels = []
        for file in files[start : start + BATCH]:
            with Pillow.open(file) as image:
                pixels.append(checkpoint.recipe(image.convert("RGB")))
        rows.append(embed_pixels(checkpoint, np.stack(pixels), runtime))
    return np.concatenate(rows)


def embed_pixels(checkpoint: Checkpoint, pixels: NDArray[np.uint8], runtime: str) -> Embeddings:
    """A stack of what the recipe leaves, (n, height, width, 3) uint8 -> (n, dim) float32, L2-normalised."""
    if runtime == "torch":
        return _in_torch(checkpoint, checkpoint.recipe.scaled(pixels))
    if runtime == "onnx":
        return _in_network(checkpoint, "image.onnx", pixels)
    shares = np.array_split(pixels, min(len(pixels), CORES))
    return np.concatenate([*_cores().map(functools.partial(_in_network, checkpoint, INT8), shares)])


def _in_network(checkpoint: Checkpoint, name: str, pixels: NDArray[np.uint8]) -> Embeddings:
    """(n, height, width, 3) uint8 -> (n, dim) float32, L2-normalised, by the ONNX file of that name."""
    out: Embeddings = _network(checkpoint, name).run(None, {"given": checkpoint.recipe.scaled(pixels)})[0]
    return out


def embed_texts(checkpoint: Checkpoint, texts: Sequence[str], runtime: str) -> Embeddings:
    """(n, dim) float32, L2-normalised. Texts of similar length share a batch; long ones are cut."""
    ids = token_ids(checkpoint, texts)
    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    out = np.empty((len(ids), checkpoint.dim), dtype=np.float32)
    for start in range(0, len(order), TEXTS):
        rows = order[start : start + TEXTS]
        out[rows] = _embed_ids(checkpoint, padded(checkpoint, [ids[row] for row in rows]), runtime)
    return out


def measure(checkpoint: Checkpoint, runtime: str) -> Measured:
    """The checkpoint's cutoffs, measured and kept beside its networks. On a full disk they are not kept, which costs
    time only."""

    def pictures(given: Sequence[Pillow]) -> Embeddings:
        pixels = [checkpoint.recipe(picture) for picture in given]
        parts = (np.stack(pixels[start : start + BATCH]) for start in range(0, len(pixels), BATCH))
        return np.concatenate([embed_pixels(checkpoint, part, runtime) for part in parts])

    found = measuring.measured(pictures, lambda texts: embed_texts(checkpoint, texts, runtime), TEMPLATES)
    with contextlib.suppress(OSError):
        measuring.keep(Path(checkpoint.folder), found)
    return found


def token_ids(checkpoint: Checkpoint, texts: Sequence[str]) -> list[list[int]]:
    """From start to end token, unpadded, at most the context length."""
    if checkpoint.tokenizer == "tokenizers":
        return [found.ids for found in open_tokenizer(Path(checkpoint.folder)).encode_batch(list(texts))]
    return _tokenizer(checkpoint).ids(texts, checkpoint.tokens)


def padded(checkpoint: Checkpoint, ids: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """CLIP looks at the end token and never past it: the longest length will do. SigLIP was trained on the full one."""
    length = checkpoint.tokens if checkpoint.padded else max(2, *map(len, ids))
    out = np.full((len(ids), length), checkpoint.pad, dtype=np.int64)
    for row, tokens in enumerate(ids):
        place = slice(length - len(tokens), length) if checkpoint.left else slice(len(tokens))
        out[row, place] = tokens
    return out


def _embed_ids(checkpoint: Checkpoint, ids: NDArray[np.int64], runtime: str) -> Embeddings:
    """(n, length) int64 -> (n, dim) float32, L2-normalised."""
    if runtime != "torch":
        out: Embeddings = _network(checkpoint, "text.onnx").run(None, {"given": ids})[0]
        return out
    import torch

    with torch.inference_mode():
        features: Embeddings = _towers(checkpoint).texts(torch.from_numpy(ids)).numpy()
    return features


def _in_torch(checkpoint: Checkpoint, scaled: NDArray[np.float32] | Given) -> Embeddings:
    """Images as the towers take them -> (n, dim) float32, L2-normalised."""
    import torch

    towers = _towers(checkpoint)
    dtype = next(towers.model.parameters()).dtype
    with torch.inference_mode():
        if isinstance(scaled, Given):
            pixels, *others = map(torch.from_numpy, scaled)
            features: Embeddings = towers.images((pixels.to(dtype), *others)).numpy()
        else:
            features = towers.images(torch.from_numpy(scaled).to(dtype)).numpy()
    return features


def _network(checkpoint: Checkpoint, name: str) -> Any:
    """A network of the checkpoint. When it is damaged, all of them are exported again.

    Raises: CannotDo when it was the int8 one, which must first prove itself again.
    """
    path = Path(checkpoint.folder) / name
    try:
        return _session(path)
    except Exception as error:
        if not from_onnxruntime(error):
            raise
    from tools.backends.clip import export as clip_export

    (path.parent / FILE).unlink(missing_ok=True)
    clip_export.make_ready(
        path.parent.parent, Path(checkpoint.source), checkpoint.rest, checkpoint.scheme, checkpoint.architecture
    )
    if not path.exists():
        raise CannotDo(f"{path.name} of {checkpoint.rest} was damaged and is removed: run the same command again.")
    return _session(path)


@functools.cache
def _session(path: Path) -> Any:
    return session(path, threads=1 if path.name == INT8 else 0)


@functools.cache
def _cores() -> ThreadPoolExecutor:
    """In int8 cores lose a fifth of their time meeting after every layer, so each takes images of its own."""
    return ThreadPoolExecutor(CORES)


@functools.cache
def _towers(checkpoint: Checkpoint) -> Towers:
    from tools.backends.clip import export as clip_export

    return clip_export.load(checkpoint, "bfloat16" if bfloat16_pays() else "float32")


@functools.cache
def bfloat16_pays() -> bool:
    """Whether this processor multiplies bfloat16 faster than float32.

    Measured, because flags mislead: with AMX it is three times as fast, with AVX-512 alone it can be half as fast.
    """
    import torch

    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return False
    seconds = {}
    with torch.inference_mode():
        for dtype in (torch.float32, torch.bfloat16):
            layer, rows = torch.nn.Linear(768, 3072).to(dtype), torch.zeros(512, 768, dtype=dtype)
            seconds[dtype] = min(_seconds(layer, rows) for _ in range(5))
    return seconds[torch.bfloat16] < seconds[torch.float32] / 1.3


def _seconds(layer: Any, rows: Any) -> float:
    start = time.perf_counter()
    layer(rows)
    return time.perf_counter() - start


@functools.cache
def open_tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "tokenizer.json"))


@functools.cache
def _tokenizer(checkpoint: Checkpoint) -> Tokens:
    from tools.backends.clip import export as clip_export

    tokens: Tokens = clip_export.towers_of(checkpoint.scheme).tokenizer(
        Path(checkpoint.source), checkpoint.architecture
    )
    return tokens
