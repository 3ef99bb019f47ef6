"""Two papers: not their pixels but what is printed on them, as far as it is a value: total, date, heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from tools.kit.comparing.measured import Compared, Finding
from tools.kit.comparing.text_changes import READ, text_changes
from tools.kit.findings import Line, Reading
from tools.kit.types import Image

Paper = Literal["", "same", "other"]

LINES, COVERED = 6, 0.05
"""Lines, and the share of the picture they cover, from which it is a paper."""
SAME = 0.7
"""Share of the lines of the shorter paper that stand in the other too, from which both are the same paper."""
AMOUNT = re.compile(r"(?<![\w.,])[$€£]?\s?\d{1,3}(?:[,. ]?\d{3})*[.,]\d{2}(?![\d%])")
DATE = re.compile(
    r"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})"
    r"|\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? \d{4}"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4})\b",
    re.I,
)
TOTAL = re.compile(r"\btotal\b|amount due|balance due|to pay", re.I)
NO_TOTAL = re.compile(r"sub\s*-?total|total\s+(?:qty|quantity|items?|discount|tax|gst|vat|saving)|excl|before", re.I)


def paper(images: tuple[Image, Image], readings: tuple[Reading, Reading]) -> Paper:
    """Whether both are papers, and then whether they read like the same one."""
    if not all(_is_paper(image, reading) for image, reading in zip(images, readings, strict=True)):
        return ""
    found = text_changes(*readings)
    shorter = min(sum(line.sure >= READ for line in reading.lines) for reading in readings)
    return "same" if len(found.same) >= SAME * shorter else "other"


def _is_paper(image: Image, reading: Reading) -> bool:
    lines = [line for line in reading.lines if line.sure >= READ]
    covered = sum((line.box[2] - line.box[0]) * (line.box[3] - line.box[1]) for line in lines)
    return len(lines) >= LINES and covered > COVERED * image.ref.width * image.ref.height


def values_that_differ(compared: Compared) -> Iterator[Finding]:
    """Total, date and heading of two papers, where both have one and they are not the same."""
    first, second = compared.names
    one, other = (_values(reading.lines) for reading in compared.readings)
    for name in ("total", "date", "heading"):
        if name in one and name in other and one[name].casefold() != other[name].casefold():
            here, there = (f'"{each[name]}"' if name == "heading" else each[name] for each in (one, other))
            said = f"The {name} is {here} in {first} and {there} in {second}."
            yield Finding(said, f"the {name} is {there} instead of {here}", "text")


def _values(lines: Sequence[Line]) -> dict[str, str]:
    read = [line for line in lines if line.sure >= READ]
    found = {"total": _total(read), "date": _first(DATE, read), "heading": _heading(read)}
    return {name: value for name, value in found.items() if value}


def _heading(lines: Sequence[Line]) -> str | None:
    """The first line that is words."""
    return next((line.text.strip() for line in lines if sum(map(str.isalpha, line.text)) >= 4), None)


def _first(pattern: re.Pattern[str], lines: Sequence[Line]) -> str | None:
    return next((match[0] for line in lines if (match := pattern.search(line.text))), None)


def _total(lines: Sequence[Line]) -> str | None:
    """The rightmost amount at the height of the first line that says it is the total."""
    for label in lines:
        if not TOTAL.search(label.text) or NO_TOTAL.search(label.text):
            continue
        row = sorted((line for line in lines if _at_height(line, label)), key=lambda line: -line.box[2])
        amounts = [match[0].strip() for line in row for match in list(AMOUNT.finditer(line.text))[-1:]]
        if amounts:
            return amounts[0]
    return None


def _at_height(line: Line, label: Line) -> bool:
    middle = (line.box[1] + line.box[3]) / 2
    return label.box[1] <= middle <= label.box[3]
