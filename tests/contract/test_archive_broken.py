"""Points that cannot be read, or that say to be for others than they are: no question stumbles over them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from qdrant_client import AsyncQdrantClient

from tests.contract.archive_kit import DIM, TEAM, TEXT_DIM, item, parts, post, vectors
from tools.backends import qdrant_edge
from tools.backends.common.qdrant_payload import payload_of
from tools.backends.qdrant_server import QdrantServer
from tools.backends.qdrant_server.storing import Vectors
from tools.kit import Contents, Filters, Item

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")

Put = Callable[[dict[str, dict[str, Any]]], Awaitable[None]]
"""Overwrites the payloads of points, by their ids."""
SEEN = Contents(text="a red bike", kind="photo", done=("text",))
ITEMS = [item(number, audience="C1", contents=SEEN, post=post(number, f"U{number}")) for number in range(6)]


def broken() -> dict[str, dict[str, Any]]:
    """All but the first: the first of these say no item, the last is another channel's in truth."""
    known = {one.id: payload_of(one) for one in ITEMS}
    said: list[Any] = ["{", 5, ITEMS[0].model_dump_json(), json.dumps({"id": ITEMS[4].id})]
    forged = ITEMS[5].model_copy(update={"audience": "C9", "name": "secret.png"}).model_dump_json()
    spoilt = zip(ITEMS[1:], [*said, forged], strict=True)
    return {one.id: {**known[one.id], "item": says} for one, says in spoilt}


async def on_a_server(home: Path) -> tuple[Any, Put]:
    client = AsyncQdrantClient(":memory:")
    archive = QdrantServer(client, ":memory:", Vectors("space-a", DIM, "", TEXT_DIM))

    async def put(payloads: dict[str, dict[str, Any]]) -> None:
        [name] = [each.name for each in (await client.get_collections()).collections]
        for key, payload in payloads.items():
            await client.overwrite_payload(name, payload, points=[key])

    return archive, put


async def embedded(home: Path) -> tuple[Any, Put]:
    archive = qdrant_edge.build("", parts(home))

    async def put(payloads: dict[str, dict[str, Any]]) -> None:
        from qdrant_edge import EdgeShard, UpdateOperation

        await archive.close()
        [folder] = (home / "archive").rglob("shard")
        shard = EdgeShard.load(str(folder))
        for key, payload in payloads.items():
            shard.update(UpdateOperation.overwrite_payload([uuid.UUID(key)], payload))
        shard.close()

    return archive, put


@pytest.fixture(params=[on_a_server, embedded])
async def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    made, put = await request.param(tmp_path)
    await made.put(TEAM, ITEMS, vectors(len(ITEMS)), vectors(len(ITEMS), 1, TEXT_DIM))
    await put(broken())
    return made if request.param is on_a_server else qdrant_edge.build("", parts(tmp_path))


def only_the_first(found: list[Item]) -> bool:
    return [one.name for one in found] == [ITEMS[0].name]


async def test_no_search_finds_them_or_fails_for_them(archive: Any) -> None:
    assert only_the_first([hit.item for hit in await archive.search(TEAM, vectors(1)[0])])
    assert only_the_first([hit.item for hit in await archive.search(TEAM, vectors(1, 1, TEXT_DIM)[0], by="text")])
    assert only_the_first([hit.item for hit in await archive.match(TEAM, "red bike")])
    assert only_the_first(await archive.recent(TEAM, filters=Filters(kinds=("photo",))))
    assert only_the_first([one async for one in archive.scan(TEAM)])
    assert only_the_first(await archive.get(TEAM, [one.id for one in ITEMS]))
    assert await archive.vector(TEAM, ITEMS[5].id) is None
    assert "secret" not in str(await archive.tally(TEAM, "people"))
    await archive.close()


async def test_they_are_told_of_and_make_room_for_what_belongs_there(archive: Any) -> None:
    assert await archive.broken("T1") == [one.id for one in ITEMS[1:5]]
    await archive.put(TEAM, ITEMS[1:5], vectors(4))
    assert len(await archive.recent(TEAM)) == 5
    assert await archive.remove(TEAM, [one.id for one in ITEMS]) == 5
    await archive.close()
