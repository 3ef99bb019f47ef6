"""An archive brought to another encoder: complete, resumable, and never mixed up or without answers."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.archive.encoding import CHANGED, GONE, ItemEncoder, Unread
from bot.archive.ids import place_id
from bot.archive.reencoding import STEP, Reencoded, finish, reencode
from tests.archives import MemoryArchive, Shelves
from tests.colours import COLOURS, BulkColourEncoder, ColourEncoder, PlainDecoder, paint, shares
from tools.backends.folder_blobs import FolderBlobs
from tools.kit import CannotDo, Contents, Embeddings, Encoded, Image, Item, Post, Scope
from tools.kit.archive import Point

EVERYBODY = Scope(workspace="T1", audiences=("C1", "C2"))
TEXTS = 4


class Turned(BulkColourEncoder):
    """Another space of the same size: the colours in another order."""

    name = "turned"

    async def images(self, images: Sequence[Image]) -> Embeddings:
        return np.roll(await super().images(images), 1, axis=1)

    async def encode_files(self, files: Sequence[Path]) -> list[Encoded | None]:
        found = await super().encode_files(files)
        return [each and Encoded(np.roll(each.vector, 1), *list(vars(each).values())[1:]) for each in found]


class World:
    """One workspace whose images were encoded by `ColourEncoder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shelves = Shelves()
        self.old = MemoryArchive("colours", len(COLOURS), TEXTS, shelves)
        self.new = MemoryArchive("turned", len(COLOURS), TEXTS, shelves)
        self.blobs = FolderBlobs(folder / "blobs")
        self.encoder = Turned()
        self.encoding = ItemEncoder(self.encoder, PlainDecoder(folder / "pixels"), self.blobs, "T1")

    async def file(self, number: int, *, kept: bool = False, suffix: str = "jpg", data: bytes = b"") -> Item:
        """A picture (or other data) on disk or in the blob store, put into the old collection."""
        colours = [*COLOURS]
        pair = colours[number % 6], colours[(number // 6) % 6]
        path = paint(self.folder / f"{number:03}.{suffix}", *pair, size=(60 + number, 40))
        data = data or path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        if kept:
            await self.blobs.put("T1", data, holder="archive:C1")
        place = f"https://acme.slack.com/archives/C1/p{number}" if kept else str(path)
        item = Item(
            id=place_id("C1", place),
            path=place,
            sha256=sha256,
            audience="C1",
            name=path.name,
            mime="image/jpeg",
            width=60 + number,
            height=40,
            added=datetime.now(UTC),
            post=Post(ts=f"17000000{number:02}.000100", text=f"number {number}") if kept else None,
        )
        return await self.put(item, path)

    async def put(self, item: Item, path: Path) -> Item:
        text = np.eye(TEXTS, dtype=np.float32)[:1]
        await self.old.put(EVERYBODY, [item], shares(path)[None], text)
        return item

    def run(self) -> AsyncGenerator[Reencoded, None]:
        return reencode(self.old, self.new, "T1", self.encoding)

    async def whole(self) -> Reencoded:
        return [event async for event in self.run()][-1]

    async def there(self) -> dict[str, Point]:
        return {kept.item.id: kept async for kept in self.new.everything("T1")}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_everything_is_encoded_anew_and_the_old_collection_goes(world: World) -> None:
    items = [await world.file(number, kept=number % 2 == 0) for number in range(40)]
    last = await world.whole()
    assert (last.finished, last.switched, last.encoded, last.points, last.unread) == (True, True, 40, 40, ())
    there = await world.there()
    assert {key: kept.item for key, kept in there.items()} == {item.id: item for item in items}
    for item in items:
        red_of_it = shares(world.folder / item.name)
        np.testing.assert_allclose(there[item.id].image, np.roll(red_of_it, 1), atol=1e-6)
        np.testing.assert_array_equal(there[item.id].text, np.eye(TEXTS)[0])
    assert [space.encoder for space in await world.new.spaces("T1")] == ["turned"]


async def test_the_old_collection_answers_until_the_switch_and_never_a_mixture(world: World) -> None:
    for number in range(50):
        await world.file(number)
    seen = []
    async for event in world.run():
        answering, silent = (world.new, world.old) if event.switched else (world.old, world.new)
        assert len(await answering.search(EVERYBODY, np.eye(len(COLOURS), dtype=np.float32)[0], limit=50)) == 50
        with pytest.raises(CannotDo):
            await silent.search(EVERYBODY, np.eye(len(COLOURS), dtype=np.float32)[0])
        seen.append(event.switched)
    assert seen == sorted(seen)
    assert set(seen) == {False, True}


async def test_a_run_that_was_stopped_goes_on_where_it_ended(world: World) -> None:
    for number in range(5 * STEP):
        await world.file(number)
    async with aclosing(world.run()) as events:
        async for event in events:
            if event.encoded >= 2 * STEP:
                break
    assert await world.old.count(EVERYBODY) == 5 * STEP
    last = await world.whole()
    assert (last.finished, last.encoded) == (True, 3 * STEP)
    assert len(world.encoder.encoded) == 5 * STEP


async def test_what_is_posted_deleted_and_revised_meanwhile_is_so_afterwards(world: World) -> None:
    items = [await world.file(number, kept=True) for number in range(4 * STEP)]
    by_id = sorted(items, key=lambda item: item.id)
    first, last = by_id[0], by_id[-1]
    news: list[Item] = []
    async for event in world.run():
        if event.encoded == STEP and not news:
            news = [await world.file(number, kept=True) for number in range(90, 94)]
            await world.old.remove(EVERYBODY, [by_id[1].id, by_id[-2].id])
            read = Contents(text="SALE", done=("text",))
            for item in (first, last):
                await world.old.revise(EVERYBODY, [item.model_copy(update={"contents": read})])
    there = await world.there()
    gone = {by_id[1].id, by_id[-2].id}
    assert set(there) == {item.id for item in [*items, *news]} - gone
    assert there[first.id].item.contents.text == there[last.id].item.contents.text == "SALE"
    assert all(kept.image.any() for kept in there.values())


async def test_what_is_deleted_while_it_is_being_encoded_does_not_come_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [await world.file(number) for number in range(3)]
    encode = world.encoder.encode_files

    async def slowly(files: Sequence[Path]) -> list[Encoded | None]:
        await world.old.remove(EVERYBODY, [items[0].id])
        return await encode(files)

    monkeypatch.setattr(world.encoder, "encode_files", slowly)
    async for event in world.run():
        assert items[0].id not in await world.there()
        assert event.finished or not event.unread
    assert set(await world.there()) == {items[1].id, items[2].id}


async def test_what_came_into_the_old_collection_at_the_switch_is_carried_after(world: World) -> None:
    for number in range(3):
        await world.file(number)
    late: list[Item] = []
    async for event in world.run():
        if event.switched and not late:
            path = paint(world.folder / "late.jpg", "blue")
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            [item] = [kept.item async for kept in world.old.everything("T1")][:1]
            update = {"id": place_id("C1", str(path)), "path": str(path), "sha256": sha256, "name": "late.jpg"}
            late.append(item.model_copy(update=update))
            # as a process does that has not heard of the switch yet
            await world.old.keep("T1", [Point(late[0], shares(path))])
    there = await world.there()
    assert late[0].id in there
    np.testing.assert_allclose(there[late[0].id].image, np.roll(shares(world.folder / "late.jpg"), 1), atol=1e-6)


async def test_a_run_killed_after_the_switch_is_finished_without_undoing_anything(world: World) -> None:
    items = [await world.file(number) for number in range(4)]
    async with aclosing(world.run()) as events:
        async for event in events:
            if event.switched:
                break
    newer = items[0].model_copy(update={"contents": Contents(text="NEW", done=("text",))})
    await world.new.revise(EVERYBODY, [newer])
    [event] = [event async for event in finish(world.old, world.new, "T1", world.encoding) if event.finished]
    assert (event.encoded, (await world.there())[newer.id].item.contents.text) == (0, "NEW")
    assert [space.encoder for space in await world.new.spaces("T1")] == ["turned"]


async def test_originals_that_cannot_be_had_are_told_and_found_by_their_words(world: World) -> None:
    there, gone, changed = [await world.file(number) for number in range(3)]
    let_go = await world.file(3, kept=True)
    broken = await world.file(4, kept=True, data=b"no image")
    (world.folder / gone.name).unlink()
    paint(Path(changed.path), "white")
    await world.blobs.release("T1", let_go.sha256, holder="archive:C1")
    last = await world.whole()
    why = {unread.id: unread.why for unread in last.unread}
    assert (why[gone.id], why[changed.id], why[let_go.id]) == (GONE, CHANGED, GONE)
    assert set(why) == {gone.id, changed.id, let_go.id, broken.id}
    assert isinstance(last.unread[0], Unread)
    found = await world.new.search(EVERYBODY, np.eye(len(COLOURS), dtype=np.float32)[0])
    assert [hit.item.id for hit in found] == [there.id]
    assert [hit.item.id for hit in await world.new.match(EVERYBODY, "number 3")][:1] == [let_go.id]
    assert await world.new.count(EVERYBODY) == 5


async def test_a_full_disk_is_said_and_the_run_goes_on_once_there_is_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2 * STEP):
        await world.file(number, kept=True)
    write, written = Path.write_bytes, list[Path]()

    def full(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) > STEP:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(CannotDo, match=r"The disk is full: free some space in .* and try again"):
            await world.whole()
    assert await world.old.count(EVERYBODY) == 2 * STEP
    last = await world.whole()
    assert (last.finished, last.encoded, last.unread) == (True, STEP, ())


async def test_pages_are_encoded_each_for_itself(world: World) -> None:
    pdf = world.folder / "two.pdf"
    pdf.write_bytes(b"%PDF-pages 2 red\n")
    sha256 = hashlib.sha256(pdf.read_bytes()).hexdigest()
    vectors = shares(paint(world.folder / "x.png", "red"))
    for page in (1, 2):
        item = Item(
            id=place_id("C1", str(pdf), page),
            path=str(pdf),
            sha256=sha256,
            audience="C1",
            name="two.pdf",
            mime="application/pdf",
            width=10,
            height=10,
            page=page,
            added=datetime.now(UTC),
        )
        await world.old.put(EVERYBODY, [item], vectors[None])
    last = await world.whole()
    assert (last.encoded, last.unread) == (2, ())
    assert all(kept.image.any() for kept in (await world.there()).values())


async def test_an_encoder_without_a_fast_path_does_as_well(world: World) -> None:
    await world.file(1, suffix="png")
    world.encoding = ItemEncoder(ColourEncoder(), PlainDecoder(world.folder / "pixels"), world.blobs, "T1")
    assert (await world.whole()).encoded == 1
    assert all(kept.image.any() for kept in (await world.there()).values())


async def test_an_empty_archive_is_begun_by_the_new_encoder(world: World) -> None:
    item = await world.file(0)
    await world.old.remove(EVERYBODY, [item.id])
    assert (await world.whole()).finished
    await world.new.put(EVERYBODY, [item], shares(world.folder / item.name)[None])
    assert [(space.encoder, space.current) for space in await world.new.spaces("T1")] == [("turned", True)]
