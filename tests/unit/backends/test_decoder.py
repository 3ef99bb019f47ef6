"""What intake makes of good files."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image

from tests.unit.backends.decoder_files import (
    GOOD,
    animated,
    grey_ramp_16,
    oriented,
    photo,
    saved,
    swapped_profile,
)
from tools.backends import decoder
from tools.backends.decoder import room
from tools.backends.workers import PebbleWorkers
from tools.kit import Decoder, Opened
from tools.kit.parts import Parts

Open = Callable[..., Awaitable[list[Opened]]]
Colours = list[tuple[int, int, int]]

CORNERS: Colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)]
"""Of the photo, in reading order."""
MIMES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "alpha": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "heic": "image/heic",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "pdf": "application/pdf",
}


@pytest.fixture
def open_file(tmp_path: Path, workers: PebbleWorkers) -> Open:
    """Opens bytes under the limits given as options."""

    async def open_file(data: bytes | Path, **options: str) -> list[Opened]:
        parts = Parts(tmp_path, workers, options=options)
        return await decoder.build("", parts).open(data, name="a file", workspace="T1")

    return open_file


def pixels(page: Opened) -> Any:
    """(height, width, 3) uint8."""
    with Image.open(page.path) as image:
        assert image.mode == "RGB"
        assert image.size == (page.width, page.height)
        return numpy.asarray(image)


def corners(page: Opened) -> Colours:
    shown = pixels(page)
    return [tuple(shown[y, x].tolist()) for y in (10, -10) for x in (10, -10)]


def differ_by(found: Colours, wanted: Colours) -> int:
    return int(numpy.abs(numpy.array(found) - numpy.array(wanted)).max())


def test_it_is_a_decoder(tmp_path: Path) -> None:
    assert isinstance(decoder.build("", Parts(tmp_path, PebbleWorkers())), Decoder)


@pytest.mark.parametrize("kind", GOOD)
async def test_every_format_opens(open_file: Open, kind: str) -> None:
    pages = await open_file(GOOD[kind])
    assert len(pages) == (2 if kind == "pdf" else 1)
    assert pages[0].mime == MIMES[kind.rsplit(" ", 1)[-1]]
    assert pixels(pages[0]).shape == (pages[0].height, pages[0].width, 3)


@pytest.mark.parametrize("kind", [kind for kind in GOOD if not kind.startswith(("16-bit", "1-bit", "grey", "pdf"))])
async def test_every_format_keeps_its_colours(open_file: Open, kind: str) -> None:
    [page] = await open_file(GOOD[kind])
    assert differ_by(corners(page), CORNERS) <= (25 if kind == "lab tiff" else 12)  # 8 bits of CIELAB are coarse


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(9))
async def test_every_orientation_comes_out_upright(open_file: Open, kind: str, orientation: int) -> None:
    [page] = await open_file(oriented(orientation, kind))
    assert (page.width, page.height) == photo().size
    assert differ_by(corners(page), CORNERS) <= 12


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
async def test_no_metadata_leaves(open_file: Open, kind: str) -> None:
    original = oriented(6, kind, icc_profile=swapped_profile())
    assert b"SecretCamera" in original
    [page] = await open_file(original)
    assert [name for name, _ in png_chunks(page.path) if name != b"IDAT"] == [b"IHDR", b"IEND"]


async def test_no_metadata_leaves_a_large_photo_either(open_file: Open) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    [page] = await open_file(saved(photo((2000, 1500)), "JPEG", quality=95, exif=exif))
    assert {name for name, _ in png_chunks(page.path)} == {b"IHDR", b"IDAT", b"IEND"}
    assert differ_by(corners(page), CORNERS) <= 12


def png_chunks(path: Path) -> Iterator[tuple[bytes, bytes]]:
    data, at = path.read_bytes(), 8
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


# --- colour ---------------------------------------------------------------------------------------


async def test_sixteen_bit_grey_is_scaled_not_cut(open_file: Open) -> None:
    [page] = await open_file(grey_ramp_16())
    row = pixels(page)[100, :, 0].astype(int)
    assert numpy.abs(row - numpy.linspace(0, 255, 512)).max() <= 1


async def test_sixteen_bit_colour_is_scaled(open_file: Open) -> None:
    [page] = await open_file(GOOD["16-bit png"])
    assert pixels(page)[5, 5].tolist() == [255, 128, 0]


async def test_a_tiff_whose_white_is_zero_is_not_a_negative(open_file: Open) -> None:
    ramp = Image.fromarray(numpy.tile(numpy.linspace(0, 65535, 600).astype(numpy.uint16), (600, 1)))
    [page] = await open_file(saved(ramp, "TIFF", tiffinfo={262: 0}))
    assert pixels(page)[0, 0].tolist() == [255, 255, 255]


async def test_samples_in_a_corner_of_their_range_are_brightened_and_it_says_so(open_file: Open) -> None:
    dark = Image.fromarray(numpy.tile(numpy.linspace(300, 700, 600).astype(numpy.uint16), (600, 1)))
    [page] = await open_file(saved(dark, "PNG"))
    assert (pixels(page).min(), pixels(page).max()) == (0, 255)
    assert any("brightened" in note for note in page.notes)


async def test_real_numbers_from_nought_to_one_are_shades(open_file: Open) -> None:
    [page] = await open_file(saved(Image.new("F", (600, 600), 0.5), "TIFF"))
    assert pixels(page)[0, 0].tolist() == [128, 128, 128]


async def test_transparency_lies_over_white(open_file: Open) -> None:
    image = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    image.paste((255, 0, 0, 128), (0, 0, 300, 600))
    [page] = await open_file(saved(image, "PNG"))
    assert pixels(page)[5, 5].tolist() == [255, 127, 127]
    assert pixels(page)[5, 500].tolist() == [255, 255, 255]


async def test_a_palette_with_a_transparent_colour_lies_over_white(open_file: Open) -> None:
    image = Image.new("P", (600, 600), 1)
    image.putpalette([255, 0, 0, 0, 0, 0])
    image.paste(0, (0, 0, 300, 600))
    [page] = await open_file(saved(image, "PNG", transparency=1))
    assert pixels(page)[5, 5].tolist() == [255, 0, 0]
    assert pixels(page)[5, 500].tolist() == [255, 255, 255]


async def test_white_on_nothing_can_still_be_seen(open_file: Open) -> None:
    image = Image.new("RGBA", (600, 600), (255, 255, 255, 0))
    image.paste((255, 255, 255, 255), (0, 0, 300, 600))
    [page] = await open_file(saved(image, "PNG"))
    assert pixels(page)[5, 5].tolist() == [255, 255, 255]
    assert pixels(page)[5, 500].tolist() == [0, 0, 0]
    assert any("shown on black" in note for note in page.notes)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
async def test_an_icc_profile_is_heeded_whatever_its_name(open_file: Open, kind: str) -> None:
    [page] = await open_file(saved(Image.new("RGB", (600, 600), "red"), kind, icc_profile=swapped_profile()))
    assert differ_by(corners(page), [(0, 0, 255)] * 4) <= 12


@pytest.mark.parametrize("profile", [b"", b"nonsense", swapped_profile()[:200]], ids=["empty", "nonsense", "cut off"])
async def test_a_broken_icc_profile_is_passed_over(open_file: Open, profile: bytes) -> None:
    [page] = await open_file(saved(photo(), "PNG", icc_profile=profile))
    assert corners(page) == CORNERS


async def test_a_profile_for_other_channels_is_passed_over(open_file: Open) -> None:
    [page] = await open_file(saved(photo().convert("CMYK"), "JPEG", quality=95, icc_profile=swapped_profile()))
    assert differ_by(corners(page), CORNERS) <= 12


# --- what notes say -------------------------------------------------------------------------------


async def test_a_plain_photo_has_nothing_to_note(open_file: Open) -> None:
    assert (await open_file(GOOD["jpeg"]))[0].notes == ()


async def test_a_small_image_may_be_read_wrongly(open_file: Open) -> None:
    [page] = await open_file(saved(photo((600, 511)), "PNG"))
    assert page.notes == ("small (600 x 511 pixels): reading may be unreliable",)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
async def test_an_animation_gives_its_first_frame_and_says_how_many_there_are(open_file: Open, kind: str) -> None:
    [page] = await open_file(animated(kind, 5))
    assert (page.pages, page.notes) == (5, ("the first of 5 frames",))
    assert differ_by(corners(page), CORNERS) <= 12


async def test_a_tiff_gives_its_first_page_and_says_how_many_there_are(open_file: Open) -> None:
    [page] = await open_file(animated("TIFF", 3))
    assert (page.pages, page.notes) == (3, ("the first of 3 pages",))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
async def test_a_large_image_is_scaled_down_and_says_so(open_file: Open, kind: str) -> None:
    [page] = await open_file(saved(photo((5000, 4000)), kind))
    assert (page.width, page.height) == (4096, 3277)
    assert page.notes == ("scaled down from 5000 x 4000 to 4096 x 3277 pixels",)
    assert differ_by(corners(page), CORNERS) <= 12


async def test_a_large_image_taken_upright_is_noted_upright(open_file: Open) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    [page] = await open_file(saved(Image.new("RGB", (5000, 2500)), "JPEG", exif=exif))
    assert page.notes == ("scaled down from 2500 x 5000 to 2048 x 4096 pixels",)


async def test_a_long_screenshot_stays_readable(open_file: Open) -> None:
    [page] = await open_file(saved(Image.new("RGB", (1170, 12_000)), "PNG"))
    assert (page.width, page.height) == (1024, 10503)


# --- what is kept ---------------------------------------------------------------------------------


async def test_the_same_file_opens_again_without_a_worker(tmp_path: Path, open_file: Open) -> None:
    first = await open_file(GOOD["animated gif"])
    nobody = PebbleWorkers({})
    again = await decoder.build("", Parts(tmp_path, nobody)).open(GOOD["animated gif"], name="b", workspace="T1")
    assert again == first


async def test_a_workspace_has_its_own(tmp_path: Path, workers: PebbleWorkers) -> None:
    one = decoder.build("", Parts(tmp_path, workers))
    [first] = await one.open(GOOD["png"], name="a", workspace="T1")
    [second] = await one.open(GOOD["png"], name="a", workspace="T2")
    assert first.path.parent == tmp_path / "pixels" / "T1"
    assert second.path.parent == tmp_path / "pixels" / "T2"


async def test_other_limits_draw_anew(open_file: Open) -> None:
    [large] = await open_file(GOOD["png"])
    [small] = await open_file(GOOD["png"], max_side="64")
    assert (large.width, small.width) == (640, 64)


async def test_pixels_that_were_deleted_are_drawn_again(open_file: Open) -> None:
    [page] = await open_file(GOOD["png"])
    page.path.unlink()
    [again] = await open_file(GOOD["png"])
    assert again == page
    assert corners(again) == CORNERS


@pytest.mark.parametrize("left", [0, 5, 200])
async def test_pixels_that_were_cut_short_are_drawn_again(open_file: Open, left: int) -> None:
    [page] = await open_file(GOOD["png"])
    os.truncate(page.path, left)
    [again] = await open_file(GOOD["png"])
    assert again == page
    assert corners(again) == CORNERS


@pytest.mark.parametrize("kept", ['{"mime": "image/', "[]", '{"version": 0}'])
async def test_a_list_that_cannot_be_read_is_drawn_again(open_file: Open, kept: str) -> None:
    [page] = await open_file(GOOD["png"])
    page.path.with_suffix(".json").write_text(kept)
    assert await open_file(GOOD["png"]) == [page]


async def test_what_is_forgotten_is_gone(tmp_path: Path, workers: PebbleWorkers) -> None:
    one = decoder.build("", Parts(tmp_path, workers))
    pages = await one.open(GOOD["pdf"], name="a", workspace="T1")
    await one.forget("T1", pages[0].sha256)
    assert list(pages[0].path.parent.iterdir()) == []


async def test_what_is_opened_briefly_is_nobody_else_s_and_gone_afterwards(
    tmp_path: Path, workers: PebbleWorkers
) -> None:
    one = decoder.build("", Parts(tmp_path, workers))
    data = saved(photo(), "PNG")
    async with one.briefly(data, name="a.png", workspace="T1") as outer:
        async with one.briefly(data, name="a.png", workspace="T1") as inner:
            assert inner[0].path.exists()
            assert inner[0].path != outer[0].path
        assert outer[0].path.exists()
        assert not inner[0].path.exists()
    assert [*(tmp_path / "pixels" / "T1").iterdir()] == []


async def test_what_was_used_longest_ago_makes_room(tmp_path: Path, workers: PebbleWorkers) -> None:
    def png(number: int) -> bytes:
        return saved(photo((300 + number, 300)), "PNG")

    one = decoder.build("", Parts(tmp_path, workers, options={"max_cache_bytes": "1000"}))
    kept = [(await one.open(png(number), name="a", workspace="T1"))[0] for number in range(3)]
    for age, page in ((5000, kept[0]), (9000, kept[1])):
        for file in page.path.parent.glob(f"{page.sha256}*"):
            os.utime(file, (time.time() - age,) * 2)
    await one.open(png(0), name="a", workspace="T1")  # used again, so it stays
    await one.open(png(3), name="a", workspace="T2")
    assert [page.path.exists() for page in kept] == [True, False, True]
    assert await one.kept("T1", kept[1].sha256) is None


async def test_a_cache_within_its_limit_is_left_alone(tmp_path: Path, workers: PebbleWorkers) -> None:
    one = decoder.build("", Parts(tmp_path, workers))
    [old] = await one.open(GOOD["png"], name="a", workspace="T1")
    os.utime(old.path, (1, 1))
    os.utime(old.path.with_suffix(".json"), (1, 1))
    room.make_room(tmp_path / "pixels", 10**9)
    assert old.path.exists()


async def test_all_that_is_kept_is_private_and_nothing_else_is_left(tmp_path: Path, open_file: Open) -> None:
    pages = await open_file(GOOD["pdf"])
    folder = tmp_path / "pixels"
    kept = sorted(path.name for path in (folder / "T1").iterdir())
    name = pages[0].sha256
    assert kept == [f"{name}{end}" for end in ("-p1.png", "-p1.words.json", "-p2.png", "-p2.words.json", ".json")]
    assert {path.stat().st_mode & 0o777 for path in (folder / "T1").iterdir()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / "T1")} == {0o700}


async def test_the_same_file_opened_many_times_at_once_is_drawn_once(open_file: Open) -> None:
    opened = await asyncio.gather(*(open_file(GOOD["heic"]) for _ in range(8)))
    assert all(pages == opened[0] for pages in opened)


async def test_a_warm_open_takes_milliseconds(open_file: Open) -> None:
    photo_12mp = saved(photo((4000, 3000)), "JPEG", quality=95)
    await open_file(photo_12mp)
    start = time.perf_counter()
    await open_file(photo_12mp)
    assert time.perf_counter() - start < 0.1


def test_this_process_has_imported_no_decoder(tmp_path: Path) -> None:
    import subprocess

    program = (
        "import sys, tools.backends.decoder, tools.backends.workers;"
        "print([name for name in sys.modules if name.split('.')[0] in ('PIL', 'pypdfium2', 'pillow_heif', 'numpy')])"
    )
    root = Path(__file__).parents[3]
    found = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
