"""Everything that can be measured of one image, and the words for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tools.kit.findings import Reading
from tools.kit.labelling.recognising import Subject, recognise
from tools.kit.pictures.colours import Colour, brightness, dominant
from tools.kit.ports import Encoder, Ocr
from tools.kit.seeing.agreeing import SURE
from tools.kit.types import Image

LIKELY = 0.8
"""Chance from which it is said to be probably so."""
READ = 0.6
"""Confidence from which a line counts as text."""
MOSTLY_TEXT = 0.08
"""Share of the image covered by lines from which it is a page of text, whatever else it resembles."""
TONES = ((15.0, "very dark"), (35.0, "dark"), (70.0, "medium-bright"), (88.0, "bright"), (101.0, "very bright"))
"""CIELAB lightness up to which a picture is called so."""
SMALL = 64
"""Pixels of the shorter side below which too little is left of a thing to name it."""
COLOURLESS = {"black", "dark grey", "grey", "light grey", "white"}
SQUARE = 0.03


@dataclass(frozen=True)
class Measured:
    """Everything that may be said."""

    subject: Subject
    colours: list[Colour]
    lightness: float
    lines: list[str]
    mostly_text: bool
    width: int
    height: int
    sure_lines: tuple[str, ...] = ()
    """Lines that were read so surely that they stand against another reading."""

    @property
    def orientation(self) -> str:
        ratio = self.width / self.height
        return "square" if abs(ratio - 1) <= SQUARE else "landscape" if ratio > 1 else "portrait"

    @property
    def tone(self) -> str:
        return next(word for most, word in TONES if self.lightness <= most)

    @property
    def hedged(self) -> str | None:
        """The subject with its doubt."""
        if self.subject.name is None:
            return None
        return f"{'probably' if self.subject.chance >= LIKELY else 'perhaps'} {self.subject.name}"

    @property
    def coloured(self) -> bool:
        return any(colour.name not in COLOURLESS for colour in self.colours)

    @property
    def main(self) -> list[str]:
        return [colour.name for colour in self.colours[:3]]


async def measure(image: Image, encoder: Encoder, ocr: Ocr) -> Measured:
    subject, reading, (colours, lightness) = await asyncio.gather(
        _subject(image, encoder), ocr.read(image), asyncio.to_thread(_light, image)
    )
    return _measured(image, subject, reading, colours, lightness)


async def _subject(image: Image, encoder: Encoder) -> Subject:
    if min(image.ref.width, image.ref.height) < SMALL:
        return Subject(None, 0.0, None)
    return await recognise(image, encoder)


def _light(image: Image) -> tuple[list[Colour], float]:
    pixels = image.pixels()
    return dominant(pixels), brightness(pixels)


def _measured(image: Image, subject: Subject, reading: Reading, colours: list[Colour], lightness: float) -> Measured:
    lines = [line for line in reading.lines if line.sure >= READ and sum(map(str.isalnum, line.text)) > 1]
    covered = sum((line.box[2] - line.box[0]) * (line.box[3] - line.box[1]) for line in lines)
    mostly_text = covered > MOSTLY_TEXT * image.ref.width * image.ref.height and len(lines) >= 4
    if mostly_text and subject.kind not in ("a document", "a graphic"):
        subject = Subject(None, 0.0, None)
    texts = [" ".join(line.text.split()) for line in lines]
    sure = tuple(text for line, text in zip(lines, texts, strict=True) if line.sure >= SURE)
    return Measured(subject, colours, lightness, texts, mostly_text, image.ref.width, image.ref.height, sure)
