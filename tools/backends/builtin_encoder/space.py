"""The space the builtin encoder puts images and texts into, from ImageNet probabilities and MiniLM embeddings alone.

Two parts, side by side, whose dot products add up:

- ConSE (Norouzi et al. 2013): class probabilities weight the text embeddings of the class names and glosses; a text
  is its own embedding. Both are centred on the mean class, or every image looks like the average of everything.
- Concepts: how likely the image shows each concept, against how well the text names each (a softmax over cosines). With
  square roots on both sides the dot product is the Bhattacharyya coefficient of the two distributions.

The constants were chosen on half of the photos in ../shared/data/captions and confirmed on the other half.

A text that means no concept is near to many of them a little, and so is every photo: `Space.cutoffs` asks of an image
that it is nearer than any photo is, and `Space.means` tells which texts mean something that can be seen here.
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
RELEVANT, ABOVE = 0.15, 0.07
"""The cosine from which a photo shows what a text says, and how much more than any photo's it must be.

With `Space.means`, of 469 photos 0.6% are shown for words and phrases that none shows (29% without). Photos of
captions are over it for 84% (88% without), others for 30% (44%)."""
NAMED, ALMOST, MEANT = 0.97, 0.57, 0.54
"""Cosine to a name of a concept from which a text is that name; or only means it, if it is also so near to all that is
said of the concept: memory is near to a ram, and a president to the trump among the names of a cornet. A temple and a
robot are known by that, Tuesday and a deadline are not."""
SURE, FLAT = 8.0, 0.1
"""A logit and the flatness of an ordinary photo of one class."""


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

    def cutoffs(self, texts: Embeddings) -> NDArray[np.float32]:
        """(n, dim) texts -> (n,) cosines from which an image shows them."""
        cutoffs: NDArray[np.float32] = np.maximum(texts @ self._any_photo + ABOVE, RELEVANT)
        return cutoffs

    def means(self, embeddings: Embeddings) -> NDArray[np.bool_]:
        """(n, 384) MiniLM embeddings of words -> (n,) whether each means one of the concepts."""
        named = np.maximum.reduceat(embeddings @ self.names.T, concepts().first, axis=1)
        meant = (named >= ALMOST) & (embeddings @ self._concepts.T >= MEANT)
        known: NDArray[np.bool_] = np.any((named >= NAMED) | meant, axis=1)
        return known

    @cached_property
    def _any_photo(self) -> Embeddings:
        """(dim,): the mean of photos of each class."""
        photos = SURE * np.eye(CLASSES, dtype=np.float32)[:, None]
        mean: Embeddings = self.images(photos, np.full(CLASSES, FLAT, dtype=np.float32)).mean(axis=0)
        return mean

    @cached_property
    def _concepts(self) -> Embeddings:
        """(concepts, 384): all that is said of each, L2-normalised: its names, and of a class its gloss too."""
        called = _normalised(np.add.reduceat(self.names, concepts().first, axis=0))
        return np.concatenate([self._classes, called[CLASSES:]])

    @cached_property
    def _classes(self) -> Embeddings:
        """(1000, 384): what each class means, L2-normalised."""
        called = _normalised(np.add.reduceat(self.names, concepts().first, axis=0)[:CLASSES])
        return _normalised(called + self.glosses)


def _joined(meaning: Embeddings, shown: Embeddings) -> Embeddings:
    """(n, a) and (n, b) -> (n, a + b) float32 of length 1, of which the meaning has the share `MEANING`."""
    parts = (np.sqrt(MEANING) * _normalised(meaning), np.sqrt(1 - MEANING) * _normalised(shown))
    return np.concatenate(parts, axis=1).astype(np.float32)


def _softmax(x: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Over the last axis."""
    raised = np.exp((x - x.max(axis=-1, keepdims=True)) / temperature)
    out: NDArray[np.float32] = raised / raised.sum(axis=-1, keepdims=True)
    return out


def _normalised(x: Embeddings) -> Embeddings:
    """Along the last axis, to length 1; zeros stay zeros."""
    out: Embeddings = x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12)
    return out
