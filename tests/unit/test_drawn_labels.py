"""Diagrams as people draw them: labels stay in their boxes however a reader joined their lines."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from bot.evals.capabilities.diagrams import SHOP, SHOP_EDGES, drawn
from tests.unit.stand_ins import Here, kept, line
from tools.backends.opencv_diagrams import OpenCvDiagrams
from tools.backends.rapid_ocr import engine
from tools.kit import Diagram, Line

HIGH = 90


def boxes(words: list[str], *, columns: int, size: int, gap: int, fill: str | None = None) -> Pillow.Image:
    """Boxes in rows of `columns`, each joined to the next in its row, or below where there is one column."""
    wide = max(150, round(max(map(len, words)) * size * 0.66) + 30)
    places = [(40 + at % columns * (wide + gap), 60 + at // columns * (HIGH + gap)) for at in range(len(words))]
    right, bottom = max(x for x, _ in places) + wide + 60, max(y for _, y in places) + HIGH + 60
    picture = Pillow.new("RGB", (right, bottom), "white")
    draw = ImageDraw.Draw(picture)
    for (x, y), word in zip(places, words, strict=True):
        draw.rectangle((x, y, x + wide, y + HIGH), outline="black", width=3, fill=fill)
        draw.text((x + wide / 2, y + HIGH / 2), word, fill="black", font=ImageFont.load_default(size), anchor="mm")
    for (x, y), (u, v) in itertools.pairwise(places):
        if y == v:
            _arrow(draw, (x + wide + 4, y + HIGH // 2), (u - 4, y + HIGH // 2))
        elif columns == 1:
            _arrow(draw, (x + wide // 2, y + HIGH + 4), (x + wide // 2, v - 4))
    return picture


def _arrow(draw: ImageDraw.ImageDraw, start: tuple[int, int], end: tuple[int, int]) -> None:
    (x, y), across = end, start[1] == end[1]
    draw.line((start, end), fill="black", width=3)
    sides = [(x - 16, y - 10), (x - 16, y + 10)] if across else [(x - 10, y - 16), (x + 10, y - 16)]
    draw.polygon([end, *sides], fill="black")


async def read(picture: Pillow.Image, folder: Path, lines: list[Line] | None = None) -> Diagram:
    found = lines or list(engine.read_pixels(np.asarray(picture)[..., ::-1].copy()).lines)
    return await OpenCvDiagrams(Here()).read(kept(picture, folder / "d.png"), found)


def joined(diagram: Diagram) -> list[str]:
    return sorted(f"{diagram.nodes[a.start].label} -> {diagram.nodes[a.end].label}" for a in diagram.arrows)


@pytest.mark.parametrize(("size", "gap", "fill"), [(18, 140, None), (26, 70, "#dde8ff"), (34, 110, None)])
@pytest.mark.parametrize("columns", [1, 3])
async def test_every_label_is_in_its_box_and_every_arrow_is_followed(
    columns: int, size: int, gap: int, fill: str | None, tmp_path: Path
) -> None:
    words = ["Browser", "Server", "Database"] if size > 28 else ["Login", "Cart", "Payment"]
    diagram = await read(boxes(words, columns=columns, size=size, gap=gap, fill=fill), tmp_path)
    assert [node.label for node in diagram.nodes] == words
    assert joined(diagram) == sorted([f"{words[0]} -> {words[1]}", f"{words[1]} -> {words[2]}"])


async def test_a_line_read_across_two_boxes_and_their_arrow_is_taken_apart(tmp_path: Path) -> None:
    picture = boxes(["Browser", "Server", "Database"], columns=3, size=30, gap=110)
    merged = [line("Browser X Server ▶ Database", (60, 88, picture.width - 80, 122))]
    diagram = await read(picture, tmp_path, merged)
    assert [node.label for node in diagram.nodes] == ["Browser", "Server", "Database"]
    assert joined(diagram) == ["Browser -> Server", "Server -> Database"]


async def test_what_stands_between_boxes_is_read_without_what_stands_in_them(tmp_path: Path) -> None:
    """Arrows that touch the boxes: each outline has another one within it."""
    merged = [
        line("Web 1 API", (99, 127, 486, 173)),
        line("DB", (719, 130, 782, 172)),
        line("Mail", (407, 429, 493, 472)),
    ]
    diagram = await read(drawn(SHOP, SHOP_EDGES), tmp_path, merged)
    assert [node.label for node in diagram.nodes] == ["Web", "API", "DB", "Mail"]
