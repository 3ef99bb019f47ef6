"""Describe an image, saying only what was measured."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.kit import Encoder, Evidence, Image, Json, Ocr, Reading, Region, tool
from tools.kit.colours import Colour, brightness, dominant
from tools.kit.recognising import Subject, recognise
from tools.kit.subjects import bare
from tools.kit.toolbox import listed

Part = Literal["caption", "description", "keywords", "alt_text", "colours"]

CAPTION_WORDS = 15
ALT_CHARACTERS = 125
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


@tool(doing="Describing")
async def describe(image: Image, parts: list[Part] | None = None, *, encoder: Encoder, ocr: Ocr) -> Evidence:
    """Describe an image: a caption, a longer description, keywords and an alt text, each of measured things only.

    Name `parts` when only some of these are wanted, such as ["alt_text"]; without, it is a caption and the first text.
    Measured are: what kind of thing it resembles, its main colours, brightness, format, and the text in it.
    Facts: `caption` (at most 15 words), `description`, `keywords` (5 to 10), `alt_text` (at most 125 characters),
    `measured` (`subject` and `probability` or null, `kind`, `colours`, `lightness` 0 to 100, `orientation`, `width`,
    `height`, `text_lines`, `first_words`).
    """
    subject, reading, (colours, lightness) = await asyncio.gather(
        _subject(image, encoder), ocr.read(image), asyncio.to_thread(_light, image)
    )
    measured = _measured(image, subject, reading, colours, lightness)
    written = {
        "caption": _caption(measured),
        "description": _description(image, measured),
        "keywords": _keywords(measured),
        "alt_text": _alt_text(measured),
    }
    return Evidence(
        said=_parts(measured, written, parts) if parts else f"{written['caption']} {_in_short(measured)}",
        about=(Region(handle=image.handle, page=image.ref.page),),
        facts={**written, "measured": _facts(measured)},
        sure=round(measured.subject.chance, 3) if measured.subject.name else None,
    )


# --- measuring ------------------------------------------------------------------------------------


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
    return Measured(subject, colours, lightness, texts, mostly_text, image.ref.width, image.ref.height)


# --- saying ---------------------------------------------------------------------------------------


def _parts(measured: Measured, written: dict[str, Json], parts: Sequence[Part]) -> str:
    """Nothing but what was asked for, a line each; with their names when they are several."""
    shown = {**written, "keywords": ", ".join(written["keywords"]), "colours": _colours(measured)}
    wanted = list(dict.fromkeys(parts))
    if len(wanted) == 1:
        return str(shown[wanted[0]])
    return "\n".join(f"{_capital(part.replace('_', ' '))}: {shown[part]}" for part in wanted)


def _caption(measured: Measured) -> str:
    words = f"{_what(measured)}, mainly {listed(measured.main[:2])}"
    if measured.lines and not measured.mostly_text:
        words += ", with text"
    return _capital(_cut_words(words, CAPTION_WORDS)) + "."


def _what(measured: Measured) -> str:
    if measured.hedged:
        return measured.hedged
    if measured.mostly_text:
        return f"a page of text with {len(measured.lines)} lines"
    return f"{_article(measured.tone)} {measured.tone} {measured.orientation} picture"


def _description(image: Image, measured: Measured) -> str:
    return " ".join(_sentences(image, measured))


def _in_short(measured: Measured) -> str:
    """What the caption leaves out, in a sentence or two: the rest is in the description."""
    doubt = "" if measured.subject.name or measured.mostly_text else "I cannot tell what it shows. "
    return doubt + _text_sentence(measured)


def _sentences(image: Image, measured: Measured) -> Iterator[str]:
    square = measured.orientation == "square"
    shape = "square picture" if square else f"{measured.orientation}-format picture"
    page = f", page {image.ref.page} of {image.ref.pages}," if image.ref.page else ""
    yield f"{_capital(image.handle)}{page} is a {shape} of {measured.width} x {measured.height} pixels."
    if measured.subject.name:
        doubt, _, thing = str(measured.hedged).partition(" ")
        yield f"It {doubt} shows {thing}, going by its resemblance to known pictures."
    elif not measured.mostly_text:
        yield "What it shows could not be told with any confidence."
    yield _colours(measured)
    colour = "" if measured.coloured else " and has hardly any colour"
    yield f"It is {measured.tone} overall{colour}."
    yield _text_sentence(measured)


def _colours(measured: Measured) -> str:
    shares = listed([f"{colour.name} ({colour.share:.0%})" for colour in measured.colours])
    return f"Its main colours are {shares}." if len(measured.colours) > 1 else f"Its main colour is {shares}."


def _text_sentence(measured: Measured) -> str:
    if not measured.lines:
        return "No text could be read in it."
    count = "one line" if len(measured.lines) == 1 else f"{len(measured.lines)} lines"
    first = _cut_words(measured.lines[0], 12)
    return f'It has {count} of text{", the first reading" if len(measured.lines) > 1 else ", reading"} "{first}".'


def _keywords(measured: Measured) -> list[str]:
    """Most telling first; colours and format fill up to five."""
    words: list[str] = []
    if measured.subject.name:
        words.append(bare(measured.subject.name))
    if measured.subject.kind:
        words.append(bare(measured.subject.kind))
    if measured.mostly_text:
        words.append("page of text")
    words += measured.main
    words += ["text" if measured.lines else "no text", measured.orientation, measured.tone]
    words.append("colour" if measured.coloured else "black and white")
    return list(dict.fromkeys(words))[:10]


def _alt_text(measured: Measured) -> str:
    text = f"{_capital(_what(measured))}, mainly {listed(measured.main)}."
    if not measured.lines:
        return _cut_characters(text, ALT_CHARACTERS)
    room = ALT_CHARACTERS - len(text) - len(' Text: "".')
    quoted = _cut_characters(" ".join(measured.lines), room) if room >= 12 else ""
    return f'{text} Text: "{quoted}".' if quoted else _cut_characters(text, ALT_CHARACTERS)


def _facts(measured: Measured) -> dict[str, Json]:
    subject = measured.subject
    return {
        "subject": bare(subject.name) if subject.name else None,
        "probability": round(subject.chance, 3) if subject.name else None,
        "kind": bare(subject.kind) if subject.kind else None,
        "colours": [
            {"name": colour.name, "share": round(colour.share, 2), "hex": colour.hex} for colour in measured.colours
        ],
        "lightness": round(measured.lightness, 1),
        "orientation": measured.orientation,
        "width": measured.width,
        "height": measured.height,
        "text_lines": len(measured.lines),
        "first_words": _cut_words(measured.lines[0], 12) if measured.lines else None,
    }


def _cut_words(text: str, most: int) -> str:
    words: Sequence[str] = text.split()
    return text if len(words) <= most else " ".join(words[:most]).rstrip(",;:") + " …"


def _cut_characters(text: str, most: int) -> str:
    """At a word's end where there is one."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(",;: ") + "…"


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
