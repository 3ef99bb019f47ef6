"""Which days a phrase means: "last summer", "May 2024", "15/5/2025", "q3 2023"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tools.kit.months import MONTHS

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
SEASONS = {"spring": (3, 6), "summer": (6, 9), "autumn": (9, 12), "fall": (9, 12), "winter": (12, 15)}
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
YEAR = r"(?:19|20)\d\d"
DAY = (
    rf"(?:{YEAR}-\d\d?-\d\d?|\d\d?[./]\d\d?[./]{YEAR}|\d\d?(?:st|nd|rd|"
    rf"th)?(?: of)? {MONTH}(?:,? {YEAR})?|{MONTH} \d\d?(?:st|nd|rd|th)?\b(?!\d)(?:,? {YEAR})?|today|"
    rf"yesterday|(?:last )?(?:{'|'.join(DAYS)})(?!'s))(?: (?:this|last) year\b)?"
)
SPAN = (
    rf"(?:{DAY}|{MONTH},?(?: of)? {YEAR}|{YEAR}|{MONTH}|(?:last|this|the (?:last|past|previous)|past|"
    rf"previous) (?:year|quarter|month|week|spring|summer|autumn|fall|winter)|(?:spring|summer|autumn|fall|"
    rf"winter)(?: of)? {YEAR}|(?:last|this) {MONTH}|(?:q[1-4]|h[12])(?: of)? {YEAR}|the year {YEAR}|20\d0s|19\d0s|"
    rf"the \d0s)"
)

Range = tuple[date, date]
"""First day, and the day after the last."""


def span(said: str, today: date) -> Range | None:
    """The days a phrase means: ``2023``, ``may 2024``, ``last summer``, ``15 May 2025``; None for no date."""
    said = re.sub(r"\s+", " ", said.lower().replace(",", " ").replace(" of ", " ").replace(".", ". ").strip())
    said = re.sub(r"^the (?:year )?", "", re.sub(r"(\d)\. (?=\d)", r"\1.", said)).strip()
    if named := re.fullmatch(r"(.*\w) (this|last) year", said):
        said = f"{named[1]} {today.year - (named[2] == 'last')}"
    try:
        return _relative(said, today) or _day(said, today) or _month(said, today) or _year(said)
    except ValueError:
        return None  # 31 February


def _relative(said: str, today: date) -> Range | None:
    if said in ("today", "yesterday"):
        day = today - timedelta(days=said == "yesterday")
        return day, day + timedelta(days=1)
    match = re.fullmatch(r"(last|this|past|previous) (\w+)", f"last {said}" if said in DAYS else said)
    if not match:
        return None
    back, unit = int(match[1] != "this"), match[2]
    if unit == "year":
        return date(today.year - back, 1, 1), date(today.year - back + 1, 1, 1)
    if unit == "quarter":
        return _months(today.year, 3 * ((today.month - 1) // 3 - back) + 1, 3)
    if unit == "month":
        return _months(today.year, today.month - back, 1)
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return monday, monday + timedelta(days=7)
    if unit in SEASONS:
        return _season(unit, today, back)
    if unit in DAYS:
        day = today - timedelta(days=(today.weekday() - DAYS.index(unit)) % 7 or 7)
        return day, day + timedelta(days=1)
    if unit[:3] in MONTHS:
        month = MONTHS[unit[:3]]
        return _months(today.year - (month >= today.month if back else 0), month, 1)
    return None


def _season(name: str, today: date, back: int) -> Range:
    first, end = SEASONS[name]
    latest = today.year if today >= _months(today.year, first, 1)[0] else today.year - 1
    over = today >= _months(latest, end - 1, 1)[1]
    year = latest if over or not back else latest - 1
    return _months(year, first, end - first)


def _day(said: str, today: date) -> Range | None:
    if match := re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)", said):
        day = date(int(match[1]), int(match[2]), int(match[3]))
    elif match := re.fullmatch(r"(\d\d?)[./](\d\d?)[./](\d{4})", said):
        day = date(int(match[3]), int(match[2]), int(match[1]))
    elif match := re.fullmatch(r"(\d\d?)(?:st|nd|rd|th)? ([a-z]+)\.? ?(\d{4})?", said):
        day = _near(int(match[1]), match[2], match[3], today)
    elif match := re.fullmatch(r"([a-z]+)\.? (\d\d?)(?:st|nd|rd|th)?(?: (\d{4}))?", said):
        day = _near(int(match[2]), match[1], match[3], today)
    else:
        return None
    return day, day + timedelta(days=1)


def _near(day: int, month: str, year: str | None, today: date) -> date:
    """Without a year, the latest such day that is not in the future."""
    if year:
        return date(int(year), MONTHS[month[:3]], day)
    found = date(today.year, MONTHS[month[:3]], day)
    return found if found <= today else found.replace(year=today.year - 1)


def _month(said: str, today: date) -> Range | None:
    if match := re.fullmatch(r"q([1-4]) (\d{4})", said):
        return _months(int(match[2]), 3 * int(match[1]) - 2, 3)
    if match := re.fullmatch(r"h([12]) (\d{4})", said):
        return _months(int(match[2]), 6 * int(match[1]) - 5, 6)
    match = re.fullmatch(r"([a-z]+)\.? ?(\d{4})?", said)
    if not match:
        return None
    if match[1] in SEASONS and match[2]:
        first, end = SEASONS[match[1]]
        return _months(int(match[2]), first, end - first)
    if match[1][:3] not in MONTHS:
        return None
    month = MONTHS[match[1][:3]]
    return _months(int(match[2] or (today.year if month <= today.month else today.year - 1)), month, 1)


def _year(said: str) -> Range | None:
    if match := re.fullmatch(r"(\d{4})s", said):
        return date(int(match[1]), 1, 1), date(int(match[1]) + 10, 1, 1)
    return (date(int(said), 1, 1), date(int(said) + 1, 1, 1)) if re.fullmatch(YEAR, said) else None


def _months(year: int, month: int, n: int) -> Range:
    first, last = year * 12 + month - 1, year * 12 + month - 1 + n
    return date(first // 12, first % 12 + 1, 1), date(last // 12, last % 12 + 1, 1)
