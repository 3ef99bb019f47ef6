"""Diagrams drawn for tests: boxes, ovals and diamonds with text, joined by arrows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from tests.unit.stand_ins import line
from tools.kit import Line

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from PIL.ImageDraw import ImageDraw as Draw

Place = tuple[int, int]
HALF = (90, 36)


def diagram(
    nodes: Mapping[str, Place],
    arrows: Sequence[tuple[str, str]] = (),
    *,
    plain: Sequence[tuple[str, str]] = (),
    fill: str | None = None,
    form: str = "box",
    open_heads: bool = False,
    labels: Mapping[tuple[str, str], str] | None = None,
    size: Place = (1000, 700),
) -> tuple[PillowImage, list[Line]]:
    """The drawing, and its text as an OCR would read it."""
    picture = Pillow.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    lines = []
    for pair in [*arrows, *plain]:
        start, end = _edge(nodes[pair[0]], nodes[pair[1]]), _edge(nodes[pair[1]], nodes[pair[0]])
        draw.line((*start, *end), fill="black", width=3)
        if pair in arrows:
            _head(draw, start, end, open_heads)
        if labels and pair in labels:
            middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 - 18)
            lines.append(_write(draw, labels[pair], middle))
    for name, (x, y) in nodes.items():
        box = (x - HALF[0], y - HALF[1], x + HALF[0], y + HALF[1])
        if form == "oval":
            draw.ellipse(box, outline="black", fill=fill, width=3)
        elif form == "diamond":
            draw.polygon([(x, box[1]), (box[2], y), (x, box[3]), (box[0], y)], outline="black", fill=fill, width=3)
        else:
            draw.rectangle(box, outline="black" if fill is None else fill, fill=fill, width=3)
        lines.append(_write(draw, name, (x, y)))
    return picture, lines


def _edge(of: Place, towards: Place) -> tuple[float, float]:
    """Where a line between two boxes leaves the first."""
    across, down = towards[0] - of[0], towards[1] - of[1]
    share = min(HALF[0] / abs(across) if across else 9, HALF[1] / abs(down) if down else 9)
    return of[0] + across * share, of[1] + down * share


def _head(draw: Draw, start: tuple[float, float], end: tuple[float, float], is_open: bool) -> None:
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    sides = [(end[0] - 18 * math.cos(angle + turn), end[1] - 18 * math.sin(angle + turn)) for turn in (-0.42, 0.42)]
    if is_open:
        for side in sides:
            draw.line((*side, *end), fill="black", width=3)
    else:
        draw.polygon([end, *sides], fill="black")


def _write(draw: Draw, text: str, middle: tuple[float, float]) -> Line:
    font = ImageFont.load_default(22)
    draw.text(middle, text, "black", font, anchor="mm")
    left, top, right, bottom = draw.textbbox(middle, text, font, anchor="mm")
    return line(text, (left, top, right, bottom))
