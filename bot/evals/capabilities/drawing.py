"""Drawing for cases, with the one font that every Pillow has (ASCII only)."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from PIL.ImageDraw import ImageDraw as Brush

Point = tuple[float, float]
Colour = str | tuple[int, int, int]

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (214, 40, 40),
    "green": (40, 150, 60),
    "blue": (40, 80, 210),
    "yellow": (245, 210, 40),
    "orange": (245, 130, 30),
    "purple": (130, 50, 160),
    "black": (20, 20, 20),
    "pink": (250, 150, 190),
    "brown": (120, 75, 35),
}


def sheet(size: tuple[int, int] = (900, 600), paper: Colour = (246, 244, 238)) -> tuple[PillowImage, Brush]:
    picture = Image.new("RGB", size, paper)
    return picture, ImageDraw.Draw(picture)


def shape(brush: Brush, kind: str, at: Point, size: float, colour: Colour) -> None:
    """A circle, square, triangle or star around a point."""
    x, y = at
    box = (x - size, y - size, x + size, y + size)
    if kind == "circle":
        brush.ellipse(box, fill=colour, outline="black", width=2)
    elif kind == "square":
        brush.rectangle(box, fill=colour, outline="black", width=2)
    elif kind == "triangle":
        brush.polygon([(x, y - size), (x - size, y + size), (x + size, y + size)], fill=colour, outline="black")
    else:
        tips = [
            (
                x + size * (1 if n % 2 == 0 else 0.45) * math.sin(n * math.pi / 5),
                y - size * (1 if n % 2 == 0 else 0.45) * math.cos(n * math.pi / 5),
            )
            for n in range(10)
        ]
        brush.polygon(tips, fill=colour, outline="black")


def words(brush: Brush, at: Point, text: str, size: int = 40, colour: Colour = "black", anchor: str = "la") -> float:
    """Write, and return how wide it is, in pixels."""
    font = ImageFont.load_default(size)
    brush.text(at, text, fill=colour, font=font, anchor=anchor)
    return float(font.getlength(text))


def arrow(brush: Brush, start: Point, end: Point, colour: Colour = "black", width: int = 4) -> None:
    brush.line([start, end], fill=colour, width=width)
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    wings = [(end[0] - 18 * math.cos(angle + turn), end[1] - 18 * math.sin(angle + turn)) for turn in (0.45, -0.45)]
    brush.polygon([end, *wings], fill=colour)


def scattered(count: int, seed: int, size: tuple[int, int] = (900, 600), apart: float = 110) -> list[Point]:
    """Places that do not touch each other."""
    chance, found = random.Random(seed), list[Point]()
    while len(found) < count:
        at = (chance.uniform(70, size[0] - 70), chance.uniform(70, size[1] - 70))
        if all(math.dist(at, other) > apart for other in found):
            found.append(at)
    return found


def by_hand(text: str, seed: int, size: int = 54) -> PillowImage:
    """A text as if written by hand: every letter leans, sits and stands a little otherwise, on a wavering line."""
    chance = random.Random(seed)
    lines = text.split("\n")
    picture, _ = sheet((900, 90 + 100 * len(lines)), (250, 248, 240))
    font = ImageFont.load_default(size)
    for row, line in enumerate(lines):
        x, y = 50.0, 45.0 + 100 * row
        for place, letter in enumerate(line):
            tile = Image.new("L", (size * 2, size * 2), 0)
            ImageDraw.Draw(tile).text((size // 2, size // 3), letter, fill=255, font=font)
            lean = 0.22 + chance.uniform(-0.08, 0.08)
            tile = tile.transform(tile.size, Image.Transform.AFFINE, (1, lean, -lean * size, 0, 1, 0))
            tile = tile.rotate(chance.uniform(-7, 7), Image.Resampling.BICUBIC)
            drop = 5 * math.sin(place / 3 + row) + chance.uniform(-3, 3)
            picture.paste((25, 35, 110), (int(x) - size // 2, int(y + drop) - size // 3), tile)
            x += font.getlength(letter) + chance.uniform(-2, 4)
    return picture
