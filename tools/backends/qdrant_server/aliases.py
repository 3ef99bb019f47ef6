"""Other names of collections on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient


async def call(client: AsyncQdrantClient, alias: str, name: str) -> None:
    """The collection of that name is called so from now on, whatever was: a server changes all of a request at once."""
    from qdrant_client import models

    create = models.CreateAlias(collection_name=name, alias_name=alias)
    actions: list[Any] = [models.CreateAliasOperation(create_alias=create)]
    if await client.collection_exists(alias):
        actions.insert(0, _deleted(alias))
    await client.update_collection_aliases(actions)


async def uncall(client: AsyncQdrantClient, alias: str) -> None:
    """Nothing is called so any more."""
    if await client.collection_exists(alias):
        await client.update_collection_aliases([_deleted(alias)])


def _deleted(alias: str) -> Any:
    from qdrant_client import models

    return models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=alias))
