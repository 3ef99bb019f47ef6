"""What phrases of a request mean as times, and the conditions that they make."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from graphs.clock import Clock
from graphs.local_planner.filtering.days import Range, span
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.pointing.pointers import number

NUMBERED = re.compile(r"(\d\d?)/(\d\d?)(?!\d)")
""" "9/15": shows the order when one of the numbers is no month."""


class Spans:
    """What phrases of a request mean, by the asker's clock."""

    def __init__(self, left: Narrowed, clock: Clock) -> None:
        self._left = left
        self._clock = clock

    def of(self, said: str, alike: str = "") -> Range | None:
        """alike: another day, that shows in which order the numbers of both are written."""
        clock = self._clock
        if (order := NUMBERED.match(alike)) and int(order[2]) > 12 >= int(order[1]):
            clock = replace(clock, month_first=True)
        try:
            found = span(said, clock)
        except ValueError as error:
            # only numbers that were said: an answer may hold no others
            self._left.impossible = f"There is no {said.strip()}: {error}. Which day do you mean?"
            return None
        if found and found[0] > clock.now:
            self._left.to_come = said.strip()
        return found


def put(left: Narrowed, after: datetime | None, before: datetime | None) -> bool:
    if after:
        left.filters["after"] = after.isoformat(timespec="seconds")
    if before:
        left.filters["before"] = before.isoformat(timespec="seconds")
    return True


def back(n: str, unit: str, clock: Clock) -> datetime:
    """So long ago: to the minute for hours and less, else from the start of a day."""
    count = {"a": 1, "an": 1, "couple of": 2, "few": 3, "twelve": 12}.get(n.lower()) or number(n)
    if unit.lower().startswith(("min", "hour")):
        return clock.now - timedelta(**{"hours" if unit.lower().startswith("hour") else "minutes": count})
    days = timedelta(days=count * {"d": 1, "w": 7, "f": 14, "m": 30, "y": 365}[unit[0].lower()])
    return datetime.combine(clock.today, time()) - days
