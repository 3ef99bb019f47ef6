"""Papers typed as text: a reading whose words stand where they stand in the lines, 10 pixels a character."""

from __future__ import annotations

import math
import re
from pathlib import Path

from tools.kit import Image, ImageRef, Line, Quad, Reading, Word

WIDE, HIGH = 10.0, 20.0


def typed(text: str, *, angle: float = 0.0, sure: float = 1.0) -> Reading:
    """The paper as an OCR would hand it over; with `angle`, as read from a photo that had to be turned by so much."""
    lines = []
    for number, row in enumerate(text.strip("\n").splitlines()):
        words = tuple(
            Word(text=match.group(), quad=_turned(_quad(number, *match.span()), -angle), sure=sure)
            for match in re.finditer(r"\S+", row)
        )
        if words:
            quad = (words[0].quad[0], words[-1].quad[1], words[-1].quad[2], words[0].quad[3])
            lines.append(Line(text=" ".join(row.split()), quad=quad, sure=sure, words=words))
    return Reading(lines=tuple(lines), width=1000, height=1000, angle=angle)


def _quad(number: int, start: int, end: int) -> Quad:
    left, top, right, bottom = start * WIDE, number * 1.4 * HIGH, end * WIDE, number * 1.4 * HIGH + HIGH
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _turned(quad: Quad, angle: float) -> Quad:
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    a, b, c, d = ((x * cos - y * sin, x * sin + y * cos) for x, y in quad)
    return (a, b, c, d)


def image(path: Path = Path("nowhere.png"), sha256: str = "0" * 64, *, width: int = 1000, height: int = 1000) -> Image:
    ref = ImageRef(handle="image 1", sha256=sha256, mime="image/png", width=width, height=height, name="paper.png")
    return Image(ref, path)


class Typist:
    """An `Ocr` that reads one typed paper."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    async def read(self, image: Image) -> Reading:
        return self.reading
