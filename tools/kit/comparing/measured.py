"""Everything measured of two images, before anything is said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tools.kit.comparing.difference_map import Mark
from tools.kit.comparing.text_changes import TextChanges, text_changes
from tools.kit.findings import Change, Difference, Line, Reading
from tools.kit.pictures.colours import Colour
from tools.kit.pictures.places import overlap
from tools.kit.types import Box, Image

Aspect = Literal["text", "colour", "part", "mark", "proportions", "area", "scene"]

LAID_OVER = 800
"""Pixels of the longer side at which images are laid over each other."""
SURELY_READ = 0.95
"""Confidence from which a line is believed where the pixels cannot confirm it."""
PRINT = 14
"""Pixels of line height, at that size, from which changed print shows as a changed area."""


@dataclass(frozen=True)
class Compared:
    """Everything measured of two images."""

    first: Image
    second: Image
    difference: Difference
    similarity: float
    """Cosine of their embeddings."""
    alike: float
    """Cosine from which the encoder takes two images for the same kind of thing."""
    readings: tuple[Reading, Reading]
    colours: tuple[list[Colour], list[Colour]]
    paper: Literal["", "same", "other"] = ""
    """Two papers: the same one or another. Empty where not both are papers."""

    @property
    def identical(self) -> bool:
        return self.first.ref.sha256 == self.second.ref.sha256 and self.first.ref.page == self.second.ref.page

    @property
    def names(self) -> tuple[str, str]:
        return self.first.handle, self.second.handle


@dataclass(frozen=True)
class Finding:
    """One difference."""

    said: str
    brief: str
    """The same within a sentence about the second image: "the colour is red instead of blue"."""
    aspect: Aspect
    mark: Mark | None = None
    """How it is drawn. None when all there is to it is said."""
    share: float = 0.0
    """Of the common area."""


def text_of(compared: Compared) -> TextChanges:
    """Changes of text, without those where the pixels show none: the images were only read differently."""
    found = text_changes(*compared.readings)
    if not compared.difference.aligned:
        return found
    removed = [line for line in found.removed if _visible(compared, line, 0)]
    added = [line for line in found.added if _visible(compared, line, 1)]
    changed = [pair for pair in found.changed if _visible(compared, pair[0], 0) or _visible(compared, pair[1], 1)]
    if compared.difference.partial:  # a line may stand on what was left out; another figure in it is no misreading
        changed = [pair for pair in found.changed if pair in changed or _other_figure(*pair)]
    return TextChanges(removed, added, changed, found.same)


def _other_figure(one: Line, other: Line) -> bool:
    figures = [re.findall(r"\d", line.text) for line in (one, other)]
    return figures[0] != figures[1] and min(one.sure, other.sure) >= SURELY_READ


def _visible(compared: Compared, line: Line, which: Literal[0, 1]) -> bool:
    """Whether a line lies where the images differ, or is too fine for that to show and was read surely."""
    if any(touch(line.box, boxes(change)[which]) for change in compared.difference.changes):
        return True
    image = compared.second if which else compared.first
    _, top, _, bottom = line.box
    shown = (bottom - top) * min(1.0, LAID_OVER / max(image.ref.width, image.ref.height))
    return shown < PRINT and line.sure >= SURELY_READ and compared.difference.overlap > 0.9


def boxes(change: Change) -> tuple[Box, Box]:
    """Where a change is, in pixels of the first and of the second image."""
    return change.box, change.in_second


def touch(one: Box, other: Box) -> bool:
    """Whether two boxes overlap at all."""
    return overlap(one, other) > 0 or overlap(other, one) > 0
