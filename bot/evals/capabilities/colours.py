"""Which colour things have."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from bot.evals.capabilities.case import Case, says
from bot.evals.capabilities.drawing import COLOURS, shape, sheet

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

THINGS = ("circle", "square", "triangle")
SCENES = (
    ("red", "blue", "yellow", "circle", "red"),
    ("green", "purple", "orange", "square", "purple|violet"),
    ("black", "yellow", "brown", "triangle", "brown"),
    ("pink", "green", "blue", "circle", "pink"),
    ("orange", "red", "green", "square", "red"),
    ("blue", "brown", "yellow", "triangle", "yellow"),
    ("purple", "orange", "black", "square", "orange"),
)
"""Colours of circle, square and triangle; the thing asked about, and its colour."""


def cases() -> Iterator[Case]:
    for *colours, thing, answer in SCENES:
        others = [colour for colour in colours if colour not in answer.split("|")]
        yield Case(
            f"{answer} {thing}",
            "colours",
            partial(_drawn, tuple(colours)),
            f"What colour is the {thing}?",
            says(answer, never=others),
        )


def _drawn(colours: tuple[str, ...]) -> PillowImage:
    picture, brush = sheet((900, 400))
    for place, (kind, colour) in enumerate(zip(THINGS, colours, strict=True)):
        shape(brush, kind, (170 + 280 * place, 200), 100, COLOURS[colour])
    return picture
