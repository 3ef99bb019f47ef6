"""A Qdrant server or cluster as `Archive`, through `qdrant-client`: one collection a workspace."""

from __future__ import annotations

import re
import warnings
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends.common.folders import checked_workspace
from tools.backends.common.qdrant_payload import (
    INDEXED,
    another_encoder,
    canonical,
    check_items,
    check_put,
    check_scope,
    hit_of,
    item_of,
)
from tools.backends.qdrant_server.filters import filter_of, packed
from tools.kit import AskAgain, CannotDo, Embeddings, Filters, Hit, Item, Scope
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
    return QdrantServer(_client(rest, parts), rest, parts.options["encoder"], int(parts.options["dim"]))


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

    def __init__(self, client: AsyncQdrantClient, place: str, encoder: str, dim: int) -> None:
        self._client = client
        self._place = place
        self._encoder = encoder
        self._dim = dim
        self._bound: set[str] = set()
        """Collections known to be there and bound to our encoder."""
        self._ready: set[str] = set()
        """Those that have their indexes as well."""

    @property
    def encoder(self) -> str:
        return self._encoder

    async def put(self, scope: Scope, items: Sequence[Item], vectors: Embeddings) -> None:
        from qdrant_client import models

        check_put(scope, items, vectors, self._dim)
        if not items:
            return
        with self._said():
            name = await self._made(scope.workspace)
            await self._refuse_others(name, scope, [item.id for item in items])
            for start in range(0, len(items), BATCH):
                part = slice(start, start + BATCH)
                points = [
                    models.PointStruct(id=item.id, vector=vector.tolist(), payload=packed(item))
                    for item, vector in zip(items[part], vectors[part], strict=True)
                ]
                await self._client.upsert(name, points, wait=True)

    async def revise(self, scope: Scope, items: Sequence[Item]) -> None:
        check_items(scope, items)
        there = {item.id for item in await self.get(scope, [item.id for item in items])}
        with self._said():
            for item in items:
                if item.id in there:
                    name = _collection(scope.workspace)
                    await self._client.overwrite_payload(name, packed(item), points=[item.id], wait=True)

    async def search(
        self,
        scope: Scope,
        vector: Embeddings,
        *,
        filters: Filters | None = None,
        limit: int = 10,
        vectors: bool = False,
    ) -> list[Hit]:
        if vector.shape != (self._dim,):
            raise ValueError(f"A vector of shape {vector.shape} for a collection of {self._dim} dimensions.")
        with self._said():
            name = await self._known(scope)
            if name is None:
                return []
            found = await self._client.query_points(
                name,
                query=vector.tolist(),
                query_filter=filter_of(scope, filters),
                limit=limit,
                with_payload=["item"],
                with_vectors=vectors,
            )
        return [hit_of(point.payload, point.score, point.vector) for point in found.points]

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        with self._said():
            name = await self._known(scope)
            if name is None or not ids:
                return []
            found = {item.id: item for item in await self._retrieve(name, ids) if item.audience in scope.audiences}
        return [found[key] for key in map(canonical, ids) if key in found]

    async def vector(self, scope: Scope, key: str) -> Embeddings | None:
        if not await self.get(scope, [canonical(key)]):
            return None
        with self._said():
            points = await self._client.retrieve(
                _collection(scope.workspace), [canonical(key)], with_payload=False, with_vectors=True
            )
        return np.asarray(points[0].vector, np.float32) if points else None

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

    async def scan(self, scope: Scope) -> AsyncIterator[Item]:
        with self._said():
            name = await self._known(scope)
        start: Any = None
        while name is not None:
            with self._said():
                points, start = await self._client.scroll(
                    name, scroll_filter=filter_of(scope, None), limit=PAGE, offset=start, with_payload=["item"]
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

        space = models.VectorParams(size=self._dim, distance=models.Distance.COSINE)
        try:
            await self._client.create_collection(name, vectors_config=space, metadata={"encoder": self._encoder})
        except UnexpectedResponse as error:
            if error.status_code != CONFLICT:  # another process was quicker
                raise

    async def _index(self, name: str) -> None:
        """Asked for again by every process that writes: one that was killed may have left some out."""
        from qdrant_client import models

        for field, kind in {**INDEXED, "grams": "keyword"}.items():
            await self._client.create_payload_index(name, field, models.PayloadSchemaType(kind), wait=True)

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
