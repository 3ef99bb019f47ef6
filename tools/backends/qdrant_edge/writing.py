"""Writes into an open shard, one after another, and flushed now and then."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tools.backends.common.qdrant_payload import payload_of
from tools.backends.qdrant_edge.shard import point_of, vectors_of
from tools.kit import Embeddings, Item

if TYPE_CHECKING:
    from qdrant_edge import EdgeShard

FLUSH_EVERY = 5.0
"""Seconds between flushes while writing, as a Qdrant server does by default."""


class Writer:
    """Of one shard. Calls may come from several threads at once; they block."""

    def __init__(self, shard: EdgeShard) -> None:
        self._shard = shard
        self._flushed = time.monotonic()
        self._one_at_a_time = threading.Lock()

    def upsert(self, points: Sequence[tuple[Item, Embeddings, Embeddings | None]]) -> None:
        """Items with the vectors of their pictures, (dim,) float32, and of their words, (text_dim,) or none."""
        from qdrant_edge import UpdateOperation

        self._write(UpdateOperation.upsert_points([point_of(*point) for point in points]))

    def revise(self, item: Item, text: Embeddings | None) -> None:
        """Its payload and words, and the vector of its words where one is given: one of zeros says that it has none."""
        from qdrant_edge import PointVectors, UpdateOperation

        point: list[Any] = [UUID(item.id)]
        given = vectors_of(item, None, text)
        told = ("words",) if text is None else ("words", "text")
        self._write(UpdateOperation.overwrite_payload(point, payload_of(item)))
        if given:
            self._write(UpdateOperation.update_vectors([PointVectors(UUID(item.id), given)]))
        if left_out := [space for space in told if space not in given]:
            self._write(UpdateOperation.delete_vectors(point, left_out))

    def delete(self, present: Sequence[str]) -> int:
        """Returns how many those are."""
        from qdrant_edge import UpdateOperation

        if present:
            self._write(UpdateOperation.delete_points([UUID(key) for key in present]))
        return len(present)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Everything is in the files, and nobody writes meanwhile."""
        with self._one_at_a_time:
            self._flush()
            yield

    def _write(self, operation: Any) -> None:
        with self._one_at_a_time:
            self._shard.update(operation)
            if time.monotonic() - self._flushed > FLUSH_EVERY:
                self._flush()

    def _flush(self) -> None:
        self._shard.flush()
        self._flushed = time.monotonic()
