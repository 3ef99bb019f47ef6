"""Where things are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from bot.evals.capabilities.case import Case, says
from bot.evals.capabilities.drawing import COLOURS, Point, shape, sheet

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

Placed = tuple[str, str, Point, float]

LEFT: tuple[Placed, ...] = (("circle", "red", (200, 300), 70), ("square", "blue", (650, 300), 70))
STACKED: tuple[Placed, ...] = (("star", "yellow", (450, 140), 80), ("triangle", "green", (450, 450), 80))
WITHIN: tuple[Placed, ...] = (("square", "orange", (450, 300), 220), ("circle", "purple", (450, 300), 60))
ROW: tuple[Placed, ...] = (
    ("square", "black", (150, 300), 60),
    ("circle", "green", (450, 300), 60),
    ("star", "red", (750, 300), 60),
)
CORNERS: tuple[Placed, ...] = (
    ("circle", "blue", (110, 110), 60),
    ("triangle", "red", (790, 110), 60),
    ("square", "green", (110, 490), 60),
    ("star", "yellow", (790, 490), 60),
)
SCENES: tuple[tuple[str, tuple[Placed, ...], str, str, tuple[str, ...]], ...] = (
    ("left or right", LEFT, "Is the red circle to the left or to the right of the blue square?", "left", ()),
    ("right or left", LEFT, "Is the blue square to the left or to the right of the red circle?", "right", ()),
    ("above or below", STACKED, "Is the green triangle above or below the star?", "below|under|underneath", ()),
    ("inside", WITHIN, "Where is the purple circle?", "inside|within|in|middle|centre|center", ("outside",)),
    ("between", ROW, "What is between the black square and the red star?", "circle", ()),
    ("corner", CORNERS, "Where is the yellow star?", "bottom right|lower right|bottom-right|lower-right", ()),
    ("other corner", CORNERS, "What is in the top right corner?", "triangle", ("square",)),
)
"""Name, scene, question, what it must say, what it may not."""


def cases() -> Iterator[Case]:
    for name, scene, question, wanted, never in SCENES:
        yield Case(name, "spatial", partial(_drawn, scene), question, says(wanted, never=never))


def _drawn(scene: tuple[Placed, ...]) -> PillowImage:
    picture, brush = sheet()
    for kind, colour, at, size in scene:
        shape(brush, kind, at, size, COLOURS[colour])
    return picture
