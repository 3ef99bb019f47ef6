"""One open collection of the embedded archive: every call on it, in this process. Edge blocks: use threads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tools.backends.common.qdrant_checks import canonical
from tools.backends.common.qdrant_payload import item_of, readable
from tools.backends.qdrant_edge.damage import FOR_REMOVAL, check_room, panicked
from tools.backends.qdrant_edge.places import About
from tools.backends.qdrant_edge.reading import Reading
from tools.backends.qdrant_edge.snapshots import write_snapshot
from tools.backends.qdrant_edge.writing import Writer
from tools.kit import Embeddings, Item, Scope
from tools.kit.archive import Point
from tools.kit.archive.snapshots import Snapshot

if TYPE_CHECKING:
    from qdrant_edge import EdgeShard


class Collection(Reading):
    """An open shard, read and written. Calls may come from several threads at once."""

    def __init__(self, folder: Path, about: About, shard: EdgeShard) -> None:
        super().__init__(about, shard)
        self._folder = folder
        self._writer = Writer(shard)

    def put(self, scope: Scope, items: Sequence[Item], vectors: Embeddings, texts: Embeddings | None) -> None:
        check_room(self._folder, vectors.nbytes)
        self._refuse_others(scope, [item.id for item in items])
        self._upsert([(item, vectors[n], None if texts is None else texts[n]) for n, item in enumerate(items)])

    def revise(self, scope: Scope, items: Sequence[Item], texts: Embeddings | None) -> None:
        there = {item.id for item in self.get(scope, [item.id for item in items])}
        if there:
            check_room(self._folder, 0)
        for number, item in enumerate(items):
            if item.id in there:
                self._writer.revise(item, None if texts is None else texts[number])

    def remove(self, scope: Scope, ids: Sequence[str]) -> int:
        return self._delete([item.id for item in self.get(scope, list(dict.fromkeys(map(canonical, ids))))])

    def keep(self, points: Sequence[Point]) -> None:
        check_room(self._folder, sum(each.image.nbytes for each in points))
        self._upsert([(each.item, each.image, each.text) for each in points])

    def forget(self, ids: Sequence[str]) -> int:
        return self._delete([str(record.id) for record in self._retrieve(list(dict.fromkeys(map(canonical, ids))))])

    def write_snapshot(self, path: str, about: Snapshot) -> bool:
        """Writes wait until it is done."""
        with self._writer.paused():
            write_snapshot(self._folder, Path(path), about)
        return True

    def close(self) -> bool:
        """Whether everything is in the files.

        Raises: nothing for a damaged shard: whatever used it has said so, and it must still be let go of.
        """
        try:
            self._shard.close()
        except BaseException as error:
            if not panicked(error):
                raise
            return False
        return True

    def _refuse_others(self, scope: Scope, ids: Sequence[str]) -> None:
        """Raises: ValueError when a put would replace what the scope may not see."""
        if set(self._audiences) <= set(scope.audiences):
            return
        there = [item_of(each.payload) for each in self._retrieve(ids) if readable(each.payload, each.id)]
        if any(item.audience not in scope.audiences for item in there):
            raise ValueError("An id is taken by an item outside the scope.")

    def _delete(self, present: Sequence[str]) -> int:
        if present:
            check_room(self._folder, 0, FOR_REMOVAL)
            self._removed = True
        return self._writer.delete(present)

    def _upsert(self, points: Sequence[tuple[Item, Embeddings, Embeddings | None]]) -> None:
        self._audiences.update({item.audience: 0 for item, *_ in points})  # before the write: never too small a set
        self._writer.upsert(points)
        self._size = self.points()
