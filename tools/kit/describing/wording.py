"""What was measured, as caption, description, keywords and alt text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.kit.describing.measured import Measured
from tools.kit.labelling.subjects import bare
from tools.kit.toolbox import listed
from tools.kit.types import Image, Json

CAPTION_WORDS = 15
ALT_CHARACTERS = 125


def written(image: Image, measured: Measured) -> dict[str, Json]:
    """Every part by its name."""
    return {
        "caption": _caption(measured),
        "description": _description(image, measured),
        "keywords": _keywords(measured),
        "alt_text": _alt_text(measured),
    }


def _caption(measured: Measured) -> str:
    words = f"{_what(measured)}, mainly {listed(measured.main[:2])}"
    if measured.lines and not measured.mostly_text:
        words += ", with text"
    return capital(cut_words(words, CAPTION_WORDS)) + "."


def _what(measured: Measured) -> str:
    if measured.hedged:
        return measured.hedged
    if measured.mostly_text:
        return f"a page of text with {len(measured.lines)} lines"
    return f"{_article(measured.tone)} {measured.tone} {measured.orientation} picture"


def _description(image: Image, measured: Measured) -> str:
    return " ".join(_sentences(image, measured))


def in_short(measured: Measured) -> str:
    """What the caption leaves out, in a sentence or two: the rest is in the description."""
    doubt = "" if measured.subject.name or measured.mostly_text else "I cannot tell what it shows. "
    return doubt + text_sentence(measured)


def _sentences(image: Image, measured: Measured) -> Iterator[str]:
    square = measured.orientation == "square"
    shape = "square picture" if square else f"{measured.orientation}-format picture"
    page = f", page {image.ref.page} of {image.ref.pages}," if image.ref.page else ""
    yield f"{capital(image.handle)}{page} is a {shape} of {measured.width} x {measured.height} pixels."
    if measured.subject.name:
        doubt, _, thing = str(measured.hedged).partition(" ")
        yield f"It {doubt} shows {thing}, going by its resemblance to known pictures."
    elif not measured.mostly_text:
        yield "What it shows could not be told with any confidence."
    yield colours_said(measured)
    colour = "" if measured.coloured else " and has hardly any colour"
    yield f"It is {measured.tone} overall{colour}."
    yield text_sentence(measured)


def colours_said(measured: Measured) -> str:
    shares = listed([f"{colour.name} ({colour.share:.0%})" for colour in measured.colours])
    return f"Its main colours are {shares}." if len(measured.colours) > 1 else f"Its main colour is {shares}."


def text_sentence(measured: Measured) -> str:
    if not measured.lines:
        return "No text could be read in it."
    count = "one line" if len(measured.lines) == 1 else f"{len(measured.lines)} lines"
    first = cut_words(measured.lines[0], 12)
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
    text = f"{capital(_what(measured))}, mainly {listed(measured.main)}."
    if not measured.lines:
        return cut_characters(text, ALT_CHARACTERS)
    room = ALT_CHARACTERS - len(text) - len(' Text: "".')
    quoted = cut_characters(" ".join(measured.lines), room) if room >= 12 else ""
    return f'{text} Text: "{quoted}".' if quoted else cut_characters(text, ALT_CHARACTERS)


def facts_of(measured: Measured) -> dict[str, Json]:
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
        "first_words": cut_words(measured.lines[0], 12) if measured.lines else None,
    }


def cut_words(text: str, most: int) -> str:
    words: Sequence[str] = text.split()
    return text if len(words) <= most else " ".join(words[:most]).rstrip(",;:") + " …"


def cut_characters(text: str, most: int) -> str:
    """At a word's end where there is one."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(",;: ") + "…"


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
