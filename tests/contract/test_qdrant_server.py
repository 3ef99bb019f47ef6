"""What only a Qdrant server does: aliases, settings, earlier versions, snapshots over HTTP, and not being well."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from qdrant_client import AsyncQdrantClient, models

from tests.contract.archive_kit import DIM, TEAM
from tests.contract.archive_kit import item as any_item
from tests.contract.archive_kit import vectors as space
from tests.stand_in_qdrant import Fault, Wire
from tests.stand_in_qdrant.doing import Request
from tools.backends import qdrant_server
from tools.backends.qdrant_server import QdrantServer
from tools.backends.qdrant_server.pages import pages
from tools.backends.qdrant_server.points import read_point
from tools.backends.qdrant_server.storing import Vectors
from tools.backends.workers import PebbleWorkers
from tools.kit import CannotDo, Embeddings, Filters, Item, Scope
from tools.kit.archive import Contents, Point, Post
from tools.kit.parts import Parts


def item(number: int, *, audience: str = "C1", **more: Any) -> Item:
    path = f"https://team.slack.com/archives/{audience}/p{number}"
    return any_item(number, audience=audience, **{"path": path, "modified": 0.0, **more})


def kept(count: int) -> list[Point]:
    return [Point(item(number), vector) for number, vector in enumerate(space(count))]


def build(url: str, home: Path, said: list[str], **options: str) -> QdrantServer:
    made = {"encoder": "space-a", "dim": str(DIM), "text_dim": "4", "text_encoder": "words", **options}
    return qdrant_server.build(url, Parts(home, PebbleWorkers(), said.append, made))


@pytest.fixture
async def archive(wire: Wire, tmp_path: Path) -> AsyncIterator[QdrantServer]:
    made = build(wire.url, tmp_path, [])
    yield made
    await made.close()


@asynccontextmanager
async def another(wire: Wire, home: Path, encoder: str = "space-a", **options: str) -> AsyncIterator[QdrantServer]:
    """As a second process has it."""
    made = build(wire.url, home, [], encoder=encoder, **options)
    yield made
    await made.close()


# --- collections and the alias --------------------------------------------------------------------


async def test_the_current_collection_is_switched_in_one_request(
    wire: Wire, archive: QdrantServer, tmp_path: Path
) -> None:
    await archive.put(TEAM, [item(0)], space(1))
    async with another(wire, tmp_path, "space-b") as newer:
        await newer.keep("T1", kept(3))
        assert (await archive.count(TEAM), await archive.bound("T1")) == (1, "space-a")
        wire.requests.clear()
        await newer.make_current("T1")
        [switch] = wire.asked("POST", "/aliases")
        assert [next(iter(action)) for action in switch.body["actions"]] == ["delete_alias", "create_alias"]
        assert (await newer.count(TEAM), await newer.bound("T1")) == (3, "space-b")


async def test_what_others_switched_is_noticed(wire: Wire, archive: QdrantServer, tmp_path: Path) -> None:
    await archive.put(TEAM, [item(0)], space(1))
    async with another(wire, tmp_path, "space-b") as newer:
        await newer.keep("T1", kept(3))
        await newer.make_current("T1")
    async with another(wire, tmp_path) as late:
        with pytest.raises(CannotDo, match=r"space-b.*space-a"):
            await late.count(TEAM)


async def test_one_killed_before_it_could_switch_is_made_good(
    wire: Wire, archive: QdrantServer, tmp_path: Path
) -> None:
    wire.fault = lambda asked: "drop" if asked.path == "/collections/aliases" else None
    with pytest.raises(CannotDo):
        await archive.put(TEAM, [item(0)], space(1))
    wire.fault = lambda asked: None
    async with another(wire, tmp_path) as after:
        assert await after.count(TEAM) == 0
        await after.put(TEAM, [item(0)], space(1))
        assert await after.count(TEAM) == 1


async def test_two_that_begin_at_once_make_one_collection(wire: Wire, archive: QdrantServer, tmp_path: Path) -> None:
    async with another(wire, tmp_path) as second:
        await asyncio.gather(archive.put(TEAM, [item(0)], space(1)), second.put(TEAM, [item(1)], space(1)))
    assert await archive.count(TEAM) == 2
    assert await archive.workspaces() == ["T1"]


async def test_each_audience_is_a_tenant_and_every_field_has_its_index(wire: Wire, archive: QdrantServer) -> None:
    await archive.put(TEAM, [item(0)], space(1))
    made = {each.body["field_name"]: each.body["field_schema"] for each in wire.asked("PUT", "/index")}
    assert made["audience"] == {"type": "keyword", "is_tenant": True}
    assert made["read"]["phrase_matching"] is True
    kinds = {field: made[field]["type"] for field in ("when", "width", "user", "sha256", "grams")}
    assert kinds == {"when": "float", "width": "integer", "user": "keyword", "sha256": "keyword", "grams": "keyword"}


async def test_an_index_that_is_missing_is_made_by_the_next_who_writes(
    wire: Wire, archive: QdrantServer, tmp_path: Path
) -> None:
    await archive.put(TEAM, [item(0)], space(1))
    [indexes] = wire.indexes.values()
    del indexes["tags"]
    async with another(wire, tmp_path) as later:
        await later.put(TEAM, [item(1)], space(1))
    assert "tags" in indexes


# --- settings -------------------------------------------------------------------------------------


async def test_vectors_are_quantised_and_kept_on_disk_as_set_up(wire: Wire, tmp_path: Path) -> None:
    async with another(wire, tmp_path, archive_quantisation="scalar", archive_on_disk="yes") as archive:
        await archive.put(TEAM, [item(0)], space(1))
        await archive.search(TEAM, space(1)[0])
        assert [each.quantisation for each in [await archive.stats("T1")] if each] == ["scalar"]
    [made] = [each.body for each in wire.asked("PUT", archive._collections.own("T1"))]
    assert made["quantization_config"]["scalar"] == {"type": "int8", "quantile": 0.99, "always_ram": True}
    assert {name: each["on_disk"] for name, each in made["vectors"].items()} == {"image": True, "text": True}
    [asked] = wire.asked("POST", "/points/query")
    assert asked.body["params"]["quantization"] == {"rescore": True, "oversampling": 2.0}


@pytest.mark.parametrize("chosen", ["binary", "none"])
async def test_settings_changed_later_change_the_collection(wire: Wire, tmp_path: Path, chosen: str) -> None:
    async with another(wire, tmp_path, archive_quantisation="scalar") as archive:
        await archive.put(TEAM, [item(0)], space(1))
    async with another(wire, tmp_path, archive_quantisation=chosen, archive_on_disk="yes") as archive:
        await archive.put(TEAM, [item(1)], space(1))
        assert await archive.count(TEAM) == 2
    [changed] = [each.body for each in wire.requests if each.method == "PATCH"]
    wanted = {"binary": {"binary": {"always_ram": True}}, "none": "Disabled"}[chosen]
    assert changed == {
        "quantization_config": wanted,
        "vectors": {"image": {"on_disk": True}, "text": {"on_disk": True}},
    }


# --- earlier versions -----------------------------------------------------------------------------


def of_an_earlier_version(wire: Wire, count: int, encoder: str = "space-a") -> None:
    """A collection with one vector a point and the fields of then."""
    dense = models.VectorParams(size=DIM, distance=models.Distance.COSINE)
    wire.local.create_collection("spyglass_T1", dense, metadata={"encoder": encoder})
    wire.made["spyglass_T1"], wire.indexes["spyglass_T1"] = {}, {"audience": "keyword"}
    points = [
        models.PointStruct(
            id=item(number).id,
            vector=vector.tolist(),
            payload={"item": item(number).model_dump_json(exclude={"post", "contents"}), "audience": "C1"},
        )
        for number, vector in enumerate(space(count))
    ]
    wire.local.upsert("spyglass_T1", points)


async def test_a_collection_of_an_earlier_version_is_found_and_copied(wire: Wire, tmp_path: Path) -> None:
    of_an_earlier_version(wire, 5)
    said: list[str] = []
    archive = build(wire.url, tmp_path, said)
    assert await archive.bound("T1") == "space-a"
    [hit] = await archive.search(TEAM, space(5)[3], limit=1)
    assert hit.item == item(3)
    assert hit.score == pytest.approx(1, abs=1e-5)
    assert [hit.item.name for hit in await archive.match(TEAM, "IMG_2", limit=1)] == ["IMG_2.jpg"]
    assert said == ["The archive of T1 is brought to this version: 5 images."]
    assert not wire.local.collection_exists("spyglass_T1")
    await archive.close()


async def test_a_copy_that_is_killed_goes_on_and_loses_nothing(wire: Wire, tmp_path: Path) -> None:
    of_an_earlier_version(wire, 1100)
    for _ in range(3):
        wire.fault = dies_after(1, lambda asked: asked.method == "PUT" and asked.path.endswith("/points"))
        async with another(wire, tmp_path) as archive:
            with pytest.raises(CannotDo, match="does not answer"):
                await archive.count(TEAM)
        wire.fault = lambda asked: None
        assert wire.local.count("spyglass_T1").count == 1100
    killed = len(wire.asked("PUT", "/points"))
    async with another(wire, tmp_path) as archive:
        assert await archive.count(TEAM) == 1100
        assert [found.id async for found in archive.scan(TEAM)] == [item(number).id for number in range(1100)]
    assert (killed, len(wire.asked("PUT", "/points"))) == (6, 8)  # of each run one that came and one that did not


async def test_what_is_removed_after_the_copy_stays_away(wire: Wire, tmp_path: Path) -> None:
    of_an_earlier_version(wire, 3)
    async with another(wire, tmp_path) as archive:
        assert await archive.remove(TEAM, [item(1).id]) == 1
    async with another(wire, tmp_path) as archive:
        assert await archive.count(TEAM) == 2


async def test_an_earlier_collection_of_another_encoder_is_left_alone(wire: Wire, archive: QdrantServer) -> None:
    of_an_earlier_version(wire, 3, "space-b")
    for work in (archive.count(TEAM), archive.put(TEAM, [item(9)], space(1))):
        with pytest.raises(CannotDo, match=r"space-b.*space-a"):
            await work
    assert wire.local.count("spyglass_T1").count == 3


async def test_a_new_encoder_is_prepared_beside_a_collection_of_an_earlier_version(wire: Wire, tmp_path: Path) -> None:
    of_an_earlier_version(wire, 3)
    async with another(wire, tmp_path, "space-b") as newer:
        assert await newer.stats("T1") is None
        await newer.keep("T1", kept(3))
        assert [(each.encoder, each.points, each.current) for each in await newer.spaces("T1")] == [
            ("space-a", 3, True),
            ("space-b", 3, False),
        ]
        with pytest.raises(CannotDo, match=r"space-a.*space-b"):
            await newer.count(TEAM)
    async with another(wire, tmp_path) as older:
        assert await older.count(TEAM) == 3


def dies_after(count: int, counted: Callable[[Request], bool]) -> Callable[[Request], Fault]:
    """Hangs up on everything once so many of the counted requests were answered."""
    seen = [0]

    def fault(asked: Request) -> Fault:
        seen[0] += counted(asked)
        return "drop" if seen[0] > count else None

    return fault


# --- scores ---------------------------------------------------------------------------------------


async def test_how_rare_a_word_is_tells_nothing_of_what_others_posted(archive: QdrantServer) -> None:
    everybody = Scope(workspace="T1", audiences=("C1", "C2"))
    mine = [item(number, name=name) for number, name in enumerate(["red bike", "red boat", "red barn"])]
    await archive.put(everybody, mine, space(3))
    asker = Scope(workspace="T1", audiences=("C1",))
    before = await archive.match(asker, "bike boat")
    others = [item(number, name="bike", audience="C2") for number in range(10, 40)]
    await archive.put(everybody, others, space(30))
    assert [(hit.item, hit.score) for hit in await archive.match(asker, "bike boat")] == [
        (hit.item, hit.score) for hit in before
    ]


# --- a server that is not well --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("drop", r"does not answer \(.*\): start it, or check SPYGLASS_ARCHIVE"),
        (503, r"is busy or starting \(503\): try again in a minute"),
        (429, r"is busy or starting \(429\): try again in a minute"),
        (500, r"refused \(500\): .*the server is not well"),
        (401, r"refuses the key \(401\): set QDRANT_API_KEY"),
        ("null", r"is no Qdrant server: check SPYGLASS_ARCHIVE"),
    ],
)
async def test_a_server_that_is_not_well_is_said_and_what_it_has_stays(
    wire: Wire, archive: QdrantServer, fault: Fault, said: str
) -> None:
    await archive.put(TEAM, [item(0)], space(1))
    wire.fault = lambda asked: fault
    works: list[Callable[[], Any]] = [
        lambda: archive.put(TEAM, [item(1)], space(1)),
        lambda: archive.search(TEAM, space(1)[0]),
        lambda: archive.revise(TEAM, [item(0)]),
        lambda: archive.tally(TEAM, "people"),
        lambda: archive.remove(TEAM, [item(0).id]),
        lambda: archive.workspaces(),
    ]
    for work in works:
        with pytest.raises(CannotDo, match=said):
            await work()
    wire.fault = lambda asked: None
    assert await archive.get(TEAM, [item(0).id]) == [item(0)]


async def test_a_server_that_goes_down_in_the_middle_keeps_what_it_confirmed(wire: Wire, archive: QdrantServer) -> None:
    wire.fault = dies_after(2, lambda asked: asked.method == "PUT" and asked.path.endswith("/points"))
    items, vectors = [item(number) for number in range(1000)], space(1000)
    with pytest.raises(CannotDo, match="Nothing that it has confirmed is lost"):
        await archive.put(TEAM, items, vectors)
    wire.fault = lambda asked: None
    assert await archive.count(TEAM) == 512
    await archive.put(TEAM, items, vectors)
    assert [found async for found in archive.scan(TEAM)] == items


async def test_a_server_that_takes_too_long_is_said(wire: Wire) -> None:
    wire.fault = lambda asked: "hang"
    client = AsyncQdrantClient(url=wire.url, timeout=1, check_compatibility=False)
    archive = QdrantServer(client, wire.url, Vectors("space-a", DIM, "words", 4))
    with pytest.raises(CannotDo, match="did not answer in time"):
        await archive.count(TEAM)
    await archive.close()


async def test_a_full_disk_of_the_server_is_said(wire: Wire, archive: QdrantServer, monkeypatch: Any) -> None:
    await archive.put(TEAM, [item(0)], space(1))
    monkeypatch.setattr(wire.local, "upsert", out_of_space)
    with pytest.raises(CannotDo, match=r"The disk of the Qdrant server at .* is full"):
        await archive.put(TEAM, [item(1)], space(1))


def out_of_space(*_: object) -> None:
    raise ValueError("Service internal error: No space left on device: WAL buffer size exceeds available disk space")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("200 OK", b"hello"),
        ("200 OK", b'{"result": null, "status": "ok", "time": 0.0}'),
        ("200 OK", b"[" * 100_000),
        ("204 No Content", b""),
        ("302 Found\r\nlocation: /login", b""),
    ],
)
async def test_something_else_that_answers_is_said(tmp_path: Path, status: str, body: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    archive = build(url, tmp_path, [])
    with pytest.raises(CannotDo, match="is no Qdrant server: check SPYGLASS_ARCHIVE"):
        await archive.count(TEAM)
    await archive.close()
    server.close()


async def test_a_collection_of_somebody_else_is_not_touched(wire: Wire, archive: QdrantServer) -> None:
    own = archive._collections.own("T1")
    wire.local.create_collection(own, models.VectorParams(size=3, distance=models.Distance.DOT))
    wire.made[own], wire.indexes[own] = {}, {}
    with pytest.raises(CannotDo, match="does not say which encoder made it: it is not Spyglass's"):
        await archive.put(TEAM, [item(0)], space(1))
    assert wire.local.count(own).count == 0


async def test_what_is_only_called_as_ours_were_is_neither_listed_nor_deleted(
    wire: Wire, archive: QdrantServer
) -> None:
    await archive.put(TEAM, [item(0)], space(1))
    for name in ("spyglass_photos", "spyglass_T1", "spyglass.T1.backup", "others"):
        wire.local.create_collection(name, models.VectorParams(size=3, distance=models.Distance.DOT))
        wire.made[name], wire.indexes[name] = {}, {}
    assert await archive.workspaces() == ["T1"]
    assert [each.points for each in await archive.spaces("T1")] == [1]
    await archive.restart("T1")
    assert sorted(each.name for each in wire.local.get_collections().collections) == [
        "others",
        "spyglass.T1.backup",
        "spyglass_T1",
        "spyglass_photos",
    ]


async def test_points_without_an_item_are_told_and_left_out(wire: Wire, archive: QdrantServer) -> None:
    await archive.keep("T1", kept(4))
    own = archive._collections.own("T1")
    wire.local.overwrite_payload(own, {"item": "{", "audience": "C1"}, points=[item(0).id])
    wire.local.overwrite_payload(own, {"audience": "C1"}, points=[item(1).id])
    wire.local.overwrite_payload(own, {"item": item(9).model_dump_json()}, points=[item(2).id])
    assert await archive.broken("T1") == [item(number).id for number in range(3)]
    assert [each.item async for each in archive.everything("T1")] == [item(3)]


class Circling:
    """A client of a server whose last page leads back to its first."""

    async def scroll(self, name: str, offset: Any = None, **asked: Any) -> Any:
        first, second = item(0).id, item(1).id
        return [], {None: second, second: first, first: second}[offset]


async def test_pages_that_lead_in_circles_are_said() -> None:
    async def read() -> list[Any]:
        return [page async for page in pages(cast(AsyncQdrantClient, Circling()), "here", "c")]

    with pytest.raises(CannotDo, match="gives the same points again and again"):
        await asyncio.wait_for(read(), 10)


def test_a_vector_of_another_size_is_none() -> None:
    vectors = {"image": [1.0] * (DIM + 1), "text": [1.0]}
    record = models.Record(id=item(0).id, payload={"item": item(0).model_dump_json()}, vector=vectors)
    read = read_point(record, Vectors("space-a", DIM, "words", 4))
    assert (read.item, read.image.tolist(), read.text) == (item(0), [0.0] * DIM, None)


async def test_a_collection_that_others_removed_just_now_is_said(wire: Wire, archive: QdrantServer) -> None:
    await archive.put(TEAM, [item(0)], space(1))
    assert await archive.count(TEAM) == 1
    wire.local.delete_collection(archive._collections.own("T1"))
    with pytest.raises(
        CannotDo, match=r"doesn't exist at http://.*: it was removed or replaced just now, so try again"
    ):
        await archive.count(TEAM)


async def test_one_that_is_removed_meanwhile_keeps_no_other_from_being_revised(
    wire: Wire, archive: QdrantServer
) -> None:
    await archive.put(TEAM, [item(0), item(1)], space(2))

    def fault(asked: Request) -> Fault:
        if not asked.path.endswith("/points/batch"):
            return None
        wire.fault = lambda asked: None
        wire.local.delete(archive._collections.own("T1"), models.PointIdsList(points=[item(0).id]))
        return 404

    wire.fault = fault
    renamed = [item(number, name="new.jpg") for number in range(2)]
    await archive.revise(TEAM, renamed)
    assert [found async for found in archive.scan(TEAM)] == [renamed[1]]


# --- snapshots ------------------------------------------------------------------------------------


async def test_a_snapshot_brings_everything_back(wire: Wire, archive: QdrantServer, tmp_path: Path) -> None:
    said = Contents(text="ACME Hardware", tags=("receipt",), colours=("white",))
    everything = [
        Point(item(0, contents=said, post=Post(ts="1714564800.000100", user="U1", name="Ann")), space(1)[0], unit(0)),
        Point(item(1, audience="C2"), space(2)[1]),
    ]
    await archive.keep("T1", everything)
    await archive.snapshot("T1", tmp_path / "t1.spyglass")
    assert not any(wire.snapshots.values())
    assert (tmp_path / "t1.spyglass").stat().st_mode & 0o777 == 0o600
    await archive.remove(TEAM, [item(0).id])
    await archive.restore("T1", tmp_path / "t1.spyglass")
    assert await archive.count(TEAM) == 2
    assert [hit.item.id for hit in await archive.match(TEAM, "hardware")] == [item(0).id]
    assert await archive.count(TEAM, Filters(with_text="acme hardware")) == 1
    async with another(wire, tmp_path) as other:
        await other.restart("T1")
        await other.restore("T1", tmp_path / "t1.spyglass")
        assert [each async for each in other.everything("T1")] == everything


def unit(axis: int) -> Embeddings:
    made: Embeddings = np.eye(4, dtype=np.float32)[axis]
    return made


async def test_a_snapshot_that_is_not_whole_changes_nothing(archive: QdrantServer, tmp_path: Path) -> None:
    file = tmp_path / "t1.spyglass"
    await archive.keep("T1", kept(3))
    await archive.snapshot("T1", file)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    for spoilt in (bytes(data), bytes(data[: len(data) // 2]), b"PK\x03\x04", b""):
        file.write_bytes(spoilt)
        with pytest.raises(CannotDo, match="is no whole snapshot of an archive"):
            await archive.restore("T1", file)
    with pytest.raises(CannotDo, match="cannot be read"):
        await archive.restore("T1", tmp_path / "none")
    assert await archive.count(TEAM) == 3


async def test_a_snapshot_goes_to_no_other_workspace_or_encoder(
    wire: Wire, archive: QdrantServer, tmp_path: Path
) -> None:
    await archive.keep("T1", kept(3))
    await archive.snapshot("T1", tmp_path / "t1.spyglass")
    with pytest.raises(CannotDo, match="a snapshot of T1 by space-a in qdrant_server, and not of T2"):
        await archive.restore("T2", tmp_path / "t1.spyglass")
    async with another(wire, tmp_path, "space-b") as other:
        with pytest.raises(CannotDo, match="and this is space-b"):
            await other.restore("T1", tmp_path / "t1.spyglass")
    assert await archive.workspaces() == ["T1"]


async def test_a_snapshot_that_fails_leaves_no_file_and_nothing_on_the_server(
    wire: Wire, archive: QdrantServer, tmp_path: Path
) -> None:
    await archive.keep("T1", kept(3))
    wire.fault = lambda asked: 500 if asked.method == "GET" and "/snapshots/" in asked.path else None
    with pytest.raises(CannotDo, match=r"refused \(500\)"):
        await archive.snapshot("T1", tmp_path / "t1.spyglass")
    wire.fault = lambda asked: None
    with pytest.raises(CannotDo, match="cannot be written"):
        await archive.snapshot("T1", tmp_path / "no folder" / "t1.spyglass")
    with pytest.raises(CannotDo, match="has no collection of T9"):
        await archive.snapshot("T9", tmp_path / "t9.spyglass")
    assert not any(wire.snapshots.values())
    assert await asyncio.to_thread(lambda: [*tmp_path.iterdir()]) == []
