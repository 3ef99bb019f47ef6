"""A PDF page's own words, when they can be trusted to say what the page shows."""

from __future__ import annotations

import statistics
import unicodedata
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from tools.backends.rapid_ocr import lines
from tools.kit import Reading, Word

WORDS = TypeAdapter(list[Word])

FEW = 20
"""Fewer characters than this may be a stamp over a scanned page: it is read from its pixels."""


def read(path: Path, width: int, height: int) -> Reading | None:
    """The page as its text layer has it, or None where there is none to be trusted. Boxes in pixels of the page."""
    try:
        words = WORDS.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    words = [word for word in words if word.text.strip()]
    if not trusted(words):
        return None
    pieces = [lines.Piece.of(word.text, word.quad, word.sure) for word in words]
    ordered = tuple(lines.line(row) for row in lines.in_reading_order(pieces))
    return Reading(lines=ordered, width=width, height=height, source="text layer")


def trusted(words: list[Word]) -> bool:
    """False for a layer that is (nearly) empty, garbled by a font without a Unicode map, or printed sideways."""
    text = "".join(word.text for word in words)
    if len(text) < FEW:
        return False
    strange = sum(unicodedata.category(letter) in {"Cc", "Co", "Cn", "Cs"} or letter == "\ufffd" for letter in text)
    sensible = sum(letter.isalnum() for letter in text)
    if strange > 0.02 * len(text) or sensible < 0.5 * len(text) or "(cid:" in text:
        return False
    return not _sideways(words)


def _sideways(words: list[Word]) -> bool:
    slopes = [lines.Piece.of(word.text, word.quad, 1.0) for word in words if len(word.text) >= 4]
    return bool(slopes) and statistics.median(piece.width / max(piece.height, 1e-6) for piece in slopes) < 0.8
