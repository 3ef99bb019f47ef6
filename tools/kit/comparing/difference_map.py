"""Draws two images side by side with their differences numbered, and close-ups of the small ones.

The words on it are ours alone: what is printed in the images is never copied onto it, where no rule could catch it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.kit.types import Box

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

    Font = FreeTypeFont | ImageFont

PANEL = 620
"""Pixels of the longer side of each image on the map."""
GAP = 20
MARK, PAPER, INK, FAINT = (214, 0, 110), (255, 255, 255), (28, 28, 32), (110, 112, 120)
SMALL = 0.22
"""Part of the panel's side below which a difference gets a close-up."""
HEAD, ROW, LEAST_WIDTH = 56, 34, 700
CLOSE_UP = 190
CLOSE_UPS = 3
MARKS = 8
BADGE = 30
"""Pixels from badge to badge below which they would cover each other."""


@dataclass(frozen=True)
class Mark:
    """One numbered difference."""

    label: str
    """A few words for the list below the images."""
    places: tuple[tuple[Box, Box], ...]
    """Where it shows: in pixels of the first image and of the second. Empty when it has no one place."""


@dataclass(frozen=True)
class Panel:
    """An image reduced to its place on the map."""

    picture: PillowImage
    scale: float

    def placed(self, box: Box, left: float, top: float) -> Box:
        x, y, right, bottom = (side * self.scale for side in box)
        return left + x, top + y, left + right, top + bottom


def difference_map(
    first: PillowImage, second: PillowImage, titles: tuple[str, str], marks: Sequence[Mark]
) -> PillowImage:
    """RGB picture about 1300 pixels wide; `marks` are numbered from 1 in the order given, the first 8 of them."""
    from PIL import Image, ImageDraw

    marks = marks[:MARKS]
    rows = _rows(marks)
    panels = (_panel(first), _panel(second))
    close = [(number, mark) for number, mark in enumerate(marks, 1) if _is_small(mark, first.size)][:CLOSE_UPS]
    below = HEAD + max(panel.picture.height for panel in panels) + GAP
    wide = max(GAP * 3 + sum(panel.picture.width for panel in panels), LEAST_WIDTH)
    sheet = Image.new("RGB", (wide, below + ROW * len(rows) + (CLOSE_UP + 40 if close else 0) + GAP), PAPER)
    draw = ImageDraw.Draw(sheet)
    left = GAP
    for which, (panel, title) in enumerate(zip(panels, titles, strict=True)):
        boxes = [(number, place[which]) for number, mark in enumerate(marks, 1) for place in mark.places]
        draw.text((left, 16), title, INK, _font(24))
        sheet.paste(_faded(panel, [box for _, box in boxes]), (left, HEAD))
        _draw_boxes(draw, panel, (left, HEAD), boxes)
        left += panel.picture.width + GAP
    for place, (label, numbers) in enumerate(rows.items()):
        top = below + ROW * place
        for column, number in enumerate(numbers):
            _badge(draw, (GAP + 13 + BADGE * column, top + 14), number)
        draw.text((GAP + 8 + BADGE * len(numbers), top + 2), label, INK, _font(20))
    _draw_close_ups(sheet, (first, second), close, below + ROW * len(rows) + 8)
    return sheet


def _rows(marks: Sequence[Mark]) -> dict[str, list[int]]:
    """What the list below says: each label once, with the numbers it is said of."""
    rows: dict[str, list[int]] = {}
    for number, mark in enumerate(marks, 1):
        rows.setdefault(mark.label, []).append(number)
    return rows


def _panel(image: PillowImage) -> Panel:
    from PIL import Image

    scale = PANEL / max(image.size)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return Panel(image.convert("RGB").resize(size, Image.Resampling.LANCZOS), scale)


def _faded(panel: Panel, boxes: Sequence[Box]) -> PillowImage:
    """What differs keeps its colours; the rest steps back."""
    from PIL import Image

    if not boxes:
        return panel.picture
    faded = Image.blend(panel.picture, Image.new("RGB", panel.picture.size, PAPER), 0.5)
    for box in boxes:
        left, top, right, bottom = (round(side) for side in _within(panel.placed(box, 0, 0), panel.picture.size))
        faded.paste(panel.picture.crop((left, top, right, bottom)), (left, top))
    return faded


def _draw_boxes(draw: ImageDraw, panel: Panel, corner: tuple[int, int], boxes: Sequence[tuple[int, Box]]) -> None:
    badges: list[tuple[float, float]] = []
    for _, box in boxes:
        left, top, right, bottom = _within(panel.placed(box, 0, 0), panel.picture.size)
        place = (corner[0] + left, corner[1] + top, corner[0] + right, corner[1] + bottom)
        draw.rectangle((place[0] - 5, place[1] - 5, place[2] + 5, place[3] + 5), outline=PAPER, width=6)
        draw.rectangle((place[0] - 4, place[1] - 4, place[2] + 4, place[3] + 4), outline=MARK, width=4)
        badges.append(_free((max(corner[0] + 15, place[0] - 6), max(corner[1] + 15, place[1] - 6)), badges))
    for (number, _), centre in zip(boxes, badges, strict=True):
        _badge(draw, centre, number)


def _free(centre: tuple[float, float], taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre, moved to the right of the badges that are there."""
    x, y = centre
    while any(abs(x - other) < BADGE and abs(y - height) < BADGE for other, height in taken):
        x += BADGE
    return x, y


def _badge(draw: ImageDraw, centre: tuple[float, float], number: int) -> None:
    x, y = centre
    draw.ellipse((x - 15, y - 15, x + 15, y + 15), fill=PAPER)
    draw.ellipse((x - 13, y - 13, x + 13, y + 13), fill=MARK)
    draw.text((x, y), str(number), PAPER, _font(18), anchor="mm")


def _draw_close_ups(
    sheet: PillowImage, images: tuple[PillowImage, PillowImage], close: Sequence[tuple[int, Mark]], top: int
) -> None:
    """Pairs of cut-outs in a row, first image left, second right."""
    from PIL import Image, ImageDraw

    draw = ImageDraw.Draw(sheet)
    left = GAP
    for number, mark in close:
        _badge(draw, (left + 13, top + 14), number)
        draw.text((left + 36, top + 4), "close-up", FAINT, _font(17))
        for image, box in zip(images, mark.places[0], strict=True):
            cut = image.convert("RGB").crop(_around(box, image.size))
            cut = cut.resize((CLOSE_UP, CLOSE_UP), Image.Resampling.LANCZOS)
            sheet.paste(cut, (left, top + 34))
            draw.rectangle((left, top + 34, left + CLOSE_UP - 1, top + 33 + CLOSE_UP), outline=FAINT)
            left += CLOSE_UP + 6
        left += GAP


def _around(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A square around the box with some of its surroundings, inside the image where that is possible."""
    left, top, right, bottom = box
    side = min(max(right - left, bottom - top) * 1.5 + 16, *size)
    x = min(max(0.0, (left + right - side) / 2), size[0] - side)
    y = min(max(0.0, (top + bottom - side) / 2), size[1] - side)
    return round(x), round(y), round(x + side), round(y + side)


def _within(box: Box, size: tuple[int, int]) -> Box:
    left, top, right, bottom = box
    left, top = min(max(0.0, left), size[0] - 2.0), min(max(0.0, top), size[1] - 2.0)
    return left, top, max(left + 1, min(right, size[0] - 1.0)), max(top + 1, min(bottom, size[1] - 1.0))


def _is_small(mark: Mark, size: tuple[int, int]) -> bool:
    if len(mark.places) != 1:
        return False
    left, top, right, bottom = mark.places[0][0]
    return max(right - left, bottom - top) < SMALL * max(size)


def _font(size: int) -> Font:
    from PIL import ImageFont

    return ImageFont.load_default(size)
