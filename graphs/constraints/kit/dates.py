"""Dates and clock times in a text, with every way to read them, each with where it stands.

Languages: English, and those of `tongues`; ISO dates and clock times in any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from graphs.constraints.kit.spans import Span, overlap
from graphs.constraints.kit.tongues import MONTH_NAMES, NAMED_MONTH, apart

MONTH = (
    rf"(?P<month>(?=[adefgjlmnos])(?:(?:{NAMED_MONTH})(?!\w)|"
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*))\.?"
)
OF = r"(?:(?:of|de|del|di|van)\s+)?"
DATES = tuple(
    re.compile(rf"(?<![\w.]){form}(?![\w])", re.IGNORECASE)
    for form in (
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º)?[\s\-/.]*{OF}{MONTH}"
        rf"(?:[\s,\-/.']*{OF}(?P<y>\d{{4}}|\d{{2}}(?!\d|[:.]\d)))?",
        rf"{MONTH}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,?\s+(?P<y>\d{{4}}))?",
        rf"{MONTH}\s*,?\s+{OF}(?P<y>\d{{4}})",
    )
)
TIME = re.compile(r"(?<![\w:.])(?P<h>\d{1,2})(?::(?P<min>\d{2})(?::(?P<s>\d{2}))?)?\s*(?P<half>[ap])\.?m\b\.?", re.I)
UHR = re.compile(r"(?<![\w:.])(?P<h>\d{1,2})(?:[.:](?P<min>\d{2}))?\s?Uhr\b", re.I)
HEURES = re.compile(r"(?<![\w:.])(?P<h>\d{1,2})\s?h\s?(?P<min>\d{2})(?!\w)", re.I)
CLOCK = re.compile(r"(?<![\w:.])(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?(?![\w:])")


Day = tuple[int | None, int, int | None]
"""year, month, day; None where it is not given."""


def days_in(text: str) -> list[tuple[Span, set[Day]]]:
    """Dates with every way to read them: 5/6/2019 is in May or in June."""
    text = apart(text)
    found: list[tuple[Span, set[Day]]] = []
    for form in DATES:
        for match in form.finditer(text):
            days = set(_days(match.groupdict()))
            if days and not any(overlap(match.span(), span) for span, _ in found):
                found.append((match.span(), days))
    return found


def _days(parts: dict[str, str | None]) -> Iterator[Day]:
    year = int(parts["y"] or 0) if parts.get("y") else None
    if year is not None and year < 100:
        year += 2000 if year < 70 else 1900
    orders: list[tuple[int, str | None]]
    if parts.get("month"):
        named = MONTH_NAMES.get((parts["month"] or "").lower())
        orders = [(named, parts.get("d"))] if named else []
    elif parts.get("a"):
        orders = [(int(parts["b"] or 0), parts["a"]), (int(parts["a"] or 0), parts["b"])]
    else:
        orders = [(int(parts.get("m") or 0), parts["d"])]
    for month, day in orders:
        if 1 <= month <= 12 and (day is None or _exists(year, month, int(day))):
            yield year, month, int(day) if day else None


def _exists(year: int | None, month: int, day: int) -> bool:
    try:
        return bool(date(year or 2000, month, day))
    except ValueError:
        return False


def times_in(text: str) -> list[tuple[Span, set[tuple[int, int]]]]:
    """Clock times as (hour, minute) of 24 hours; one without am or pm is read both ways."""
    text = apart(text)
    found: list[tuple[Span, set[tuple[int, int]]]] = []
    for form in (TIME, UHR, HEURES, CLOCK):
        for match in form.finditer(text):
            hour, minute = int(match["h"]), int(match["min"] or 0)
            half = match.groupdict().get("half")
            if hour > 23 or minute > 59 or any(overlap(match.span(), span) for span, _ in found):
                continue
            hours = {hour % 12 + (12 if half in "pP" else 0)} if half else {hour, hour % 12, hour % 12 + 12}
            found.append((match.span(), {(each, minute) for each in hours}))
    return found
