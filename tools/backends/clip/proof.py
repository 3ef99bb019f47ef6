"""In a worker: int8 must prove itself against fp32 on sample images, checkpoint by checkpoint, before it is used.

Weights to int8 by channel, activations as they come (dynamic quantisation), matrix products only. Compared is what
search lives on: the embeddings themselves, and the order in which every sample ranks the others.
"""

from __future__ import annotations

import dataclasses
import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tools.backends.clip.checkpoint import Checkpoint
from tools.backends.clip.run import BATCH, INT8, embed_pixels
from tools.backends.common.onnx_models import kept
from tools.kit.errors import AskAgain
from tools.kit.types import Embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST, ENOUGH = 32, 64
"""Fewer samples prove nothing; more tell nothing new."""
COSINE, AGREEMENT = 0.98, 0.9
"""What the mean embedding and the mean ranking must reach."""
TOP = 10


@dataclass(frozen=True)
class Proof:
    samples: int
    cosine: float
    """Mean cosine similarity of an image's int8 embedding to its fp32 embedding."""
    worst: float
    """The lowest of them."""
    agreement: float
    """Share of every sample's ten nearest others (by fp32) that int8 finds among its ten."""

    @property
    def holds(self) -> bool:
        return self.cosine >= COSINE and self.agreement >= AGREEMENT

    @property
    def said(self) -> str:
        verdict = "int8 may be used" if self.holds else "int8 stays off"
        return (
            f"On {self.samples} images int8 embeddings have a cosine similarity of {self.cosine:.4f} to fp32 (lowest "
            f"{self.worst:.4f}) and agree on {self.agreement:.0%} of the ten nearest images: {verdict}."
        )


def prove(checkpoint: Checkpoint, exact: NDArray[np.uint8], quick: NDArray[np.uint8]) -> Proof:
    """Quantise when that has not been done, compare, and keep the result.

    exact, quick: (n, height, width, 3) sample images as the checkpoint's recipe leaves them, decoded as for fp32 and as
    for int8. Raises: AskAgain with too few.
    """
    if len(exact) < LEAST:
        raise AskAgain(f"int8 has to prove itself on at least {LEAST} images; there are {len(exact)}.")
    kept(Path(checkpoint.folder), INT8, lambda path: _quantise(checkpoint, path))
    proof = compared(_embedded(checkpoint, exact, "onnx"), _embedded(checkpoint, quick, "int8"))
    _file(checkpoint).write_text(json.dumps(dataclasses.asdict(proof)), encoding="utf-8")
    return proof


def compared(exact: Embeddings, quick: Embeddings) -> Proof:
    """Two sets of (n, dim) L2-normalised embeddings of the same images."""
    cosines = (exact * quick).sum(axis=1)
    pairs = zip(_nearest(exact), _nearest(quick), strict=True)
    return Proof(
        samples=len(exact),
        cosine=float(cosines.mean()),
        worst=float(cosines.min()),
        agreement=float(np.mean([len(set(a) & set(b)) / len(a) for a, b in pairs])),
    )


def proof(checkpoint: Checkpoint) -> Proof | None:
    """The kept result, or None when int8 was never put to the test."""
    try:
        return Proof(**json.loads(_file(checkpoint).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _embedded(checkpoint: Checkpoint, pixels: NDArray[np.uint8], runtime: str) -> Embeddings:
    """(n, height, width, 3) uint8 -> (n, dim) float32, L2-normalised."""
    batches = (pixels[start : start + BATCH] for start in range(0, len(pixels), BATCH))
    return np.concatenate([embed_pixels(checkpoint, batch, runtime) for batch in batches])


def _nearest(embeddings: Embeddings) -> list[list[int]]:
    cosines = embeddings @ embeddings.T
    np.fill_diagonal(cosines, -np.inf)
    found: list[list[int]] = np.argsort(-cosines, axis=1)[:, : min(TOP, len(embeddings) - 1)].tolist()
    return found


def _quantise(checkpoint: Checkpoint, path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        quantize_dynamic(
            Path(checkpoint.folder) / "image.onnx",
            path,
            op_types_to_quantize=["MatMul", "Gemm"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )


def _file(checkpoint: Checkpoint) -> Path:
    return Path(checkpoint.folder) / "int8.json"
