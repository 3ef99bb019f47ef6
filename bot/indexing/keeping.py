"""Items of one source in the archive: looked up, written, and let go with what the blob store holds for them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from bot.archive import originals
from bot.archive.ids import holder
from bot.archive.shelving import Shelving
from bot.indexing.originals import Original
from tools.kit import Archive, BlobStore, Embeddings, Item, Scope

Forget = Callable[[str], Awaitable[object]]
"""Forgets all that was made of an original, by its SHA-256."""
PAGES = 100
"""Pages of a file that are asked for at a time."""
GONE = 500
"""Items removed at a time."""


class Keeping:
    """What an indexing run does with the archive and the blob store."""

    def __init__(
        self,
        archive: Archive,
        shelving: Shelving,
        blobs: BlobStore | None,
        scope: Scope,
        forget: Forget | None,
    ) -> None:
        """blobs: may be None where no original has to be kept. forget: is told of originals that are gone."""
        self.archive = archive
        self.shelving = shelving
        self.scope = scope
        self._blobs = blobs
        self._forget = forget

    async def known(self, originals: Iterable[Original]) -> dict[str, Item]:
        """What the archive has of each, by its id: the image, or the first page."""
        ids = {each.id(page): each.id() for each in originals for page in (None, 1)}
        return {ids[item.id]: item for item in await self.archive.get(self.scope, [*ids])}

    async def pages(self, original: Original) -> list[Item]:
        """All that the archive has of it, in page order."""
        found: list[Item] = []
        for first in itertools.count(0, PAGES):
            ids = [original.id(page or None) for page in range(first, first + PAGES)]
            there = await self.archive.get(self.scope, ids)
            found += there
            if not there:
                break
        return found

    async def hold(self, original: Original, file: Path) -> None:
        """Keep its bytes, where there is no file to open later."""
        if original.kept and self._blobs:
            data = await asyncio.to_thread(file.read_bytes)
            await self._blobs.put(self.scope.workspace, data, holder=holder(original.audience))

    async def bytes_of(self, item: Item) -> bytes:
        """Raises: KeyError when they are not kept."""
        if self._blobs is None:
            raise KeyError(item.sha256)
        return await self._blobs.get(self.scope.workspace, item.sha256)

    async def put(self, items: Sequence[Item], vectors: Sequence[Embeddings]) -> None:
        if items:
            rows = np.stack(vectors).astype(np.float32, copy=False)
            await self.shelving.put(self.scope, items, rows)

    async def remove(self, items: Sequence[Item]) -> int:
        """Returns how many were there. Originals that no other item of the same audience needs are let go."""
        removed = 0
        for start in range(0, len(items), GONE):
            part = items[start : start + GONE]
            removed += await self.archive.remove(self.scope, [item.id for item in part])
            await self.let_go(part)
        return removed

    async def let_go(self, items: Sequence[Item]) -> None:
        """Of the originals of items that are no more (or no longer of these), those that nothing else needs."""
        if (blobs := self._blobs) is None:
            return
        workspace = self.scope.workspace

        async def release(sha256: str, holder: str) -> None:
            if await blobs.release(workspace, sha256, holder=holder) and self._forget:
                await self._forget(sha256)

        gone = ((item.audience, item.sha256) for item in items if item.kept)
        await originals.let_go(self.archive, workspace, gone, release)
