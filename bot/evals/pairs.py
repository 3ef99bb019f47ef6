"""Product pairs drawn by the project, with the differences a comparison has to name.

Five pairs differ in one way each (colour, a part, printed text, proportions, damage). Two controls do not differ: the
same file twice, and the same product photographed again. Every second picture is taken "with another camera": moved,
turned, scaled, brighter and saved as JPEG, none of which counts as a difference.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

SIZE = 800
FINE = 2  # drawn at twice the size and reduced, so that edges look like a lens made them

Colour = tuple[int, int, int]
Drawing = Callable[["ImageDraw"], None]

BLUE, RED, GREEN, CREAM, STEEL = (38, 84, 168), (190, 38, 44), (46, 125, 70), (238, 228, 204), (150, 156, 164)
INK = (32, 32, 36)


@dataclass(frozen=True)
class Pair:
    """Two pictures, the question, and what must be said of them."""

    name: str
    first: PillowImage
    second: PillowImage
    question: str
    expected: tuple[frozenset[str], ...]
    """Each set of words must occur together in one stated difference. Empty: no difference may be stated."""
    camera: bool = True
    """Whether the second was taken again; False is the very same file."""


@dataclass(frozen=True)
class Shot:
    """How a picture is taken again: pixels, degrees and factors."""

    right: float = 0
    down: float = 0
    turn: float = 0
    scale: float = 1
    light: float = 1
    quality: int = 85


def pairs() -> Iterator[Pair]:
    """The five pairs, then the two controls."""
    advertised = "Is the product as advertised?"
    mug = _mug(BLUE)
    yield Pair("colour", mug, again(_mug(RED), Shot(9, -6, 1.5, 0.97, 1.08)), advertised, (frozenset({"blue", "red"}),))
    yield Pair(
        "part missing",
        _bottle(cap=True),
        again(_bottle(cap=False), Shot(-7, 5, -1, 1.03, 0.94)),
        advertised,
        (frozenset({"missing", "top"}),),
    )
    yield Pair(
        "text and price",
        _carton("$9.99"),
        again(_carton("$12.99"), Shot(5, 4, 0.8, 0.98, 1.05)),
        "Is the price the same?",
        (frozenset({"9.99", "12.99"}),),
    )
    yield Pair(
        "proportions",
        _bottle(tall=1.0),
        again(_bottle(tall=0.72), Shot(4, 6, 0, 1, 1.04)),
        advertised,
        (frozenset({"shorter"}),),
    )
    yield Pair(
        "damage",
        _tray(cracked=False),
        again(_tray(cracked=True), Shot(-5, -4, 1, 1.02, 0.96)),
        "Has it been damaged?",
        (frozenset({"mark"}),),
    )
    yield Pair("identical", mug, mug, advertised, (), camera=False)
    carton = _carton("$9.99")
    yield Pair("near-duplicate", carton, again(carton, Shot(11, -8, 2, 0.93, 1.12, 70)), advertised, ())


def save(pair: Pair, folder: Path) -> tuple[Path, Path]:
    """Write both pictures as PNG and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = pair.name.replace(" ", "-")
    paths = folder / f"{stem}-1.png", folder / f"{stem}-2.png"
    for picture, path in zip((pair.first, pair.second), paths, strict=True):
        picture.save(path)
    return paths


def named(expected: tuple[frozenset[str], ...], differences: list[str]) -> bool:
    """Whether the stated differences are the expected ones: each is named, and none is stated where none is."""
    if not expected:
        return not differences
    return all(any(all(word in said.lower() for word in words) for said in differences) for words in expected)


def again(picture: PillowImage, shot: Shot) -> PillowImage:
    """The picture as another camera would take it."""
    from PIL import Image, ImageEnhance

    margin = round(0.05 * min(picture.size))  # a real camera has no empty corners
    moved = picture.rotate(shot.turn, Image.Resampling.BICUBIC, translate=(round(shot.right), round(shot.down)))
    framed = moved.crop((margin, margin, picture.width - margin, picture.height - margin))
    size = (round(framed.width * shot.scale), round(framed.height * shot.scale))
    taken = framed.resize(size, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    ImageEnhance.Brightness(taken).enhance(shot.light).save(file, "JPEG", quality=shot.quality)
    return Image.open(file).convert("RGB")


def variants(pair: Pair, shots: list[Shot]) -> Iterator[Pair]:
    """The same pair with the second picture taken again in other ways."""
    for number, shot in enumerate(shots):
        yield replace(pair, name=f"{pair.name} {number}", second=again(pair.second, shot), camera=True)


# --- drawing ------------------------------------------------------------------------------------


def _studio(draw_product: Drawing) -> PillowImage:
    """The product on a table before a grey wall, softly lit from the left."""
    from PIL import Image, ImageChops, ImageDraw

    wide = SIZE * FINE
    picture = Image.new("RGB", (wide, wide), (228, 228, 226))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, wide * 0.78, wide, wide), fill=(202, 194, 182))
    draw_product(draw)
    light = Image.linear_gradient("L").rotate(90).resize((wide, wide)).point(lambda level: 215 + level * 40 // 255)
    shade = Image.merge("RGB", (light, light, light))
    return ImageChops.multiply(picture, shade).resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def _at(*numbers: float) -> list[float]:
    """Thousandths of the picture to pixels of the fine drawing."""
    return [number / 1000 * SIZE * FINE for number in numbers]


def _font(thousandths: float) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(thousandths / 1000 * SIZE * FINE)


def _write(draw: ImageDraw, x: float, y: float, text: str, size: float, fill: Colour = INK) -> None:
    across, down = _at(x, y)
    draw.text((across, down), text, fill, _font(size), anchor="mm")


def _mug(colour: Colour) -> PillowImage:
    def product(draw: ImageDraw) -> None:
        draw.ellipse(_at(250, 760, 720, 830), fill=(176, 168, 158))
        draw.arc(_at(560, 370, 790, 640), -100, 100, fill=colour, width=int(_at(45)[0]))
        draw.rounded_rectangle(_at(280, 300, 640, 800), int(_at(40)[0]), fill=colour)
        draw.ellipse(_at(280, 265, 640, 345), fill=tuple(part * 2 // 3 for part in colour))
        draw.rectangle(_at(280, 480, 640, 640), fill=CREAM)
        _write(draw, 460, 530, "HARBOUR", 62)
        _write(draw, 460, 600, "stoneware mug", 36)

    return _studio(product)


def _bottle(*, cap: bool = True, tall: float = 1.0) -> PillowImage:
    def product(draw: ImageDraw) -> None:
        top = 860 - 500 * tall
        draw.ellipse(_at(330, 825, 690, 880), fill=(176, 168, 158))
        draw.rounded_rectangle(_at(380, top, 620, 860), int(_at(45)[0]), fill=GREEN)
        draw.rectangle(_at(455, top - 110, 545, top + 40), fill=GREEN)
        if cap:
            draw.rounded_rectangle(_at(440, top - 160, 560, top - 70), int(_at(12)[0]), fill=RED)
        draw.rectangle(_at(380, top + 110 * tall, 620, top + 380 * tall), fill=CREAM)
        _write(draw, 500, top + 180 * tall, "OLIVA", 64)
        _write(draw, 500, top + 260 * tall, "extra virgin", 34)
        _write(draw, 500, top + 330 * tall, "cold pressed", 30)

    return _studio(product)


def _carton(price: str) -> PillowImage:
    def product(draw: ImageDraw) -> None:
        draw.polygon(_at(240, 860, 700, 860, 790, 800, 330, 800), fill=(176, 168, 158))
        draw.polygon(_at(640, 180, 730, 140, 730, 810, 640, 860), fill=(176, 112, 36))
        draw.rectangle(_at(240, 180, 640, 860), fill=(222, 150, 54))
        draw.rectangle(_at(240, 250, 640, 360), fill=INK)
        _write(draw, 440, 305, "MORNING OATS", 52, CREAM)
        draw.ellipse(_at(330, 420, 550, 640), fill=CREAM)
        _write(draw, 440, 530, "500 g", 60)
        draw.rectangle(_at(310, 720, 570, 800), fill=(250, 250, 246))
        _write(draw, 440, 760, price, 58)

    return _studio(product)


def _tray(*, cracked: bool) -> PillowImage:
    def product(draw: ImageDraw) -> None:
        draw.rounded_rectangle(_at(150, 250, 850, 750), int(_at(60)[0]), fill=STEEL)
        draw.rounded_rectangle(_at(200, 300, 800, 700), int(_at(40)[0]), fill=(176, 182, 190))
        for x in (250, 750):
            draw.ellipse(_at(x - 18, 482, x + 18, 518), fill=INK)
        _write(draw, 500, 640, "NORTHERN STEEL", 40)
        if cracked:
            crack = _at(330, 330, 372, 392, 356, 430, 420, 486, 404, 520, 448, 566)
            draw.line(crack, fill=(52, 48, 46), width=int(_at(9)[0]), joint="curve")
            draw.line(_at(372, 392, 430, 404, 462, 380), fill=(52, 48, 46), width=int(_at(7)[0]))

    return _studio(product)
