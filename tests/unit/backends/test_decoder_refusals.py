"""Files that are no images, or no whole ones: each gets one sentence that says what it is and what to do."""

from __future__ import annotations

import io
import random
import tarfile
import time
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.backends.decoder_files import (
    GOOD,
    bmp_bomb,
    gif_bomb,
    jpeg_bomb,
    photo,
    png_bomb,
    profile_bomb,
    saved,
    text_bomb,
    tiff_bomb,
    webp_bomb,
)
from tools.backends import decoder
from tools.backends.decoder.taking import shown_name
from tools.backends.workers import Lane, PebbleWorkers
from tools.kit import AskAgain, CannotDo, Opened
from tools.kit.parts import Parts

Refusal = Callable[..., Awaitable[str]]

SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def refusal(tmp_path: Path, workers: PebbleWorkers) -> Refusal:
    """The sentence that bytes are refused with."""

    async def refusal(data: bytes | Path, *, name: str = "it", by: Any = workers, **options: str) -> str:
        parts = Parts(tmp_path, by, options=options)
        with pytest.raises(AskAgain) as raised:
            await decoder.build("", parts).open(data, name=name, workspace="T1")
        return str(raised.value)

    return refusal


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


def tarred() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("x"))
    return file.getvalue()


def box(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + bytes(4) + b"isommp42" + bytes(400)


OTHERS = [
    (b"", "empty", "upload it again"),
    (b'<?xml version="1.0"?>\n<!-- a drawing --><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG", "export it as PNG"),
    (b"\xef\xbb\xbf  <svg width='1'></svg>", "SVG", "export it as PNG"),
    (b"<!DOCTYPE html><html><body>Not found</body></html>", "web page", "send the image itself"),
    ("<html><p>è</p></html>".encode("utf-16"), "web page", "send the image itself"),
    (b"<!DOCTYPE html><html><title>Login - Sign in | Slack</title></html>", "Slack's sign-in page", "files:read"),
    (box(b"isom"), "MP4 video", "screenshot"),
    (box(b"qt  "), "QuickTime video", "screenshot"),
    (b"\0\0\0\x08wide\0\0\0\0mdat" + bytes(100), "QuickTime video", "screenshot"),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01" + bytes(100), "WebM", "screenshot"),
    (b"RIFF\0\0\0\0AVI LIST" + bytes(100), "AVI video", "screenshot"),
    (b"\0\0\1\xba" + bytes(100), "MPEG video", "screenshot"),
    ((b"\x47" + bytes(187)) * 4, "MPEG video", "screenshot"),
    (b"ID3\4" + bytes(100), "MP3", "images and PDFs only"),
    (b"\xff\xfb\x90\x64" + bytes(100), "MP3", "images and PDFs only"),
    (b"RIFF\0\0\0\0WAVEfmt " + bytes(100), "WAV", "images and PDFs only"),
    (box(b"M4A "), "M4A", "images and PDFs only"),
    (b"OggS" + bytes(100), "Ogg", "images and PDFs only"),
    (zipped("[Content_Types].xml", "word/document.xml"), "Word", "save it as PDF"),
    (zipped("[Content_Types].xml", "xl/workbook.xml"), "Excel", "save it as PDF"),
    (zipped("[Content_Types].xml", "ppt/presentation.xml"), "PowerPoint", "save it as PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Office", "save it as PDF"),
    (b"{\\rtf1 hello}", "RTF", "save it as PDF"),
    (zipped("photo.jpg"), "ZIP archive", "unpack it"),
    (tarred(), "tar archive", "unpack it"),
    (b"\x1f\x8b\x08" + bytes(20), "gzip", "unpack it"),
    (b"8BPS\0\1" + bytes(40), "Photoshop", "export it as PNG or JPEG"),
    (b"\xff\x0a" + bytes(40), "JPEG XL", "export it as PNG or JPEG"),
    (box(b"crx "), "raw", "export it as PNG or JPEG"),
    (b"\x7fELF" + bytes(40), "program", "send an image"),
    (b"Dear all,\nthe photo follows.\n", "text file", "paste the text"),
    ("Grüße, été\n".encode("cp1252"), "text file", "paste the text"),
    (b'{"ok": false, "error": "not_authed"}', "JSON", "send an image"),
    (b"P6\n4 4\n255\n" + b"abc" * 16, "Netpbm", "export it as PNG or JPEG"),
    (bytes(1000), "no kind of image that I know", "send a JPEG"),
    (random.Random(1).randbytes(5000), "no kind of image that I know", "send a JPEG"),
]


@pytest.mark.parametrize(("data", "what", "remedy"), OTHERS, ids=range(len(OTHERS)))
async def test_what_is_no_image_is_named_with_a_way_out(refusal: Refusal, data: bytes, what: str, remedy: str) -> None:
    said = await refusal(data, name="photo.jpg")
    assert said.startswith("photo.jpg ")
    assert what in said
    assert remedy in said


async def test_the_name_of_a_file_counts_for_nothing(tmp_path: Path, workers: PebbleWorkers) -> None:
    one = decoder.build("", Parts(tmp_path, workers))
    [page] = await one.open(GOOD["png"], name="letter.docx", workspace="T1")
    assert page.mime == "image/png"


# --- limits, before anything is decoded -----------------------------------------------------------


async def test_a_file_with_too_many_bytes_is_refused_with_both_figures(refusal: Refusal, tmp_path: Path) -> None:
    said = "it has 2.0 MB; the limit is 1.5 MB: send a smaller copy."
    assert await refusal(bytes(2_000_000), max_bytes="1500000") == said
    (tmp_path / "large").write_bytes(bytes(2_000_000))
    assert await refusal(tmp_path / "large", max_bytes="1500000") == said


async def test_an_image_with_too_many_pixels_is_refused_with_both_figures(refusal: Refusal) -> None:
    said = await refusal(saved(photo((1200, 1000)), "JPEG"), max_pixels="1000000")
    assert said == "it is a JPEG image of 1200 x 1000 pixels; the limit is 1 megapixels: send a smaller copy."


BOMBS = [png_bomb, gif_bomb, bmp_bomb, tiff_bomb, jpeg_bomb, webp_bomb]


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: str(bomb.__name__))
async def test_a_bomb_is_refused_by_its_header(refusal: Refusal, bomb: Callable[[], bytes]) -> None:
    poor = PebbleWorkers({"decode": Lane(processes=1, seconds=5, megabytes=200)})
    said = await refusal(bomb(), by=poor)
    assert "the limit is 100 megapixels" in said or "damaged" in said
    await poor.close()


@pytest.mark.parametrize("bomb", [text_bomb, profile_bomb])
async def test_what_unpacks_to_far_too_much_is_refused(refusal: Refusal, bomb: Callable[[], bytes]) -> None:
    poor = PebbleWorkers({"decode": Lane(processes=1, seconds=5, megabytes=100)})
    assert "far too much hidden" in await refusal(bomb(), by=poor)
    await poor.close()


# --- broken files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", GOOD)
async def test_half_a_file_is_said_to_be_cut_off(refusal: Refusal, kind: str) -> None:
    said = await refusal(GOOD[kind][: len(GOOD[kind]) // 3])
    assert "damaged" in said
    assert "send" in said


@pytest.mark.parametrize("kind", GOOD)
async def test_any_damage_ends_in_an_image_or_a_sentence(tmp_path: Path, workers: PebbleWorkers, kind: str) -> None:
    chance = random.Random(kind)
    one = decoder.build("", Parts(tmp_path, workers))
    for _ in range(25):
        data = damaged(GOOD[kind], chance)
        result = await outcome(one, data)
        assert isinstance(result, list) or (result.startswith("it ") and result.endswith("."))


async def outcome(one: decoder.WorkerDecoder, original: bytes | Path) -> list[Opened] | str:
    """Pages or a sentence. A task has 5 seconds, a PDF that makes progress several tasks; a busy machine adds some."""
    start = time.monotonic()
    try:
        return await one.open(original, name="it", workspace="T1")
    except AskAgain as refused:
        return str(refused)
    finally:
        several = isinstance(original, Path) and original.suffix == ".pdf"
        assert time.monotonic() - start < (30 if several else 8)


def damaged(good: bytes, chance: random.Random) -> bytes:
    """Cut off, overwritten in places, or with a piece repeated."""
    data = bytearray(good)
    match chance.randrange(3):
        case 0:
            del data[chance.randrange(len(data)) :]
        case 1:
            for _ in range(chance.choice([1, 4, 32])):
                data[chance.randrange(len(data))] = chance.choice([0, 255, chance.randrange(256)])
        case _:
            at = chance.randrange(len(data))
            data[at:at] = data[at // 2 : at // 2 + 100]
    return bytes(data)


# --- workers that fail ----------------------------------------------------------------------------


class Failing:
    """Workers that all come to the same end."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def run(self, lane: str, task: Any, /, *args: Any, **kwargs: Any) -> Any:
        raise self.error

    async def close(self) -> None: ...


@pytest.mark.parametrize(
    ("error", "says"),
    [(TimeoutError(), "too long"), (MemoryError(), "too much memory"), (ChildProcessError(), "broke the program")],
)
async def test_however_a_worker_ends_there_is_a_sentence(refusal: Refusal, error: Exception, says: str) -> None:
    assert says in await refusal(GOOD["png"], by=Failing(error))


async def test_a_decoder_that_takes_too_long_is_given_up(refusal: Refusal) -> None:
    hasty = PebbleWorkers({"decode": Lane(processes=1, seconds=0.05, megabytes=1536)})
    assert "took too long" in await refusal(saved(photo((6000, 6000)), "PNG"), by=hasty)
    await hasty.close()


async def test_a_decoder_that_takes_too_much_memory_is_given_up(refusal: Refusal) -> None:
    poor = PebbleWorkers({"decode": Lane(processes=1, seconds=5, megabytes=120)})
    assert "too much memory" in await refusal(saved(photo((7000, 7000)), "PNG"), by=poor)
    await poor.close()


async def test_nothing_is_left_of_what_was_refused(refusal: Refusal, tmp_path: Path) -> None:
    await refusal(GOOD["png"][:300])
    assert list((tmp_path / "pixels" / "T1").iterdir()) == []


async def test_a_full_disk_is_said(tmp_path: Path) -> None:
    full = Failing(OSError(28, "No space left on device"))
    with pytest.raises(CannotDo, match="disk is full"):
        await decoder.build("", Parts(tmp_path, full)).open(GOOD["png"], name="it", workspace="T1")


# --- files that are not there ---------------------------------------------------------------------


async def test_a_missing_file_is_said(refusal: Refusal, tmp_path: Path) -> None:
    assert await refusal(tmp_path / "nothing") == "There is no file it: check the name."


async def test_a_folder_is_said(refusal: Refusal, tmp_path: Path) -> None:
    assert await refusal(tmp_path) == "it is a folder: name the images in it."


async def test_a_device_is_not_read(refusal: Refusal) -> None:
    assert await refusal(Path("/dev/zero")) == "There is no file it: check the name."


@pytest.mark.parametrize("workspace", ["..", "a/b", "", "."])
async def test_a_workspace_cannot_lead_elsewhere(tmp_path: Path, workers: PebbleWorkers, workspace: str) -> None:
    with pytest.raises(ValueError, match="workspace"):
        await decoder.build("", Parts(tmp_path, workers)).open(GOOD["png"], name="it", workspace=workspace)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("photo.jpg", "photo.jpg"),
        ("", "This file"),
        ("\u202egpj.exe\n\tnow {0}", "gpj.exe now {0}"),
        ("x" * 200 + "-the-end.jpeg", "x" * 60 + "…" + "xxxxxx-the-end.jpeg"),
    ],
)
def test_a_name_is_shown_on_one_line(name: str, shown: str) -> None:
    assert shown_name(name) == shown


# --- the real files -------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data")
@pytest.mark.parametrize("folder", ["hostile", "formats", "pdfs"])
async def test_every_real_file_ends_in_images_or_a_sentence(
    tmp_path: Path, workers: PebbleWorkers, folder: str
) -> None:
    one = decoder.build("", Parts(tmp_path, workers))
    files = sorted((SHARED / folder).iterdir())
    opened = [await outcome(one, file) for file in files]
    assert sum(isinstance(result, list) for result in opened) > 0.5 * len(files)
