"""A Qdrant server as `Upkeep`: whole workspaces, for whoever keeps the archive itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.backends.common.qdrant_checks import canonical, check_shape, check_texts
from tools.backends.common.qdrant_payload import readable
from tools.backends.qdrant_server import names
from tools.backends.qdrant_server.collections import BATCH, Collections
from tools.backends.qdrant_server.failing import failures_said
from tools.backends.qdrant_server.pages import pages
from tools.backends.qdrant_server.points import point_of, read_point
from tools.backends.qdrant_server.revising import revise
from tools.backends.qdrant_server.storing import Storing, Vectors, quantisation_of
from tools.backends.qdrant_server.transfers import Transfers
from tools.backends.qdrant_server.writers import Writers
from tools.kit import CannotDo, Embeddings, Item
from tools.kit.archive import Collected, Point, Stats, snapshots

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient

ENGINE = "qdrant_server"
PAGE = 1000
EVERY = 1_000_000
"""Audiences at most in a workspace."""


class Keeping:
    """The collections of one encoder. `place` is what sentences call the server."""

    def __init__(
        self,
        client: AsyncQdrantClient,
        place: str,
        space: Vectors,
        *,
        storing: Storing = Storing(),  # noqa: B008  frozen
        key: str | None = None,
        say: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self._client = client
        self._place = place
        self._space = space
        self._storing = storing
        self._key = key
        self._writers = Writers(client)
        self._collections = Collections(client, place, space, storing, say)

    @property
    def encoder(self) -> str:
        return self._space.encoder

    async def bound(self, workspace: str) -> str | None:
        """Name of the encoder that made the workspace's current collection, or None when there is none."""
        with failures_said(self._place):
            return await self._collections.bound(workspace)

    async def workspaces(self) -> list[str]:
        with failures_said(self._place):
            found = {names.workspace_of(name) or "" for name in await self._collections.all()}
        return sorted(found)

    async def audiences(self, workspace: str) -> list[str]:
        with failures_said(self._place):
            name = await self._collections.there(workspace)
            if name is None:
                return []
            facet = await self._client.facet(name, "audience", limit=EVERY, exact=True)
        return sorted(str(hit.value) for hit in facet.hits)

    async def everything(self, workspace: str) -> AsyncIterator[Point]:
        with failures_said(self._place):
            name = await self._collections.there(workspace)
        if name is None:
            return
        asked: dict[str, Any] = {"limit": BATCH, "with_payload": ["item"], "with_vectors": ["image", "text"]}
        async for records in pages(self._client, self._place, name, **asked):
            for record in records:
                if readable(record.payload, record.id):
                    yield read_point(record, self._space)

    async def held(self, workspace: str, ids: Sequence[str]) -> list[Point]:
        found: list[Point] = []
        with failures_said(self._place):
            name = await self._collections.there(workspace)
            wanted = [*dict.fromkeys(map(canonical, ids))] if name else []
            for start in range(0, len(wanted), BATCH):
                asked: dict[str, Any] = {"with_payload": ["item"], "with_vectors": ["image", "text"]}
                records = await self._client.retrieve(name or "", wanted[start : start + BATCH], **asked)
                found += [read_point(each, self._space) for each in records if readable(each.payload, each.id)]
        return found

    async def broken(self, workspace: str) -> list[str]:
        with failures_said(self._place):
            name = await self._collections.there(workspace)
        found: list[str] = []
        if name is not None:
            async for records in pages(self._client, self._place, name, limit=PAGE, with_payload=["item"]):
                found += [str(record.id) for record in records if not readable(record.payload, record.id)]
        return found

    async def keep(self, workspace: str, points: Sequence[Point]) -> None:
        for each in points:
            check_shape(each.image[None], 1, self._space.dim)
            check_texts(None if each.text is None else each.text[None], 1, self._space.text_dim)
        if not points:
            return
        with failures_said(self._place):
            name = await self._collections.made(workspace, current=False)
            await self._writers.check(workspace)
            for start in range(0, len(points), BATCH):
                part = [point_of(each.item, each.image, each.text) for each in points[start : start + BATCH]]
                await self._client.upsert(name, part, wait=True)

    async def forget(self, workspace: str, ids: Sequence[str]) -> int:
        with failures_said(self._place):
            await self._writers.check(workspace)
            name = await self._collections.there(workspace)
            return await self._delete(name, {canonical(key) for key in ids}) if name else 0

    async def amend(self, workspace: str, items: Sequence[Item], texts: Embeddings | None = None) -> None:
        check_texts(texts, len(items), self._space.text_dim)

        async def there(ids: Sequence[str]) -> set[str]:
            return {point.item.id for point in await self.held(workspace, ids)}

        with failures_said(self._place):
            await self._writers.check(workspace)
            await revise(self._client, self._collections.own(workspace), items, texts, there)

    async def _delete(self, name: str, ids: set[str]) -> int:
        from qdrant_client import models

        there = await self._client.retrieve(name, [*ids], with_payload=False) if ids else []
        if there:
            selector = models.PointIdsList(points=[record.id for record in there])
            await self._client.delete(name, selector, wait=True)
        return len(there)

    async def stats(self, workspace: str) -> Stats | None:
        with failures_said(self._place):
            name = await self._collections.there(workspace)
            if name is None:
                return None
            points = (await self._client.count(name, exact=True)).count
            config = (await self._client.get_collection(name)).config
        known = config.metadata or {}
        return Stats(
            points=points,
            encoder=self._space.encoder,
            dim=self._space.dim,
            text_encoder=str(known.get("text_encoder") or ""),
            text_dim=self._space.text_dim,
            size=None,
            quantisation=quantisation_of(config),
        )

    async def encoders(self, workspace: str) -> dict[str, int]:
        with failures_said(self._place):
            return {encoder: size for encoder, (_, size) in (await self._collections.of(workspace)).items()}

    async def spaces(self, workspace: str) -> list[Collected]:
        with failures_said(self._place):
            current = await self._collections.bound(workspace)
            found = await self._collections.of(workspace)
            return [
                Collected(encoder, size, (await self._client.count(name, exact=True)).count, encoder == current)
                for encoder, (name, size) in sorted(found.items())
            ]

    async def make_current(self, workspace: str) -> None:
        with failures_said(self._place):
            if not await self._collections.there(workspace):
                raise CannotDo(self._none(workspace))
            await self._collections.switch(workspace)

    async def drop(self, workspace: str, encoder: str) -> None:
        with failures_said(self._place):
            if await self._collections.bound(workspace) == encoder:
                raise CannotDo(
                    f"The collection of {workspace} by {encoder} on {self._place} is what searches are answered from: "
                    "make another current first."
                )
            await self._collections.delete(workspace, encoder)

    @asynccontextmanager
    async def quiet(self, workspace: str) -> AsyncIterator[None]:
        with failures_said(self._place):
            await self._writers.keep_out(workspace, self._collections.own(workspace))
        try:
            yield
        finally:
            with failures_said(self._place):
                await self._writers.let_in(workspace)

    async def restart(self, workspace: str) -> None:
        with failures_said(self._place):
            await self._collections.delete_all(workspace)

    async def snapshot(self, workspace: str, path: Path) -> None:
        with failures_said(self._place):
            stats = await self.stats(workspace)
            if stats is None:
                raise CannotDo(self._none(workspace))
            name = self._collections.own(workspace)
            async with self._transfers() as transfers:
                made, checksum = await transfers.make(name)
                try:
                    with snapshots.writing(path, snapshots.Snapshot.of(ENGINE, workspace, stats)) as out:
                        came = await transfers.download(name, made, out)
                        if checksum not in (None, came):
                            raise CannotDo(f"The snapshot did not come whole from {self._place}: make it again.")
                finally:
                    await transfers.delete(name, made)

    async def restore(self, workspace: str, path: Path) -> None:
        wanted = {"engine": ENGINE, "workspace": workspace, "encoder": self._space.encoder}
        await asyncio.to_thread(partial(snapshots.check, path, **wanted))
        with failures_said(self._place):
            async with self._transfers() as transfers:
                with snapshots.reading(path) as data:
                    await transfers.upload(self._collections.own(workspace), data)
            self._collections.forget(workspace)
            if await self._collections.bound(workspace) is None:
                await self._collections.switch(workspace)

    async def close(self) -> None:
        await self._client.close()

    def _transfers(self) -> AbstractAsyncContextManager[Transfers]:
        return aclosing(Transfers(self._place, self._key))

    def _none(self, workspace: str) -> str:
        return f"{self._place} has no collection of {workspace} by {self._space.encoder}: index something first."
