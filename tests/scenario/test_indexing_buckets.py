"""S3 buckets into the archive, over the wire to a server of this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.indexing.buckets import Bucket
from bot.indexing.index import Progress, index
from bot.indexing.spool import Spool
from bot.indexing.walking import Problem
from tests.archives import MemoryArchive
from tests.colours import BulkColourEncoder, HereWorkers
from tests.indexing import picture, ports_of, to_the_end
from tests.s3 import put_raw, s3_parts, serving
from tools.backends import folder_blobs, s3, s3_bucket
from tools.kit import AskAgain, CannotDo, Item, Scope
from tools.kit.parts import Parts

OWNER = Scope(workspace="local", audiences=("owner",))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving("pictures") as address:
        yield address


class Desk:
    """A bucket, and an archive it goes into. Each test has a prefix of its own."""

    def __init__(self, base: Path, endpoint: str) -> None:
        self.base = base
        self.parts = s3_parts(base / "home", endpoint)
        self.prefix = base.name
        self.store = s3.opened(f"//pictures/{self.prefix}", self.parts)
        self.encoder = BulkColourEncoder()
        self.archive = MemoryArchive(self.encoder.name, self.encoder.dim, 384)
        self.blobs = folder_blobs.build("", Parts(base / "home", HereWorkers()))
        self.problems: list[Problem] = []
        self.forgotten: list[str] = []

    async def forget(self, sha256: str) -> None:
        self.forgotten.append(sha256)

    async def put(self, key: str, data: bytes) -> None:
        await self.store.put_async(key, data)

    async def index(self, below: str = "", *, most_bytes: int = 1_000_000, **more: Any) -> Progress:
        address = f"s3://pictures/{self.prefix}{below}"
        ports = ports_of(self.archive, self.encoder, self.base / "pixels", blobs=self.blobs, forget=self.forget)
        with Spool(self.base / "home" / "fetched") as spool:
            objects = s3_bucket.build(address.removeprefix("s3:"), self.parts)
            source = Bucket(address, objects, "owner", spool, most_bytes)
            self.problems = []
            return await to_the_end(index([source], ports, workspace="local", **more), self.problems)

    async def items(self) -> list[Item]:
        return sorted([item async for item in self.archive.scan(OWNER)], key=lambda item: item.path)


@pytest.fixture
async def desk(tmp_path: Path, server: str) -> AsyncIterator[Desk]:
    made = Desk(tmp_path, server)
    yield made
    await made.parts.workers.close()


async def test_images_of_a_bucket_come_in_and_stay_openable(desk: Desk) -> None:
    await desk.put("2024/red.jpg", picture("red"))
    await desk.put("2024/summer/blue.png", picture("blue", "PNG"))
    await desk.put("2024/notes.txt", b"shopping list")
    await desk.put("2024/.trash/old.jpg", picture("red"))
    await desk.put("2024/without a suffix", picture("green"))
    progress = await desk.index("/2024")
    assert (progress.added, progress.other, progress.hidden) == (3, 1, 1)
    red, blue = [item for item in await desk.items() if item.name in ("red.jpg", "blue.png")]
    assert red.path == f"s3://pictures/{desk.prefix}/2024/red.jpg"
    assert (blue.mime, red.kept, red.posted) == ("image/png", True, False)
    assert await desk.blobs.get("local", red.sha256) == picture("red")
    [hit] = await desk.archive.search(OWNER, (await desk.encoder.texts(["green"]))[0], limit=1)
    assert hit.item.name == "without a suffix"


async def test_what_has_the_same_etag_is_not_fetched_again(desk: Desk) -> None:
    for number in range(3):
        await desk.put(f"{number}.jpg", picture("red"))
    await desk.index()
    desk.encoder.encoded.clear()
    progress = await desk.index()
    assert (progress.unchanged, progress.added, desk.encoder.encoded) == (3, 0, [])


async def test_a_new_version_takes_the_place_of_the_old_one(desk: Desk) -> None:
    await desk.put("a.jpg", picture("red"))
    await desk.index()
    [before] = await desk.items()
    await desk.put("a.jpg", picture("blue"))
    assert (await desk.index()).replaced == 1
    [after] = await desk.items()
    assert (after.id, after.sha256 != before.sha256) == (before.id, True)
    with pytest.raises(KeyError):  # nothing needs the old bytes any more
        await desk.blobs.get("local", before.sha256)


async def test_what_was_deleted_goes_only_when_asked_and_its_bytes_with_it(desk: Desk) -> None:
    await desk.put("stays.jpg", picture("red"))
    await desk.put("goes.jpg", picture("blue"))
    await desk.put("copy.jpg", picture("red"))
    await desk.index()
    await desk.store.delete_async("goes.jpg")
    await desk.store.delete_async("copy.jpg")
    assert (await desk.index()).removed == 0
    gone = next(item for item in await desk.items() if item.name == "goes.jpg")
    assert (await desk.index(prune=True)).removed == 2
    [stays] = await desk.items()
    assert stays.name == "stays.jpg"
    assert await desk.blobs.holders("local", gone.sha256) == set()
    assert desk.forgotten == [gone.sha256]
    assert await desk.blobs.get("local", stays.sha256) == picture("red")  # the copy's bytes are still needed


async def test_pruning_one_prefix_leaves_others_alone(desk: Desk) -> None:
    for key in ("a/x.jpg", "a/y.jpg", "ab/x.jpg"):
        await desk.put(key, picture("red"))
    await desk.index()
    await desk.store.delete_async("a/x.jpg")
    await desk.store.delete_async("ab/x.jpg")
    assert (await desk.index("/a", prune=True)).removed == 1
    assert [item.path.removeprefix(f"s3://pictures/{desk.prefix}/") for item in await desk.items()] == [
        "a/y.jpg",
        "ab/x.jpg",
    ]


async def test_one_object_can_be_named_by_itself(desk: Desk) -> None:
    await desk.put("a.jpg", picture("red"))
    await desk.put("b.jpg", picture("blue"))
    assert (await desk.index("/a.jpg")).added == 1


async def test_what_is_broken_or_too_large_is_told(desk: Desk) -> None:
    await desk.put("good.jpg", picture("red"))
    await desk.put("broken.jpg", b"not a photo")
    await desk.put("large.jpg", b"\xff\xd8\xff" + b"\0" * 2_000)
    progress = await desk.index(most_bytes=1_500)
    assert (progress.added, progress.unreadable) == (1, 2)
    told = {problem.path.rsplit("/", 1)[1]: problem.why for problem in desk.problems}
    assert "not an image" in told["broken.jpg"]
    assert told["large.jpg"] == "It has 2,003 bytes and at most 1,500 are opened: raise SPYGLASS_MAX_BYTES."


async def test_more_objects_than_one_page_lists(desk: Desk) -> None:
    data = picture("red")
    for number in range(1_010):
        await desk.put(f"{number:04}.txt", b"x")
    await desk.put("9999.jpg", data)
    progress = await desk.index()
    assert (progress.added, progress.other) == (1, 1_010)


async def test_an_empty_prefix_says_so(desk: Desk) -> None:
    with pytest.raises(AskAgain, match=r"no images or PDFs in s3://pictures/"):
        await desk.index("/nowhere")


@pytest.mark.parametrize(
    ("top", "odd"), [("empty", "/b.png"), ("up", "../b.png"), ("here", "./b.png"), ("control", "tab%09.png")]
)
async def test_a_key_that_cannot_be_asked_for_costs_its_folder_alone(desk: Desk, top: str, odd: str) -> None:
    for key, colour in (("a.png", "red"), ("nested/deeper/c.png", "blue"), ("z/d.png", "green")):
        await desk.put(f"{top}/{key}", picture(colour))
    await desk.index(f"/{top}")
    put_raw(desk.parts.options["s3_endpoint"], f"pictures/{desk.prefix}/{top}/nested/{odd}", picture("black"))
    await desk.put(f"{top}/z/e.png", picture("white"))
    progress = await desk.index(f"/{top}", prune=True)
    assert (progress.added, progress.removed, progress.unreadable) == (1, 0, 1)
    [problem] = desk.problems
    assert problem.path == f"s3://pictures/{desk.prefix}/{top}/nested"
    assert f"cannot be listed, because the key {desk.prefix}/{top}/nested/" in problem.why


async def test_a_fresh_start_from_where_nothing_comes_forgets_nothing(desk: Desk) -> None:
    await desk.put("a.jpg", picture("red"))
    await desk.index()
    with pytest.raises(AskAgain, match="no images or PDFs"):
        await desk.index("/nowhere", fresh=True)
    desk.parts = s3_parts(desk.base / "home", "http://127.0.0.1:9")
    with pytest.raises(CannotDo, match="does not answer as it should"):
        await desk.index(fresh=True)
    assert await desk.archive.count(OWNER) == 1


async def test_a_bucket_that_is_not_there_is_one_sentence(desk: Desk) -> None:
    objects = s3_bucket.build("//nosuch/x", desk.parts)
    with pytest.raises(CannotDo, match=r"The bucket nosuch does not answer as it should"):
        [found async for found in objects.listed()]


async def test_a_store_that_does_not_answer_is_one_sentence(desk: Desk, tmp_path: Path) -> None:
    objects = s3_bucket.build("//pictures/x", s3_parts(tmp_path, "http://127.0.0.1:9"))
    with pytest.raises(CannotDo, match=r"The bucket pictures does not answer as it should .*: check the bucket's name"):
        [found async for found in objects.listed()]


@pytest.mark.parametrize("address", ["//", "//a b/photos", "//?photos"])
def test_an_address_without_a_bucket_is_said_to_be_none(tmp_path: Path, address: str) -> None:
    with pytest.raises(AskAgain, match="s3://BUCKET"):
        s3_bucket.build(address, Parts(tmp_path, HereWorkers()))
