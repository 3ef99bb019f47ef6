"""What is found out about archived images: at once, later, and what is left for later still."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from bot.archive.captions import composed
from bot.archive.enriching import Enriching, whole
from tests.colours import ColourEncoder, HereWorkers, paint
from tests.fakes import ScriptedVision
from tools.backends import glancer
from tools.backends.no_vision import NoVision
from tools.kit import CannotDo, Contents, Image, ImageRef, Line, Reading
from tools.kit.parts import Parts

NONE = Contents()
QUAD = ((0.0, 0.0), (100.0, 0.0), (100.0, 20.0), (0.0, 20.0))


class NamingEncoder(ColourEncoder):
    """Names every picture as it is told to."""

    def __init__(self, *names: tuple[str, float]) -> None:
        self.names = list(names)

    async def name_things(self, images: Sequence[Image]) -> list[list[tuple[str, float]]]:
        return [self.names for _ in images]


class ScriptedOcr:
    """Reads the same lines everywhere, or fails; `read_images` says where it was asked."""

    def __init__(self, *lines: tuple[str, float], error: Exception | None = None) -> None:
        self.lines = [Line(text=text, quad=QUAD, sure=sure) for text, sure in lines]
        self.error = error
        self.asked: list[Image] = []

    async def read(self, image: Image) -> Reading:
        self.asked.append(image)
        if self.error:
            raise self.error
        return Reading(lines=tuple(self.lines), width=image.ref.width, height=image.ref.height)


def enriching(*names: tuple[str, float], ocr: ScriptedOcr | None = None) -> Enriching:
    looks = glancer.build("", Parts(Path(), HereWorkers()))
    return Enriching(glancer=looks, encoder=NamingEncoder(*names), ocr=ocr or ScriptedOcr())


def image(path: Path, page: int | None = None) -> Image:
    with Pillow.open(path) as file:
        width, height = file.size
    ref = ImageRef(handle="image 1", sha256="0" * 64, mime="image/png", width=width, height=height, name="a", page=page)
    return Image(ref, path)


@pytest.fixture
def plain(tmp_path: Path) -> Image:
    """Nothing looks like text on it."""
    return image(paint(tmp_path / "plain.png", "red", "yellow", size=(300, 200)))


@pytest.fixture
def page(tmp_path: Path) -> Image:
    """Lines of print on white."""
    return image(written(tmp_path / "page.png"))


def written(path: Path, size: tuple[int, int] = (620, 877)) -> Path:
    picture = Pillow.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(18)
    for number in range(20):
        draw.text((60, 60 + 36 * number), f"Item {number} of the invoice costs {number * 7} euros today", "black", font)
    picture.save(path)
    return path


async def test_pixels_tell_colours_kind_and_looks_at_once(plain: Image, page: Image) -> None:
    first, second = await enriching().glance([plain.path, page.path])
    assert first.colours == ("red", "yellow")
    assert (first.done, second.kind) == (("colours", "kind", "phash", "detail"), "document")
    assert (len(first.phash), first.phash != second.phash) == (16, True)
    assert first.detail != second.detail


async def test_what_was_looked_at_before_there_were_coarse_copies_gets_one_and_keeps_the_rest(page: Image) -> None:
    known = Contents(
        text="", kind="photo", phash="0" * 16, done=("colours", "kind", "phash", "text", "tags", "caption")
    )
    assert not whole(known)
    [found] = await enriching().study([page], [known])
    assert (bool(found.detail), found.kind, found.phash, whole(found)) == (True, "photo", "0" * 16, True)


async def test_what_is_no_image_has_nothing_told_of_it(tmp_path: Path) -> None:
    (tmp_path / "torn.jpg").write_bytes(b"\xff\xd8\xff torn")
    assert await enriching().glance([tmp_path / "torn.jpg", tmp_path / "missing.jpg"]) == [NONE, NONE]


async def test_a_page_of_a_pdf_is_a_document_whatever_it_shows(plain: Image) -> None:
    assert [each.kind for each in await enriching().glance([plain.path], [2])] == ["document"]


async def test_text_tags_and_caption_come_later(page: Image) -> None:
    ocr = ScriptedOcr(("INVOICE  42", 0.98), ("smudge", 0.3), ("Total 7.00", 0.9))
    [found] = await enriching(("menu", 0.9), ("paper", 0.2), ocr=ocr).study([page], [NONE])
    assert found.text == "INVOICE 42\nTotal 7.00"
    assert found.tags == ("menu",)
    assert found.caption == "A document."
    assert whole(found)


async def test_what_has_no_text_is_not_read(plain: Image) -> None:
    ocr = ScriptedOcr(("ghost", 0.9))
    [found] = await enriching(ocr=ocr).study([plain], [NONE])
    assert (ocr.asked, found.text, "text" in found.done) == ([], "", True)


async def test_the_text_layer_of_a_page_is_read_whatever_it_looks_like(plain: Image) -> None:
    plain.words_path.write_text("[]")
    ocr = ScriptedOcr(("a word", 0.99))
    [found] = await enriching(ocr=ocr).study([plain], [NONE])
    assert found.text == "a word"


async def test_only_what_lacks_is_looked_for(page: Image) -> None:
    ocr = ScriptedOcr(("again", 0.9))
    known = Contents(text="read before", kind="photo", done=("colours", "kind", "phash", "text"))
    [found] = await enriching(("menu", 0.9), ocr=ocr).study([page], [known])
    assert (found.text, found.kind, found.tags, ocr.asked) == ("read before", "photo", ("menu",), [])


async def test_what_cannot_be_read_now_is_left_for_later(page: Image) -> None:
    ocr = ScriptedOcr(error=CannotDo("Reading image 1 took too long: post a smaller one."))
    [found] = await enriching(("menu", 0.9), ocr=ocr).study([page], [NONE])
    assert (found.tags, "text" in found.done, whole(found)) == (("menu",), False, False)
    [again] = await enriching(ocr=ScriptedOcr(("Total", 0.9))).study([page], [found])
    assert (again.text, again.tags, whole(again)) == ("Total", ("menu",), True)


async def test_a_page_on_which_nothing_stands_is_no_document(page: Image) -> None:
    [found] = await enriching().study([page], [NONE])
    assert (found.kind, found.text) == ("photo", "")


# --- captions -------------------------------------------------------------------------------------


async def test_a_model_writes_the_caption_where_one_may(plain: Image) -> None:
    vision = ScriptedVision({"caption": {"answer": "x", "caption": "Two stripes,\n red and blue", **REST}})
    [found] = await enriching().study([plain], [NONE], vision=vision)
    assert (found.caption, whole(found)) == ("Two stripes, red and blue", True)
    assert [task for task, _, _ in vision.asked] == ["caption"]


REST: dict[str, Any] = {"description": "d", "keywords": ["k"], "alt_text": "a", "text": [], "colours": ["red"]}


@pytest.mark.parametrize("vision", [None, NoVision()])
async def test_where_none_may_it_is_composed(plain: Image, vision: Any) -> None:
    [found] = await enriching(("bicycle", 0.9)).study([plain], [NONE], vision=vision)
    assert found.caption == composed(found.kind, ("bicycle",))
    assert whole(found)


async def test_a_budget_that_is_spent_leaves_the_caption_for_later(plain: Image) -> None:
    vision = ScriptedVision({"caption": CannotDo("Today's budget of this workspace is spent.")})
    [found] = await enriching(("bicycle", 0.9)).study([plain], [NONE], vision=vision)
    assert ("caption" in found.done, whole(found)) == (False, False)
    assert found.caption == composed(found.kind, ("bicycle",))  # until then what was measured
    seen = ScriptedVision({"caption": {"answer": "x", "caption": "A red bicycle", **REST}})
    [again] = await enriching().study([plain], [found], vision=seen)
    assert (again.caption, whole(again)) == ("A red bicycle", True)


async def test_what_a_model_cannot_tell_is_not_made_up(plain: Image) -> None:
    said = {"answer": "I cannot tell.", "caption": "", "cannot_determine": True, **REST}
    [found] = await enriching().study([plain], [NONE], vision=ScriptedVision({"caption": said}))
    assert found.caption == composed(found.kind, ())


@pytest.mark.parametrize(
    ("kind", "tags", "caption"),
    [
        ("photo", (), ""),
        ("photo", ("bicycle", "vehicle"), "A picture of what looks like a bicycle."),
        ("photo", ("acorn",), "A picture of what looks like an acorn."),
        ("screenshot", ("web site",), "A screenshot."),
        ("document", (), "A document."),
        ("", (), ""),
    ],
)
def test_a_composed_caption_states_no_guess_as_a_fact(kind: str, tags: tuple[str, ...], caption: str) -> None:
    assert composed(kind, tags) == caption
