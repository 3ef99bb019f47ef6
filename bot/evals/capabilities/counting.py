"""How many there are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from bot.evals.capabilities.case import Case, counts
from bot.evals.capabilities.drawing import COLOURS, scattered, shape, sheet

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

Kinds = tuple[tuple[str, str, int], ...]

SCENES: tuple[tuple[Kinds, str, int], ...] = (
    ((("circle", "red", 3),), "How many circles are there?", 3),
    ((("circle", "red", 5), ("square", "blue", 4)), "How many squares are there?", 4),
    ((("star", "yellow", 7),), "How many stars are there?", 7),
    ((("circle", "green", 6), ("circle", "orange", 5)), "How many green circles are there?", 6),
    ((("triangle", "purple", 9), ("star", "red", 2)), "How many triangles are there?", 9),
    ((("square", "black", 2), ("circle", "blue", 8)), "How many shapes are there in all?", 10),
    ((("circle", "blue", 4),), "How many triangles are there?", 0),
)


def cases() -> Iterator[Case]:
    for seed, (kinds, question, number) in enumerate(SCENES):
        yield Case(
            f"{number} of {len(kinds)} kinds", "counting", partial(_drawn, kinds, seed), question, counts(number)
        )


def _drawn(kinds: Kinds, seed: int) -> PillowImage:
    picture, brush = sheet()
    places = iter(scattered(sum(number for _, _, number in kinds), seed))
    for kind, colour, number in kinds:
        for _ in range(number):
            shape(brush, kind, next(places), 42, COLOURS[colour])
    return picture
