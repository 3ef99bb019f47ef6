"""Parts of a longer time: "the first week of June", "the second half of August", "early March"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

PART = (
    r"(?:(?:the )?(?:first|second|third|fourth|last) (?:week|half|days?)(?: of| in)?|(?:in )?(?:early|mid|late)"
    r"(?:[- ]in)?|(?:the )?(?:beginning|start|middle|end)(?: of)?)"
)
WEEKS = ("first", "second", "third", "fourth")


def part(said: str, whole: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """Of a whole time the part that is meant. A week of a month is seven days from its first on; early, mid and late
    are thirds, of a year its first, middle and last months."""
    first, end = whole
    name, _, unit = re.sub(r"^(?:the|in) | (?:of|in)$|[- ]in$", "", said.strip()).partition(" ")
    if unit == "week":
        start = end - timedelta(days=7) if name == "last" else first + timedelta(days=7 * WEEKS.index(name))
        return start, min(start + timedelta(days=7), end)
    if unit == "half":
        middle = _months_on(first, 3 * _quarters(whole)) if _quarters(whole) else first + timedelta(days=15)
        return (first, middle) if name == "first" else (middle, end)
    if unit.startswith("day"):
        return (end - timedelta(days=3), end) if name == "last" else (first, first + timedelta(days=3))
    return _third({"beginning": "early", "start": "early", "middle": "mid", "end": "late"}.get(name, name), whole)


def _third(name: str, whole: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    first, end = whole
    if (end - first).days > 300:
        months = {"early": (0, 1), "mid": (5, 8), "late": (11, 12)}[name]
        return _months_on(first, months[0]), _months_on(first, months[1])
    third = timedelta(days=(end - first).days // 3)
    cuts = (first, first + third, first + 2 * third, end)
    place = ("early", "mid", "late").index(name)
    return cuts[place], cuts[place + 1]


def _quarters(whole: tuple[datetime, datetime]) -> int:
    """How many quarters half of it has: two of a year, none of a month."""
    return 2 if (whole[1] - whole[0]).days > 300 else 0


def _months_on(day: datetime, months: int) -> datetime:
    month = day.month - 1 + months
    return day.replace(year=day.year + month // 12, month=month % 12 + 1)
