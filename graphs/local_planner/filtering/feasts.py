"""Days that have a name: Christmas, Easter, Halloween and the like."""

from __future__ import annotations

import re
from datetime import date, timedelta

FIXED = {
    "christmas": (12, 25),
    "xmas": (12, 25),
    "new year": (1, 1),
    "halloween": (10, 31),
    "valentine": (2, 14),
}
FEAST = (
    r"(?:(?:christmas|xmas)(?: day)?|easter(?: sunday| monday)?|good friday|halloween|new year(?:'?s)?(?: day)?|"
    r"valentine'?s(?: day)?|thanksgiving)\b(?: (?:19|20)\d\d)?(?=\s*(?:$|[,.;:?!)]|(?:in|from|by|with|without|and|or|"
    r"last|this)\b))"
)
""" "After Christmas", not "a Christmas tree"."""


def feast(said: str, today: date) -> date | None:
    """The day that is called so, without a year the latest that is not in the future; None for any other words."""
    match = re.fullmatch(r"(?P<name>\D+?)(?: (?P<year>\d{4}))?", said)
    if not match:
        return None
    years = [int(match["year"])] if match["year"] else [today.year, today.year - 1]
    days = [day for year in years if (day := _in_year(match["name"], year))]
    return next((day for day in days if day <= today), days[0] if days else None)


def _in_year(name: str, year: int) -> date | None:
    if name.startswith("easter"):
        return easter(year) + timedelta(days=name.endswith("monday"))
    if name == "good friday":
        return easter(year) - timedelta(days=2)
    if name == "thanksgiving":
        first = date(year, 11, 1)
        return first + timedelta(days=(3 - first.weekday()) % 7 + 21)
    fixed = next((day for start, day in FIXED.items() if name.startswith(start)), None)
    return date(year, *fixed) if fixed else None


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden, century, rest = year % 19, *divmod(year, 100)
    leaps, left = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - shift + 15) % 30
    fours, over = divmod(rest, 4)
    weekday = (32 + 2 * left + 2 * fours - epact - over) % 7
    month_off = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * month_off + 114, 31)
    return date(year, month, day + 1)
