"""Items as points of a server's collection, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends.common.bm25 import document
from tools.backends.common.qdrant_payload import item_of, payload_of, vector_of
from tools.backends.qdrant_server.storing import Vectors
from tools.kit import Embeddings, Item, Json
from tools.kit.archive import Point
from tools.kit.archive.words import words_of

if TYPE_CHECKING:
    from qdrant_client.models import PointStruct, Record, SparseVector
    from qdrant_edge import SparseVector as Sparse

LONGEST = 3
"""Letters of the longest letter groups."""


def packed(item: Item) -> dict[str, Json]:
    """With the letter groups of the name, since servers match text by whole words and not by part of a word."""
    payload = payload_of(item)
    sizes = range(1, LONGEST + 1)
    return {**payload, "grams": sorted({gram for size in sizes for gram in grams(payload["file"], size)})}


def grams(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(len(text) - size + 1)]


def point_of(item: Item, image: Embeddings, text: Embeddings | None) -> PointStruct:
    from qdrant_client import models

    return models.PointStruct(id=item.id, vector=vectors_of(item, image, text), payload=packed(item))


def vectors_of(item: Item, image: Embeddings | None, text: Embeddings | None) -> dict[str, Any]:
    """By name, those it has: a row of zeros is none."""
    dense = {"image": image, "text": text}
    found: dict[str, Any] = {
        name: vector.tolist() for name, vector in dense.items() if vector is not None and np.any(vector)
    }
    words = document(words_of(item))
    return {**found, **({"words": sparse(words)} if words.indices else {})}


def sparse(words: Sparse) -> SparseVector:
    from qdrant_client import models

    return models.SparseVector(indices=[*words.indices], values=[*words.values])


def read_point(record: Record, space: Vectors) -> Point:
    """A vector of another size than the space's is none; of the picture that is zeros."""
    vectors = record.vector if isinstance(record.vector, dict) else {"image": record.vector}
    image, text = vector_of(vectors, "image"), vector_of(vectors, "text")
    if image is None or image.shape != (space.dim,):
        image = np.zeros(space.dim, np.float32)
    return Point(item_of(record.payload), image, text if text is not None and text.shape == (space.text_dim,) else None)
