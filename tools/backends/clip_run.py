"""In a worker: texts and images through the towers of a checkpoint that has been made ready."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends.clip_checkpoint import Checkpoint
from tools.backends.onnx_models import session
from tools.kit.types import Embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH = 16
TEXTS = 64


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
    """(n, height, width, 3) uint8, as the recipe leaves them -> (n, dim) float32, L2-normalised."""
    scaled = checkpoint.recipe.scaled(pixels)
    if runtime == "torch":
        return _in_torch(checkpoint, scaled)
    name = "image.int8.onnx" if runtime == "int8" else "image.onnx"
    out: Embeddings = _session(Path(checkpoint.folder) / name).run(None, {"given": scaled})[0]
    return out


def embed_texts(checkpoint: Checkpoint, texts: Sequence[str], runtime: str) -> Embeddings:
    """(n, dim) float32, L2-normalised. Texts of similar length share a batch; long ones are cut."""
    ids = token_ids(checkpoint, texts)
    order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
    out = np.empty((len(ids), checkpoint.dim), dtype=np.float32)
    for start in range(0, len(order), TEXTS):
        rows = order[start : start + TEXTS]
        out[rows] = _embed_ids(checkpoint, _padded(checkpoint, [ids[row] for row in rows]), runtime)
    return out


def token_ids(checkpoint: Checkpoint, texts: Sequence[str]) -> list[list[int]]:
    """From start to end token, unpadded, at most the context length."""
    if checkpoint.tokenizer == "tokenizers":
        return [found.ids for found in _quick_tokenizer(Path(checkpoint.folder)).encode_batch(list(texts))]
    tokenizer = _tokenizer(Path(checkpoint.source))
    ids: list[list[int]] = tokenizer(list(texts), truncation=True, max_length=checkpoint.tokens)["input_ids"]
    return ids


def _padded(checkpoint: Checkpoint, ids: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """CLIP looks at the end token and never past it: the longest length will do. SigLIP was trained on the full one."""
    length = checkpoint.tokens if checkpoint.padded else max(2, *map(len, ids))
    out = np.full((len(ids), length), checkpoint.pad, dtype=np.int64)
    for row, tokens in enumerate(ids):
        out[row, : len(tokens)] = tokens
    return out


def _embed_ids(checkpoint: Checkpoint, ids: NDArray[np.int64], runtime: str) -> Embeddings:
    if runtime != "torch":
        out: Embeddings = _session(Path(checkpoint.folder) / "text.onnx").run(None, {"given": ids})[0]
        return out
    import torch

    from tools.backends import clip_export

    with torch.inference_mode():
        features: Embeddings = clip_export.embed_texts(_model(Path(checkpoint.source)), ids).numpy()
    return features


def _in_torch(checkpoint: Checkpoint, scaled: NDArray[np.float32]) -> Embeddings:
    import torch

    from tools.backends import clip_export

    model = _model(Path(checkpoint.source))
    with torch.inference_mode():
        pixels = torch.from_numpy(scaled).to(model.dtype)
        features: Embeddings = clip_export.embed_images(model, pixels).numpy()
    return features


@functools.cache
def _session(path: Path) -> Any:
    return session(path)


@functools.cache
def _model(source: Path) -> Any:
    from tools.backends import clip_export

    return clip_export.load(source, "bfloat16" if has_bfloat16() else "float32")


@functools.cache
def has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware; elsewhere it is slower than float32."""
    import torch

    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


@functools.cache
def _quick_tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "tokenizer.json"))


@functools.cache
def _tokenizer(source: Path) -> Any:
    from tools.backends import clip_export

    return clip_export.tokenizer(source)
