"""Times of day that narrow a search: "since 9am", "between 2 and 4 pm yesterday", "after 17:30 on Friday"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from graphs.clock import Clock
from graphs.local_planner.filtering.dates import ADDED
from graphs.local_planner.filtering.days import DAY
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.spans import Spans, put

TIME = r"(?:\d\d?(?::\d\d)? ?(?:[ap]\.?m\b\.?)|\d\d?:\d\d|noon|midday|midnight)"
AT = re.compile(r"(?P<hour>\d\d?)(?::(?P<minute>\d\d))? ?(?P<half>[ap])?")
NAMED = {"noon": timedelta(hours=12), "midday": timedelta(hours=12), "midnight": timedelta()}


def times(left: Narrowed, clock: Clock) -> None:
    """Cut times of day out of a request, with the day they are of: today's where none is named."""
    spans = Spans(left, clock)

    def day_of(match: re.Match[str]) -> datetime | None:
        said = match["day"] or match["day2"]
        found = spans.of(said or "today")
        return found[0] if found else None

    def between(match: re.Match[str]) -> bool:
        day = day_of(match)
        half = re.search(r"[ap](?=\.?m)", match["last"], re.I)
        first, last = _time(match["first"], half[0] if half else ""), _time(match["last"], "")
        if day is None or first is None or last is None or not re.search(TIME, match[0], re.I):
            return False
        first = first - timedelta(hours=12) if first > last else first
        return put(left, day + first, day + last)

    def one(match: re.Match[str]) -> bool:
        day, at = day_of(match), _time(match["time"] or match["time2"], "")
        if day is None or at is None:
            return False
        said, how = match["day"] or match["day2"], match["how"].lower()
        if how == "since":
            late = not said and day + at > clock.now
            return put(left, day + at - timedelta(days=late), None)
        if how == "after":
            return put(left, day + at, day + timedelta(days=1) if said else None)
        if how in ("at", "around", "about"):
            before, after = (0, 1) if how == "at" else (1, 1)
            return put(left, day + at - timedelta(hours=before), day + at + timedelta(hours=after))
        return put(left, day, day + at)

    day, day2 = rf"(?:(?:from |on )?(?P<day>{DAY}),? )?", rf"(?:,? (?:on |from )?(?P<day2>{DAY}))?"
    hours = rf"(?P<first>{TIME}|\d\d?) ?(?:and|to|until|till|-) ?(?P<last>{TIME}|\d\d?)(?![\d:./-])"
    left.take(rf",?\s*\b{ADDED}{day}(?:between|from) {hours}{day2}", between)
    how = r"(?P<how>since|after|before|until|till)"
    left.take(rf",?\s*\b{ADDED}{how} (?:(?P<day>{DAY})(?: at)? (?P<time>{TIME})|(?P<time2>{TIME}){day2})", one)
    at = r"(?P<how>at|around|about)"
    left.take(rf",?\s*\b{ADDED}(?:on |from )?(?P<day>{DAY}) {at} (?P<time>{TIME})(?P<time2>)(?P<day2>)", one)
    left.take(rf",?\s*\b{ADDED}{at} (?P<time>{TIME}),? (?:on )?(?P<day>{DAY})(?P<time2>)(?P<day2>)", one)


def _time(said: str, half: str) -> timedelta | None:
    """From midnight on. `half`: "a" or "p", for an hour that does not say."""
    said = said.lower().strip()
    if said in NAMED:
        return NAMED[said]
    match = AT.match(said)
    hour, minute = (int(match["hour"]), int(match["minute"] or 0)) if match else (99, 0)
    half = ((match["half"] if match else "") or ("" if ":" in said else half) or "").lower()
    if hour > (12 if half else 24) or minute > 59:
        return None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    return timedelta(hours=hour, minutes=minute)
