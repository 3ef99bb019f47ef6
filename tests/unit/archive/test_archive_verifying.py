"""An archive against its originals, its own rules and where it was posted; and what is put right."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from bot.archive.drift import Drift, PostedFile
from bot.archive.ids import holder, place_id, posting_id
from bot.archive.mending import Mending
from bot.archive.originals import Originals
from bot.archive.verifying import Checked, verify
from tests.archives import MemoryArchive
from tests.colours import ColourEncoder, PlainDecoder, WordMeaning, paint, shares
from tools.backends.folder_blobs import FolderBlobs
from tools.kit import CannotDo, Contents, Embeddings, Item, Post
from tools.kit.archive import Point
from tools.kit.archive.words import gist_of

NOW = datetime(2024, 5, 1, tzinfo=UTC)


class Broken(MemoryArchive):
    """With points that hold nothing to be read."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.unreadable: list[str] = []

    async def broken(self, workspace: str) -> list[str]:
        return self.unreadable

    async def forget(self, workspace: str, ids: Sequence[str]) -> int:
        self.unreadable = [key for key in self.unreadable if key not in ids]
        return await super().forget(workspace, ids)


class World:
    """An archive of a workspace that has nothing wrong with it, and its originals."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.encoder = ColourEncoder()
        self.archive = Broken("colours", self.encoder.dim, 384)
        self.blobs = FolderBlobs(base / "blobs")
        self.decoder = PlainDecoder(base / "pixels")

    @property
    def mending(self) -> Mending:
        ports: Any = {"encoder": self.encoder, "decoder": self.decoder, "blobs": self.blobs}
        return Mending(self.archive, "T1", meaning=WordMeaning(), release=self.release, **ports)

    async def release(self, sha256: str, name: str) -> None:
        await self.blobs.release("T1", sha256, holder=name)

    async def posted(self, number: int, colour: str = "red", channel: str = "C1", text: str = "look") -> Point:
        original = paint(self.base / f"{colour}-{number}.png", colour)
        data = original.read_bytes()
        sha256 = await self.blobs.put("T1", data, holder=holder(channel))
        post = Post(ts=f"{1714560000 + number}.000100", user="U1", file=f"F{number}", text=text)
        key = posting_id(channel, post.ts, post.file)
        return await self.keep(self.item(key, sha256, channel, post=post), shares(original))

    async def file(self, name: str, colour: str = "red") -> Point:
        path = paint(self.base / "photos" / name, colour)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        return await self.keep(self.item(place_id("owner", str(path)), sha256, "owner", path=str(path)), shares(path))

    def item(self, key: str, sha256: str, audience: str, **more: Any) -> Item:
        known = {"path": f"https://team.slack.com/archives/{audience}/p1", "name": "photo.png", "mime": "image/png"}
        size = {"width": 64, "height": 48}
        return Item(**{"id": key, "sha256": sha256, "audience": audience, "added": NOW, **known, **size, **more})

    async def keep(self, item: Item, image: Embeddings) -> Point:
        gist = gist_of(item)
        kept = Point(item, image, (await WordMeaning().texts([gist]))[0] if gist else None)
        await self.archive.keep("T1", [kept])
        return kept

    async def verified(self, *, repair: bool = False, source: Any = None) -> list[Drift]:
        found: list[Drift] = []
        mending = self.mending if repair else None
        last: Any = None
        async for event in verify(self.archive, "T1", Originals(self.blobs, "T1"), mending=mending, source=source):
            last = event
            if isinstance(event, Drift):
                found.append(event)
        assert isinstance(last, Checked)
        assert last.seen == last.total or found
        return found

    async def ids(self) -> set[str]:
        return {kept.item.id async for kept in self.archive.everything("T1")}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def repaired(world: World, kind: str, *ids: str) -> None:
    """It is found, only found without --repair, and then put right for good."""
    for mended, repair in [(False, False), (False, False), (True, True)]:
        found = await world.verified(repair=repair)
        assert [(drift.kind, drift.ids, drift.mended) for drift in found] == [(kind, ids, mended)]
    assert await world.verified() == []


async def test_nothing_is_wrong_with_what_was_filed_well(world: World) -> None:
    for number in range(3):
        await world.posted(number)
    await world.file("a.png")
    assert await world.verified() == []


async def test_a_point_without_a_readable_item_goes(world: World) -> None:
    await world.posted(0)
    world.archive.unreadable = ["00000000-0000-0000-0000-000000000009"]
    await repaired(world, "unreadable", "00000000-0000-0000-0000-000000000009")


@pytest.mark.parametrize("vector", [np.full(6, 0.1), np.full(6, np.nan), np.zeros(6)])
async def test_a_vector_that_is_none_is_made_again(world: World, vector: Any) -> None:
    kept = await world.posted(0, "blue")
    await world.archive.keep("T1", [Point(kept.item, vector.astype(np.float32), kept.text)])
    await repaired(world, "vector", kept.item.id)
    [mended] = [each async for each in world.archive.everything("T1")]
    np.testing.assert_allclose(mended.image, kept.image, atol=1e-6)


async def test_words_without_a_vector_get_one(world: World) -> None:
    kept = await world.posted(0, text="the red bike")
    await world.archive.keep("T1", [Point(kept.item, kept.image)])
    await repaired(world, "vector", kept.item.id)
    [mended] = [each async for each in world.archive.everything("T1")]
    assert mended.text is not None


async def test_one_without_an_original_goes(world: World) -> None:
    kept = await world.posted(0)
    await world.posted(1, "blue")
    await world.blobs.release("T1", kept.item.sha256, holder=holder("C1"))
    await repaired(world, "original", kept.item.id)
    assert len(await world.ids()) == 1


async def test_what_goes_lets_go_of_its_original_unless_another_posting_has_it(world: World) -> None:
    one, two = await world.posted(0), await world.posted(1, "blue")
    assert one.item.post
    again = Post(ts="1714569999.000100", user="U1", file="F0", text="look")
    await world.keep(one.item.model_copy(update={"id": posting_id("C1", again.ts, "F0"), "post": again}), one.image)
    slack = Channels(world, C1=[PostedFile(again.ts, "F0", "look")])
    assert len(await world.verified(repair=True, source=slack)) == 2
    held = [await world.blobs.holders("T1", each.item.sha256) for each in (one, two)]
    assert held == [{holder("C1")}, set()]


async def test_an_original_with_other_bytes_counts_as_gone(world: World, tmp_path: Path) -> None:
    kept = await world.posted(0)
    blob = tmp_path / "blobs" / "T1" / kept.item.sha256[:2] / kept.item.sha256
    blob.write_bytes(b"\0" * 100)
    await repaired(world, "original", kept.item.id)


async def test_an_original_that_only_a_thread_holds_is_held(world: World) -> None:
    kept = await world.posted(0)
    await world.blobs.put("T1", (await world.blobs.get("T1", kept.item.sha256)), holder="thread")
    await world.blobs.release("T1", kept.item.sha256, holder=holder("C1"))
    await repaired(world, "unheld", kept.item.id)
    assert holder("C1") in await world.blobs.holders("T1", kept.item.sha256)


async def test_a_file_that_changed_is_read_again(world: World) -> None:
    kept = await world.file("a.png", "red")
    await world.archive.keep("T1", [Point(kept.item.model_copy(update={"contents": Contents(text="old")}), kept.image)])
    paint(Path(kept.item.path), "green", size=(80, 60))
    await repaired(world, "changed", kept.item.id)
    [mended] = [each async for each in world.archive.everything("T1")]
    assert (mended.item.width, mended.item.contents, mended.item.size) == (80, Contents(), _size(kept.item.path))
    np.testing.assert_allclose(mended.image, shares(Path(kept.item.path)), atol=1e-6)


def _size(path: str) -> int:
    return Path(path).stat().st_size


async def test_a_file_that_is_gone_goes_and_one_that_cannot_be_reached_stays(world: World) -> None:
    gone, kept = await world.file("a.png"), await world.file("disk/b.png")
    _delete(gone.item.path)
    _delete(kept.item.path)
    Path(kept.item.path).parent.rmdir()  # as a disk that is not there now
    await repaired(world, "original", gone.item.id)
    assert await world.ids() == {kept.item.id}


def _delete(path: str) -> None:
    Path(path).unlink()


async def test_a_file_that_no_longer_opens_goes(world: World) -> None:
    kept = await world.file("a.png")
    _write(kept.item.path, b"no image")
    [drift] = await world.verified(repair=True)
    assert (drift.kind, drift.mended) == ("changed", True)
    assert await world.ids() == set()


def _write(path: str, data: bytes) -> None:
    Path(path).write_bytes(data)


async def test_a_second_point_of_one_posting_goes(world: World) -> None:
    kept = await world.posted(0)
    for other in ("00000000-0000-0000-0000-000000000001", "ffffffff-0000-0000-0000-000000000001"):
        again = kept.item.model_copy(update={"id": other})
        await world.keep(again, kept.image)
        await repaired(world, "twice", other)
        assert await world.ids() == {kept.item.id}


async def test_what_an_earlier_version_filed_goes_once_its_posting_is_known(world: World) -> None:
    kept = await world.posted(0)
    old = world.item("00000000-0000-0000-0000-000000000001", kept.item.sha256, "C1")
    await world.keep(old, kept.image)
    await repaired(world, "twice", old.id)
    assert await world.ids() == {kept.item.id}


async def test_pages_and_postings_of_one_picture_are_no_doubles(world: World) -> None:
    one = await world.posted(0)
    post = one.item.post
    assert post
    page = one.item.model_copy(update={"id": posting_id("C1", post.ts, post.file, 2), "page": 2})
    await world.keep(page, one.image)
    later = Post(ts="1714569999.000100", user="U1", file=post.file, text="look")
    await world.keep(
        one.item.model_copy(update={"id": posting_id("C1", later.ts, later.file), "post": later}), one.image
    )
    assert await world.verified() == []


# --- what Slack has -------------------------------------------------------------------------------


class Channels:
    """`Source`: what is posted in each channel now."""

    def __init__(self, world: World, **posted: list[PostedFile]) -> None:
        self._world = world
        self.posted = posted
        self.gone: set[str] = set()
        self.away: set[str] = set()
        self.brought: list[PostedFile] = []

    async def audiences(self) -> list[str]:
        return [*self.posted]

    async def standing(self, audience: str) -> Literal["there", "gone", "unknown"]:
        return "gone" if audience in self.gone else "unknown" if audience not in self.posted else "there"

    async def postings(self, audience: str) -> AsyncIterator[PostedFile]:
        for posting in self.posted[audience]:
            yield posting
        if audience in self.away:
            raise CannotDo("Slack does not answer.")

    async def bring(self, audience: str, postings: Sequence[PostedFile]) -> list[bool]:
        self.brought += postings
        for posting in postings:
            await self._world.posted(int(posting.file[1:]), channel=audience, text=posting.text)
        return [True] * len(postings)


def posting(number: int, text: str = "look") -> PostedFile:
    return PostedFile(f"{1714560000 + number}.000100", f"F{number}", text)


async def test_what_is_no_longer_posted_goes_and_what_is_missing_comes(world: World) -> None:
    kept = [await world.posted(number) for number in range(4)]
    slack = Channels(world, C1=[posting(0), posting(1, "edited"), posting(3), posting(9)])
    for repair in (False, True):
        found = await world.verified(repair=repair, source=slack)
        told = {(drift.kind, drift.ids, drift.mended) for drift in found}
        assert told == {
            ("gone", (kept[2].item.id,), repair),
            ("edited", (kept[1].item.id,), repair),
            ("missing", (), repair),
        }
    assert slack.brought == [posting(1, "edited"), posting(9)]
    assert await world.verified(source=slack) == []


async def test_a_channel_that_is_gone_takes_its_images_along(world: World) -> None:
    one, other = await world.posted(0, channel="C1"), await world.posted(1, channel="C2")
    slack = Channels(world, C1=[posting(0)], C2=[])
    slack.gone = {"C2"}
    [drift] = await world.verified(repair=True, source=slack)
    assert (drift.kind, drift.ids) == ("gone", (other.item.id,))
    assert await world.ids() == {one.item.id}


async def test_nothing_is_concluded_of_a_channel_that_cannot_be_asked(world: World) -> None:
    kept = [await world.posted(number, channel=f"C{number}") for number in range(2)]
    slack = Channels(world, C1=[])
    slack.away = {"C1"}
    with pytest.raises(CannotDo, match="Slack does not answer"):
        await world.verified(repair=True, source=slack)
    assert await world.ids() == {each.item.id for each in kept}
