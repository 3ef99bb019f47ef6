"""Contact sheets: pictures side by side, numbered, each with its name and score. Draws only; gate the texts before."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Pillow
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

CELL = (264, 198)
"""Room for a thumbnail, width and height in pixels."""
MARGIN, GAP, FOOT, HEAD = 28, 22, 62, 76
MOST_COLUMNS = 6
RADIUS = 10

PAPER, CARD, FRAME, INK, SOFT, MARK = "#f4f4f1", "#e6e6e1", "#d5d5cf", "#22242a", "#70737c", "#2f5bd0"

SANS = ("DejaVuSans.ttf", "Arial.ttf", "LiberationSans-Regular.ttf", "Arial Unicode.ttf", "NotoSansCJK-Regular.ttc")
BOLD = ("DejaVuSans-Bold.ttf", "Arial Bold.ttf", "LiberationSans-Bold.ttf", "Arial Unicode.ttf", "NotoSansCJK-Bold.ttc")
"""Fonts that Linux and macOS come with; the first that has every letter is taken."""


@dataclass(frozen=True)
class Cell:
    """One picture of a sheet. Without a thumbnail its note stands in the picture's place."""

    number: int
    name: str
    score: float | None
    """None where nothing was compared."""
    thumbnail: Pillow | None = None
    note: str = ""


def contact_sheet(title: str, subtitle: str, cells: Sequence[Cell]) -> Pillow:
    """An RGB picture of the cells in reading order below a title, at most 6 in a row."""
    from PIL import Image, ImageDraw

    columns = min(MOST_COLUMNS, max(1, len(cells)) if len(cells) <= 4 else ceil(sqrt(len(cells) * 1.3)))
    rows = ceil(len(cells) / columns)
    width = 2 * MARGIN + max(2, columns) * (CELL[0] + GAP) - GAP
    sheet = Image.new("RGB", (width, HEAD + MARGIN // 2 + rows * (CELL[1] + FOOT)), PAPER)
    draw = ImageDraw.Draw(sheet)
    _write(draw, (MARGIN, 20), title, 22, INK, width - 2 * MARGIN, bold=True)
    _write(draw, (MARGIN, 50), subtitle, 15, SOFT, width - 2 * MARGIN)
    for place, cell in enumerate(cells):
        row, column = divmod(place, columns)
        _draw(sheet, draw, (MARGIN + column * (CELL[0] + GAP), HEAD + MARGIN // 2 + row * (CELL[1] + FOOT)), cell)
    return sheet


def _draw(sheet: Pillow, draw: ImageDraw, corner: tuple[int, int], cell: Cell) -> None:
    x, y = corner
    box = (x, y, x + CELL[0] - 1, y + CELL[1] - 1)
    draw.rounded_rectangle(box, RADIUS, fill=CARD)
    if cell.thumbnail is not None:
        _paste(sheet, cell.thumbnail, corner)
    draw.rounded_rectangle(box, RADIUS, outline=FRAME)
    if cell.note:
        _note(draw, corner, cell)
    _badge(sheet, corner, str(cell.number))
    score = "" if cell.score is None else f"{cell.score:.2f}"
    room = CELL[0] - _length(score, 15) - 14
    _write(draw, (x + 2, y + CELL[1] + 9), cell.name, 15, INK, room)
    _write(draw, (x + CELL[0] - 2 - _length(score, 15), y + CELL[1] + 9), score, 15, SOFT, CELL[0])


def _paste(sheet: Pillow, thumbnail: Pillow, corner: tuple[int, int]) -> None:
    """In the middle of its room, with the room's round corners."""
    from PIL import Image, ImageDraw, ImageOps

    fitted = ImageOps.contain(thumbnail.convert("RGB"), CELL, Image.Resampling.LANCZOS)
    room = Image.new("RGB", CELL, CARD)
    room.paste(fitted, ((CELL[0] - fitted.width) // 2, (CELL[1] - fitted.height) // 2))
    fine = 4  # drawn at four times the size, so that the corners are smooth
    mask = Image.new("L", (CELL[0] * fine, CELL[1] * fine), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), RADIUS * fine, fill=255)
    sheet.paste(room, corner, mask.resize(CELL, Image.Resampling.LANCZOS))


def _badge(sheet: Pillow, corner: tuple[int, int], number: str) -> None:
    """A number on a pill, drawn large and scaled down so that its edge is smooth."""
    from PIL import Image, ImageDraw

    width, fine = max(28, _length(number, 14, bold=True) + 16), 4
    pill = Image.new("RGBA", (width * fine, 28 * fine))
    draw = ImageDraw.Draw(pill)
    edge = (0, 0, pill.width - 1, pill.height - 1)
    draw.rounded_rectangle(edge, 14 * fine, fill=MARK, outline="white", width=2 * fine)
    middle = (pill.width / 2, pill.height / 2)
    draw.text(middle, number, fill="white", font=_font(number, 14 * fine, bold=True), anchor="mm")
    small = pill.resize((width, 28), Image.Resampling.LANCZOS)
    sheet.paste(small, (corner[0] + 8, corner[1] + 8), small)


def _note(draw: ImageDraw, corner: tuple[int, int], cell: Cell) -> None:
    """In the picture's place, or on a band over its lower edge."""
    x, y = corner
    if cell.thumbnail is not None:
        band = (x + 1, y + CELL[1] - 29, x + CELL[0] - 2, y + CELL[1] - 2)
        draw.rounded_rectangle(band, RADIUS - 1, fill=INK, corners=(False, False, True, True))
        at, ink = (x + CELL[0] // 2, y + CELL[1] - 15), PAPER
    else:
        at, ink = (x + CELL[0] // 2, y + CELL[1] // 2), SOFT
    text = _fitting(cell.note, 14, CELL[0] - 20)
    draw.text(at, text, fill=ink, font=_font(text, 14), anchor="mm")


def _write(
    draw: ImageDraw, at: tuple[int, int], text: str, size: int, ink: str, room: int, *, bold: bool = False
) -> None:
    text = _fitting(text, size, room, bold=bold)
    draw.text(at, text, fill=ink, font=_font(text, size, bold=bold))


def _fitting(text: str, size: int, room: int, *, bold: bool = False) -> str:
    """The text in one line, its middle left out where it is too long: names differ at their ends."""
    text = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    if _font(text, size, bold=bold) is None:
        text = _plain(text)
    short = text
    kept = len(text)
    while kept > 2 and _length(short, size, bold=bold) > room:
        kept -= 1
        short = f"{text[: ceil(kept / 2)].rstrip()}…{text[-(kept // 2) :].lstrip()}"
    return short


def _length(text: str, size: int, *, bold: bool = False) -> int:
    font = _font(text, size, bold=bold) or _fonts(size, bold)[0]
    return ceil(font.getlength(text))


def _font(text: str, size: int, *, bold: bool = False) -> FreeTypeFont | None:
    """The first font that has every letter of the text, or None."""
    return next((font for font in _fonts(size, bold) if all(_has(font, each) for each in set(text))), None)


@cache
def _fonts(size: int, bold: bool) -> tuple[FreeTypeFont, ...]:
    from PIL import ImageFont

    found: list[FreeTypeFont] = []
    for name in BOLD if bold else SANS:
        try:
            found.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    own = ImageFont.load_default(size)
    return (*found, own) if isinstance(own, ImageFont.FreeTypeFont) else tuple(found)


@cache
def _has(font: FreeTypeFont, letter: str) -> bool:
    """Letters a font lacks are all drawn as the same box."""
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\U0010ffff"))


def _plain(text: str) -> str:
    """Without accents, and a question mark for what is still not ASCII."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "replace").decode()
