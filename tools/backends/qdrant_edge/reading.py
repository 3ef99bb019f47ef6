"""An open shard of the embedded archive, read: everything that is found in it. Edge blocks: use threads.

`Archive` and `Upkeep` say what the calls do; scopes and shapes are checked before they get here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np

from tools.backends.common.bm25 import question
from tools.backends.common.qdrant_checks import canonical
from tools.backends.common.qdrant_payload import TALLIED, hits_of, item_of, items_of, name_of, readable, vector_of
from tools.backends.qdrant_edge.broad import best_that_pass
from tools.backends.qdrant_edge.codes import FROM, Quantised, search_params
from tools.backends.qdrant_edge.conditions import filter_of, there
from tools.backends.qdrant_edge.places import About
from tools.kit import Counted, Embeddings, Filters, Hit, Item, Scope, Space, Tallied
from tools.kit.archive import Point

if TYPE_CHECKING:
    from qdrant_edge import EdgeShard, Filter, QueryRequest, Record, SearchParams

PAGE = 1000
LATELY = 500
"""Posts that names are looked up in all at once."""
Offset = int | UUID | str | None


class Reading:
    """Calls may come from several threads at once, also while others write."""

    def __init__(self, about: About, shard: EdgeShard) -> None:
        self._about = about
        self._shard = shard
        self._size = self.points()
        """How many there were when it was last counted."""
        self._audiences = self._counted("audience")
        """Every audience that has anything here; it may name some that no longer have."""
        self._removed = False
        """Something was, since it was opened: where everything is searched, the engine counts that among it."""

    # --- Archive --------------------------------------------------------------------------------

    def search(
        self, scope: Scope, vector: Embeddings, by: Space, filters: Filters | None, limit: int, vectors: bool
    ) -> list[Hit]:
        query, condition = vector.tolist(), self._filter(scope, filters)

        def request(number: int, passing: Filter | None) -> QueryRequest:
            told = condition is None or passing is not None  # of the best of all only the ids are of interest
            params = search_params(self.quantisation(), number)
            return _nearest(query, by, passing, number, params, told=told, vectors=vectors and told)

        found = None
        if condition is not None and self._size >= FROM:
            found = best_that_pass(self._shard, condition, filters, limit, self._size, request)
        points = self._shard.query(request(limit, condition)) if found is None else found
        return hits_of(points, scope, by)

    def match(self, scope: Scope, words: str, filters: Filters | None, limit: int) -> list[Hit]:
        from qdrant_edge import IdfParams, SearchParams

        asked = question(words)
        if not asked.indices:
            return []
        # how rare a word is, is counted in what the scope may see: scores tell nothing of the rest
        corpus = self._filter(scope, None) or (there() if self._removed else None)
        rarity = SearchParams(idf=IdfParams(corpus=corpus))
        request = _nearest(asked, "words", self._filter(scope, filters), limit, rarity, told=True)
        return hits_of(self._shard.query(request), scope, "image")

    def recent(self, scope: Scope, filters: Filters | None, limit: int, oldest: bool) -> list[Item]:
        from qdrant_edge import Direction, OrderBy, ScrollRequest

        request = ScrollRequest(
            limit=limit,
            order_by=OrderBy("when", Direction.Asc if oldest else Direction.Desc),
            filter=self._filter(scope, filters),
            with_payload=["item"],
        )
        return items_of(self._shard.scroll(request)[0], scope)

    def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        found = {item.id: item for item in items_of(self._retrieve(ids), scope)}
        return [found[key] for key in map(canonical, ids) if key in found]

    def vector(self, scope: Scope, key: str, by: Space) -> Embeddings | None:
        if not self.get(scope, [key]):
            return None
        points = self._shard.retrieve([UUID(key)], with_payload=False, with_vector=[by])
        return vector_of(points[0].vector, by) if points else None

    def count(self, scope: Scope, filters: Filters | None) -> int:
        from qdrant_edge import CountRequest

        return int(self._shard.count(CountRequest(filter=self._filter(scope, filters), exact=True)))

    def page(self, scope: Scope, filters: Filters | None, start: str | None) -> tuple[list[Item], str | None]:
        """Some of a scan, and where it goes on; None at its end."""
        from qdrant_edge import ScrollRequest

        request = ScrollRequest(
            limit=PAGE,
            offset=_offset(start),
            filter=self._filter(scope, filters),
            with_payload=["item"],
        )
        points, following = self._shard.scroll(request)
        return items_of(points, scope), _said(following)

    def tally(self, scope: Scope, what: Tallied, filters: Filters | None, limit: int) -> list[Counted]:
        numbers = self._counted(TALLIED[what], scope, filters)
        ranked = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
        names = self._names(scope, what, filters) if ranked else {}
        return [
            Counted(value, number, names[value] if value in names else self._name(scope, what, value, filters))
            for value, number in ranked
        ]

    # --- Upkeep ---------------------------------------------------------------------------------

    def audiences(self) -> list[str]:
        return sorted(self._counted("audience"))

    def everything(self, start: str | None) -> tuple[list[Point], str | None]:
        """Some of it, and where it goes on; None at its end."""
        from qdrant_edge import ScrollRequest

        request = ScrollRequest(limit=PAGE, offset=_offset(start), with_payload=["item"], with_vector=["image", "text"])
        points, following = self._shard.scroll(request)
        return [self._read(point) for point in points if readable(point.payload, point.id)], _said(following)

    def held(self, ids: Sequence[str]) -> list[Point]:
        points = self._shard.retrieve(
            [UUID(key) for key in dict.fromkeys(ids)], with_payload=["item"], with_vector=["image", "text"]
        )
        return [self._read(point) for point in points if readable(point.payload, point.id)]

    def broken(self, start: str | None) -> tuple[list[str], str | None]:
        """Ids of some of the points that hold no item to be read, and where it goes on."""
        from qdrant_edge import ScrollRequest

        points, following = self._shard.scroll(ScrollRequest(limit=PAGE, offset=_offset(start), with_payload=["item"]))
        return [str(point.id) for point in points if not readable(point.payload, point.id)], _said(following)

    def quantisation(self) -> Quantised:
        """What it is searched by."""
        return self._about.quantised if self._size >= FROM else "none"

    def points(self) -> int:
        return int(self._shard.info().points_count)

    # --- the engine -----------------------------------------------------------------------------

    def _filter(self, scope: Scope, filters: Filters | None) -> Any:
        return filter_of(scope, filters, self._audiences)

    def _read(self, record: Record) -> Point:
        image = vector_of(record.vector, "image")
        none = np.zeros(self._about.dim, np.float32)
        return Point(item_of(record.payload), none if image is None else image, vector_of(record.vector, "text"))

    def _retrieve(self, ids: Sequence[str]) -> list[Record]:
        return self._shard.retrieve([UUID(key) for key in ids], with_payload=["item"], with_vector=False)

    def _counted(self, field: str, scope: Scope | None = None, filters: Filters | None = None) -> dict[str, int]:
        from qdrant_edge import FacetRequest

        narrowed = self._filter(scope, filters) if scope else None
        request = FacetRequest(key=field, limit=1_000_000, exact=True, filter=narrowed)
        hits = self._shard.facet(request).hits  # with zeros for values that nothing has any more
        return {str(hit.value): int(hit.count) for hit in hits if hit.count}

    def _names(self, scope: Scope, what: Tallied, filters: Filters | None) -> dict[str, str]:
        """Of those people or channels that posted lately."""
        if what not in ("people", "channels"):
            return {}
        names: dict[str, str] = {}
        for item in self.recent(scope, filters, LATELY, False):
            if item.post:
                names.setdefault(item.post.user if what == "people" else item.channel, name_of(item, what))
        return names

    def _name(self, scope: Scope, what: Tallied, value: str, filters: Filters | None) -> str:
        """Of a person or channel, as the latest of its posts knows it."""
        if what not in ("people", "channels"):
            return ""
        field = "posted_by" if what == "people" else "channels"
        asked = (filters or Filters()).model_copy(update={field: (value,)})
        latest = self.recent(scope, asked, 1, False)
        return name_of(latest[0], what) if latest else ""


def _offset(start: str | None) -> Offset:
    return UUID(start) if start else None


def _said(offset: Offset) -> str | None:
    return None if offset is None else str(offset)


def _nearest(
    query: Any,
    using: str,
    passing: Filter | None,
    limit: int,
    params: SearchParams,
    *,
    told: bool,
    vectors: bool = False,
) -> QueryRequest:
    """told: with what is known of each point."""
    from qdrant_edge import Query, QueryRequest

    return QueryRequest(
        limit=limit,
        offset=0,
        query=Query.Nearest(query, using=using),
        filter=passing,
        with_payload=["item"] if told else False,
        with_vector=[using] if vectors else False,
        params=params,
    )
