"""PDFs: pages, their words, and what is left out. Drawn by pdfium, and by poppler where it is installed."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image as Pillow

from tests.unit.backends.decoder_files import locked_pdf, pdf, photo, saved, text_page
from tools.backends import decoder
from tools.backends.workers import Lane, PebbleWorkers
from tools.kit import AskAgain, Image, ImageRef, Opened, Word
from tools.kit.parts import Parts

Open = Callable[..., Awaitable[list[Opened]]]
ENGINES = [
    "pdfium",
    pytest.param("poppler", marks=pytest.mark.skipif(not shutil.which("pdftoppm"), reason="no poppler")),
]
SCALE = 200 / 72
CURVES = [
    f"{n * 13 % 611} {n * 7 % 791} {n * 5 % 611} {n * 11 % 791} {n * 17 % 611} {n * 3 % 791} c" for n in range(10_000)
]
"""Takes most of a second to fill."""
ENDLESS = ("0 0 m " + " ".join(CURVES) + " f* ") * 20


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def workers(engine: str) -> Iterator[PebbleWorkers]:
    """Workers that find poppler or do not."""
    with pytest.MonkeyPatch.context() as patch:
        if engine == "pdfium":
            patch.setenv("PATH", "/nowhere")
        workers = PebbleWorkers()
        yield workers
        asyncio.run(workers.close())


@pytest.fixture
def open_pdf(tmp_path: Path, workers: PebbleWorkers) -> Open:
    async def open_pdf(data: bytes, *, by: Any = workers, **options: str) -> list[Opened]:
        return await decoder.build("", Parts(tmp_path, by, options=options)).open(data, name="it", workspace="T1")

    return open_pdf


def words_of(page: Opened) -> list[Word]:
    """As tools find them."""
    ref = ImageRef(
        handle="image 1", sha256=page.sha256, mime=page.mime, width=page.width, height=page.height, name="it"
    )
    found = Image(ref, page.path).words_path
    return [Word(**word) for word in json.loads(found.read_text())] if found.exists() else []


def ink(page: Opened, quad: Any) -> tuple[int, int]:
    """How many dark pixels lie inside the quad's box, and how many there are on the whole page."""
    with Pillow.open(page.path) as image:
        dark = numpy.asarray(image.convert("L")) < 128
    xs, ys = zip(*quad, strict=True)
    left, top, right, bottom = (round(edge) for edge in (min(xs), min(ys), max(xs), max(ys)))
    return int(dark[max(top, 0) : bottom + 2, max(left, 0) : right + 2].sum()), int(dark.sum())


async def test_each_page_is_an_image(open_pdf: Open) -> None:
    pages = await open_pdf(pdf(text_page("one"), text_page("two"), text_page("three")))
    assert [(page.page, page.pages, page.mime) for page in pages] == [(n, 3, "application/pdf") for n in (1, 2, 3)]
    assert {(page.width, page.height) for page in pages} == {(1700, 2200)}
    assert {page.notes for page in pages} == {()}


async def test_pages_past_the_limit_are_left_out_and_it_says_how_many(open_pdf: Open) -> None:
    pages = await open_pdf(pdf(*[text_page("x")] * 5), max_pages="2")
    assert [page.page for page in pages] == [1, 2]
    assert pages[0].notes == ("one of the first 2 of 5 pages: 3 were left out (at most 2 are opened)",)


async def test_a_small_page_is_drawn_large_enough_to_read(open_pdf: Open) -> None:
    [page] = await open_pdf(pdf(text_page("9.00", x=5, y=5, size=8), box="0 0 100 150"))
    assert (page.width, page.height, page.notes) == (1024, 1536, ())


@pytest.mark.parametrize("box", ["0 0 14400 14400", "0 0 14400 20", "0 0 0.5 0.5", "0 0 14400 0.1"])
async def test_no_page_is_drawn_larger_than_the_limit(open_pdf: Open, box: str) -> None:
    [page] = await open_pdf(pdf(text_page("x"), box=box))
    assert max(page.width, page.height) <= 4097


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", ["", "/CropBox [50 100 600 780]"])
async def test_words_lie_where_they_are_printed(open_pdf: Open, rotate: int, crop: str) -> None:
    data = pdf(text_page("Total 9.00"), page=f"/Rotate {rotate} {crop}")
    [page] = await open_pdf(data)
    words = words_of(page)
    assert [word.text for word in words] == ["Total", "9.00"]
    inside = [ink(page, word.quad)[0] for word in words]
    everything = ink(page, words[0].quad)[1]
    assert min(inside) > 100
    assert sum(inside) >= 0.98 * everything


async def test_a_word_has_its_place_in_pixels(open_pdf: Open) -> None:
    [page] = await open_pdf(pdf(text_page("Total", x=72, y=700, size=24)))
    (left, top), (right, _), (_, bottom), _ = words_of(page)[0].quad
    assert left == pytest.approx(72 * SCALE, abs=4)
    assert top < (792 - 700 - 17) * SCALE < (792 - 700) * SCALE < bottom
    assert right - left == pytest.approx(55 * SCALE, abs=12)


@pytest.mark.parametrize(
    ("matrix", "begins"),
    [("1 0 0 1", "upper left"), ("0 1 -1 0", "lower left"), ("-1 0 0 -1", "lower right"), ("0 -1 1 0", "upper right")],
)
async def test_a_quad_begins_where_the_text_does(open_pdf: Open, matrix: str, begins: str) -> None:
    [page] = await open_pdf(pdf(f"BT /F1 24 Tf {matrix} 300 400 Tm (Sideways) Tj ET"))
    quad = words_of(page)[0].quad
    xs, ys = [x for x, _ in quad], [y for _, y in quad]
    x, y = quad[0]
    assert begins == f"{'upper' if y == min(ys) else 'lower'} {'left' if x == min(xs) else 'right'}"


async def test_a_word_divided_at_the_end_of_a_line_is_two_with_its_hyphen(open_pdf: Open) -> None:
    [page] = await open_pdf(pdf("BT /F1 24 Tf 72 700 Td (the docu-) Tj 0 -30 Td (ment here) Tj ET"))
    words = words_of(page)
    assert [word.text for word in words] == ["the", "docu-", "ment", "here"]
    assert words[2].quad[0][1] > words[1].quad[2][1] - 10


async def test_a_page_without_text_has_no_words(open_pdf: Open) -> None:
    [page] = await open_pdf(saved(photo(), "PDF"))
    assert words_of(page) == []
    with Pillow.open(page.path) as image:
        assert image.getpixel((20, 20)) == pytest.approx((254, 0, 0), abs=12)


async def test_a_pdf_with_a_password_is_said(open_pdf: Open) -> None:
    with pytest.raises(AskAgain, match="it is a PDF protected with a password: save a copy without one"):
        await open_pdf(locked_pdf())


@pytest.mark.parametrize("data", [pdf(), b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj\n", b"%PDF-" + bytes(1000)])
async def test_a_pdf_with_nothing_in_it_is_said_and_not_taken_for_the_locked_one_before(
    open_pdf: Open, data: bytes
) -> None:
    with pytest.raises(AskAgain, match="password"):
        await open_pdf(locked_pdf())
    with pytest.raises(AskAgain, match="it is a PDF, but without pages, damaged or cut off"):
        await open_pdf(data)


async def test_pages_drawn_before_one_that_never_ends_are_kept(open_pdf: Open) -> None:
    hasty = PebbleWorkers({"decode": Lane(processes=1, seconds=3, megabytes=1536)})
    pages = await open_pdf(pdf(text_page("one"), text_page("two"), ENDLESS), by=hasty)
    await hasty.close()
    assert [page.page for page in pages] == [1, 2]
    why = "damaged, or too long to draw"
    assert pages[0].notes == (f"one of the first 2 of 3 pages: 1 was left out ({why})",)


async def test_a_pdf_that_was_left_unfinished_is_tried_again(open_pdf: Open) -> None:
    data = pdf(text_page("one"), ENDLESS)
    hasty = PebbleWorkers({"decode": Lane(processes=1, seconds=3, megabytes=1536)})
    assert len(await open_pdf(data, by=hasty)) == 1
    await hasty.close()
    with pytest.raises(RuntimeError, match="tried"):
        await open_pdf(data, by=Tried())


class Tried:
    """Workers that only tell that they were asked."""

    async def run(self, lane: str, task: Any, /, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("tried")

    async def close(self) -> None: ...


class Inline:
    """Workers without processes, to be used on good files only."""

    def __init__(self) -> None:
        self.tasks = 0

    async def run(self, lane: str, task: Any, /, *args: Any, **kwargs: Any) -> Any:
        self.tasks += 1
        return task(*args, **kwargs)

    async def close(self) -> None: ...


@pytest.mark.parametrize(("pace", "drawn"), [(1, 5), (2, 1)])
async def test_a_pdf_is_gone_on_with_for_as_long_as_it_makes_progress(
    open_pdf: Open, monkeypatch: pytest.MonkeyPatch, pace: int, drawn: int
) -> None:
    monkeypatch.setattr("tools.backends.decoder.pages.SECONDS", 0)  # a page a task
    monkeypatch.setattr("tools.backends.decoder.PACE", pace)
    monkeypatch.setattr("tools.backends.decoder.drawing._hush", lambda: None)
    inline = Inline()
    pages = await open_pdf(pdf(*[text_page("x")] * 5), by=inline)
    assert ([page.page for page in pages], inline.tasks) == ([*range(1, drawn + 1)], drawn)


async def test_what_is_opened_for_the_archive_is_gone_on_with_however_slow_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.backends.decoder.pages.SECONDS", 0)
    monkeypatch.setattr("tools.backends.decoder.drawing._hush", lambda: None)
    inline = Inline()
    opening = decoder.build("", Parts(tmp_path, inline))
    async with opening.briefly(pdf(*[text_page("x")] * 5), name="it", workspace="T1") as pages:
        assert ([page.page for page in pages], inline.tasks) == ([1, 2, 3, 4, 5], 5)
