"""One workspace's shard of the embedded archive: made whole, bound to its encoder, owned by one process."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np

from tools.backends.common.qdrant_payload import INDEXED, Condition, another_encoder, audience_condition, item_of
from tools.backends.qdrant_edge.damage import damage_said, panicked
from tools.backends.qdrant_edge.lock import OwnerLock
from tools.kit import CannotDo, Embeddings, Item, Scope

if TYPE_CHECKING:
    from qdrant_edge import EdgeConfig, EdgeShard, Filter

FLUSH_EVERY = 5.0
"""Seconds between flushes while writing, as a Qdrant server does by default."""


class Collection:
    """An open shard: ours alone until it is closed."""

    def __init__(self, shard: EdgeShard, lock: OwnerLock) -> None:
        self.shard = shard
        self._lock = lock
        self._flushed = time.monotonic()
        self.audiences = _audiences(shard)
        """Every audience that has anything here; it may name some that no longer have."""

    @classmethod
    def load(cls, folder: Path, encoder: str, dim: int) -> Collection:
        """Raises: CannotDo when another process has it, another encoder made it, or it is damaged."""
        from qdrant_edge import EdgeShard

        _check_bound(folder, encoder, dim)
        lock = OwnerLock(folder / "lock")
        lock.take()
        try:
            with damage_said(folder):
                return cls(EdgeShard.load(str(folder / "shard")), lock)
        except Exception as error:
            lock.free()
            if isinstance(error, CannotDo) or "code: " in str(error):
                raise
            raise CannotDo(
                f"The archive in {folder} cannot be opened ({error}): move that folder away and index again."
            ) from error

    @classmethod
    def create(cls, folder: Path, encoder: str, dim: int) -> Collection:
        """Made beside its place and moved there when it is whole, so a kill never leaves half a shard."""
        from qdrant_edge import EdgeShard, UpdateOperation

        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = OwnerLock(folder / "lock")
        lock.take()
        try:
            if not (folder / "shard").exists():
                unfinished = folder / "unfinished"
                shutil.rmtree(unfinished, ignore_errors=True)
                shard = EdgeShard.create(str(unfinished), _config(dim))
                for field, kind in INDEXED.items():
                    shard.update(UpdateOperation.create_field_index(field, _index(kind)))
                shard.close()
                _bind(folder, encoder, dim)
                unfinished.rename(folder / "shard")
        except BaseException:
            lock.free()
            raise
        lock.free()
        return cls.load(folder, encoder, dim)

    def filter(self, scope: Scope, conditions: list[Condition]) -> Filter | None:
        """The conditions and the scope. Where all that is here may be seen, the scope's condition says nothing and
        would double the time of the search (8 ms at 100,000 vectors), so it is left out."""
        from qdrant_edge import Filter

        allowed = audience_condition(scope)
        if not self.audiences <= set(scope.audiences):
            conditions = [allowed, *conditions]
        return Filter(must=[_edge_condition(condition) for condition in conditions]) if conditions else None

    def refuse_others(self, scope: Scope, ids: Sequence[str]) -> None:
        """Raises: ValueError when a put would replace what the scope may not see."""
        if self.audiences <= set(scope.audiences):
            return
        if any(item.audience not in scope.audiences for item in self.retrieve(ids)):
            raise ValueError("An id is taken by an item outside the scope.")

    def retrieve(self, ids: Sequence[str]) -> list[Item]:
        points = self.shard.retrieve([UUID(key) for key in ids], with_payload=["item"], with_vector=False)
        return [item_of(point.payload) for point in points]

    def vector(self, key: str) -> Embeddings | None:
        points = self.shard.retrieve([UUID(key)], with_payload=False, with_vector=True)
        return np.asarray(points[0].vector, np.float32) if points else None

    def write(self, operation: Any) -> None:
        self.shard.update(operation)
        if time.monotonic() - self._flushed > FLUSH_EVERY:
            self.shard.flush()
            self._flushed = time.monotonic()

    @property
    def wanted(self) -> bool:
        """Whether another process waits for it."""
        return self._lock.wanted

    def close(self) -> None:
        """Raises: nothing for a damaged shard: whatever used it has said so, and it must still be let go of."""
        try:
            self.shard.close()
        except BaseException as error:
            if not panicked(error):
                raise
        finally:
            self._lock.free()


def _audiences(shard: EdgeShard) -> set[str]:
    from qdrant_edge import FacetRequest

    return {str(hit.value) for hit in shard.facet(FacetRequest(key="audience", limit=1_000_000, exact=True)).hits}


def _config(dim: int) -> EdgeConfig:
    from qdrant_edge import Distance, EdgeConfig, EdgeVectorParams

    return EdgeConfig(vectors=EdgeVectorParams(size=dim, distance=Distance.Cosine))


def _index(kind: str) -> Any:
    from qdrant_edge import FloatIndexParams, IntegerIndexParams, KeywordIndexParams

    if kind == "integer":
        return IntegerIndexParams(lookup=False, range=True)
    return FloatIndexParams() if kind == "float" else KeywordIndexParams()


def _edge_condition(condition: Condition) -> Any:
    from qdrant_edge import FieldCondition, MatchAny, MatchSubstring, MatchValue, RangeFloat

    if condition.contains:
        return FieldCondition(condition.key, match=MatchSubstring(condition.contains))
    if condition.any_of:
        one = len(condition.any_of) == 1  # a single value is looked up quicker than a set of one
        match = MatchValue(condition.any_of[0]) if one else MatchAny(list(condition.any_of))
        return FieldCondition(condition.key, match=match)
    return FieldCondition(condition.key, range=RangeFloat(gte=condition.at_least, lt=condition.below))


def _bind(folder: Path, encoder: str, dim: int) -> None:
    draft = folder / "archive.json.new"
    draft.write_text(json.dumps({"encoder": encoder, "dim": dim}))
    draft.replace(folder / "archive.json")


def _check_bound(folder: Path, encoder: str, dim: int) -> None:
    """Raises: CannotDo when another encoder made the collection."""
    try:
        bound = json.loads((folder / "archive.json").read_text())
    except ValueError:
        raise CannotDo(f"{folder / 'archive.json'} is damaged: move {folder} away and index again.") from None
    if (bound["encoder"], bound["dim"]) != (encoder, dim):
        raise CannotDo(another_encoder(str(folder), bound["encoder"], encoder))


def discard(folder: Path) -> None:
    """Drop the shard. Moved aside first, so a kill never leaves half of it in its place."""
    unfinished = folder / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    if (folder / "shard").exists():
        (folder / "shard").rename(unfinished)
        shutil.rmtree(unfinished, ignore_errors=True)
