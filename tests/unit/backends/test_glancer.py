"""What pixels alone tell of an image: kind, colours, hash, and whether there may be text on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from bot.archive.enriching import LETTERED
from tests.colours import HereWorkers, paint
from tests.unit.archive.test_enriching import written
from tools.backends import glancer
from tools.backends.glancer.looking import AREA, glance_at, glances
from tools.backends.workers import PebbleWorkers
from tools.kit import Glance
from tools.kit.parts import Parts
from tools.kit.pictures.fingerprint import bits_apart

SHARED = Path(__file__).parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared/data")


def at(path: Path) -> Glance:
    [found] = glances([path])
    assert found
    return found


def scenery(path: Path, seed: int = 0) -> Path:
    """Soft shapes with a camera's noise."""
    random = np.random.default_rng(seed)
    coarse = Pillow.fromarray(random.integers(30, 220, (9, 12, 3), dtype=np.uint8)).resize((640, 480), 3)
    noisy = np.asarray(coarse) + random.normal(0, 5, (480, 640, 3))
    Pillow.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(path, quality=90)
    return path


def screen(path: Path) -> Path:
    """A window with a bar on top, a list at its side, rows of text and a button."""
    picture = Pillow.new("RGB", (1280, 800), "#ffffff")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(16)
    draw.rectangle((0, 0, 1280, 48), "#3f0e40")
    draw.rectangle((0, 48, 220, 800), "#4d2a51")
    for row in range(18):
        draw.text((16, 70 + 38 * row), f"# channel-{row}", "#dddddd", font)
        draw.rounded_rectangle((240, 62 + 40 * row, 272, 94 + 40 * row), 6, f"hsl({row * 40}, 60%, 50%)")
        draw.text((284, 66 + 40 * row), f"Anna  10:{row + 10}  the deploy of build {row * 31} is done", "#1d1c1d", font)
    draw.rounded_rectangle((1120, 740, 1250, 780), 8, "#007a5a")
    draw.line((220, 48, 220, 800), "#cccccc")
    picture.save(path)
    return path


def clip_art(path: Path) -> Path:
    picture = Pillow.new("RGB", (500, 400), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((120, 60, 380, 320), "#ffcc00", "black", 6)
    draw.ellipse((190, 140, 220, 180), "black")
    draw.ellipse((280, 140, 310, 180), "black")
    draw.arc((180, 160, 320, 280), 20, 160, "black", 8)
    picture.save(path)
    return path


@pytest.mark.parametrize(
    ("make", "kind"), [(scenery, "photo"), (screen, "screenshot"), (written, "document"), (clip_art, "drawing")]
)
def test_four_kinds_are_told_apart(make: Callable[[Path], Path], kind: str, tmp_path: Path) -> None:
    assert at(make(tmp_path / "a.jpg")).kind == kind


@needs_data
@pytest.mark.parametrize(
    ("files", "kind", "share"),
    [("captions/images/*", "photo", 0.97), ("objects/*.JPEG", "photo", 0.95), ("receipts/img/*", "document", 0.95)],
)
def test_kinds_hold_on_real_images(files: str, kind: str, share: float) -> None:
    found = glances(sorted(SHARED.glob(files))[::4])
    assert found
    assert sum(each is not None and each.kind == kind for each in found) >= share * len(found)


@needs_data
def test_no_receipt_is_taken_for_one_without_text() -> None:
    found = glances(sorted((SHARED / "receipts" / "img").iterdir()))
    assert all(each is not None and each.lettered >= LETTERED for each in found)


def test_what_is_plain_has_no_letters(tmp_path: Path) -> None:
    assert at(scenery(tmp_path / "a.jpg")).lettered < LETTERED
    assert at(written(tmp_path / "page.png")).lettered > 0.9


def test_copies_look_the_same_and_others_do_not(tmp_path: Path) -> None:
    original = scenery(tmp_path / "a.jpg")
    with Pillow.open(original) as image:
        image.resize((320, 240)).save(tmp_path / "small.png")
        image.save(tmp_path / "worse.jpg", quality=30)
    looks = [at(tmp_path / name).phash for name in ("a.jpg", "small.png", "worse.jpg")]
    assert [bits_apart(looks[0], other) for other in looks[1:]] <= [4, 4]
    apart = bits_apart(looks[0], at(scenery(tmp_path / "b.jpg", 7)).phash)
    assert apart is not None
    assert apart > 12


def test_a_turned_photo_is_seen_upright(tmp_path: Path) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    with Pillow.open(scenery(tmp_path / "a.jpg")) as picture:
        picture.save(tmp_path / "turned.jpg", exif=exif, quality=95)
        picture.rotate(-90, expand=True).save(tmp_path / "upright.jpg", quality=95)
    apart = bits_apart(at(tmp_path / "turned.jpg").phash, at(tmp_path / "upright.jpg").phash)
    assert apart is not None
    assert apart <= 2


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (2, 2), (3, 3), (5000, 4)])
def test_the_smallest_and_the_thinnest_are_looked_at(tmp_path: Path, size: tuple[int, int]) -> None:
    paint(tmp_path / "a.png", "red", size=size)
    assert at(tmp_path / "a.png").colours == ("red",)


def test_large_images_are_reduced(tmp_path: Path) -> None:
    paint(tmp_path / "a.png", "red", "yellow", size=(6000, 4000))
    assert at(tmp_path / "a.png").colours == ("red", "yellow")
    assert AREA < 6000 * 4000


def test_a_shade_is_found_by_its_plain_name_too(tmp_path: Path) -> None:
    Pillow.new("RGB", (50, 50), "#0a1e50").save(tmp_path / "night.png")
    assert at(tmp_path / "night.png").colours == ("dark blue", "blue")


def test_what_shows_through_is_white(tmp_path: Path) -> None:
    Pillow.new("RGBA", (50, 50), (0, 0, 0, 0)).save(tmp_path / "glass.png")
    assert at(tmp_path / "glass.png").colours == ("white",)


async def test_a_file_that_takes_its_worker_down_costs_only_itself(tmp_path: Path) -> None:
    for number in range(3):
        paint(tmp_path / f"{number}.png", "red")

    class Fragile(HereWorkers):
        async def run(self, lane: str, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
            if any(file.name == "1.png" for file in args[0]):
                raise ChildProcessError("The decode worker died.")
            return task(*args)

    looks = glancer.build("", Parts(tmp_path, Fragile()))
    found = await looks.glance([tmp_path / f"{number}.png" for number in range(3)])
    assert [each and each.colours for each in found] == [("red",), None, ("red",)]


async def test_it_is_done_in_workers(tmp_path: Path) -> None:
    workers = PebbleWorkers()
    paint(tmp_path / "a.png", "red")
    found = await glancer.build("", Parts(tmp_path, workers)).glance([tmp_path / "a.png", tmp_path / "none.png"])
    await workers.close()
    assert [each and each.colours for each in found] == [("red",), None]


def test_pixels_of_any_shape_are_looked_at() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 30, 3), dtype=np.uint8)
    assert glance_at(noise).kind in ("photo", "screenshot", "document", "drawing")
