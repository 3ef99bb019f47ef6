"""Whether a workspace on a server may be written into, over all processes: not while it goes to another place."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from tools.backends.common.qdrant_checks import being_moved
from tools.backends.qdrant_server import names
from tools.backends.qdrant_server.aliases import call, uncall
from tools.kit import CannotDo

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient

BELIEVED, UNDER_WAY = 1.0, 1.0
"""Seconds for which it is remembered that a workspace may be written into, and that a write takes."""


class Writers:
    """Of the workspaces on a server. It knows no locks, but an alias is seen by everybody."""

    def __init__(self, client: AsyncQdrantClient) -> None:
        self._client = client
        self._let_in: dict[str, float] = {}
        """Workspaces, and until when it is believed."""

    async def check(self, workspace: str) -> None:
        """Before each write. Raises: CannotDo while nobody may."""
        if self._let_in.get(workspace, 0) > time.monotonic():
            return
        if await self._client.collection_exists(names.moving(workspace)):
            raise CannotDo(being_moved(workspace))
        self._let_in[workspace] = time.monotonic() + BELIEVED

    async def keep_out(self, workspace: str, collection: str) -> None:
        """When this returns, everybody knows, and what was under way has come to its end (as a rule)."""
        if await self._client.collection_exists(collection):
            self._let_in.pop(workspace, None)
            await call(self._client, names.moving(workspace), collection)
            await asyncio.sleep(BELIEVED + UNDER_WAY)

    async def let_in(self, workspace: str) -> None:
        """Also where the collection is gone, and the alias with it."""
        await uncall(self._client, names.moving(workspace))
