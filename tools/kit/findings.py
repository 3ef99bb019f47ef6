"""What ports find on images: texts, fields, differences, boxes and arrows, and what a model says it sees."""

from __future__ import annotations

from typing import Literal

from tools.kit.types import Box, Frozen, Json, Quad, Region


class Word(Frozen):
    text: str
    quad: Quad
    sure: float = 1.0


class Line(Frozen):
    """A line of text as printed, left to right."""

    text: str
    quad: Quad
    sure: float
    words: tuple[Word, ...] = ()

    @property
    def box(self) -> Box:
        xs, ys = zip(*self.quad, strict=True)
        return (min(xs), min(ys), max(xs), max(ys))


class Reading(Frozen):
    """All text of one image, in reading order."""

    lines: tuple[Line, ...]
    width: int
    height: int
    angle: float = 0.0
    """Degrees the page had to be turned, clockwise, before the text stood upright."""
    source: Literal["ocr", "text layer"] = "ocr"

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


class Field(Frozen):
    """A field somebody wants: its name and what kind of value it takes."""

    name: str
    kind: Literal["text", "amount", "date", "number", "email", "phone", "url", "list"] = "text"


class Value(Frozen):
    """One extracted field. `value` is None when the paper does not show it: never a guess."""

    name: str
    value: Json = None
    """Text; an amount as a decimal string ("9.00"); a date as YYYY-MM-DD; a list of rows."""
    text: str | None = None
    """As printed."""
    box: Box | None = None
    sure: float = 0.0
    note: str | None = None


class Change(Frozen):
    """One area in which two aligned images differ visibly."""

    box: Box
    """In pixels of the first image."""
    in_second: Box
    """The same area in pixels of the second image."""
    kind: Literal["colour", "gone", "new", "changed"]
    """The same shape in another colour; only in the first; only in the second; or neither of these."""
    thin: bool
    """Long and thin, as scratches, cracks and lines are."""
    first_colour: tuple[int, int, int]
    """sRGB of the differing pixels in the first image (median)."""
    second_colour: tuple[int, int, int]
    share: float
    """Share of the common area, 0 to 1."""


class Difference(Frozen):
    """Two images laid over each other."""

    aligned: bool
    """False when no alignment was found, so a pixel comparison would mean nothing."""
    changed: float = 0.0
    """Share of the common area that differs visibly, 0 to 1."""
    regions: tuple[Box, ...] = ()
    """Changed areas in pixels of the first image, largest first."""
    hash_distance: int = 64
    """Hamming distance of 64-bit perceptual hashes: 0 the same picture, over about 20 unrelated."""
    one_picture: bool = True
    """Whether what both show differs no more than copies do, as far as was measured: evenly, and in no spot."""
    changes: tuple[Change, ...] = ()
    """What happened in each of the regions, in their order."""
    overlap: float = 1.0
    """Share of the first image that the second shows as well."""
    partial: bool = False
    """Only a thing both show could be compared, because it stands before another background in the second."""
    scale: float = 1.0
    """Pixels of the second image for one pixel of the first."""
    turned: float = 0.0
    """Degrees the second image is turned against the first, clockwise."""
    stretch: float = 1.0
    """Horizontal over vertical scale: 0.75 means the second is the same picture at three quarters of its width."""
    objects: tuple[tuple[float, float] | None, tuple[float, float] | None] = (None, None)
    """Width and height in pixels of the one object before a plain background, for each image that shows one."""


class Node(Frozen):
    """A labelled shape of a diagram."""

    label: str
    box: Box


class Arrow(Frozen):
    """A connection between two nodes of a diagram, by their place in its list."""

    start: int
    end: int
    directed: bool
    """False for a plain line: then start and end mean nothing."""
    label: str | None = None


class Diagram(Frozen):
    """Boxes and arrows, as far as they could be read."""

    nodes: tuple[Node, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    unclear: int = 0
    """Drawn lines that touch nodes but could not be followed from one to another."""


class Seen(Frozen):
    """What a vision model says it sees."""

    text: str
    model: str
    """Spec of the model, or of both that agreed."""
    sure: float | None = None
    """The model's own confidence, 0 to 1: no probability."""
    cannot_determine: bool = False
    regions: tuple[Region, ...] = ()
    """Where: boxes in pixels of the upright images."""
    found: dict[str, Json] = {}
    """Everything the task's schema asked for, validated."""
    notes: tuple[str, ...] = ()
    """Sentences people must hear: a second reading disagreed, another model stood in, an image was held back."""
    cached: bool = False
