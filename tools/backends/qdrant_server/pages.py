"""A collection read page by page, in the order of its ids."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from tools.backends.qdrant_server.failing import failures_said
from tools.kit import CannotDo

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient
    from qdrant_client.models import Record


async def pages(client: AsyncQdrantClient, place: str, name: str, **asked: Any) -> AsyncIterator[list[Record]]:
    """asked: as `scroll` takes it. Raises: CannotDo, also when a page leads back to one before it."""
    start: Any = None
    while True:
        with failures_said(place):
            records, following = await client.scroll(name, offset=start, **asked)
        yield records
        if following is None:
            return
        if start is not None and _order(following) <= _order(start):
            raise CannotDo(f"The Qdrant server at {place} gives the same points again and again: restart it.")
        start = following


def _order(key: Any) -> tuple[bool, Any]:
    """Numbers come before UUIDs."""
    return (False, key) if isinstance(key, int) else (True, str(key))
