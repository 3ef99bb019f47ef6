"""Qdrant Edge as `Archive`: Qdrant's own engine in this process, one shard a workspace, nothing to run beside it.

Written operations go through Edge's write-ahead log, so they survive a kill at any moment; a power cut may cost the
last seconds before a flush, which the next `index` run finds missing and redoes.
"""

from __future__ import annotations

import asyncio
import errno
import json
import re
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar
from uuid import UUID

from tools.backends.common.folders import workspace_folder
from tools.backends.common.qdrant_payload import (
    canonical,
    check_items,
    check_put,
    check_scope,
    conditions_of,
    hit_of,
    item_of,
    payload_of,
)
from tools.backends.qdrant_edge.damage import damage_said
from tools.backends.qdrant_edge.handover import Handover
from tools.backends.qdrant_edge.lock import OwnerLock
from tools.backends.qdrant_edge.shard import Collection, discard
from tools.kit import CannotDo, Embeddings, Filters, Hit, Item, Scope
from tools.kit.parts import Parts

P = ParamSpec("P")
R = TypeVar("R")
Offset = int | UUID | str | None

HEADROOM = 96 << 20
"""Bytes that must be free before a write. Edge writes through memory maps in blocks of 32 MB, and a map that the disk
cannot back kills the process (SIGBUS) instead of raising an error."""
PAGE = 1000
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def build(rest: str, parts: Parts) -> QdrantEdge:
    """Options `encoder` and `dim` say which space the vectors are in. Nothing is opened until it is used."""
    return QdrantEdge(parts.home / "archive", parts.options["encoder"], int(parts.options["dim"]))


async def bound_encoder(rest: str, parts: Parts, workspace: str) -> str | None:
    """Name of the encoder the workspace's archive was made with, or None when there is none. Takes no lock."""
    folder = workspace_folder(parts.home / "archive", workspace)
    try:
        return str(json.loads((folder / "archive.json").read_text())["encoder"])
    except (OSError, ValueError, KeyError):
        return None


class QdrantEdge:
    """`Archive` in a folder: ``<root>/<workspace>/`` holds the shard, its lock and the encoder it is bound to."""

    def __init__(self, root: Path, encoder: str, dim: int) -> None:
        self._root = root
        self._encoder = encoder
        self._dim = dim
        self._open: dict[str, Collection] = {}
        self._opening: dict[str, threading.Lock] = {}
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="qdrant-edge")
        self._handover = Handover(self._give)

    @property
    def encoder(self) -> str:
        return self._encoder

    async def put(self, scope: Scope, items: Sequence[Item], vectors: Embeddings) -> None:
        check_put(scope, items, vectors, self._dim)
        if items:
            await self._run(self._put, scope, items, vectors)

    async def revise(self, scope: Scope, items: Sequence[Item]) -> None:
        check_items(scope, items)
        if items:
            await self._run(self._revise, scope, items)

    async def search(
        self,
        scope: Scope,
        vector: Embeddings,
        *,
        filters: Filters | None = None,
        limit: int = 10,
        vectors: bool = False,
    ) -> list[Hit]:
        check_scope(scope)
        if vector.shape != (self._dim,):
            raise ValueError(f"A vector of shape {vector.shape} for a collection of {self._dim} dimensions.")
        if scope.workspace in self._open:
            self._handover.watch()
            # Edge holds the interpreter's lock while it searches: a thread would free nobody, and cost 0.2 ms
            return self._said(self._search, scope, vector, filters, limit, vectors)
        return await self._run(self._search, scope, vector, filters, limit, vectors)

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        check_scope(scope)
        return await self._run(self._get, scope, ids)

    async def vector(self, scope: Scope, key: str) -> Embeddings | None:
        check_scope(scope)
        return await self._run(self._vector, scope, canonical(key))

    async def remove(self, scope: Scope, ids: Sequence[str]) -> int:
        check_scope(scope)
        return await self._run(self._remove, scope, ids)

    async def count(self, scope: Scope, filters: Filters | None = None) -> int:
        check_scope(scope)
        return await self._run(self._count, scope, filters)

    async def scan(self, scope: Scope) -> AsyncIterator[Item]:
        check_scope(scope)
        start: Offset = None
        while True:
            items, start = await self._run(self._page, scope, start)
            for item in items:
                yield item
            if start is None:
                return

    async def restart(self, workspace: str) -> None:
        """Forget the whole collection of a workspace, whatever encoder it is bound to: the next put starts it anew."""
        await self._run(self._restart, workspace)

    async def close(self) -> None:
        """Flush and let go of every collection. Safe to call twice; calls under way are waited for."""
        self._handover.stop()
        await asyncio.to_thread(self._threads.shutdown)
        while self._open:
            await asyncio.to_thread(self._open.popitem()[1].close)

    # --- in a thread: Edge blocks ---------------------------------------------------------------

    def _give(self) -> bool:
        """Let go of the collections that others wait for; whether any is left. Nothing is under way."""
        for workspace in [name for name, found in self._open.items() if found.wanted]:
            self._threads.submit(self._open.pop(workspace).close)
        return bool(self._open)

    async def _run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        self._handover.watch()
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: self._said(work, *args, **kwargs)
        )

    def _said(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What the disk and the engine complain about, as a sentence."""
        try:
            with self._handover.under_way(), damage_said(self._root):
                return work(*args, **kwargs)
        except OSError as error:
            raise CannotDo(_disk(self._root, error.errno, error.strerror or str(error))) from error
        except Exception as error:
            code = re.search(r"Os \{ code: (\d+)", str(error))  # the engine's errors are plain exceptions
            if code is None:
                raise
            raise CannotDo(_disk(self._root, int(code[1]), str(error))) from error

    def _collection(self, workspace: str) -> Collection | None:
        """The open collection, or None when nothing was ever kept for that workspace."""
        if found := self._open.get(workspace):
            return found
        with self._one_at_a_time(workspace):
            if workspace not in self._open:
                folder = workspace_folder(self._root, workspace)
                if not (folder / "shard").exists():
                    return None
                self._open[workspace] = Collection.load(folder, self._encoder, self._dim)
            return self._open[workspace]

    def _one_at_a_time(self, workspace: str) -> threading.Lock:
        """A lock a workspace: opening one takes seconds, in which the others go on."""
        return self._opening.setdefault(workspace, threading.Lock())

    def _put(self, scope: Scope, items: Sequence[Item], vectors: Embeddings) -> None:
        from qdrant_edge import Point, UpdateOperation

        self._room(vectors.nbytes)
        collection = self._collection(scope.workspace) or self._create(scope.workspace)
        collection.refuse_others(scope, [item.id for item in items])
        collection.audiences.update(item.audience for item in items)  # before the write: never too small a set
        points = [Point(item.id, vector, payload_of(item)) for item, vector in zip(items, vectors, strict=True)]
        collection.write(UpdateOperation.upsert_points(points))

    def _revise(self, scope: Scope, items: Sequence[Item]) -> None:
        from qdrant_edge import UpdateOperation

        there = {item.id for item in self._get(scope, [item.id for item in items])}
        collection = self._collection(scope.workspace)
        if collection is None or not there:
            return
        self._room(0)
        for item in items:
            if item.id in there:
                collection.write(UpdateOperation.overwrite_payload([UUID(item.id)], payload_of(item)))

    def _room(self, size: int) -> None:
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(self._root).free < HEADROOM + 4 * size:
            raise OSError(errno.ENOSPC, "No space left on device")

    def _create(self, workspace: str) -> Collection:
        with self._one_at_a_time(workspace):
            if workspace not in self._open:
                folder = workspace_folder(self._root, workspace)
                self._open[workspace] = Collection.create(folder, self._encoder, self._dim)
            return self._open[workspace]

    def _search(
        self, scope: Scope, vector: Embeddings, filters: Filters | None, limit: int, vectors: bool
    ) -> list[Hit]:
        from qdrant_edge import Query, QueryRequest

        collection = self._collection(scope.workspace)
        if collection is None:
            return []
        request = QueryRequest(
            limit=limit,
            offset=0,
            query=Query.Nearest(vector.tolist()),
            filter=collection.filter(scope, conditions_of(filters)),
            with_payload=["item"],
            with_vector=vectors,
        )
        found = collection.shard.query(request)
        hits = [hit_of(point.payload, point.score, point.vector) for point in found]
        return [hit for hit in hits if hit.item.audience in scope.audiences]  # a put may have come in between

    def _get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        collection = self._collection(scope.workspace)
        if collection is None:
            return []
        found = {item.id: item for item in collection.retrieve(ids) if item.audience in scope.audiences}
        return [found[key] for key in map(canonical, ids) if key in found]

    def _vector(self, scope: Scope, key: str) -> Embeddings | None:
        collection = self._collection(scope.workspace)
        return collection.vector(key) if collection and self._get(scope, [key]) else None

    def _remove(self, scope: Scope, ids: Sequence[str]) -> int:
        from qdrant_edge import UpdateOperation

        present: list[int | UUID | str] = [
            UUID(item.id) for item in self._get(scope, list(dict.fromkeys(map(canonical, ids))))
        ]
        collection = self._collection(scope.workspace)
        if collection is not None and present:
            collection.write(UpdateOperation.delete_points(present))
        return len(present)

    def _count(self, scope: Scope, filters: Filters | None) -> int:
        from qdrant_edge import CountRequest

        collection = self._collection(scope.workspace)
        if collection is None:
            return 0
        request = CountRequest(filter=collection.filter(scope, conditions_of(filters)), exact=True)
        return int(collection.shard.count(request))

    def _page(self, scope: Scope, start: Offset) -> tuple[list[Item], Offset]:
        from qdrant_edge import ScrollRequest

        collection = self._collection(scope.workspace)
        if collection is None:
            return [], None
        request = ScrollRequest(limit=PAGE, offset=start, filter=collection.filter(scope, []), with_payload=["item"])
        points, following = collection.shard.scroll(request)
        items = [item_of(point.payload) for point in points]
        return [item for item in items if item.audience in scope.audiences], following

    def _restart(self, workspace: str) -> None:
        with self._one_at_a_time(workspace):
            if workspace in self._open:
                self._open.pop(workspace).close()
            folder = workspace_folder(self._root, workspace)
            if not folder.exists():
                return
            lock = OwnerLock(folder / "lock")
            lock.take()
            try:
                discard(folder)
                (folder / "archive.json").unlink(missing_ok=True)
            finally:
                lock.free()


def _disk(root: Path, code: int | None, why: str) -> str:
    if code in FULL:
        free = shutil.disk_usage(root).free if root.exists() else 0
        return (
            f"The disk is full: {root} has {free >> 20} MB left and the archive needs {HEADROOM >> 20} MB to write. "
            "Free some space, or set SPYGLASS_HOME to a folder on another disk, and run the same command again."
        )
    return f"The archive in {root} cannot be used ({why}): check who may write there, or set SPYGLASS_HOME."
