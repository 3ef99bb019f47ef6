"""MiniLM embeddings of all texts in `concepts`, shipped as ``concept_texts.npz``: the first run is spared some seconds.

Written by ``python -m tools.backends.builtin_encoder.concept_texts`` whenever the texts change; a test tells when that
was forgotten.
Eight bits a number and one scale a row keep cosines to three digits.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tools.backends.builtin_encoder.concepts import CLASSES, concepts

if TYPE_CHECKING:
    from tools.kit.types import Embeddings

FILE = Path(__file__).with_name("concept_texts.npz")


def concept_texts() -> tuple[Embeddings, Embeddings]:
    """(names, 384) and (1000, 384) float32, L2-normalised: every concept's names, every class's gloss."""
    with np.load(FILE) as kept:
        rows = kept["rows"].astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows[:-CLASSES], rows[-CLASSES:]


def shipped() -> str:
    """Fingerprint of the concepts that the shipped file was made from."""
    with np.load(FILE) as kept:
        return str(kept["fingerprint"])


def write() -> None:
    from tools.backends.minilm import embed

    with tempfile.TemporaryDirectory() as models:
        rows = embed(Path(models), (*concepts().names, *concepts().glosses))
    rows = np.round(rows / np.abs(rows).max(axis=1, keepdims=True) * 127)
    np.savez_compressed(FILE, rows=rows.astype(np.int8), fingerprint=concepts().fingerprint)


if __name__ == "__main__":
    write()
