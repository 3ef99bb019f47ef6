"""Days, weeks, months and years as they are written: ``15/5/2025``, ``the 30th``, ``week 32``, ``May 2024``, ``q3``."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from graphs.clock import Clock
from tools.kit.months import MONTHS

YEAR = r"(?:19|20)\d\d"
SEASONS = {"spring": (3, 6), "summer": (6, 9), "autumn": (9, 12), "fall": (9, 12), "winter": (12, 15)}
Days = tuple[date, date]
"""First day, and the day after the last."""


def a_day(said: str, clock: Clock) -> Days | None:
    if match := re.fullmatch(r"(\d{4})[-/](\d\d?)[-/](\d\d?)", said):
        day = _date(int(match[1]), int(match[2]), int(match[3]))
    elif match := re.fullmatch(r"(\d\d?)[./-](\d\d?)(?:[./-](\d{4}|\d\d))?", said):
        day = _numbered(int(match[1]), int(match[2]), match[3], clock)
    elif match := re.fullmatch(r"(\d\d?)(?:st|nd|rd|th|\.)? ([a-z]+)\.? ?(\d{4})?", said):
        day = _named(int(match[1]), match[2], match[3], clock.today)
    elif match := re.fullmatch(r"([a-z]+)\.? (\d\d?)(?:st|nd|rd|th)?(?: (\d{4}))?", said):
        day = _named(int(match[2]), match[1], match[3], clock.today)
    elif match := re.fullmatch(r"(\d\d?)(?:st|nd|rd|th)", said):
        day = _of_a_month(int(match[1]), clock.today)
    else:
        return None
    return day, day + timedelta(days=1)


def _numbered(first: int, second: int, year: str | None, clock: Clock) -> date:
    """A day written in numbers, in the asker's order unless only the other one is a date."""
    day, month = (second, first) if clock.month_first else (first, second)
    day, month = (month, day) if month > 12 >= day else (day, month)
    if year:
        return _date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    return _latest(day, month, clock.today)


def _named(day: int, month: str, year: str | None, today: date) -> date:
    number = MONTHS.get(month[:3])
    if number is None:
        raise ValueError("no year has such a month")
    return _date(int(year), number, day) if year else _latest(day, number, today)


def _latest(day: int, month: int, today: date) -> date:
    """Without a year, the latest such day that is not in the future."""
    years = [year for year in range(today.year, today.year - 8, -1) if _exists(year, month, day)]
    past = (found for year in years if (found := date(year, month, day)) <= today)
    return next(past, None) or _date(today.year, month, day)


def _of_a_month(day: int, today: date) -> date:
    """ "The 30th": of the latest month that has such a day behind it."""
    months = [some_months(today.year, today.month - back, 1)[0] for back in range(3)]
    there = [first.replace(day=day) for first in months if _exists(first.year, first.month, day)]
    return next((found for found in there if found <= today), None) or _date(today.year, today.month, day)


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _date(year: int, month: int, day: int) -> date:
    """Raises: ValueError, which says what is wrong with it."""
    if not 1 <= month <= 12:
        raise ValueError("no year has such a month")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise ValueError("that month is not so long")
    return date(year, month, day)


def a_month(said: str, today: date) -> Days | None:
    if match := re.fullmatch(r"([qh])([1-4]) ?(\d{4})?|(first|second|third|fourth|last) quarter ?(\d{4})?", said):
        return _share(match, today)
    match = re.fullmatch(r"([a-z]+)\.? ?(\d{4})?", said)
    if not match:
        return None
    if match[1] in SEASONS and match[2]:
        first, end = SEASONS[match[1]]
        return some_months(int(match[2]), first, end - first)
    if match[1][:3] not in MONTHS:
        return None
    month = MONTHS[match[1][:3]]
    return some_months(int(match[2] or (today.year if month <= today.month else today.year - 1)), month, 1)


def counted(said: str, today: date) -> Days | None:
    """A month or a week that is called by its number: ``03/2026``, ``2026-03``, ``week 32``."""
    if match := re.fullmatch(r"(?:(\d\d?)/(\d{4})|(\d{4})-(\d\d))", said):
        first = _date(int(match[2] or match[3]), int(match[1] or match[4]), 1)
        return some_months(first.year, first.month, 1)
    if match := re.fullmatch(r"(?:calendar week|week|kw|cw|wk) ?(\d\d?)(?: (\d{4}))?", said):
        return _week(int(match[1]), match[2], today)
    return None


def _week(number: int, year: str | None, today: date) -> Days:
    """A calendar week (ISO 8601), without a year the latest that has begun.

    Raises: ValueError for one that the year does not have.
    """
    if not 1 <= number <= 53:
        raise ValueError("no year has so many weeks")
    years = [int(year)] if year else [today.year, today.year - 1]
    mondays = [
        date.fromisocalendar(each, number, 1) for each in years if number <= date(each, 12, 28).isocalendar().week
    ]
    if not mondays:
        raise ValueError("that year has no such week")
    monday = next((each for each in mondays if each <= today), mondays[-1])
    return monday, monday + timedelta(days=7)


def _share(match: re.Match[str], today: date) -> Days:
    """A quarter or a half of a year; without a year the latest that has begun."""
    length = 6 if match[1] == "h" else 3
    words = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
    first = length * (int(match[2]) if match[2] else words[match[4]]) - length + 1
    year = match[3] or match[5]
    return some_months(int(year) if year else today.year - (first > today.month), first, length)


def a_year(said: str) -> Days | None:
    if match := re.fullmatch(r"(\d{4})s", said):
        return date(int(match[1]), 1, 1), date(int(match[1]) + 10, 1, 1)
    return (date(int(said), 1, 1), date(int(said) + 1, 1, 1)) if re.fullmatch(YEAR, said) else None


def some_months(year: int, month: int, n: int) -> Days:
    first, last = year * 12 + month - 1, year * 12 + month - 1 + n
    return date(first // 12, first % 12 + 1, 1), date(last // 12, last % 12 + 1, 1)
