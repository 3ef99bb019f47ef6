"""Whether an image was posted before: who, where and when, of what may be shown here."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw
from PIL.ImageFont import load_default as font

from bot.evals.lookalikes import lookalikes
from tests.archives import MemoryArchive
from tests.colours import COLOURS, ColourEncoder, FolderEasel, HereWorkers, PlainDecoder, paint, shares
from tests.directories import Names
from tests.fakes import WordGate
from tools.backends.folder_blobs import FolderBlobs
from tools.backends.previews import WorkerPreviews
from tools.kit import AskAgain, Contents, Difference, Evidence, Filters, Image, ImageRef, Item, Post, Scope
from tools.kit.archive.place import Place
from tools.kit.pictures.detail import detail
from tools.kit.pictures.fingerprint import fingerprint
from tools.posted_before import posted_before

EVERYWHERE = Scope(workspace="T1", audiences=("C1", "C2"))
DESIGN = Scope(workspace="T1", audiences=("C1",))
NAMES = Names(of_people={"U1": "Anna Berg", "U2": "Ben Ode"}, of_channels={"C1": "design", "C2": "random"})
DAY = 86_400
START = 1_772_539_200
"""3 March 2026, noon."""


class Laid:
    """`Differ` that says of every pair what it is told to."""

    def __init__(self, difference: Difference) -> None:
        self.difference = difference

    async def differ(self, first: Image, second: Image) -> Difference:
        return self.difference


@dataclass
class World:
    folder: Path
    archive: MemoryArchive = field(default_factory=lambda: MemoryArchive("colours", len(COLOURS), 1))
    difference: Difference = field(default_factory=lambda: Difference(aligned=False))

    @property
    def blobs(self) -> FolderBlobs:
        return FolderBlobs(self.folder / "blobs")

    async def post(
        self, file: Path, day: int = 0, user: str = "U1", channel: str = "C1", known: bool = True, **more: Any
    ) -> Item:
        data = file.read_bytes()  # noqa: ASYNC240
        sha256 = await self.blobs.put("T1", data, holder="archive")
        item = Item(
            id=str(uuid.uuid4()),
            path=f"https://example.slack.com/archives/{channel}/p{day}",
            sha256=sha256,
            audience=channel,
            name=file.name,
            mime="image/png",
            width=64,
            height=48,
            added=datetime(2026, 1, 1, tzinfo=UTC),
            post=Post(ts=f"{START + day * DAY}.000000", user=user, **more),
            contents=Contents(phash=fingerprint(pixels(file)), detail=detail(pixels(file)) if known else ""),
        )
        await self.archive.put(EVERYWHERE, [item], shares(file)[None])
        return item

    async def ask(self, file: Path, scope: Scope = EVERYWHERE, **more: Any) -> Evidence:
        decoder = PlainDecoder(self.folder / "pixels")
        return await posted_before(
            more.pop("image", None) or image_of(file),
            encoder=ColourEncoder(),
            archive=self.archive,
            scope=scope,
            directory=NAMES,
            place=more.pop("place", None),
            differ=Laid(self.difference),
            previews=WorkerPreviews(HereWorkers(), decoder),
            decoder=decoder,
            blobs=self.blobs,
            gate=WordGate(),
            easel=FolderEasel(self.folder),
            **more,
        )


def scene(file: Path, seed: int) -> Path:
    """A picture with soft shapes, as photos have; the same for the same seed."""
    coarse = np.random.default_rng(seed).integers(0, 255, (9, 12, 3), dtype=np.uint8)
    Pillow.fromarray(coarse).resize((128, 96), Pillow.Resampling.BICUBIC).save(file)
    return file


def pixels(file: Path) -> Any:
    with Pillow.open(file) as image:
        return np.asarray(image.convert("RGB"))


def image_of(file: Path, **more: Any) -> Image:
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    ref = ImageRef(handle="image 1", sha256=sha256, mime="image/png", width=64, height=48, name=file.name, **more)
    return Image(ref, file)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_earlier_postings_are_told_the_oldest_first(world: World) -> None:
    flag = paint(world.folder / "flag.png", "red", "blue")
    await world.post(flag, day=4, user="U2", channel="C2")
    first = await world.post(flag, day=0)
    found = await world.ask(flag)
    assert found.said == (
        "Yes: image 1 was posted 2 times before, first by Anna Berg in #design on 3 March 2026 (flag.png, the same "
        "file); then by Ben Ode in #random on 7 March 2026 (flag.png, the same file)."
    )
    assert (found.facts["before"], found.facts["postings"]) == (True, 2)
    assert found.facts["hits"][0]["id"] == first.id
    assert found.facts["hits"][0]["exact"] is True
    assert len(found.shows) == 1


async def test_a_copy_that_was_scaled_and_saved_again_is_known(world: World) -> None:
    await world.post(scene(world.folder / "scene.png", 1))
    await world.post(scene(world.folder / "another.png", 2))
    with Pillow.open(world.folder / "scene.png") as image:
        image.resize((96, 72)).save(world.folder / "small.png")
    found = await world.ask(world.folder / "small.png")
    assert found.said == "Yes: image 1 was posted before, by Anna Berg in #design on 3 March 2026 (scene.png, a copy)."
    assert found.facts["hits"][0]["exact"] is False


async def test_what_fingerprints_do_not_tell_is_laid_over_the_image(world: World) -> None:
    other = paint(world.folder / "other.png", "blue", "red")
    await world.post(other)
    flag = paint(world.folder / "flag.png", "red", "blue")
    assert not (await world.ask(flag)).facts["before"]
    world.difference = Difference(aligned=True, hash_distance=2, changed=0.02)
    assert (await world.ask(flag)).facts["before"]


@pytest.mark.parametrize("known", [True, False])
async def test_what_is_much_like_it_is_told_as_no_copy(world: World, known: bool) -> None:
    """Whether its coarse copy is in the archive or not: what was archived before there were any is opened."""
    pair = next(each for each in lookalikes(3) if each.kind == "invoice")
    for number, picture in enumerate((pair.first, pair.second)):
        picture.save(world.folder / f"{number}.png")
    await world.post(world.folder / "0.png", known=known)
    found = await world.ask(world.folder / "1.png")
    assert (found.facts["before"], found.facts["hits"]) == (False, [])
    assert found.said == (
        "Not in what I may show here: neither image 1 nor a copy of it is among 1 image. Much like it, but different "
        "in places: 0.png by Anna Berg in #design on 3 March 2026."
    )
    assert found.facts["alike"][0]["why"] == "much like it, but not the same"


async def test_what_is_much_like_it_elsewhere_is_not_told(world: World) -> None:
    pair = next(each for each in lookalikes(3) if each.kind == "invoice")
    for number, picture in enumerate((pair.first, pair.second)):
        picture.save(world.folder / f"{number}.png")
    await world.post(world.folder / "0.png", channel="C2")
    found = await world.ask(world.folder / "1.png", DESIGN)
    assert found.said == "Not in what I may show here: neither image 1 nor a copy of it is among 0 images."
    assert "alike" not in found.facts


async def test_other_numbers_in_fine_print_are_seen(world: World) -> None:
    paper = Pillow.new("RGB", (900, 1200), "white")
    draw = ImageDraw.Draw(paper)
    for row in range(30):
        draw.text((60, 40 + row * 38), f"Item {row} of the invoice costs {row * 7} euros", "black", font(18))
    paper.save(world.folder / "first.png")
    draw.rectangle((60, 420, 500, 442), fill="white")
    draw.text((60, 420), "Item 10 of the invoice costs 9180 dollars", "black", font(18))
    paper.save(world.folder / "second.png")
    await world.post(world.folder / "first.png")
    found = await world.ask(world.folder / "second.png")
    assert (found.facts["before"], len(found.facts["alike"])) == (False, 1)


async def test_what_lies_over_it_and_differs_in_spots_is_no_copy(world: World) -> None:
    await world.post(paint(world.folder / "other.png", "blue", "red"))
    world.difference = Difference(aligned=True, hash_distance=2, changed=0.02, one_picture=False)
    found = await world.ask(paint(world.folder / "flag.png", "red", "blue"))
    assert (found.facts["before"], len(found.facts["alike"])) == (False, 1)


async def test_nothing_more_is_claimed_than_what_may_be_shown_here(world: World) -> None:
    flag = paint(world.folder / "flag.png", "red", "blue")
    await world.post(flag, channel="C2")
    found = await world.ask(flag, DESIGN)
    assert found.said == "Not in what I may show here: neither image 1 nor a copy of it is among 0 images."
    assert found.facts["hits"] == []
    assert found.facts["total"] == 0


async def test_its_own_posting_in_this_thread_is_not_before(world: World) -> None:
    flag = paint(world.folder / "flag.png", "red", "blue")
    own = await world.post(flag, day=5)
    assert own.post
    here = Place("C1", own.post.ts)
    assert not (await world.ask(flag, place=here)).facts["before"]
    await world.post(flag, day=6, thread_ts=own.post.ts)
    assert not (await world.ask(flag, place=here)).facts["before"]
    await world.post(flag, day=1, user="U2")
    assert (await world.ask(flag, place=here)).facts["postings"] == 1


async def test_of_a_hit_its_own_posting_is_told_and_then_the_others(world: World) -> None:
    flag = paint(world.folder / "flag.png", "red", "blue")
    hit = await world.post(flag, day=5)
    alone = await world.ask(flag, image=image_of(flag, hit=hit.id))
    assert alone.said == (
        "Image 1 (flag.png) was posted by Anna Berg in #design on 8 March 2026 "
        "(https://example.slack.com/archives/C1/p5). "
        "I found no other posting of it in what I may show here: 1 image."
    )
    assert (alone.facts["before"], alone.facts["hits"], alone.facts["itself"]["id"]) == (False, [], hit.id)
    await world.post(flag, day=1, user="U2")
    both = await world.ask(flag, image=image_of(flag, hit=hit.id))
    assert both.said.endswith(
        "It is in the archive once besides: by Ben Ode in #design on 4 March 2026 (flag.png, the same file)."
    )
    assert both.facts["postings"] == 1


async def test_of_a_hit_that_may_not_be_shown_here_any_more_nothing_is_told(world: World) -> None:
    flag = paint(world.folder / "flag.png", "red", "blue")
    hit = await world.post(flag, channel="C2")
    found = await world.ask(flag, DESIGN, image=image_of(flag, hit=hit.id))
    assert found.said == "Not in what I may show here: neither image 1 nor a copy of it is among 0 images."
    assert "itself" not in found.facts


async def test_it_may_be_asked_of_a_channel(world: World) -> None:
    flag = paint(world.folder / "flag.png", "red", "blue")
    await world.post(flag, channel="C2")
    await world.post(paint(world.folder / "green.png", "green"), channel="C1")
    found = await world.ask(flag, filters=Filters(channels=("#design",)))
    assert found.said == (
        "Not in what I may show here: neither image 1 nor a copy of it is among 1 image (in #design)."
    )
    assert found.facts["chips"] == [{"key": "channels", "value": "#design", "label": "in #design"}]


async def test_a_limit_outside_1_to_50_is_asked_about(world: World) -> None:
    with pytest.raises(AskAgain, match="1 to 50 images, not 0"):
        await world.ask(paint(world.folder / "flag.png", "red"), limit=0)
