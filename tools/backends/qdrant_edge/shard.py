"""How an Edge shard is made: its vectors, its indexes, its points."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends.common.bm25 import document
from tools.backends.common.qdrant_payload import INDEXED, payload_of
from tools.backends.qdrant_edge.codes import codes
from tools.backends.qdrant_edge.damage import ANEW
from tools.backends.qdrant_edge.places import About
from tools.kit import CannotDo, Embeddings, Item
from tools.kit.archive.words import words_of

if TYPE_CHECKING:
    from qdrant_edge import EdgeConfig, EdgeShard, Point


def create(path: str, about: About) -> EdgeShard:
    """An empty shard with all its indexes."""
    from qdrant_edge import EdgeShard, UpdateOperation

    shard = EdgeShard.create(path, _config(about))
    for field, kind in INDEXED.items():
        shard.update(UpdateOperation.create_field_index(field, _index(kind)))
    return shard


def load(path: Path) -> EdgeShard:
    """Raises: CannotDo when it cannot be opened; OSError."""
    from qdrant_edge import EdgeShard

    with opening_said(path.parent):
        return EdgeShard.load(str(path))


@contextmanager
def opening_said(folder: Path) -> Iterator[None]:
    """Raises: CannotDo in place of what the engine says to files that do not belong together; OSError."""
    try:
        yield
    except (OSError, CannotDo):
        raise
    except Exception as error:
        if "code: " in str(error):  # of the disk
            raise
        raise CannotDo(f"The archive in {folder} cannot be opened ({error}). {ANEW}") from error


def point_of(item: Item, image: Embeddings, text: Embeddings | None) -> Point:
    from qdrant_edge import Point

    return Point(item.id, vectors_of(item, image, text), payload_of(item))


def vectors_of(item: Item, image: Embeddings | None, text: Embeddings | None) -> dict[str, Any]:
    """By name, those it has: one of zeros is none."""
    found: dict[str, Any] = {}
    if image is not None and np.any(image):
        found["image"] = image
    if text is not None and np.any(text):
        found["text"] = text
    words = document(words_of(item))
    if words.indices:
        found["words"] = words
    return found


def _config(about: About) -> EdgeConfig:
    """Codes are written beside the vectors from the first one on: Edge's optimiser, which would make them later, keeps
    the whole process waiting (9 s at 150,000 vectors) and starts over with every round."""
    from qdrant_edge import Distance, EdgeConfig, EdgeSparseVectorParams, EdgeVectorParams, Memory, Modifier

    memory = Memory.Cold if about.on_disk else Memory.Cached
    image, text = (
        EdgeVectorParams(size=dim, distance=Distance.Cosine, memory=memory, quantization_config=codes(about.quantised))
        for dim in about.dims
    )
    return EdgeConfig(
        vectors={"image": image, "text": text}, sparse_vectors={"words": EdgeSparseVectorParams(modifier=Modifier.Idf)}
    )


def _index(kind: str) -> Any:
    from qdrant_edge import FloatIndexParams, IntegerIndexParams, KeywordIndexParams, TextIndexParams, TokenizerType

    if kind == "integer":
        return IntegerIndexParams(lookup=False, range=True)
    if kind == "text":
        return TextIndexParams(tokenizer=TokenizerType.Whitespace, lowercase=False, phrase_matching=True)
    return FloatIndexParams() if kind == "float" else KeywordIndexParams()
