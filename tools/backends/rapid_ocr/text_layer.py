"""A PDF page's own words, when they can be trusted to say what the page shows."""

from __future__ import annotations

import statistics
import unicodedata
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from tools.backends.rapid_ocr import lines
from tools.backends.rapid_ocr.pieces import Piece
from tools.kit import Line, Reading, Word

WORDS = TypeAdapter(list[Word])

FEW = 20
"""Fewer characters than this may be a stamp over a scanned page: it is read from its pixels."""

MOST = 5_000
"""More words than this stand on no page that anybody reads; to put them into order takes minutes."""

ODD, ODD_LEFTWARD = 0.02, 0.1
"""Share of characters without a meaning up to which a layer is trusted: where letters run leftward there is nothing
better, the recogniser does not know them."""


def read(path: Path, width: int, height: int) -> Reading | None:
    """The page as its text layer has it, or None where there is none to be trusted. Boxes in pixels of the page."""
    try:
        words = WORDS.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    words = [word for word in words if word.text.strip() and _is_seen(word, width, height)]
    if len(words) > MOST or not trusted(words):
        return None
    words = [word.model_copy(update={"text": text}) for word in words if (text := _shown(word.text))]
    pieces = [Piece.of(word.text, word.quad, word.sure) for word in words]
    ordered = tuple(_line(row) for row in lines.in_reading_order(pieces))
    return Reading(lines=ordered, width=width, height=height, source="text layer")


def trusted(words: list[Word]) -> bool:
    """False for a layer that is (nearly) empty, garbled by a font without a Unicode map, or printed sideways."""
    text = "".join(word.text for word in words)
    leftward = sum(map(_leftward, text)) > 0.2 * len(text)
    if len(text) < FEW and not leftward:
        return False
    strange = sum(unicodedata.category(letter) in {"Cc", "Co", "Cn", "Cs"} or letter == "\ufffd" for letter in text)
    sensible = sum(letter.isalnum() for letter in text)
    if strange > (ODD_LEFTWARD if leftward else ODD) * len(text) or sensible < 0.5 * len(text) or "(cid:" in text:
        return False
    return not _sideways(words)


def _is_seen(word: Word, width: int, height: int) -> bool:
    """Whether its middle is on the page: what was written beside it nobody sees."""
    xs, ys = zip(*word.quad, strict=True)
    return 0 <= sum(xs) / 4 <= width and 0 <= sum(ys) / 4 <= height


def _shown(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cc")


def _leftward(letter: str) -> bool:
    """Arabic, Hebrew and their kin."""
    return unicodedata.bidirectional(letter) in {"R", "AL"}


def _line(row: list[Piece]) -> Line:
    """The line as it is read: where most letters run leftward from its right end, words that do not in their order."""
    line = lines.line(row)
    letters = [letter for letter in line.text if letter.isalpha()]
    if 2 * sum(map(_leftward, letters)) <= len(letters):
        return line
    ordered: list[Word] = []
    at = 0  # where the next word goes: behind the words of its own run, if that runs rightward
    for word in reversed(line.words):
        at = at if ordered and not _runs_left(word) and not _runs_left(ordered[-1]) else len(ordered)
        ordered.insert(at, word)
    return line.model_copy(update={"text": " ".join(word.text for word in ordered), "words": tuple(ordered)})


def _runs_left(word: Word) -> bool:
    return any(map(_leftward, word.text))


def _sideways(words: list[Word]) -> bool:
    slopes = [Piece.of(word.text, word.quad, 1.0) for word in words if len(word.text) >= 4]
    return bool(slopes) and statistics.median(piece.width / max(piece.height, 1e-6) for piece in slopes) < 0.8
