"""A Qdrant server as `Archive`: within scopes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from tools.backends.common.bm25 import question
from tools.backends.common.qdrant_checks import canonical, check_items, check_put, check_query, check_scope, check_texts
from tools.backends.common.qdrant_payload import TALLIED, hits_of, item_of, items_of, name_of, readable, vector_of
from tools.backends.qdrant_server.collections import BATCH
from tools.backends.qdrant_server.failing import failures_said
from tools.backends.qdrant_server.filters import filter_of
from tools.backends.qdrant_server.pages import pages
from tools.backends.qdrant_server.points import point_of, sparse
from tools.backends.qdrant_server.revising import revise
from tools.backends.qdrant_server.upkeep import PAGE, Keeping
from tools.kit import Counted, Embeddings, Filters, Hit, Item, Scope, Space, Tallied

if TYPE_CHECKING:
    from qdrant_client import models as m

TOGETHER = 100
"""Names looked up in one request."""


class QdrantServer(Keeping):
    """`Archive` on a server, and `Upkeep` by what it inherits."""

    async def put(
        self, scope: Scope, items: Sequence[Item], vectors: Embeddings, texts: Embeddings | None = None
    ) -> None:
        check_put(scope, items, vectors, texts, (self._space.dim, self._space.text_dim))
        if not items:
            return
        with failures_said(self._place):
            name = await self._collections.made(scope.workspace)
            await self._refuse_others(name, scope, [item.id for item in items])
            for start in range(0, len(items), BATCH):
                await self._writers.check(scope.workspace)
                part = slice(start, start + BATCH)
                points = [
                    point_of(item, vector, None if texts is None else texts[start + number])
                    for number, (item, vector) in enumerate(zip(items[part], vectors[part], strict=True))
                ]
                await self._client.upsert(name, points, wait=True)

    async def revise(self, scope: Scope, items: Sequence[Item], texts: Embeddings | None = None) -> None:
        check_items(scope, items)
        check_texts(texts, len(items), self._space.text_dim)

        async def seen(ids: Sequence[str]) -> set[str]:
            return {item.id for item in await self.get(scope, ids)}

        with failures_said(self._place):
            await self._writers.check(scope.workspace)
            await revise(self._client, self._collections.own(scope.workspace), items, texts, seen)

    async def search(
        self,
        scope: Scope,
        vector: Embeddings,
        *,
        by: Space = "image",
        filters: Filters | None = None,
        limit: int = 10,
        vectors: bool = False,
    ) -> list[Hit]:
        check_query(vector, self._space.text_dim if by == "text" else self._space.dim)
        with failures_said(self._place):
            name = await self._known(scope)
            if name is None:
                return []
            found = await self._client.query_points(
                name,
                query=vector.tolist(),
                using=by,
                query_filter=filter_of(scope, filters),
                search_params=self._storing.search(),
                limit=limit,
                with_payload=["item"],
                with_vectors=[by] if vectors else False,
            )
        return hits_of(found.points, scope, by)

    async def match(self, scope: Scope, words: str, *, filters: Filters | None = None, limit: int = 10) -> list[Hit]:
        """How rare a word is, is counted within the scope: a score tells nothing of what others posted."""
        from qdrant_client import models

        asked = question(words)
        with failures_said(self._place):
            name = await self._known(scope)
            if name is None or not asked.indices:
                return []
            found = await self._client.query_points(
                name,
                query=sparse(asked),
                using="words",
                query_filter=filter_of(scope, filters),
                search_params=models.SearchParams(idf=models.IdfCorpusParams(corpus=filter_of(scope, None))),
                limit=limit,
                with_payload=["item"],
            )
        return hits_of([point for point in found.points if point.score > 0], scope, "text")

    async def recent(
        self, scope: Scope, *, filters: Filters | None = None, limit: int = 10, oldest: bool = False
    ) -> list[Item]:
        with failures_said(self._place):
            name = await self._known(scope)
            if name is None:
                return []
            points, _ = await self._client.scroll(
                name,
                scroll_filter=filter_of(scope, filters),
                limit=limit,
                order_by=_by_time(oldest),
                with_payload=["item"],
            )
        return items_of(points, scope)

    async def tally(
        self, scope: Scope, what: Tallied, *, filters: Filters | None = None, limit: int = 200
    ) -> list[Counted]:
        with failures_said(self._place):
            name = await self._known(scope)
            if name is None:
                return []
            narrow = filter_of(scope, filters)
            facet = await self._client.facet(name, TALLIED[what], facet_filter=narrow, limit=limit, exact=True)
            found = sorted(((str(hit.value), hit.count) for hit in facet.hits), key=lambda hit: (-hit[1], hit[0]))
            called = {}
            if what in ("people", "channels"):
                called = await self._names(name, scope, narrow, what, [value for value, _ in found])
        return [Counted(value, number, called.get(value, "")) for value, number in found]

    async def _names(
        self, name: str, scope: Scope, narrow: m.Filter, what: Tallied, values: Sequence[str]
    ) -> dict[str, str]:
        """What the latest post calls each person or channel."""
        from qdrant_client import models

        found: dict[str, str] = {}
        for start in range(0, len(values), TOGETHER):
            part = values[start : start + TOGETHER]
            asked = [
                models.QueryRequest(
                    query=models.OrderByQuery(order_by=_by_time(oldest=False)),
                    filter=models.Filter(must=[narrow, _is(TALLIED[what], value)]),
                    limit=1,
                    with_payload=["item"],
                )
                for value in part
            ]
            answers = await self._client.query_batch_points(name, asked)
            for value, answer in zip(part, answers, strict=True):
                for item in items_of(answer.points, scope):
                    found[value] = name_of(item, what)
        return found

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        with failures_said(self._place):
            name = await self._known(scope)
            if name is None or not ids:
                return []
            found = {item.id: item for item in items_of(await self._retrieve(name, ids), scope)}
        return [found[key] for key in map(canonical, ids) if key in found]

    async def vector(self, scope: Scope, key: str, by: Space = "image") -> Embeddings | None:
        if not await self.get(scope, [canonical(key)]):
            return None
        with failures_said(self._place):
            own = self._collections.own(scope.workspace)
            points = await self._client.retrieve(own, [canonical(key)], with_payload=False, with_vectors=[by])
        return vector_of(points[0].vector, by) if points else None

    async def remove(self, scope: Scope, ids: Sequence[str]) -> int:
        present = {item.id for item in await self.get(scope, [*dict.fromkeys(map(canonical, ids))])}
        with failures_said(self._place):
            await self._writers.check(scope.workspace)
            return await self._delete(self._collections.own(scope.workspace), present)

    async def count(self, scope: Scope, filters: Filters | None = None) -> int:
        with failures_said(self._place):
            name = await self._known(scope)
            if name is None:
                return 0
            return (await self._client.count(name, count_filter=filter_of(scope, filters), exact=True)).count

    async def scan(self, scope: Scope, filters: Filters | None = None) -> AsyncIterator[Item]:
        with failures_said(self._place):
            name = await self._known(scope)
        if name is None:
            return
        asked: dict[str, Any] = {"scroll_filter": filter_of(scope, filters), "limit": PAGE, "with_payload": ["item"]}
        async for points in pages(self._client, self._place, name, **asked):
            for item in items_of(points, scope):
                yield item

    async def _known(self, scope: Scope) -> str | None:
        """The name of the collection to ask, or None when there is none.

        Raises: CannotDo when another encoder made it.
        """
        check_scope(scope)
        return await self._collections.known(scope.workspace)

    async def _refuse_others(self, name: str, scope: Scope, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), PAGE):
            there = await self._retrieve(name, ids[start : start + PAGE])
            read = [item_of(point.payload) for point in there if readable(point.payload, point.id)]
            if any(item.audience not in scope.audiences for item in read):
                raise ValueError("An id is taken by an item outside the scope.")

    async def _retrieve(self, name: str, ids: Sequence[str]) -> list[m.Record]:
        return await self._client.retrieve(name, [*ids], with_payload=["item"])


def _by_time(oldest: bool) -> m.OrderBy:
    from qdrant_client import models

    return models.OrderBy(key="when", direction=models.Direction.ASC if oldest else models.Direction.DESC)


def _is(key: str, value: str) -> m.FieldCondition:
    from qdrant_client import models

    return models.FieldCondition(key=key, match=models.MatchValue(value=value))
