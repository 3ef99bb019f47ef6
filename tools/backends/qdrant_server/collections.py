"""The collections of workspaces on a server: found, made, brought to today's layout, and switched."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tools.backends.common.qdrant_checks import another_encoder
from tools.backends.common.qdrant_payload import readable
from tools.backends.qdrant_server import names
from tools.backends.qdrant_server.aliases import call
from tools.backends.qdrant_server.failing import NOT_FOUND
from tools.backends.qdrant_server.pages import pages
from tools.backends.qdrant_server.points import point_of, read_point
from tools.backends.qdrant_server.storing import Storing, Vectors, indexes
from tools.kit import CannotDo

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient
    from qdrant_client.models import CollectionInfo

BATCH = 256
"""Points a request: with 512 dimensions about 2 MB of JSON, far below the server's limit of 32 MB."""
CONFLICT = 409
FRESH = 5.0
"""Seconds for which it is remembered that our collection is the current one: another process may switch."""


class Collections:
    """Of one encoder. `place` is what sentences call the server."""

    def __init__(
        self, client: AsyncQdrantClient, place: str, space: Vectors, storing: Storing, say: Callable[[str], None]
    ) -> None:
        self._client = client
        self._place = place
        self._space = space
        self._storing = storing
        self._say = say
        self._current: dict[str, float] = {}
        """Workspaces whose current collection is ours, and until when we believe it."""
        self._ready: set[str] = set()
        """Collections that have their indexes."""
        self._copying: dict[str, asyncio.Task[None]] = {}

    def own(self, workspace: str) -> str:
        """The name of our encoder's collection."""
        return names.collection(workspace, self._space.encoder)

    async def known(self, workspace: str) -> str | None:
        """The name of the current collection, which is ours; None when there is none.

        Raises: CannotDo when another encoder made it.
        """
        own = self.own(workspace)
        if self._current.get(workspace, 0) > time.monotonic():
            return own
        info = await self._info(names.alias(workspace)) or await self._adopted(workspace)
        if info is None:
            return None
        self._check_bound(info, names.alias(workspace))
        self._current[workspace] = time.monotonic() + FRESH
        return own

    async def made(self, workspace: str, *, current: bool = True) -> str:
        """The name of our collection; it is there, with its indexes, when this returns. The first of a workspace
        becomes the current one. `current`: it has to be that one.

        Raises: CannotDo when it has to be and another encoder made that one.
        """
        own = self.own(workspace)
        if own in self._ready and (not current or await self.known(workspace)):
            return own
        first = not (await self.known(workspace) if current else await self.bound(workspace))
        await self._create(own)
        if first:
            await self.switch(workspace)
        self._ready.add(own)
        return own

    async def there(self, workspace: str) -> str | None:
        """The name of our collection, current or not; None when there is none."""
        await self._upgraded(workspace)
        return self.own(workspace) if await self._client.collection_exists(self.own(workspace)) else None

    async def bound(self, workspace: str) -> str | None:
        """Name of the encoder that made the current collection; None when there is no such collection.

        Raises: CannotDo for one that is not ours.
        """
        for name in (names.alias(workspace), names.earlier(workspace)):
            if info := await self._info(name):
                return self._encoder_of(info, name)
        return None

    async def switch(self, workspace: str) -> None:
        """Our collection is the current one from now on: the server changes all aliases of a request at once."""
        await call(self._client, names.alias(workspace), self.own(workspace))

    async def of(self, workspace: str) -> dict[str, tuple[str, int]]:
        """The workspace's collections by encoder: what each is called, and the size of its pictures' vectors."""
        found: dict[str, tuple[str, int]] = {}
        for name in await self.all():
            if names.workspace_of(name) == workspace and (info := await self._info(name)):
                found[self._encoder_of(info, name)] = (name, _dim(info))
        return found

    async def all(self) -> list[str]:
        """Names of all collections that are ours. Others may be called as those of earlier versions were."""
        listed = sorted(each.name for each in (await self._client.get_collections()).collections)
        return [name for name in listed if names.OURS.fullmatch(name) or await self._of_an_earlier_version(name)]

    async def _of_an_earlier_version(self, name: str) -> bool:
        info = await self._info(name) if names.EARLIER.fullmatch(name) else None
        return info is not None and "encoder" in (info.config.metadata or {})

    async def delete(self, workspace: str, encoder: str) -> None:
        name = names.collection(workspace, encoder)
        self._ready.discard(name)
        await self._client.delete_collection(name)

    async def delete_all(self, workspace: str) -> None:
        self._current.pop(workspace, None)
        self._ready.discard(self.own(workspace))
        for name in await self.all():
            if names.workspace_of(name) == workspace:
                await self._client.delete_collection(name)

    def forget(self, workspace: str) -> None:
        """What is remembered of a collection that was replaced."""
        self._current.pop(workspace, None)
        self._ready.discard(self.own(workspace))

    # --- one collection ---------------------------------------------------------------------------

    async def _info(self, name: str) -> CollectionInfo | None:
        from qdrant_client.http.exceptions import UnexpectedResponse

        try:
            return await self._client.get_collection(name)
        except UnexpectedResponse as error:
            if error.status_code != NOT_FOUND:
                raise
        except ValueError:  # local mode's way to say the same
            if await self._client.collection_exists(name):
                raise
        return None

    def _encoder_of(self, info: CollectionInfo, name: str) -> str:
        metadata = info.config.metadata or {}
        if "encoder" not in metadata:
            raise CannotDo(
                f"The collection {name} on {self._place} does not say which encoder made it: it is not Spyglass's, "
                "or the server is older than Qdrant 1.16. Rename the collection or update the server."
            )
        return str(metadata["encoder"])

    def _check_bound(self, info: CollectionInfo, name: str) -> None:
        bound = self._encoder_of(info, name)
        if bound != self._space.encoder:
            raise CannotDo(another_encoder(f"{name} on {self._place}", bound, self._space.encoder))

    async def _create(self, name: str) -> None:
        """Whatever of it is not there yet. Asked for again by every process that writes: one that was killed may have
        left some out, and settings may have changed."""
        from qdrant_client.http.exceptions import UnexpectedResponse

        if not await self._client.collection_exists(name):
            try:
                await self._client.create_collection(name, **self._storing.collection(self._space))
            except UnexpectedResponse as error:
                if error.status_code != CONFLICT:  # another process was quicker
                    raise
        info = await self._client.get_collection(name)
        self._check_bound(info, name)
        if changes := self._storing.changes(info.config):
            await self._client.update_collection(name, **changes)
        for field, schema in indexes().items():
            if field not in info.payload_schema:
                await self._client.create_payload_index(name, field, schema, wait=True)

    # --- earlier versions -------------------------------------------------------------------------

    async def _adopted(self, workspace: str) -> CollectionInfo | None:
        """The collection of a workspace that has no current one: of an earlier version, or left by a process that was
        killed before it could say that its new one is current."""
        if old := await self._upgraded(workspace):
            self._check_bound(old, names.earlier(workspace))
        info = await self._info(names.alias(workspace))
        if info is None and await self._client.collection_exists(self.own(workspace)):
            await self.switch(workspace)
            info = await self._info(names.alias(workspace))
        return info

    async def _upgraded(self, workspace: str) -> CollectionInfo | None:
        """Copies the collection of an earlier version; one that another encoder made stays, and is returned. A copy
        goes on when whoever asked for it gives up, and where it ended when it was killed."""
        old = names.earlier(workspace)
        info = await self._info(old)
        if info is None or self._encoder_of(info, old) != self._space.encoder:
            return info
        task = self._copying.get(workspace)
        if task is None or task.done():
            self._say(f"The archive of {workspace} is brought to this version: {info.points_count or 0:,} images.")
            task = self._copying[workspace] = asyncio.create_task(self._copy(workspace, old))
        await asyncio.shield(task)
        return None

    async def _copy(self, workspace: str, old: str) -> None:
        """The old collection goes when everything is in the new one, and only then is that current: what is removed
        from it never comes back."""
        new = self.own(workspace)
        await self._create(new)
        asked: dict[str, Any] = {"limit": BATCH, "with_payload": ["item"], "with_vectors": True}
        async for records in pages(self._client, self._place, old, **asked):
            ids = [record.id for record in records]
            there = {each.id for each in await self._client.retrieve(new, ids, with_payload=False)} if ids else set()
            read = [record for record in records if readable(record.payload, record.id)]
            kept = [read_point(record, self._space) for record in read if record.id not in there]
            if kept:
                points = [point_of(each.item, each.image, each.text) for each in kept]
                await self._client.upsert(new, points, wait=True)
        await self._client.delete_collection(old)
        await self.switch(workspace)


def _dim(info: CollectionInfo) -> int:
    vectors: Any = info.config.params.vectors
    return int((vectors["image"] if isinstance(vectors, dict) else vectors).size)
