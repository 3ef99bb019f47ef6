"""A Qdrant server or cluster as `Archive`, through `qdrant-client`: one collection a workspace."""

from __future__ import annotations

import re
import warnings
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tools.backends.common.bm25 import question
from tools.backends.common.folders import checked_workspace
from tools.backends.common.qdrant_payload import (
    INDEXED,
    TALLIED,
    TEXT_DIM,
    another_encoder,
    canonical,
    check_items,
    check_put,
    check_query,
    check_scope,
    check_texts,
    hit_of,
    item_of,
    name_of,
    vector_of,
)
from tools.backends.qdrant_server.filters import filter_of, packed
from tools.backends.qdrant_server.points import phrases, point_of, sparse, vectors_of
from tools.kit import AskAgain, CannotDo, Counted, Embeddings, Filters, Hit, Item, Scope, Space, Tallied
from tools.kit.parts import Parts

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient

BATCH = 256
"""Points a request: with 512 dimensions about 2 MB of JSON, far below the server's limit of 32 MB."""
PAGE = 1000
TIMEOUT = 30
"""Seconds."""
CONFLICT = 409


def build(rest: str, parts: Parts) -> QdrantServer:
    """`rest` is the URL; options `encoder` and `dim` name the space, `qdrant_api_key` is the key. Connects when used.

    Raises: AskAgain when there is no URL.
    """
    options = parts.options
    text_dim = int(options.get("text_dim") or TEXT_DIM)
    return QdrantServer(_client(rest, parts), rest, options["encoder"], int(options["dim"]), text_dim)


async def bound_encoder(rest: str, parts: Parts, workspace: str) -> str | None:
    """Name of the encoder the workspace's archive was made with, or None when there is none.

    Raises: AskAgain when there is no URL; CannotDo when the server does not answer.
    """
    archive = QdrantServer(_client(rest, parts), rest, "", 0)
    try:
        return await archive.bound(workspace)
    finally:
        await archive.close()


def _client(rest: str, parts: Parts) -> AsyncQdrantClient:
    from qdrant_client import AsyncQdrantClient

    if not re.match(r"https?://[^/]", rest):
        raise AskAgain("The Qdrant server needs a URL: SPYGLASS_ARCHIVE=qdrant_server:http://HOST:6333")
    key = parts.options.get("qdrant_api_key")
    with warnings.catch_warnings(record=True) as heard:  # a key that would cross the network unencrypted
        warnings.simplefilter("always")
        client = AsyncQdrantClient(url=rest, api_key=key, timeout=TIMEOUT, check_compatibility=False)
    for warning in heard:
        parts.say(f"{warning.message}")
    return client


class QdrantServer:
    """`Archive` on a server. `place` is what sentences call it."""

    def __init__(
        self, client: AsyncQdrantClient, place: str, encoder: str, dim: int, text_dim: int = TEXT_DIM
    ) -> None:
        self._client = client
        self._place = place
        self._encoder = encoder
        self._dim = dim
        self._text_dim = text_dim
        self._bound: set[str] = set()
        """Collections known to be there and bound to our encoder."""
        self._ready: set[str] = set()
        """Those that have their indexes as well."""

    @property
    def encoder(self) -> str:
        return self._encoder

    async def put(
        self, scope: Scope, items: Sequence[Item], vectors: Embeddings, texts: Embeddings | None = None
    ) -> None:
        check_put(scope, items, vectors, texts, (self._dim, self._text_dim))
        if not items:
            return
        with self._said():
            name = await self._made(scope.workspace)
            await self._refuse_others(name, scope, [item.id for item in items])
            for start in range(0, len(items), BATCH):
                part = slice(start, start + BATCH)
                points = [
                    point_of(item, vector, None if texts is None else texts[start + number])
                    for number, (item, vector) in enumerate(zip(items[part], vectors[part], strict=True))
                ]
                await self._client.upsert(name, points, wait=True)

    async def revise(self, scope: Scope, items: Sequence[Item], texts: Embeddings | None = None) -> None:
        check_items(scope, items)
        check_texts(texts, len(items), self._text_dim)
        there = {item.id for item in await self.get(scope, [item.id for item in items])}
        with self._said():
            for number, item in enumerate(items):
                if item.id in there:
                    await self._revise(_collection(scope.workspace), item, None if texts is None else texts[number])

    async def _revise(self, name: str, item: Item, text: Embeddings | None) -> None:
        from qdrant_client import models

        await self._client.overwrite_payload(name, packed(item), points=[item.id], wait=True)
        given = vectors_of(item, None, text)
        told = ("words",) if text is None else ("words", "text")
        left_out = [space for space in told if space not in given]
        if given:
            await self._client.update_vectors(name, [models.PointVectors(id=item.id, vector=given)], wait=True)
        if left_out:
            await self._client.delete_vectors(name, left_out, points=[item.id], wait=True)

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
        check_query(vector, self._text_dim if by == "text" else self._dim)
        with self._said():
            name = await self._known(scope)
            if name is None:
                return []
            found = await self._client.query_points(
                name,
                query=vector.tolist(),
                using=by,
                query_filter=filter_of(scope, filters),
                limit=limit,
                with_payload=["item"],
                with_vectors=[by] if vectors else False,
            )
        return [hit_of(point.payload, point.score, vector_of(point.vector, by)) for point in found.points]

    async def match(self, scope: Scope, words: str, *, filters: Filters | None = None, limit: int = 10) -> list[Hit]:
        asked = question(words)
        with self._said():
            name = await self._known(scope)
            if name is None or not asked.indices:
                return []
            found = await self._client.query_points(
                name,
                query=sparse(asked),
                using="words",
                query_filter=filter_of(scope, filters),
                limit=limit,
                with_payload=["item"],
            )
        return [hit_of(point.payload, point.score) for point in found.points if point.score > 0]

    async def recent(
        self, scope: Scope, *, filters: Filters | None = None, limit: int = 10, oldest: bool = False
    ) -> list[Item]:
        from qdrant_client import models

        with self._said():
            name = await self._known(scope)
            if name is None:
                return []
            direction = models.Direction.ASC if oldest else models.Direction.DESC
            points, _ = await self._client.scroll(
                name,
                scroll_filter=filter_of(scope, filters),
                limit=limit,
                order_by=models.OrderBy(key="when", direction=direction),
                with_payload=["item"],
            )
        return [item_of(point.payload) for point in points]

    async def tally(
        self, scope: Scope, what: Tallied, *, filters: Filters | None = None, limit: int = 200
    ) -> list[Counted]:
        with self._said():
            name = await self._known(scope)
            if name is None:
                return []
            facet = await self._client.facet(
                name, TALLIED[what], facet_filter=filter_of(scope, filters), limit=limit, exact=True
            )
        found = sorted(((str(hit.value), hit.count) for hit in facet.hits), key=lambda hit: (-hit[1], hit[0]))
        return [Counted(value, number, await self._name(scope, what, value, filters)) for value, number in found]

    async def _name(self, scope: Scope, what: Tallied, value: str, filters: Filters | None) -> str:
        """Of a person or channel, as the latest of its posts knows it."""
        if what not in ("people", "channels"):
            return ""
        field = "posted_by" if what == "people" else "channels"
        asked = (filters or Filters()).model_copy(update={field: (value,)})
        latest = await self.recent(scope, filters=asked, limit=1)
        return name_of(latest[0], what) if latest else ""

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        with self._said():
            name = await self._known(scope)
            if name is None or not ids:
                return []
            found = {item.id: item for item in await self._retrieve(name, ids) if item.audience in scope.audiences}
        return [found[key] for key in map(canonical, ids) if key in found]

    async def vector(self, scope: Scope, key: str, by: Space = "image") -> Embeddings | None:
        if not await self.get(scope, [canonical(key)]):
            return None
        with self._said():
            points = await self._client.retrieve(
                _collection(scope.workspace), [canonical(key)], with_payload=False, with_vectors=[by]
            )
        return vector_of(points[0].vector, by) if points else None

    async def remove(self, scope: Scope, ids: Sequence[str]) -> int:
        from qdrant_client import models

        present = [item.id for item in await self.get(scope, list(dict.fromkeys(map(canonical, ids))))]
        if present:
            with self._said():
                selector = models.PointIdsList(points=[*present])
                await self._client.delete(_collection(scope.workspace), selector, wait=True)
        return len(present)

    async def count(self, scope: Scope, filters: Filters | None = None) -> int:
        with self._said():
            name = await self._known(scope)
            if name is None:
                return 0
            return (await self._client.count(name, count_filter=filter_of(scope, filters), exact=True)).count

    async def scan(self, scope: Scope, filters: Filters | None = None) -> AsyncIterator[Item]:
        with self._said():
            name = await self._known(scope)
        start: Any = None
        while name is not None:
            with self._said():
                points, start = await self._client.scroll(
                    name, scroll_filter=filter_of(scope, filters), limit=PAGE, offset=start, with_payload=["item"]
                )
            for point in points:
                yield item_of(point.payload)
            if start is None:
                return

    async def restart(self, workspace: str) -> None:
        """Forget the whole collection of a workspace, whatever encoder it is bound to: the next put starts it anew."""
        with self._said():
            name = _collection(workspace)
            self._bound.discard(name)
            self._ready.discard(name)
            await self._client.delete_collection(name)

    async def close(self) -> None:
        await self._client.close()

    # --- collections ----------------------------------------------------------------------------

    async def _known(self, scope: Scope) -> str | None:
        """The collection's name, or None when there is none.

        Raises: CannotDo when another encoder made it.
        """
        check_scope(scope)
        name = _collection(scope.workspace)
        if name in self._bound:
            return name
        if not await self._client.collection_exists(name):
            return None
        await self._check_bound(name)
        return name

    async def bound(self, workspace: str) -> str | None:
        """Name of the encoder that made the workspace's collection, or None when there is no such collection."""
        name = _collection(workspace)
        with self._said():
            return await self._encoder_of(name) if await self._client.collection_exists(name) else None

    async def _encoder_of(self, name: str) -> str | None:
        metadata = (await self._client.get_collection(name)).config.metadata or {}
        return str(metadata["encoder"]) if "encoder" in metadata else None

    async def _check_bound(self, name: str) -> None:
        bound = await self._encoder_of(name)
        if bound is None:
            raise CannotDo(
                f"The collection {name} on {self._place} does not say which encoder made it: it is not Spyglass's, "
                "or the server is older than Qdrant 1.16. Rename the collection or update the server."
            )
        if bound != self._encoder:
            raise CannotDo(another_encoder(f"{name} on {self._place}", bound, self._encoder))
        self._bound.add(name)

    async def _made(self, workspace: str) -> str:
        """The collection's name; it is there, with its indexes, when this returns."""
        name = _collection(workspace)
        if name not in self._ready:
            if not await self._client.collection_exists(name):
                await self._create(name)
            await self._check_bound(name)
            await self._index(name)
            self._ready.add(name)
        return name

    async def _create(self, name: str) -> None:
        from qdrant_client import models
        from qdrant_client.http.exceptions import UnexpectedResponse

        cosine = models.Distance.COSINE
        try:
            await self._client.create_collection(
                name,
                vectors_config={
                    "image": models.VectorParams(size=self._dim, distance=cosine),
                    "text": models.VectorParams(size=self._text_dim, distance=cosine),
                },
                sparse_vectors_config={"words": models.SparseVectorParams(modifier=models.Modifier.IDF)},
                metadata={"encoder": self._encoder},
            )
        except UnexpectedResponse as error:
            if error.status_code != CONFLICT:  # another process was quicker
                raise

    async def _index(self, name: str) -> None:
        """Asked for again by every process that writes: one that was killed may have left some out."""
        from qdrant_client import models

        for field, kind in {**INDEXED, "grams": "keyword"}.items():
            schema = phrases() if kind == "text" else models.PayloadSchemaType(kind)
            await self._client.create_payload_index(name, field, schema, wait=True)

    async def _refuse_others(self, name: str, scope: Scope, ids: Sequence[str]) -> None:
        if any(item.audience not in scope.audiences for item in await self._retrieve(name, ids)):
            raise ValueError("An id is taken by an item outside the scope.")

    async def _retrieve(self, name: str, ids: Sequence[str]) -> list[Item]:
        points = await self._client.retrieve(name, [*ids], with_payload=["item"])
        return [item_of(point.payload) for point in points]

    @contextmanager
    def _said(self) -> Iterator[None]:
        """What the server or the network complains about, as a sentence."""
        from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

        try:
            yield
        except ResponseHandlingException as error:
            raise CannotDo(
                f"The Qdrant server at {self._place} does not answer ({error.source}): "
                "start it, or check SPYGLASS_ARCHIVE."
            ) from error
        except UnexpectedResponse as error:
            raise CannotDo(self._refused(error.status_code, error.content)) from error

    def _refused(self, status: int | None, content: bytes) -> str:
        if status in (401, 403):
            return f"The Qdrant server at {self._place} refuses the key ({status}): set QDRANT_API_KEY."
        why = content.decode(errors="replace").strip()[:300]
        return f"The Qdrant server at {self._place} refused ({status}): {why}"


def _collection(workspace: str) -> str:
    """Raises: ValueError for a workspace that is not a plain name."""
    return f"spyglass_{checked_workspace(workspace)}"
