"""The space the builtin encoder puts images and texts into, from ImageNet probabilities and MiniLM embeddings alone.

Two parts, side by side, whose dot products add up:

- ConSE (Norouzi et al. 2013): class probabilities weight the text embeddings of the class names; a text is its own
  embedding. Both are centred on the mean class, without which every image looks like the average of everything.
- Concepts: how likely the image shows each concept, against how well the text names each (a softmax over cosines). With
  square roots on both sides the dot product is the Bhattacharyya coefficient of the two distributions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.backends import minilm
from tools.backends.concepts import CLASSES, concepts
from tools.kit.types import Embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEANING = 0.35
"""Share of the ConSE part in a cosine similarity."""
WARM = 3.0
"""Temperature of class probabilities in the ConSE part: what comes second and third says what the scene is like."""
COOL = 1.5
"""Temperature of class probabilities in the concept part."""
SHARP = 0.03
"""Temperature of a text's cosines to concept names."""


def dim() -> int:
    return minilm.DIM + len(concepts().first)


@dataclass(frozen=True)
class Space:
    names: Embeddings
    """(names, 384) MiniLM embeddings of every concept name, L2-normalised."""

    def images(self, logits: NDArray[np.float32]) -> Embeddings:
        """(n, views, 1000) ImageNet logits -> (n, dim) float32, L2-normalised."""
        classes = self._classes()
        meaning = _softmax(logits, WARM).mean(axis=1) @ classes - classes.mean(axis=0)
        shown = np.sqrt(_softmax(logits, COOL).mean(axis=1) @ concepts().classes.T)
        return _joined(meaning, shown)

    def texts(self, embeddings: Embeddings) -> Embeddings:
        """(n, 384) MiniLM embeddings -> (n, dim) float32, L2-normalised."""
        cosines = np.maximum.reduceat(embeddings @ self.names.T, concepts().first, axis=1)
        return _joined(embeddings - self._classes().mean(axis=0), np.sqrt(_softmax(cosines, SHARP)))

    def _classes(self) -> Embeddings:
        """(1000, 384): the mean of each class's names, L2-normalised."""
        return _normalised(np.add.reduceat(self.names, concepts().first, axis=0)[:CLASSES])


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
