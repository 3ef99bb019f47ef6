"""The space the builtin encoder puts images and texts into, from ImageNet probabilities and MiniLM embeddings alone.

Two parts, side by side, whose dot products add up:

- ConSE (Norouzi et al. 2013): class probabilities weight the text embeddings of the class names and glosses; a text
  is its own embedding. Both are centred on the mean class, or every image looks like the average of everything.
- Concepts: how likely the image shows each concept, against how well the text names each (a softmax over cosines). With
  square roots on both sides the dot product is the Bhattacharyya coefficient of the two distributions.

The constants were chosen on half of the photos in ../shared/data/captions and confirmed on the other half.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tools.backends.builtin_encoder.concepts import CLASSES, concepts
from tools.backends.builtin_encoder.picture_kinds import kinds
from tools.backends.minilm import DIM
from tools.kit.types import Embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEANING = 0.35
"""Share of the ConSE part in a cosine similarity."""
WARM, COOL = 3.0, 1.5
"""Temperatures of class probabilities: for ConSE (what comes second and third tells the scene) and for concepts."""
SHARP = 0.03
"""Temperature of a text's cosines to concept names."""
ENOUGH = 0.2
"""Summed evidence at which an everyday concept is more likely there than not."""


def dim() -> int:
    return DIM + len(concepts().first)


@dataclass(frozen=True)
class Space:
    names: Embeddings
    """(names, 384) MiniLM embeddings of every concept name, L2-normalised."""
    glosses: Embeddings
    """(1000, 384) of the classes' glosses."""

    def images(self, logits: NDArray[np.float32], flat: NDArray[np.float32]) -> Embeddings:
        """(n, views, 1000) ImageNet logits and (n,) flatness -> (n, dim) float32, L2-normalised."""
        meaning = _softmax(logits, WARM).mean(axis=1) @ self._classes - self._classes.mean(axis=0)
        evidence = (_softmax(logits, COOL).mean(axis=1), kinds(_softmax(logits, 1.0).mean(axis=1), flat))
        shown = np.concatenate(evidence, axis=1) @ concepts().given.T
        everyday = shown[:, concepts().exact :]
        shown[:, concepts().exact :] = 1 - np.exp(-((everyday / ENOUGH) ** 2))
        return _joined(meaning, np.sqrt(shown))

    def texts(self, embeddings: Embeddings) -> Embeddings:
        """(n, 384) MiniLM embeddings -> (n, dim) float32, L2-normalised."""
        cosines = np.maximum.reduceat(embeddings @ self.names.T, concepts().first, axis=1)
        return _joined(embeddings - self._classes.mean(axis=0), np.sqrt(_softmax(cosines, SHARP)))

    @cached_property
    def _classes(self) -> Embeddings:
        """(1000, 384): what each class means, L2-normalised."""
        called = _normalised(np.add.reduceat(self.names, concepts().first, axis=0)[:CLASSES])
        return _normalised(called + self.glosses)


def _joined(meaning: Embeddings, shown: Embeddings) -> Embeddings:
    parts = (np.sqrt(MEANING) * _normalised(meaning), np.sqrt(1 - MEANING) * _normalised(shown))
    return np.concatenate(parts, axis=1).astype(np.float32)


def _softmax(x: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    raised = np.exp((x - x.max(axis=-1, keepdims=True)) / temperature)
    out: NDArray[np.float32] = raised / raised.sum(axis=-1, keepdims=True)
    return out


def _normalised(x: Embeddings) -> Embeddings:
    out: Embeddings = x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12)
    return out
