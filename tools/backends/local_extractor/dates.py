"""Dates as printed, with the order of day and month decided by evidence on the same paper."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from tools.backends.local_extractor.layout import Page, Row, Span

MONTHS = (
    ("jan", "gen", "ene"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "mrt", "mac", "maa"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mei", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "août", "aou", "ago", "ogo"),
    ("sep", "set"),
    ("oct", "okt", "out", "ott"),
    ("nov",),
    ("dec", "dez", "déc", "dic", "dis"),
)
"""First letters of the months in English, German, French, Spanish, Italian, Portuguese, Dutch and Malay."""

NAME = "|".join(sorted((prefix for names in MONTHS for prefix in names), key=len, reverse=True))
MONTH = rf"(?P<name>(?:{NAME})[a-zéûäç]*)\.?"
YEAR = r"(?P<year>(?:19|20)\d\d|\d\d)"
AFTER = r"(?!\d)|(?=\d{1,2}:\d\d)"
"""Nothing more of the number, or a time that was read without its space."""

FORMS = [
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<sep> ?[-/.] ?)(?P<b>\d{1,2})(?P=sep)(?P<c>\d{1,2})(?!\d)"),
    re.compile(rf"(?<![\d.,])(?P<a>\d{{1,2}})(?P<sep> ?[-/.'] ?)(?P<b>\d{{1,2}})(?P=sep){YEAR}(?:{AFTER})"),
    re.compile(
        rf"(?<!\d)(?P<a>\d{{1,2}})(?:st|nd|rd|th)?[-/. ,]*(?:de |of )?{MONTH}[-/. ,']*(?:de )?{YEAR}(?:{AFTER})", re.I
    ),
    re.compile(rf"(?<![a-z]){MONTH}[-/. ]*(?P<a>\d{{1,2}})(?:st|nd|rd|th)?[-/. ,']+{YEAR}(?:{AFTER})", re.I),
    re.compile(r"(?<!\d)(?P<year>20\d\d)年(?P<b>\d{1,2})月(?P<c>\d{1,2})日"),
    # a thin separator is what reading loses first: "2504/2017", "25/042017"
    re.compile(r"(?<![\d./-])(?P<a>\d\d)(?P<b>\d\d)(?P<sep>[-/])(?P<year>20[0-4]\d)(?!\d)"),
    re.compile(r"(?<![\d./-])(?P<a>\d\d)(?P<sep>[-/])(?P<b>\d\d)(?P<year>20[0-4]\d)(?!\d)"),
]

DAY_FIRST = re.compile(
    r"(?<![a-z])RM ?\d|[€£₹]|\b(?:RM|MYR|EUR|GBP|INR|SGD|AUD|NZD|ZAR|BRL|sdn|bhd|malaysia|singapore|gmbh|b\.?v\.?|"
    r"ltd|vat|ust|mwst|btw|tva|iva|gst(?:in)?|sst|s/b|jalan|jln)\b",
    re.I,
)
MONTH_FIRST = re.compile(
    r"\b(?:USD|US\$|U\.?S\.?A\.?|united states|sales tax|zip code)\b|\b[A-Z]{2},? \d{5}(?:-\d{4})?\b"
)


@dataclass(frozen=True)
class Date:
    """One date: its value, its place, and whether its day and month could also be the other way round."""

    value: datetime.date
    span: Span
    row: Row
    start: int
    end: int
    ambiguous: bool = False


def find(page: Page) -> list[Date]:
    """Every date of the page, in reading order."""
    raw = [(row, match) for row in page.rows for match in _matches(row.text)]
    day_first, decided = order(page.text, [match for _, match in raw])
    dates = []
    for row, match in raw:
        value = _value(match, day_first)
        if value is not None:
            open_ = not decided and _either_way(match)
            dates.append(Date(value, row.span(*match.span()), row, match.start(), match.end(), open_))
    return dates


def is_date(text: str) -> bool:
    """Whether a text is a date (a month and a day are enough) and little else."""
    named = re.search(rf"(?<![^\W\d_])(?:{NAME})[a-zéûäç]*(?![^\W\d_])", text, re.IGNORECASE)
    letters = sum(map(str.isalpha, text))
    return bool(named) and len(named.group()) >= letters - 3 and any(map(str.isdigit, text)) if named else False


def order(text: str, matches: list[re.Match[str]]) -> tuple[bool, bool]:
    """(day comes first, that is decided by evidence): a number over 12 on the same paper, else the country."""
    numeric = [match for match in matches if _numeric(match) and _value(match, day_first=True)]
    if any(int(match["a"]) > 12 for match in numeric):
        return True, True
    if any(int(match["b"]) > 12 for match in numeric):
        return False, True
    if any(match["sep"] == "." for match in numeric):
        return True, True  # points are written where the day comes first
    day, month = DAY_FIRST.search(text) is not None, MONTH_FIRST.search(text) is not None
    return (day or not month), day != month


def _matches(text: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    for form in FORMS:
        for match in form.finditer(text):
            if all(match.end() <= other.start() or match.start() >= other.end() for other in found):
                found.append(match)
    return sorted(found, key=lambda match: match.start())


def _numeric(match: re.Match[str]) -> bool:
    groups = match.groupdict()
    return groups.get("a") is not None and groups.get("b") is not None


def _either_way(match: re.Match[str]) -> bool:
    return _numeric(match) and int(match["a"]) <= 12 and int(match["b"]) <= 12 and match["a"] != match["b"]


def _value(match: re.Match[str], day_first: bool) -> datetime.date | None:
    groups = match.groupdict()
    year = int(match["year"])
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    if groups.get("name"):
        return _date(year, _month(match["name"]), int(match["a"]))
    if groups.get("c"):
        return _date(year, int(match["b"]), int(match["c"]))
    a, b = int(match["a"]), int(match["b"])
    day, month = (a, b) if day_first else (b, a)
    return _date(year, month, day) or _date(year, day, month)


def _month(name: str) -> int:
    return next(number for number, names in enumerate(MONTHS, start=1) if name.lower().startswith(names))


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
