"""What may be sent to a provider: judged on this machine, blurred or withheld, and withheld when in doubt."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from tests.unit.papers import image as paper
from tools.backends.decoder import build as build_decoder
from tools.backends.privacy import LocalDiscretion, build
from tools.backends.privacy.faces import faces
from tools.backends.rapid_ocr import build as build_ocr
from tools.backends.workers import PebbleWorkers
from tools.kit import AskAgain, Image, ImageRef, Reading
from tools.kit.discretion import Sensitive
from tools.kit.parts import Parts

WORDS = (
    "Dear Ms Berg, thank you for your letter",
    "of 3 May about the contract 88-1207.",
    "We have found the amount of 1,250.00",
    "to be correct and shall pay it within",
    "thirty days to the account you named.",
    "Please sign the second copy and send it",
    "back to us at 12 Hill Road, Springfield.",
)


def font(size: int) -> Any:
    return ImageFont.load_default(size)


def letter() -> Pillow.Image:
    page = Pillow.new("RGB", (900, 1200), (252, 251, 247))
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(WORDS):
        draw.text((80, 150 + 90 * number), line, fill=(30, 30, 35), font=font(38))
    grain = np.random.default_rng(1).normal(0, 6, (1200, 900, 3))
    return Pillow.fromarray(np.clip(np.asarray(page) + grain, 0, 255).astype(np.uint8))


def screenshot() -> Pillow.Image:
    page = Pillow.new("RGB", (1280, 800), (240, 242, 245))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 220, 800), fill=(63, 14, 64))
    draw.rectangle((400, 200, 900, 600), fill=(255, 255, 255), outline=(180, 180, 180))
    for number, channel in enumerate(("general", "random", "incidents")):
        draw.text((24, 30 + 44 * number), f"# {channel}", fill=(255, 255, 255), font=font(24))
    draw.text((440, 250), "Sign in as anna.berg", fill=(20, 20, 20), font=font(30))
    return page


SAMPLES: Any = importlib.import_module("skimage.data")


def astronaut() -> Pillow.Image:
    return Pillow.fromarray(SAMPLES.astronaut())


def photo() -> Pillow.Image:
    """A cat."""
    return Pillow.fromarray(SAMPLES.chelsea())


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """One home and the same workers for all: making the networks ready costs seconds."""
    workers = PebbleWorkers()
    yield Parts(home=tmp_path_factory.mktemp("home"), workers=workers)
    asyncio.run(workers.close())


def posted(picture: Pillow.Image, folder: Path, *, mime: str = "image/png") -> Image:
    (folder / "T1").mkdir(exist_ok=True)
    sha256 = hashlib.sha256(f"{folder} {mime}".encode() + picture.tobytes()).hexdigest()
    path = folder / "T1" / f"{sha256}.png"
    picture.save(path)
    ref = ImageRef(
        handle="image 1", sha256=sha256, mime=mime, width=picture.width, height=picture.height, name="IMG_1.png"
    )
    return Image(ref, path)


def discretion(parts: Parts, *held: Sensitive, blur: bool = False) -> LocalDiscretion:
    options = {"hold_back": ",".join(held), "hold_back_how": "blur" if blur else "withhold"}
    own = Parts(home=parts.home, workers=parts.workers, options=options)
    return build("", own, ocr=build_ocr("", parts))


ALL: tuple[Sensitive, ...] = ("faces", "screens", "documents")


@pytest.mark.parametrize(
    ("make", "mime", "held", "because"),
    [
        (astronaut, "image/jpeg", "faces", "shows a face"),
        (letter, "image/jpeg", "documents", "shows a document"),
        (screenshot, "image/png", "screens", "shows a screen"),
        (letter, "application/pdf", "documents", "shows a document"),
    ],
)
async def test_a_kind_that_is_held_back_is_withheld_and_named(
    make: Any, mime: str, held: Sensitive, because: str, parts: Parts, tmp_path: Path
) -> None:
    sendable = await discretion(parts, held).before_sending(posted(make(), tmp_path, mime=mime))
    assert sendable.image is None
    assert sendable.note.startswith(f"image 1 {because}")
    assert "not sent" in sendable.note


async def test_a_photo_that_shows_none_of_them_is_sent_as_it_is(parts: Parts, tmp_path: Path) -> None:
    image = posted(photo(), tmp_path)
    sendable = await discretion(parts, *ALL).before_sending(image)
    assert (sendable.image, sendable.note, sendable.mark) == (image, "", "")


async def test_a_kind_that_is_not_held_back_is_sent(parts: Parts, tmp_path: Path) -> None:
    image = posted(astronaut(), tmp_path)
    assert (await discretion(parts, "documents").before_sending(image)).image == image


async def test_without_a_kind_nothing_is_judged() -> None:
    image = paper()  # there is no such file
    nobody: Any = None
    assert (await LocalDiscretion([], nobody, nobody, Path()).before_sending(image)).image is image


async def test_a_blurred_face_is_found_no_more_and_the_rest_stays(parts: Parts, tmp_path: Path) -> None:
    image = posted(astronaut(), tmp_path)
    before = image.pixels()
    box = faces(before, parts.home / "models")[0].box
    sendable = await discretion(parts, "faces", blur=True).before_sending(image)
    assert sendable.note == "In image 1 faces were blurred before it was sent to the model."
    assert sendable.mark == "blurred faces"
    assert sendable.image is not None
    after = sendable.image.pixels()
    assert after.shape == before.shape
    assert faces(after, parts.home / "models") == []
    left, top, right, bottom = (int(edge) for edge in box)
    colours = np.unique(after[top:bottom, left:right].reshape(-1, 3), axis=0)
    assert len(colours) < 100  # a face of tens of thousands of pixels is left with a few squares
    assert np.array_equal(after[400:, :100], before[400:, :100])


@pytest.mark.parametrize(("make", "held"), [(letter, "documents"), (screenshot, "screens")])
async def test_blurred_text_cannot_be_read_any_more(make: Any, held: Sensitive, parts: Parts, tmp_path: Path) -> None:
    image = posted(make(), tmp_path)
    ocr = build_ocr("", parts)
    assert (await ocr.read(image)).lines
    sendable = await discretion(parts, held, blur=True).before_sending(image)
    assert sendable.note == "In image 1 text was blurred before it was sent to the model."
    assert sendable.image is not None
    other = ImageRef(**{**image.ref.model_dump(), "sha256": "cd" * 32})
    assert (await ocr.read(Image(other, sendable.image.path))).lines == ()


async def test_what_was_judged_and_blurred_is_kept_beside_the_image_and_goes_with_it(
    parts: Parts, tmp_path: Path
) -> None:
    decoder = build_decoder("", parts)
    original = tmp_path / "photo.png"
    astronaut().save(original)
    opened = (await decoder.open(original, name="photo.png", workspace="T1"))[0]
    ref = ImageRef(
        handle="image 1", sha256=opened.sha256, mime=opened.mime, width=opened.width, height=opened.height, name="p"
    )
    image = Image(ref, opened.path)
    careful = discretion(parts, "faces", blur=True)
    first = await careful.before_sending(image)
    assert first.image is not None
    written = first.image.path.stat().st_mtime_ns
    assert await careful.before_sending(image) == first
    assert first.image.path.stat().st_mtime_ns == written
    assert first.image.path.parent == image.path.parent
    await decoder.forget("T1", opened.sha256)
    assert [file.name for file in image.path.parent.iterdir() if opened.sha256 in file.name] == []


async def test_an_image_that_cannot_be_judged_is_withheld(parts: Parts, tmp_path: Path) -> None:
    image = posted(photo(), tmp_path)
    image.path.write_bytes(b"no picture")
    sendable = await discretion(parts, "faces").before_sending(image)
    assert sendable.image is None
    assert sendable.note == "Whether image 1 may be sent could not be judged, so it was not sent."


async def test_a_reader_that_fails_withholds_the_image(parts: Parts, tmp_path: Path) -> None:
    class Broken:
        async def read(self, image: Image) -> Reading:
            raise RuntimeError("the reader is broken")

    careful = LocalDiscretion(["documents"], parts.workers, Broken(), parts.home / "models")
    assert (await careful.before_sending(posted(photo(), tmp_path))).image is None


async def test_text_that_stays_readable_withholds_the_image(parts: Parts, tmp_path: Path) -> None:
    class Sharp:
        """Reads whatever is done to it."""

        async def read(self, image: Image) -> Reading:
            return await build_ocr("", parts).read(posted(letter(), tmp_path / "again"))

    (tmp_path / "again").mkdir()
    careful = LocalDiscretion(["documents"], parts.workers, Sharp(), parts.home / "models", blur=True)
    sendable = await careful.before_sending(posted(letter(), tmp_path))
    assert sendable.image is None
    assert "could not be blurred well enough" in sendable.note


def test_an_unknown_kind_is_refused(parts: Parts) -> None:
    with pytest.raises(AskAgain, match=r"SPYGLASS_HOLD_BACK=face is unknown: it takes faces, screens, documents\."):
        discretion(parts, "face")  # type: ignore[arg-type]


async def test_kept_looks_hold_no_text(parts: Parts, tmp_path: Path) -> None:
    image = posted(letter(), tmp_path)
    await discretion(parts, "documents").before_sending(image)
    (kept,) = image.path.parent.glob(f"{image.ref.sha256}.looks-*.json")
    assert set(json.loads(kept.read_text())) == {"faces", "flat", "device", "saturation", "value"}
