"""Points, and what their fields are indexed by, as a Qdrant server takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends.common.bm25 import document
from tools.backends.qdrant_server.filters import packed
from tools.kit import Embeddings, Item
from tools.kit.archive.words import words_of

if TYPE_CHECKING:
    from qdrant_client.models import PointStruct, SparseVector, TextIndexParams
    from qdrant_edge import SparseVector as Sparse


def point_of(item: Item, image: Embeddings, text: Embeddings | None) -> PointStruct:
    from qdrant_client import models

    return models.PointStruct(id=item.id, vector=vectors_of(item, image, text), payload=packed(item))


def vectors_of(item: Item, image: Embeddings | None, text: Embeddings | None) -> dict[str, Any]:
    """By name, those it has: one of zeros is none."""
    found: dict[str, Any] = {}
    if image is not None and np.any(image):
        found["image"] = image.tolist()
    if text is not None and np.any(text):
        found["text"] = text.tolist()
    words = document(words_of(item))
    if words.indices:
        found["words"] = sparse(words)
    return found


def sparse(words: Sparse) -> SparseVector:
    from qdrant_client import models

    return models.SparseVector(indices=[*words.indices], values=[*words.values])


def phrases() -> TextIndexParams:
    from qdrant_client import models

    return models.TextIndexParams(
        type=models.TextIndexType.TEXT,
        tokenizer=models.TokenizerType.WHITESPACE,
        lowercase=False,
        phrase_matching=True,
    )
