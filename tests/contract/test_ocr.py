"""The `Ocr` port: a fake and the real reader keep the same promises; the real one also reads drawn pages any way up."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from tests.unit.papers import Typist, image, typed
from tools.backends import rapid_ocr
from tools.backends.workers import PebbleWorkers
from tools.kit import Forgetful, Image, Ocr, Reading, Word, Workers
from tools.kit.parts import Parts

LINES = (
    "Harvest Moon Bakery",
    "14 Orchard Street, Kelso",
    "Rye loaf              4.20",
    "Two plum tarts        7.60",
    "Total                11.80",
    "Please come again",
)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    workers = PebbleWorkers()
    yield workers
    asyncio.run(workers.close())


@pytest.fixture
async def ocr(workers: Workers, tmp_path: Path) -> Ocr:
    return rapid_ocr.build("", Parts(home=tmp_path / "home", workers=workers))


def drawn(*lines: str, size: int = 28, wide: int = 640, margin: int = 40) -> Pillow.Image:
    """The lines in Pillow's own font, black on paper white."""
    page = Pillow.new("RGB", (wide, round(len(lines) * size * 1.6) + 2 * margin), (250, 249, 245))
    pen = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        for column, part in enumerate(re.split(r" {3,}", line)):
            place = (margin + column * (wide - 2 * margin - 4 * size), margin + number * size * 1.6)
            pen.text(place, part, (25, 25, 30), ImageFont.load_default(size))
    return page


def posted(page: Pillow.Image, folder: Path) -> Image:
    path = folder / "page.png"
    page.save(path)
    return image(path, width=page.width, height=page.height)


def bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@pytest.mark.parametrize("kind", ["fake", "rapid_ocr"])
async def test_a_reading_has_the_lines_in_order_with_boxes_inside_the_image(
    kind: str, ocr: Ocr, tmp_path: Path
) -> None:
    reader: Ocr = Typist(typed("\n".join(LINES))) if kind == "fake" else ocr
    reading = await reader.read(posted(drawn(*LINES), tmp_path))
    assert bare(reading.text) == bare("".join(LINES))
    assert len(reading.lines) == len(LINES)
    tops = [line.box[1] for line in reading.lines]
    assert tops == sorted(tops)
    for line in reading.lines:
        left, top, right, bottom = line.box
        assert 0 <= left < right <= reading.width
        assert 0 <= top < bottom <= reading.height
        assert 0 < line.sure <= 1
        assert " ".join(word.text for word in line.words) == line.text


@pytest.mark.parametrize("kind", ["fake", "rapid_ocr"])
async def test_an_image_without_text_reads_as_no_lines(kind: str, ocr: Ocr, tmp_path: Path) -> None:
    reader: Ocr = Typist(typed("")) if kind == "fake" else ocr
    reading = await reader.read(posted(Pillow.new("RGB", (300, 200), (90, 140, 190)), tmp_path))
    assert reading.lines == ()
    assert reading.text == ""


@pytest.mark.parametrize("turned", [90, 180, 270])
async def test_a_photo_on_its_side_or_head_reads_the_same_and_says_how_it_was_turned(
    turned: int, ocr: Ocr, tmp_path: Path
) -> None:
    page = drawn(*LINES)
    reading = await ocr.read(posted(page.rotate(-turned, expand=True), tmp_path))
    assert bare(reading.text) == bare("".join(LINES))
    assert reading.angle % 360 == pytest.approx(-turned % 360, abs=1)


@pytest.mark.parametrize("skew", [-15, -7, 3, 12])
async def test_a_skewed_photo_reads_the_same(skew: int, ocr: Ocr, tmp_path: Path) -> None:
    page = drawn(*LINES).rotate(-skew, expand=True, fillcolor=(70, 60, 50), resample=Pillow.Resampling.BICUBIC)
    reading = await ocr.read(posted(page, tmp_path))
    assert bare(reading.text) == bare("".join(LINES))
    assert reading.angle == pytest.approx(-skew, abs=1.5)


async def test_boxes_of_a_turned_photo_are_in_pixels_of_the_photo_as_posted(ocr: Ocr, tmp_path: Path) -> None:
    page = drawn(*LINES)
    straight = await ocr.read(posted(page, tmp_path))
    (tmp_path / "other").mkdir()
    sideways = posted(page.rotate(-90, expand=True), tmp_path / "other")
    turned = await ocr.read(Image(sideways.ref.model_copy(update={"sha256": "1" * 64}), sideways.path))
    for before, after in zip(straight.lines, turned.lines, strict=True):
        left, top, right, bottom = before.box
        assert after.box == pytest.approx((page.height - bottom, left, page.height - top, right), abs=8)


async def test_small_print_is_enlarged_before_it_is_read(ocr: Ocr, tmp_path: Path) -> None:
    page = drawn("Gate 42 closes at 18:35", size=11, wide=180, margin=8)
    assert bare((await ocr.read(posted(page, tmp_path))).text) == bare("Gate 42 closes at 18:35")


async def test_a_large_photo_is_read_at_its_full_detail(ocr: Ocr, tmp_path: Path) -> None:
    page = Pillow.new("RGB", (4000, 3000), (200, 200, 205))
    page.paste(drawn(*LINES, size=40, wide=900), (1500, 1100))
    reading = await ocr.read(posted(page, tmp_path))
    assert bare(reading.text) == bare("".join(LINES))


async def test_a_long_screenshot_is_read_to_its_end(ocr: Ocr, tmp_path: Path) -> None:
    lines = [f"Message {number} of forty" for number in range(1, 41)]
    page = drawn(*lines, size=18, wide=420)
    long = Pillow.new("RGB", (420, page.height * 2), (250, 249, 245))
    for part in range(2):
        long.paste(page, (0, part * page.height))
    reading = await ocr.read(posted(long, tmp_path))
    assert [bare(line.text) for line in reading.lines] == [bare(line) for line in lines] * 2


async def test_columns_of_prose_are_read_one_after_the_other(ocr: Ocr, tmp_path: Path) -> None:
    left = ["The river rose in the night", "and by dawn the lower road", "was gone under brown water"]
    right = ["Shops on the square opened", "late and sold out of bread", "before the ferry came back"]
    page = Pillow.new("RGB", (900, 260), (250, 249, 245))
    page.paste(drawn(*left, size=26, wide=440), (0, 0))
    page.paste(drawn(*right, size=26, wide=440), (450, 0))
    reading = await ocr.read(posted(page, tmp_path))
    assert [bare(line.text) for line in reading.lines] == [bare(line) for line in (*left, *right)]


async def test_an_image_is_read_once(ocr: Ocr, tmp_path: Path) -> None:
    page = posted(drawn(*LINES), tmp_path)
    first = await ocr.read(page)
    page.path.unlink()
    assert await ocr.read(page) == first
    [kept] = (tmp_path / "home" / "readings").iterdir()
    assert kept.name == page.workspace
    assert [path.suffix for path in kept.iterdir()] == [".json"]


async def test_what_was_read_for_one_workspace_is_not_told_to_another(ocr: Ocr, tmp_path: Path) -> None:
    page = drawn(*LINES)
    one, two = tmp_path / "T1", tmp_path / "T2"
    one.mkdir()
    two.mkdir()
    await ocr.read(posted(page, one))
    blank = posted(Pillow.new("RGB", page.size, "white"), two)  # told apart only by where it lies
    assert (await ocr.read(blank)).lines == ()


def with_layer(page: Image, words: list[Word]) -> Image:
    page.words_path.write_text(json.dumps([word.model_dump() for word in words]), encoding="utf-8")
    return page


def words_of(reading: Reading) -> list[Word]:
    return [word for line in reading.lines for word in line.words]


async def test_a_pdf_page_is_read_by_its_own_words(ocr: Ocr, tmp_path: Path) -> None:
    layer = words_of(typed("Invoice 4471     12.05.2023\nAmount due       317,40"))
    reading = await ocr.read(with_layer(posted(drawn("nothing of the kind"), tmp_path), layer))
    assert reading.source == "text layer"
    assert reading.text == "Invoice 4471 12.05.2023\nAmount due 317,40"


@pytest.mark.parametrize(
    "layer", ["", "x", "\ufffd\ufffd\ue001\ue002 \ufffd\ufffd\ufffd\ufffd \ue003\ue004 \ufffd\ufffd\ufffd"]
)
async def test_an_empty_or_garbled_text_layer_is_not_believed(layer: str, ocr: Ocr, tmp_path: Path) -> None:
    reading = await ocr.read(with_layer(posted(drawn(*LINES), tmp_path), words_of(typed(layer))))
    assert reading.source == "ocr"
    assert bare(reading.text) == bare("".join(LINES))


async def test_a_reading_is_forgotten_with_its_original(ocr: Ocr, tmp_path: Path) -> None:
    page = posted(drawn("Ginger tea"), tmp_path)
    await ocr.read(page)
    assert list((tmp_path / "home" / "readings").rglob("*.json"))
    assert isinstance(ocr, Forgetful)
    await ocr.forget(page.workspace, page.ref.sha256)
    assert not list((tmp_path / "home" / "readings").rglob("*.json"))
