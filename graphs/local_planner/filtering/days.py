"""Which time a phrase means: "last summer", "May 2024", "15/5/2025", "q3", "the first week of June", "last night".

Where a phrase leaves the year open, the latest such time that has begun is meant. Of 3/4 the first number is the day,
in the United States the month (`Clock.month_first`), unless only the other reading is a date.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from graphs.clock import Clock
from graphs.local_planner.filtering import written
from graphs.local_planner.filtering.feasts import feast
from graphs.local_planner.filtering.parts import PART, part
from graphs.local_planner.filtering.written import SEASONS, YEAR, Days
from graphs.local_planner.pointing.pointers import NUMBERS
from tools.kit.months import MONTHS

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAY = rf"(?:{'|'.join(DAYS)}|mon|tues?|wed(?= (?:last|this) week)|thurs?|fri)\b"
DAY = (
    rf"(?:{YEAR}[-/]\d\d?[-/]\d\d?|\d\d?[./-]\d\d?[./-](?:{YEAR}|\d\d\b(?![./-]))|\d\d?\.\d\d?\.(?!\d)|\d\d?(?:st|nd|rd|"
    rf"th|\.)?(?: of)? {MONTH}(?:,? {YEAR})?|{MONTH} (?:the )?\d\d?(?:st|nd|rd|th)?\b(?!\d|:\d)(?:,? {YEAR})?|today|"
    rf"(?:the )?day before yesterday|yesterday|"
    rf"(?:\d|two|three|four) (?:{'|'.join(DAYS)})s ago|(?:last )?{WEEKDAY}(?!'s)"
    rf"(?: (?:of )?(?:last|this) week\b)?)(?: (?:this|last) year\b)?"
)
SHORT = r"\d\d?/\d\d?(?![\d/])"
""" "3/4": a day only where a preposition says so."""
AGO = (
    rf"(?:(?:about |around |roughly |some )?(?:\d{{1,3}}|an?|{'|'.join(NUMBERS)}) "
    r"(?:minutes?|hours?|days?|weeks?|months?|years?) ago)"
)
PERIOD = (
    rf"(?:\d\d?/{YEAR}|{YEAR}-\d\d(?![-\d])|(?:calendar week|week|kw|cw|wk) ?\d\d?\b(?:,?(?: of)? {YEAR})?|"
    rf"(?:weekend|week|month|quarter|year) before last|"
    rf"(?:{MONTH}|spring|summer|autumn|fall|winter) (?:last|this) year\b|"
    rf"{MONTH},?(?: of)? {YEAR}|{YEAR}|(?:last|this) {MONTH}|{MONTH}|(?:last|this|the (?:last|past|previous)|past|"
    rf"previous) (?:year|quarter|month|week|weekend|spring|summer|autumn|fall|winter)\b|(?:the )?(?:weekend|year)\b"
    rf"(?! \d)|(?:spring|"
    rf"summer|autumn|fall|winter)(?: of)? {YEAR}|(?:q[1-4]|h[12]|the (?:first|second|third|fourth|last) quarter)\b"
    rf"(?:(?: of)? {YEAR}| (?:of )?(?:last|this) year)?|"
    r"the year (?:19|20)\d\d|20\d0s|19\d0s|the \d0s)"
)
SPAN = (
    rf"(?:{PART} {PERIOD}|{DAY}"
    rf"(?: (?:morning|afternoon|evening|night|(?:around |at |over )?lunch(?:time)?)\b)?|"
    r"this (?:morning|afternoon|evening)|" + (rf"last night|tonight|{AGO}|{SHORT}|{PERIOD})")
)

Range = tuple[datetime, datetime]
"""When it begins, and when it is over."""
HOURS = {"morning": (5, 12), "lunch": (11, 14), "afternoon": (12, 18), "evening": (18, 24), "night": (18, 30)}


def span(said: str, clock: Clock) -> Range | None:
    """The time a phrase means: ``2023``, ``may 2024``, ``last summer``, ``15 May 2025``; None for no date.

    Raises: ValueError for a day that does not exist, such as 31 February, or that no calendar reaches.
    """
    said = re.sub(r"\s+", " ", said.lower().replace(",", " ").replace(" of ", " ").replace(".", ". ").strip())
    said = re.sub(
        r"^(?:the (?:year (?=\d))?|about |around |roughly |some )",
        "",
        re.sub(r"(\d)\. (?=\d)", r"\1.", said).rstrip(" ."),
    )
    said = re.sub(rf"^({MONTH}) the ", r"\1 ", said).strip()
    today = clock.today
    if named := re.fullmatch(r"(.*\w) (this|last) year", said):
        said = f"{named[1]} {today.year - (named[2] == 'last')}"
    if hours := re.fullmatch(
        r"(.*?) ?(?:(?:around |at |over )?(lunch)(?:time)?|(morning|afternoon|evening|night))|tonight", said
    ):
        return _hours(hours[1] or "today", hours[2] or hours[3] or "night", clock)
    if ago := re.fullmatch(r"(\w+) (minute|hour)s? ago", said):
        return _moments(_count(ago[1]), ago[2], clock)
    if named := re.fullmatch(rf"(?P<part>{PART}) (?P<whole>.+)", said):
        whole = span(named["whole"], clock)
        return part(named["part"], whole) if whole else None
    try:
        found = (
            _relative(said, today)
            or written.counted(said, today)
            or written.a_day(said, clock)
            or written.a_month(said, today)
            or written.a_year(said)
        )
    except OverflowError:
        raise ValueError("no calendar goes so far") from None
    return (datetime.combine(found[0], time()), datetime.combine(found[1], time())) if found else None


def _count(said: str) -> int:
    return 1 if said in ("a", "an") else NUMBERS.get(said) or int(said)


def _moments(number: int, unit: str, clock: Clock) -> Range:
    """The time about so many minutes or hours ago: as much before it as after it."""
    length = timedelta(minutes=number if unit == "minute" else 60 * number)
    at, about = clock.now - length, timedelta(minutes=max(5, length.total_seconds() / 120))
    return at - about, min(at + about, clock.now)


def _hours(day: str, name: str, clock: Clock) -> Range | None:
    """A part of a day: ``yesterday afternoon``; a night ends in the morning after."""
    day = {"last": "yesterday", "this": "today"}.get(day, day)
    whole = span(day, clock)
    first, last = HOURS[name]
    return (whole[0] + timedelta(hours=first), whole[0] + timedelta(hours=last)) if whole else None


def _relative(said: str, today: date) -> Days | None:
    if named := feast(said, today):
        return named, named + timedelta(days=1)
    if said in ("today", "yesterday", "day before yesterday"):
        day = today - timedelta(days=("today", "yesterday", "day before yesterday").index(said))
        return day, day + timedelta(days=1)
    if ago := re.fullmatch(r"(\w+) (day|week|month|year)s? ago", said):
        return _ago(_count(ago[1]), ago[2], today)
    if before := re.fullmatch(r"(week|month|year) before last", said):
        return _ago(2, before[1], today)
    if before := re.fullmatch(r"(weekend|quarter) before last", said):
        first, _ = _relative(f"last {before[1]}", today) or (today, today)
        return _relative(f"last {before[1]}", first - timedelta(days=before[1] == "weekend" and 1))
    if ago := re.fullmatch(r"(\w+) (\w+day)s ago", said):
        first = today - timedelta(days=((today.weekday() - DAYS.index(ago[2])) % 7 or 7) + 7 * (_count(ago[1]) - 1))
        return first, first + timedelta(days=1)
    if of_week := re.fullmatch(r"(?:last )?(\w+) (last|this) week", said):
        place = next((place for place, name in enumerate(DAYS) if name.startswith(of_week[1])), None)
        day = _ago(int(of_week[2] == "last"), "week", today)[0] + timedelta(days=place or 0)
        return (day, day + timedelta(days=1)) if place is not None else None
    said = {"weekend": "this weekend", "year": "this year"}.get(said, said)
    weekday = next((name for name in DAYS if len(said) > 2 and name.startswith(said)), "")
    match = re.fullmatch(r"(last|this|past|previous) (\w+)", f"last {weekday}" if weekday else said)
    if not match:
        return None
    back, unit = int(match[1] != "this"), match[2]
    if unit in ("year", "month", "week"):
        return _ago(back, unit, today)
    if unit == "quarter":
        return written.some_months(today.year, 3 * ((today.month - 1) // 3 - back) + 1, 3)
    if unit == "weekend":
        saturday = today - timedelta(days=(today.weekday() - 5) % 7 + 7 * (back and today.weekday() > 4))
        return saturday, saturday + timedelta(days=2)
    if unit in SEASONS:
        return _season(unit, today, back)
    if weekday := next((name for name in DAYS if len(unit) > 2 and name.startswith(unit)), ""):
        day = today - timedelta(days=(today.weekday() - DAYS.index(weekday)) % 7 or 7)
        return day, day + timedelta(days=1)
    if unit[:3] in MONTHS:
        month = MONTHS[unit[:3]]
        return written.some_months(today.year - (month >= today.month if back else 0), month, 1)
    return None


def _ago(number: int, unit: str, today: date) -> Days:
    """The day, or the calendar week, month or year so long ago."""
    if unit == "day":
        return today - timedelta(days=number), today - timedelta(days=number - 1)
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * number)
        return monday, monday + timedelta(days=7)
    if unit == "month":
        return written.some_months(today.year, today.month - number, 1)
    return date(today.year - number, 1, 1), date(today.year - number + 1, 1, 1)


def _season(name: str, today: date, back: int) -> Days:
    first, end = SEASONS[name]
    latest = today.year if today >= written.some_months(today.year, first, 1)[0] else today.year - 1
    over = today >= written.some_months(latest, end - 1, 1)[1]
    year = latest if over or not back else latest - 1
    return written.some_months(year, first, end - first)
