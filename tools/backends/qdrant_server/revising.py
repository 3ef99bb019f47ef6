"""What is known of items replaced on a server, while others may remove some of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tools.backends.qdrant_server.collections import BATCH
from tools.backends.qdrant_server.failing import NOT_FOUND
from tools.backends.qdrant_server.points import packed, vectors_of
from tools.kit import Embeddings, Item

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient

TRIES = 3
"""Of a revision, each after others removed some of what is revised."""

There = Callable[[Sequence[str]], Awaitable[set[str]]]
"""Of some ids those that may be revised, and are there."""


async def revise(
    client: AsyncQdrantClient, name: str, items: Sequence[Item], texts: Embeddings | None, there: There
) -> None:
    """In the collection of that name. `texts`: (n, text_dim), or None to leave them as they are."""
    rows = dict(enumerate(items))
    for start in range(0, len(items), BATCH):
        part = {number: rows[number] for number in range(start, min(start + BATCH, len(items)))}
        await _revise(client, name, part, texts, there)


async def _revise(
    client: AsyncQdrantClient, name: str, items: Mapping[int, Item], texts: Embeddings | None, there: There
) -> None:
    """One that is removed meanwhile is left alone, and the others are revised all the same."""
    from qdrant_client.http.exceptions import UnexpectedResponse

    for last in (*[False] * (TRIES - 1), True):
        found = await there([item.id for item in items.values()])
        if not found:
            return
        operations = [
            operation
            for number, item in items.items()
            if item.id in found
            for operation in _revision(item, None if texts is None else texts[number])
        ]
        try:
            await client.batch_update_points(name, operations, wait=True)
        except UnexpectedResponse as error:
            if last or error.status_code != NOT_FOUND:
                raise
        else:
            return


def _revision(item: Item, text: Embeddings | None) -> list[Any]:
    """What is known of an item replaced, and its words; its text too where one is given, be it that it has none."""
    from qdrant_client import models

    payload = models.SetPayload(payload=packed(item), points=[item.id])
    found: list[Any] = [models.OverwritePayloadOperation(overwrite_payload=payload)]
    given = vectors_of(item, None, text)
    if given:
        points = [models.PointVectors(id=item.id, vector=given)]
        found.append(models.UpdateVectorsOperation(update_vectors=models.UpdateVectors(points=points)))
    told = ("words",) if text is None else ("words", "text")
    if gone := [space for space in told if space not in given]:
        found.append(models.DeleteVectorsOperation(delete_vectors=models.DeleteVectors(points=[item.id], vector=gone)))
    return found
