"""The names in a text that has capitals for names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphs.constraints.kit import claims
from graphs.constraints.kit.claims import Claim
from graphs.constraints.kit.spans import without
from graphs.constraints.kit.tongues import LEAST, WORD, Tongue, tongue_of
from graphs.constraints.kit.vocabulary import GLUE, words

FAMILIAR = words("""
    spyglass slack english pdf jpeg jpg png gif webp heic avif tiff bmp svg html json yaml csv ocr url exif rgb cmyk
    id ids ok ai api usb tv faq mb kb gb a4 a5 3d 2d 4k mp3 mp4 utf-8 sha256 yes no none mon tue wed thu fri sat sun
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december jan feb mar apr jun jul aug sep sept oct nov dec i'm i'll i've i'd vat tva iva btw
""")
"""Capitalised words that claim nothing."""
LINE = re.compile(r"[^\n]+")


def in_english(text: str) -> bool:
    """Whether enough of its words are those that hold English prose together."""
    said = WORD.findall(text.lower())
    return sum(word in GLUE for word in said) * LEAST >= len(said)


def names_in(text: str) -> Iterator[Claim]:
    """Names, line by line in its own language: in German every noun has a capital, so there none can be told."""
    english = in_english(text)
    lines = [(match.span(), tongue_of(_unquoted(match[0]))) for match in LINE.finditer(text)]
    for claim in claims.names(text):
        tongue = next((tongue for span, tongue in lines if span[0] <= claim.span[0] < span[1]), None)
        if (english if tongue is None else not tongue.capital_nouns) and _claims_something(claim, tongue):
            yield claim


def _claims_something(claim: Claim, tongue: Tongue | None) -> bool:
    word = re.sub(r"['’]?s$", "", claim.text)
    setting = "_" in word and word.isupper()
    empty = {word.lower(), claim.text.lower()} & (FAMILIAR | (tongue.glue if tongue else frozenset()))
    return len(word) > 1 and not setting and not empty


def _unquoted(line: str) -> str:
    return without(line, [quote.span for quote in claims.quotes(line)])
