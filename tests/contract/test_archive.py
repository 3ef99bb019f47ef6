"""One contract for every `Archive`: Qdrant Edge in a folder, and a Qdrant server.

The server is reached through `qdrant-client` twice: as its local mode, and over HTTP to a stand-in that lets local mode
answer and, where ../shared/data/qdrant is, holds every request against Qdrant's own OpenAPI description. That proves
what is sent and how answers are taken, and not how a real server ranks, persists or survives.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.stand_in_qdrant import Wire
from tools.backends import qdrant_edge, qdrant_server
from tools.backends.qdrant_edge.damage import damage_said
from tools.backends.workers import PebbleWorkers
from tools.kit import Archive, AskAgain, CannotDo, Embeddings, Filters, Item, Scope
from tools.kit.parts import Parts

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")

DIM = 8
OWNER = Scope(workspace="local", audiences=("owner",))
TEAM = Scope(workspace="T1", audiences=("C1", "C2"))
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def item(number: int, *, audience: str = "owner", **more: Any) -> Item:
    known = {
        "id": str(uuid.UUID(int=number + 1)),
        "path": f"/photos/2024/Holiday/IMG_{number}.jpg",
        "sha256": f"{number:064x}",
        "audience": audience,
        "name": f"IMG_{number}.jpg",
        "mime": "image/jpeg",
        "width": 640,
        "height": 480,
        "added": NOON,
        "modified": NOON.timestamp() + 0.123456,
    }
    return Item(**{**known, **more})


def vectors(count: int, seed: int = 0) -> Embeddings:
    random = np.random.default_rng(seed).standard_normal((count, DIM)).astype(np.float32)
    made: Embeddings = random / np.linalg.norm(random, axis=1, keepdims=True)
    return made


def parts(home: Path, encoder: str = "space-a", **options: str) -> Parts:
    return Parts(home=home, workers=PebbleWorkers(), options={"encoder": encoder, "dim": str(DIM), **options})


# --- the contract ---------------------------------------------------------------------------------


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire() as server:
        yield server
        assert server.wrong == []


@pytest.fixture(params=["edge", "server in local mode", "server over http"])
async def archive(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Archive]:
    from qdrant_client import AsyncQdrantClient

    made: Archive
    if request.param == "edge":
        made = qdrant_edge.build("", parts(tmp_path))
    elif request.param == "server over http":
        made = qdrant_server.build(request.getfixturevalue("wire").url, parts(tmp_path))
    else:
        made = qdrant_server.QdrantServer(AsyncQdrantClient(":memory:"), ":memory:", "space-a", DIM)
    yield made
    await made.close()


async def test_it_is_an_archive_bound_to_its_encoder(archive: Archive) -> None:
    assert isinstance(archive, Archive)
    assert archive.encoder == "space-a"


async def test_a_workspace_nobody_indexed_is_empty(archive: Archive) -> None:
    assert await archive.search(OWNER, vectors(1)[0]) == []
    assert await archive.count(OWNER) == 0
    assert await archive.get(OWNER, [item(0).id]) == []
    assert await archive.remove(OWNER, [item(0).id]) == 0
    assert [found async for found in archive.scan(OWNER)] == []


async def test_what_was_put_comes_back_unchanged(archive: Archive) -> None:
    kept = item(0, name="Müller 東京 ▇.png", page=3, taken=NOON - timedelta(days=400), size=5_000_000_000)
    await archive.put(OWNER, [kept], vectors(1))
    assert await archive.get(OWNER, [kept.id]) == [kept]


async def test_file_times_come_back_to_the_last_bit(archive: Archive) -> None:
    times = np.random.default_rng(0).uniform(1.6e9, 1.9e9, 300)
    items = [item(number, modified=float(time)) for number, time in enumerate(times)]
    await archive.put(OWNER, items, vectors(300))
    assert [found.modified for found in await archive.get(OWNER, [each.id for each in items])] == list(times)


async def test_the_nearest_comes_first_with_its_cosine(archive: Archive) -> None:
    space = vectors(20)
    await archive.put(OWNER, [item(number) for number in range(20)], space)
    hits = await archive.search(OWNER, space[7], limit=3)
    assert [hit.item.id for hit in hits] == [item(int(n)).id for n in np.argsort(-space @ space[7])[:3]]
    assert [hit.score for hit in hits] == pytest.approx(sorted(space @ space[7], reverse=True)[:3], abs=1e-5)


async def test_hits_come_with_their_vectors_when_these_are_asked_for(archive: Archive) -> None:
    space = vectors(5)
    await archive.put(OWNER, [item(number) for number in range(5)], space)
    hits = await archive.search(OWNER, space[2], vectors=True)
    assert [hit.score for hit in hits] == pytest.approx([float(hit.vector @ space[2]) for hit in hits], abs=1e-5)
    assert [hit.vector for hit in await archive.search(OWNER, space[2])] == [None] * 5


async def test_the_same_id_is_replaced_not_added(archive: Archive) -> None:
    await archive.put(OWNER, [item(0)], vectors(1))
    await archive.put(OWNER, [item(0, name="new.jpg")], vectors(1, seed=1))
    assert await archive.count(OWNER) == 1
    [hit] = await archive.search(OWNER, vectors(1, seed=1)[0])
    assert hit.item.name == "new.jpg"
    assert hit.score == pytest.approx(1, abs=1e-5)


async def test_nobody_sees_what_their_scope_does_not_name(archive: Archive) -> None:
    items = [item(number, audience=f"C{number % 3}") for number in range(9)]
    await archive.put(Scope(workspace="T1", audiences=("C0", "C1", "C2")), items, vectors(9))
    seen = {hit.item.audience for hit in await archive.search(TEAM, vectors(1)[0], limit=9)}
    assert seen == {"C1", "C2"}
    assert await archive.count(TEAM) == 6
    assert await archive.get(TEAM, [items[0].id, items[1].id]) == [items[1]]
    assert {found.audience async for found in archive.scan(TEAM)} == {"C1", "C2"}
    assert await archive.remove(TEAM, [each.id for each in items]) == 6
    assert await archive.count(Scope(workspace="T1", audiences=("C0",))) == 3
    assert await archive.count(Scope(workspace="T2", audiences=("C0",))) == 0


async def test_an_item_outside_the_scope_is_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match="outside the scope"):
        await archive.put(TEAM, [item(0, audience="C9")], vectors(1))


async def test_a_put_never_replaces_what_its_scope_may_not_see(archive: Archive) -> None:
    await archive.put(Scope(workspace="T1", audiences=("C9",)), [item(0, audience="C9")], vectors(1))
    with pytest.raises(ValueError, match="outside the scope"):
        await archive.put(TEAM, [item(0, audience="C1")], vectors(1))


@pytest.mark.parametrize("scope", [Scope(workspace="T1", audiences=()), Scope(workspace="", audiences=("C1",))])
async def test_there_is_no_unscoped_query(archive: Archive, scope: Scope) -> None:
    with pytest.raises(ValueError, match="scope"):
        await archive.search(scope, vectors(1)[0])
    with pytest.raises(ValueError, match="scope"):
        await archive.count(scope)
    with pytest.raises(ValueError, match="scope"):
        await archive.get(scope, [item(0).id])


@pytest.mark.parametrize("workspace", ["../other", "a/b", ".", "a b"])
async def test_a_workspace_cannot_reach_into_another(archive: Archive, workspace: str) -> None:
    with pytest.raises(ValueError, match="not a workspace"):
        await archive.put(Scope(workspace=workspace, audiences=("owner",)), [item(0)], vectors(1))


async def test_vectors_of_another_size_are_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match="dimensions"):
        await archive.put(OWNER, [item(0)], np.ones((1, DIM + 1), np.float32))
    with pytest.raises(ValueError, match="dimensions"):
        await archive.search(OWNER, np.ones(DIM + 1, np.float32))


FILTERS = [
    (Filters(name_contains="img_1"), {0}),
    (Filters(name_contains="RÄT"), {1}),
    (Filters(name_contains="x"), {2}),
    (Filters(folder="/photos/2023"), {1}),
    (Filters(folder="/photos"), {0, 1, 2}),
    (Filters(folder="/photo"), set()),
    (Filters(folder="holiday"), {0}),
    (Filters(folder="2024/Holiday/"), {0}),
    (Filters(folder="Holiday/2024"), set()),
    (Filters(mime="image/png"), {1}),
    (Filters(mime="image/"), {0, 1}),
    (Filters(after=NOON), {0, 2}),
    (Filters(before=NOON), {1}),
    (Filters(after=NOON + timedelta(days=1)), {2}),
    (Filters(min_width=1000), {1}),
    (Filters(min_height=500), {1, 2}),
    (Filters(orientation="landscape"), {0}),
    (Filters(orientation="portrait"), {1}),
    (Filters(orientation="square"), {2}),
    (Filters(mime="image/", min_width=1000), {1}),
    (Filters(mime="image/jpeg", orientation="portrait"), set()),
    (Filters(), {0, 1, 2}),
]


@pytest.mark.parametrize(("filters", "wanted"), FILTERS, ids=[repr(each[0]) for each in FILTERS])
async def test_a_filter_keeps_what_it_says(archive: Archive, filters: Filters, wanted: set[int]) -> None:
    await archive.put(
        OWNER,
        [
            item(0, name="IMG_1.JPG", path="/photos/2024/Holiday/IMG_1.JPG"),
            item(
                1,
                name="Gerät.png",
                path="/photos/2023/Gerät.png",
                mime="image/png",
                width=1000,
                height=2000,
                taken=NOON - timedelta(days=300),
            ),
            item(
                2,
                name="fax.pdf",
                path="/photos/docs/fax.pdf",
                mime="application/pdf",
                width=501,
                height=500,
                modified=0,
                added=NOON + timedelta(days=2),
            ),
        ],
        vectors(3),
    )
    hits = await archive.search(OWNER, vectors(1)[0], filters=filters)
    assert {uuid.UUID(hit.item.id).int - 1 for hit in hits} == wanted
    assert await archive.count(OWNER, filters) == len(wanted)


async def test_filters_never_widen_the_scope(archive: Archive) -> None:
    items = [item(0, audience="C1"), item(1, audience="C9")]
    await archive.put(Scope(workspace="T1", audiences=("C1", "C9")), items, vectors(2))
    hits = await archive.search(TEAM, vectors(1)[0], filters=Filters(mime="image/jpeg"))
    assert [hit.item for hit in hits] == [items[0]]


async def test_get_answers_in_the_order_asked_and_leaves_out_the_unknown(archive: Archive) -> None:
    await archive.put(OWNER, [item(number) for number in range(3)], vectors(3))
    found = await archive.get(OWNER, [item(2).id, item(9).id, item(0).id])
    assert found == [item(2), item(0)]


async def test_a_vector_comes_back_to_those_who_may_see_its_item(archive: Archive) -> None:
    await archive.put(TEAM, [item(1, audience="C1"), item(2, audience="C2")], vectors(2))
    found = await archive.vector(Scope(workspace="T1", audiences=("C1",)), item(1).id.upper())
    assert found is not None
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, vectors(2)[0], atol=1e-6)
    assert await archive.vector(Scope(workspace="T1", audiences=("C1",)), item(2).id) is None
    assert await archive.vector(TEAM, item(3).id) is None
    assert await archive.vector(OWNER, item(1).id) is None
    with pytest.raises(ValueError, match=r"UUID"):
        await archive.vector(TEAM, "hit 2")


async def test_scan_gives_every_item_once_in_id_order(archive: Archive) -> None:
    await archive.put(OWNER, [item(number) for number in reversed(range(1500))], vectors(1500))
    assert [found.id async for found in archive.scan(OWNER)] == [item(number).id for number in range(1500)]


async def test_what_was_removed_is_gone(archive: Archive) -> None:
    await archive.put(OWNER, [item(number) for number in range(3)], vectors(3))
    assert await archive.remove(OWNER, [item(1).id, item(1).id, item(9).id]) == 1
    assert await archive.get(OWNER, [item(1).id]) == []
    assert await archive.count(OWNER) == 2


async def test_what_is_known_of_an_item_is_revised_and_its_vector_stays(archive: Archive) -> None:
    space = vectors(2)
    await archive.put(OWNER, [item(0), item(1)], space)
    newer = item(0).model_copy(update={"modified": 1234.5678, "name": "renamed.jpg"})
    await archive.revise(OWNER, [newer, item(9)])
    assert [found async for found in archive.scan(OWNER)] == [newer, item(1)]
    [hit] = await archive.search(OWNER, space[0], filters=Filters(name_contains="renamed"))
    assert hit.item == newer
    assert hit.score == pytest.approx(1, abs=1e-3)


async def test_nobody_revises_what_their_scope_does_not_name(archive: Archive) -> None:
    await archive.put(TEAM, [item(0, audience="C1")], vectors(1))
    other = Scope(workspace=TEAM.workspace, audiences=("C9",))
    with pytest.raises(ValueError, match="outside the scope"):
        await archive.revise(other, [item(0, audience="C1")])
    await archive.revise(other, [item(0, audience="C9")])
    assert [found.audience async for found in archive.scan(TEAM)] == ["C1"]


async def test_a_restart_forgets_one_workspace_only(archive: Any) -> None:
    await archive.put(OWNER, [item(0)], vectors(1))
    await archive.put(TEAM, [item(0, audience="C1")], vectors(1))
    await archive.restart("local")
    assert (await archive.count(OWNER), await archive.count(TEAM)) == (0, 1)
    await archive.put(OWNER, [item(1)], vectors(1))
    assert await archive.count(OWNER) == 1


async def test_many_calls_at_once_are_all_answered(archive: Archive) -> None:
    space = vectors(40)
    await asyncio.gather(*(archive.put(OWNER, [item(number)], space[number : number + 1]) for number in range(40)))
    hits = await asyncio.gather(*(archive.search(OWNER, vector, limit=1) for vector in space))
    assert [hit[0].item.id for hit in hits] == [item(number).id for number in range(40)]


# --- the encoder it is bound to -------------------------------------------------------------------


async def test_a_workspace_that_is_being_opened_keeps_no_other_waiting(tmp_path: Path) -> None:
    edge = qdrant_edge.build("", parts(tmp_path))
    await edge.put(OWNER, [item(0)], vectors(1))
    with edge._one_at_a_time("T9"):  # as while its shard is loaded
        opening = asyncio.create_task(edge.count(Scope(workspace="T9", audiences=("C1",))))
        assert len(await asyncio.wait_for(edge.search(OWNER, vectors(1)[0]), 5)) == 1
        await asyncio.wait_for(edge.put(TEAM, [item(0, audience="C1")], vectors(1)), 20)
        assert not opening.done()
    assert await opening == 0
    await edge.close()


async def test_an_owner_with_nothing_under_way_hands_over_and_takes_back(tmp_path: Path) -> None:
    first, second = (qdrant_edge.build("", parts(tmp_path)) for _ in range(2))
    await first.put(OWNER, [item(0)], vectors(1))
    for edge in (second, first, second):
        assert len(await edge.search(OWNER, vectors(1)[0])) == 1
    await first.put(OWNER, [item(1)], vectors(2)[1:])
    assert await second.count(OWNER) == 2
    assert not (tmp_path / "archive" / "local" / "lock.wanted").exists()
    await first.close()
    await second.close()


async def test_an_owner_in_the_middle_of_a_call_keeps_its_archive(tmp_path: Path) -> None:
    first, second = (qdrant_edge.build("", parts(tmp_path)) for _ in range(2))
    await first.put(OWNER, [item(0)], vectors(1))
    with first._handover.under_way(), pytest.raises(CannotDo, match=f"in use by process {os.getpid()}, since 20"):
        await second.count(OWNER)
    assert await second.count(OWNER) == 1
    await first.close()
    await second.close()


@pytest.mark.parametrize("size", [0, 4])
async def test_a_damaged_edge_archive_is_said_and_can_be_started_anew(tmp_path: Path, size: int) -> None:
    archive = qdrant_edge.build("", parts(tmp_path))
    await archive.put(OWNER, [item(0)], vectors(1))
    await archive.close()
    assert cut(tmp_path / "archive", "status.dat", size)
    archive = qdrant_edge.build("", parts(tmp_path))
    for _ in range(2):
        with pytest.raises(CannotDo, match=r"is damaged: .* --fresh") as said:
            await archive.search(OWNER, vectors(1)[0])
        assert str(tmp_path / "archive") in str(said.value)
    await archive.restart("local")
    await archive.put(OWNER, [item(0)], vectors(1))
    assert await archive.count(OWNER) == 1
    await archive.close()


def cut(folder: Path, name: str, size: int) -> int:
    """Leave the first bytes of every file of that name; how many there are."""
    found = [*folder.rglob(name)]
    for file in found:
        os.truncate(file, size)
    return len(found)


def test_only_a_panic_is_taken_for_damage(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), damage_said(tmp_path):
        raise KeyboardInterrupt


async def test_edge_names_both_encoders_when_opened_with_another(tmp_path: Path) -> None:
    first = qdrant_edge.build("", parts(tmp_path, "space-a"))
    await first.put(OWNER, [item(0)], vectors(1))
    await first.close()
    other = qdrant_edge.build("", parts(tmp_path, "space-b"))
    with pytest.raises(CannotDo, match=r"space-a.*space-b.*index --fresh"):
        await other.count(OWNER)
    assert await qdrant_edge.bound_encoder("", parts(tmp_path), "local") == "space-a"
    await other.restart("local")
    await other.put(OWNER, [item(0)], vectors(1))
    assert await qdrant_edge.bound_encoder("", parts(tmp_path), "local") == "space-b"
    await other.close()


async def test_the_server_names_both_encoders_when_opened_with_another(tmp_path: Path, wire: Wire) -> None:
    first = qdrant_server.build(wire.url, parts(tmp_path, "space-a"))
    await first.put(OWNER, [item(0)], vectors(1))
    await first.close()
    assert await qdrant_server.bound_encoder(wire.url, parts(tmp_path), "local") == "space-a"
    assert await qdrant_server.bound_encoder(wire.url, parts(tmp_path), "T1") is None
    other = qdrant_server.build(wire.url, parts(tmp_path, "space-b"))
    with pytest.raises(CannotDo, match=r"space-a.*space-b.*index --fresh"):
        await other.count(OWNER)
    await other.close()


# --- the server -----------------------------------------------------------------------------------


async def test_a_server_that_does_not_answer_is_said(tmp_path: Path) -> None:
    archive = qdrant_server.build("http://127.0.0.1:9", parts(tmp_path))
    with pytest.raises(CannotDo, match=r"http://127\.0\.0\.1:9 does not answer"):
        await archive.count(OWNER)
    await archive.close()


async def test_a_wrong_key_is_said_and_the_right_one_works(tmp_path: Path) -> None:
    said: list[str] = []
    with Wire(key="secret") as wire:
        for key in ("wrong", "secret"):
            made = Parts(tmp_path, PebbleWorkers(), said.append, parts(tmp_path, qdrant_api_key=key).options)
            archive = qdrant_server.build(wire.url, made)
            if key == "wrong":
                with pytest.raises(CannotDo, match=r"refuses the key \(403\): set QDRANT_API_KEY"):
                    await archive.count(OWNER)
            else:
                assert await archive.count(OWNER) == 0
            await archive.close()
    assert "insecure" in said[0]


def test_a_server_without_a_url_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(AskAgain, match="qdrant_server:http://HOST:6333"):
        qdrant_server.build("", parts(tmp_path))
