"""The search tool: on colours, so that every test says what it means."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.archives import MemoryArchive
from tests.colours import ColourEncoder, FolderEasel, HereWorkers, PlainDecoder, paint, shares
from tests.directories import Names
from tests.fakes import WordGate
from tools.backends.folder_blobs import FolderBlobs
from tools.backends.previews import WorkerPreviews
from tools.backends.previews.thumbnails import thumbnail
from tools.kit import AskAgain, Contents, Evidence, Filters, Image, ImageRef, Item, Scope
from tools.kit.labelling.unwanted import parted
from tools.kit.pictures.sheets import CELL, Cell, contact_sheet
from tools.search import search

OWNER = Scope(workspace="local", audiences=("owner",))


@dataclass
class World:
    photos: Path
    archive: MemoryArchive
    easel: FolderEasel
    banned: tuple[str, ...] = ()

    async def index(self) -> None:
        """Every file of the folder, each page of it."""
        decoder = PlainDecoder(self.photos.parent / "pixels")
        for file in sorted(self.photos.iterdir()):
            stat = file.stat()
            for page in await decoder.open(file, name=file.name, workspace="local"):
                item = Item(
                    id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{file.name}#{page.page}")),  # the same ones in any folder
                    path=str(file),
                    sha256=page.sha256,
                    audience="owner",
                    name=file.name,
                    mime=page.mime,
                    width=page.width,
                    height=page.height,
                    page=page.page,
                    added=datetime.now(UTC),
                    size=stat.st_size,
                    modified=stat.st_mtime,
                )
                await self.archive.put(OWNER, [item], np.stack([shares(page.path)]))

    @property
    def blobs(self) -> FolderBlobs:
        return FolderBlobs(self.photos.parent / "blobs")

    async def post(self, photo: Path, *, keep: bool = True) -> None:
        """An image of a message, in the archive and (unless it was deleted since) in the blob store."""
        data = photo.read_bytes()  # noqa: ASYNC240
        sha256 = await self.blobs.put("local", data, holder="archive") if keep else hashlib.sha256(data).hexdigest()
        item = Item(
            id=str(uuid.uuid4()),
            path="https://example.slack.com/archives/C1/p1",
            sha256=sha256,
            audience="owner",
            name=f"posted {photo.name}",
            mime="image/jpeg",
            width=64,
            height=48,
            added=datetime.now(UTC),
        )
        vectors = await ColourEncoder().images([posted(photo)])
        await self.archive.put(OWNER, [item], vectors)

    async def search(self, query: str | None = None, **more: Any) -> Evidence:
        return await search(
            query,
            encoder=ColourEncoder(),
            meaning=None,
            archive=self.archive,
            directory=more.pop("directory", Names()),
            place=more.pop("place", None),
            scope=more.pop("scope", OWNER),
            previews=more.pop("previews", WorkerPreviews(HereWorkers(), PlainDecoder(self.photos.parent / "pixels"))),
            decoder=PlainDecoder(self.photos.parent / "pixels"),
            blobs=self.blobs,
            gate=WordGate(*self.banned),
            easel=self.easel,
            **more,
        )


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    archive = MemoryArchive("colours", ColourEncoder.dim)
    made = World(tmp_path / "photos", archive, FolderEasel(tmp_path))
    paint(made.photos / "red.jpg", "red")
    paint(made.photos / "half.jpg", "red", "blue")
    paint(made.photos / "blue.jpg", "blue")
    paint(made.photos / "green.png", "green", size=(48, 64))
    await made.index()
    yield made
    await archive.close()


def posted(path: Path) -> Image:
    """A file as an image of a thread."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Image(
        ImageRef(handle="image 1", sha256=sha256, mime="image/jpeg", width=64, height=48, name=path.name), path
    )


def names(evidence: Evidence) -> list[str]:
    return [hit["name"] for hit in evidence.facts["hits"]]


async def test_the_best_come_first_and_those_under_the_cutoff_are_left_out_and_counted(world: World) -> None:
    found = await world.search("red")
    assert names(found) == ["red.jpg", "half.jpg"]
    assert found.facts["hits"][0] == {
        "rank": 1,
        "path": str(world.photos / "red.jpg"),
        "name": "red.jpg",
        "score": pytest.approx(1, abs=1e-3),
        "width": 64,
        "height": 48,
        "id": found.facts["hits"][0]["id"],
        "sha256": found.facts["hits"][0]["sha256"],
        "relevant": True,
        "reasons": [
            {"kind": "name", "words": ["red"], "snippet": "⟦red⟧.jpg"},
            {"kind": "picture", "score": pytest.approx(1, abs=1e-3), "like": "all but the same"},
        ],
        "why": 'in its name: "⟦red⟧.jpg"; all but the same (1.00)',
    }
    assert (found.facts["cutoff"], found.facts["below_cutoff"], found.facts["total"]) == (0.5, 2, 4)
    assert found.said.startswith('Found 2 images for "red" among 4: 1. red.jpg (1.00); 2. half.jpg (0.7')
    assert "2 more scored under the cutoff of 0.50 and are left out." in found.said


async def test_the_hits_are_shown_on_a_contact_sheet(world: World) -> None:
    found = await world.search("red")
    [picture] = found.shows
    assert picture.caption == "red: 2 of 4 images, the most similar first"
    sheet = np.asarray(world.easel.shown[0])
    assert (np.abs(sheet.astype(int) - (220, 30, 30)).sum(axis=2) < 30).sum() > CELL[0] * CELL[1]


async def test_nothing_relevant_is_said_with_the_best_score(world: World) -> None:
    found = await world.search("yellow")
    assert found.facts["hits"] == []
    assert found.shows == ()
    assert found.said.startswith('Nothing for "yellow" among the 4 images searched: the best, ')
    assert "scores 0.00, under the cutoff of 0.50" in found.said


async def test_an_image_finds_images_like_it_but_not_itself(world: World) -> None:
    found = await world.search(image=posted(world.photos / "red.jpg"))
    assert names(found) == ["half.jpg"]
    assert "Found 1 image like image 1 among 4" in found.said
    assert "The picture itself is in the archive too, as red.jpg." in found.said
    assert found.about[0].handle == "image 1"


async def test_the_same_picture_is_only_a_hit_when_nothing_else_is(world: World) -> None:
    found = await world.search(image=posted(world.photos / "green.png"))
    assert names(found) == ["green.png"]
    assert found.said == "Only the same picture is in the archive, as green.png; nothing else is like it."


async def test_like_this_but_blue_goes_by_both(world: World) -> None:
    paint(world.photos / "green and blue.jpg", "green", "blue")
    await world.index()
    found = await world.search("blue", image=posted(world.photos / "green.png"))
    assert names(found)[0] == "green and blue.jpg"
    assert found.facts["query"] == "like image 1, but blue"


async def test_a_hit_of_an_earlier_search_is_searched_with(world: World) -> None:
    first = await world.search("red")
    half = next(hit for hit in first.facts["hits"] if hit["name"] == "half.jpg")
    found = await world.search(like=half["id"])
    assert "half.jpg" not in names(found)
    assert names(found)[0] in ("red.jpg", "blue.jpg")
    assert "like half.jpg among 4" in found.said
    assert found.facts["query"] == "like half.jpg"
    assert found.about == ()


async def test_a_hit_may_be_varied_in_words(world: World) -> None:
    paint(world.photos / "green and blue.jpg", "green", "blue")
    await world.index()
    green = (await world.search("green", limit=1)).facts["hits"][0]
    found = await world.search("blue", like=green["id"])
    assert found.facts["query"] == f"like {green['name']}, but blue"
    assert names(found)[0] == "green and blue.jpg"


@pytest.mark.parametrize("like", ["hit 2", "6fa459ea-ee8a-3ca4-894e-db77e160355e"])
async def test_a_hit_that_is_not_there_is_said(world: World, like: str) -> None:
    with pytest.raises(AskAgain, match="That hit is not in the archive"):
        await world.search(like=like)


async def test_a_hit_of_others_is_not_searched_with(world: World) -> None:
    hit = (await world.search("red")).facts["hits"][0]
    stranger = Scope(workspace="local", audiences=("owner of nothing",))
    with pytest.raises(AskAgain):
        await world.search(like=hit["id"], scope=stranger)


async def test_an_image_and_a_hit_at_once_are_asked_about(world: World) -> None:
    hit = (await world.search("red")).facts["hits"][0]
    with pytest.raises(AskAgain, match="not with both"):
        await world.search(like=hit["id"], image=posted(world.photos / "red.jpg"))


async def test_copies_of_one_file_are_one_hit_that_names_them_all(world: World) -> None:
    shutil.copy(world.photos / "red.jpg", world.photos / "copy.jpg")
    await world.index()
    found = await world.search("red")
    assert len(names(found)) == 2
    first = found.facts["hits"][0]
    assert {first["path"], *first["copies"]} == {str(world.photos / "red.jpg"), str(world.photos / "copy.jpg")}


async def test_a_page_of_a_pdf_is_a_hit_with_its_page(world: World) -> None:
    (world.photos / "scan.pdf").write_text("%PDF-pages 2 yellow")
    await world.index()
    found = await world.search("yellow")
    assert sorted(hit["page"] for hit in found.facts["hits"]) == [1, 2]
    assert "scan.pdf, page 1" in found.said
    assert all("note" not in hit for hit in found.facts["hits"])


async def test_filters_narrow_the_search(world: World) -> None:
    found = await world.search("blue", filters=Filters(name_contains="half"))
    assert names(found) == ["half.jpg"]
    assert found.facts["total"] == 1


async def test_filters_that_leave_nothing_say_so(world: World) -> None:
    found = await world.search("blue", filters=Filters(folder="nowhere"))
    assert found.said == "No image in the archive passes these filters: in the folder nowhere."


async def test_what_became_of_a_file_is_told(world: World) -> None:
    (world.photos / "red.jpg").unlink()
    paint(world.photos / "half.jpg", "red", "blue", size=(90, 40))
    found = await world.search("red")
    assert [hit["note"] for hit in found.facts["hits"]] == ["file gone", "changed since it was indexed"]
    assert "red.jpg: file gone." in found.said


async def test_a_file_that_can_no_longer_be_opened_is_still_a_hit(world: World) -> None:
    (world.photos / "red.jpg").write_text("no photo any more")
    found = await world.search("red", limit=1)
    assert names(found) == ["red.jpg"]
    assert found.facts["hits"][0]["note"] == "changed since it was indexed"


async def test_names_on_the_sheet_pass_the_gate(world: World) -> None:
    paint(world.photos / "Acme.jpg", "yellow")
    await world.index()
    world.banned = ("Acme", "yellow")
    found = await world.search("yellow")
    assert found.shows[0].caption == "▇▇▇: 1 of 5 images, the most similar first"
    banned = world.easel.shown[-1].tobytes()
    paint(world.photos / "Acme.jpg", "yellow").rename(world.photos / "▇▇▇.jpg")
    await world.index()
    assert (
        banned
        == contact_sheet(
            "▇▇▇", "1 of 5 images, the most similar first", [cell_of(world.photos / "▇▇▇.jpg", 1.0)]
        ).tobytes()
    )


def cell_of(path: Path, score: float) -> Cell:
    from PIL import Image as Pillow

    pixels = thumbnail(path, None, *CELL)
    assert pixels is not None
    return Cell(1, path.name, score, Pillow.fromarray(pixels))


async def test_others_audiences_are_not_searched(world: World) -> None:
    with pytest.raises(AskAgain, match="No image of this channel"):
        await world.search("red", scope=Scope(workspace="local", audiences=("C1",)))


async def test_an_empty_archive_says_how_to_fill_it(world: World) -> None:
    with pytest.raises(AskAgain, match="spyglass index PATH"):
        await world.search("red", scope=Scope(workspace="elsewhere", audiences=("owner",)))


@pytest.mark.parametrize("query", [None, "", "  \n", "\u200b", "\u202e \ufe0f"])
async def test_without_text_and_image_it_asks(world: World, query: str | None) -> None:
    with pytest.raises(AskAgain, match="Say what to look for"):
        await world.search(query)


@pytest.mark.parametrize("limit", [0, -1, 51])
async def test_a_limit_outside_1_to_50_is_asked_about(world: World, limit: int) -> None:
    with pytest.raises(AskAgain, match=f"1 to 50 images, not {limit}"):
        await world.search("red", limit=limit)


async def test_the_limit_is_kept(world: World) -> None:
    assert names(await world.search("red", limit=1)) == ["red.jpg"]


async def test_what_the_limit_leaves_out_is_counted(world: World) -> None:
    paint(world.photos / "red too.jpg", "red", size=(48, 64))
    paint(world.photos / "half too.jpg", "red", "green", size=(48, 64))
    await world.index()
    found = await world.search("red", limit=1)
    assert found.said.startswith('Found at least 4 images for "red" among 6; the best one: 1. red too.jpg (1.00).')
    newest = await world.search("red", limit=2, order="newest")
    assert newest.said.startswith('Found at least 4 images for "red" among 6; the newest 2: 1. ')
    rest = await world.search("red", limit=2, without=[found.facts["hits"][0]["id"]])
    assert rest.said.startswith('Found at least 3 more images for "red" among 6; the best 2: 1. ')


# --- contact sheets -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 4, 5, 7, 50])
def test_a_sheet_has_room_for_every_cell(number: int) -> None:
    cells = [Cell(each + 1, f"photo {each}.jpg", 0.5) for each in range(number)]
    sheet = contact_sheet("title", "subtitle", cells)
    columns, rows = (sheet.width - 56 + 22) // (CELL[0] + 22), (sheet.height - 90) // (CELL[1] + 62)
    assert columns * rows >= number
    assert columns <= 6


@pytest.mark.parametrize("name", ["", "x" * 300, "東京タワー.jpg", "a\nb\u202ec.jpg", "🙂" * 20, "▇▇▇"])
def test_any_name_can_be_drawn(name: str) -> None:
    contact_sheet(name, name, [Cell(1, name, -1.0, note=name)])


# --- thumbnails -----------------------------------------------------------------------------------


async def test_what_takes_the_decoder_s_care_has_a_thumbnail_too(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_text("%PDF-pages 3 green")  # no PDF for anybody but this decoder
    previews = WorkerPreviews(HereWorkers(), PlainDecoder(tmp_path / "pixels"))
    pixels = await previews.thumbnail(tmp_path / "scan.pdf", 2, *CELL, workspace="local")
    assert pixels is not None
    assert pixels.mean(axis=(0, 1)).argmax() == 1
    assert await previews.thumbnail(tmp_path / "scan.pdf", 4, *CELL, workspace="local") is None


async def test_a_worker_that_dies_costs_the_preview_and_not_the_search(world: World) -> None:
    class Dying(HereWorkers):
        async def run(self, lane: str, task: Any, /, *args: Any, **kwargs: Any) -> Any:
            raise ChildProcessError

    previews = WorkerPreviews(Dying(), PlainDecoder(world.photos.parent / "pixels"))
    found = await world.search("red", previews=previews)
    assert [hit["note"] for hit in found.facts["hits"]] == ["no preview", "no preview"]
    assert await previews.taken([world.photos / "red.jpg"]) == [None]


def test_a_thumbnail_is_upright_and_small(tmp_path: Path) -> None:
    from PIL import Image as Pillow

    exif = Pillow.Exif()
    exif[0x0112] = 6
    pixels = thumbnail(paint(tmp_path / "a.jpg", "red", size=(4000, 1000), exif=exif), None, *CELL)
    assert pixels is not None
    assert pixels.shape[0] == CELL[1]
    assert pixels.shape[1] < pixels.shape[0]


def test_what_is_see_through_lies_on_white(tmp_path: Path) -> None:
    from PIL import Image as Pillow

    Pillow.new("RGBA", (10, 10), (255, 0, 0, 0)).save(tmp_path / "a.png")
    pixels = thumbnail(tmp_path / "a.png", None, *CELL)
    assert pixels is not None
    assert (pixels == 255).all()


def test_a_page_of_a_pdf_has_a_thumbnail(tmp_path: Path) -> None:
    from PIL import Image as Pillow

    red, blue = Pillow.new("RGB", (600, 800), "red"), Pillow.new("RGB", (600, 800), "blue")
    red.save(tmp_path / "a.pdf", save_all=True, append_images=[blue])
    pixels = thumbnail(tmp_path / "a.pdf", 2, *CELL)
    assert pixels is not None
    assert pixels.shape[0] == CELL[1]
    assert pixels.mean(axis=(0, 1)).argmax() == 2
    assert thumbnail(tmp_path / "a.pdf", 3, *CELL) is None


def test_what_pillow_does_not_open_has_no_thumbnail(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("no photo")
    assert thumbnail(tmp_path / "a.jpg", None, *CELL) is None
    assert thumbnail(tmp_path / "missing.jpg", None, *CELL) is None


async def test_a_hit_that_somebody_posted_is_drawn_from_what_the_store_keeps(world: World, tmp_path: Path) -> None:
    await world.post(paint(tmp_path / "flag.jpg", "red", "green"))
    found = await world.search("red", limit=10)
    hit = next(hit for hit in found.facts["hits"] if hit["name"] == "posted flag.jpg")
    assert "note" not in hit


async def test_a_posted_hit_whose_original_is_gone_says_so(world: World, tmp_path: Path) -> None:
    await world.post(paint(tmp_path / "flag.jpg", "red", "green"), keep=False)
    found = await world.search("red", limit=10)
    hit = next(hit for hit in found.facts["hits"] if hit["name"] == "posted flag.jpg")
    assert hit["note"] == "file gone"


# --- page by page ---------------------------------------------------------------------------------


async def test_the_next_page_goes_on_without_what_was_shown(world: World) -> None:
    first = await world.search("red", limit=1)
    assert (names(first), first.facts["more"]) == (["red.jpg"], 1)
    shown = [hit["id"] for hit in first.facts["hits"]]
    second = await world.search("red", limit=1, without=shown)
    assert names(second) == ["half.jpg"]
    assert "more" not in second.facts
    assert second.said.startswith('Found 1 more image for "red" among 4: 1. half.jpg (0.7')


async def test_after_the_last_page_it_is_said_that_there_is_no_more(world: World) -> None:
    shown = [hit["id"] for hit in (await world.search("red")).facts["hits"]]
    last = await world.search("red", without=shown)
    assert last.facts["hits"] == []
    assert last.said == (
        'There is nothing more for "red" among the 4 images searched: what is left is under the cutoff of 0.50.'
    )


async def test_after_everything_nothing_is_left(world: World) -> None:
    everything = [item.id async for item in world.archive.scan(OWNER)]
    last = await world.search("red", without=everything)
    assert last.said == 'There is nothing more for "red" among the 4 images searched: nothing else is left.'


async def test_copies_of_what_was_shown_are_not_the_next_page(world: World) -> None:
    shown = [hit["id"] for hit in (await world.search("red", limit=1)).facts["hits"]]
    shutil.copy(world.photos / "red.jpg", world.photos / "copy.jpg")
    await world.index()
    assert names(await world.search("red", without=shown)) == ["half.jpg"]


async def test_a_shown_hit_that_is_gone_by_now_changes_nothing(world: World) -> None:
    shown = [hit["id"] for hit in (await world.search("red", limit=1)).facts["hits"]]
    await world.archive.remove(OWNER, shown)
    assert names(await world.search("red", without=shown)) == ["half.jpg"]


async def test_what_is_no_id_is_not_left_out(world: World) -> None:
    with pytest.raises(AskAgain, match="by their ids"):
        await world.search("red", without=["hit 1"])
    with pytest.raises(AskAgain, match="500 hits, not 501"):
        await world.search("red", without=[str(uuid.uuid4())] * 501)


async def test_the_only_image_has_none_like_it(world: World) -> None:
    only = (await world.search("green")).facts["hits"][0]["id"]
    await world.archive.remove(OWNER, [item.id async for item in world.archive.scan(OWNER) if item.id != only])
    found = await world.search(like=only)
    assert found.said == "Nothing like green.png: no other image is among the 1 image searched."


# --- what is not wanted ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "wanted", "unwanted"),
    [
        ("dogs without people", "dogs", ("people",)),
        ("a street at night without any cars or people", "a street at night", ("cars", "people")),
        ("flowers, no red ones", "flowers", ("red",)),
        ("boats but not the blue ones", "boats", ("blue",)),
        ("cars except for the red, the green, and a white one", "cars", ("red", "green", "white")),
        ("without snow", "", ("snow",)),
        ("a sign that says no parking", "a sign that says no parking", ()),
        ("people not wearing hats", "people not wearing hats", ()),
        ("an outhouse", "an outhouse", ()),
        ("dogs without", "dogs without", ()),
    ],
)
def test_words_say_what_is_wanted_and_what_is_not(words: str, wanted: str, unwanted: tuple[str, ...]) -> None:
    assert parted(words) == (wanted, unwanted)


async def test_what_looks_like_the_unwanted_is_left_out_and_counted(world: World) -> None:
    found = await world.search("red without blue")
    assert names(found) == ["red.jpg"]
    assert (found.facts["unwanted"], found.facts["shunned"]) == (["blue"], 1)
    assert found.said.startswith('Found 1 image for "red without blue" among 4: 1. red.jpg (1.00). ')
    assert '1 image that looks like "blue" is left out.' in found.said


async def test_a_picture_is_searched_with_and_without(world: World) -> None:
    found = await world.search("without blue", image=posted(world.photos / "half.jpg"))
    assert names(found) == ["red.jpg"]
    assert found.facts["query"] == "like image 1, but without blue"


@pytest.mark.parametrize(
    ("words", "told"), [("night", "at night"), ("Winter", "in Winter"), ("night market", "night market")]
)
async def test_a_time_is_told_as_people_say_it(world: World, words: str, told: str) -> None:
    found = await world.search(words, image=posted(world.photos / "red.jpg"))
    assert found.facts["query"] == f"like image 1, but {told}"


async def test_where_all_is_unwanted_it_is_said(world: World) -> None:
    found = await world.search("blue without blue")
    assert found.facts["hits"] == []
    assert found.said == (
        'Nothing for "blue without blue" among the 4 images searched. 2 images that look like "blue" are left out.'
    )


# --- narrowed, listed, ordered --------------------------------------------------------------------


async def test_what_a_search_is_narrowed_by_is_told(world: World) -> None:
    found = await world.search("red", filters=Filters(mime="image/jpeg", orientation="landscape"))
    assert found.said.startswith('Found 2 images for "red" among 3 (JPEGs, landscape): 1. red.jpg (1.00)')
    assert [chip["label"] for chip in found.facts["chips"]] == ["JPEGs", "landscape"]
    assert found.shows[0].caption == "red: 2 of 3 images, the most similar first · JPEGs, landscape"


async def test_filters_alone_list_what_passes(world: World) -> None:
    found = await world.search(filters=Filters(mime="image/jpeg"), limit=2, order="oldest")
    assert found.said.startswith("The oldest 2 of 3 images (JPEGs): 1. ")
    assert found.facts["more"] == 1
    assert {hit["score"] for hit in found.facts["hits"]} == {None}
    assert found.shows[0].caption == "JPEGs: 2 of 3 images, the oldest first"
    rest = await world.search(
        filters=Filters(mime="image/jpeg"), order="oldest", without=[hit["id"] for hit in found.facts["hits"]]
    )
    assert len(rest.facts["hits"]) == 1


async def test_a_text_that_is_filtered_by_says_what_is_not_read_yet(world: World) -> None:
    asked = Filters(with_text="total 9.00", mime="image/jpeg")
    found = await world.search(filters=asked)
    assert found.said == (
        'No image in the archive passes these filters: JPEGs, with the text "total 9.00". '
        "All 3 images that it may be on are not read yet, so what is written on them was not searched."
    )
    assert found.facts["unread"] == 3
    items = [item async for item in world.archive.scan(OWNER, Filters(mime="image/jpeg"))]
    first, second, third = (
        item.model_copy(update={"contents": Contents(text=text, done=("text",))})
        for item, text in zip(items, ("Total 9.00", "", "Total 9.00"), strict=True)
    )
    await world.archive.revise(OWNER, [first, second])
    half = await world.search(filters=asked)
    assert half.said.endswith(
        "1 of the 3 images that it may be on is not read yet, so what is written on it was not searched."
    )
    await world.archive.revise(OWNER, [third])
    whole = await world.search(filters=asked)
    assert "not read" not in whole.said
    assert "unread" not in whole.facts


async def test_of_many_images_the_share_that_is_not_read_is_estimated(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.kit.ranking.unread.LOOKED_AT", 2)
    found = await world.search(filters=Filters(with_text="total 9.00"))
    assert "All 4 images that it may be on are not read yet" in found.said


async def test_only_the_ones_with_something_looks_among_what_was_found(world: World) -> None:
    first = await world.search("red")
    within = [hit["id"] for hit in first.facts["hits"]]
    found = await world.search("blue", within=within)
    assert names(found) == ["half.jpg"]
    assert found.said.startswith('Found 1 image for "blue" among 2 (among the 2 found before): 1. half.jpg (0.7')
    assert found.facts["chips"] == [{"key": "within", "value": within, "label": "among the 2 found before"}]


async def test_the_nearest_miss_is_shown_when_asked_for_and_called_that(world: World) -> None:
    found = await world.search("yellow", nearest=True)
    assert found.said.startswith('Nothing for "yellow" is among the 4 images searched. The nearest miss: ')
    assert found.said.endswith("scores 0.00, under the cutoff of 0.50.")
    assert found.facts["nearest_miss"] is True
    assert [hit["relevant"] for hit in found.facts["hits"]] == [False]
    assert found.shows[0].caption == "yellow: no hit, but the nearest miss"
    hit = await world.search("red", nearest=True)
    assert "nearest_miss" not in hit.facts


async def test_words_in_another_language_are_only_matched_and_that_is_said(world: World) -> None:
    found = await world.search("ein Hund auf der Wiese")
    assert found.facts["hits"] == []
    assert "the encoder knows no language but English: only the words were matched" in found.said


async def test_what_people_say_is_what_an_unknown_name_is_answered_with(world: World) -> None:
    with pytest.raises(AskAgain, match='none by "Anna"'):
        await world.search("red", filters=Filters(posted_by=("Anna",)))
