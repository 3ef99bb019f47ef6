"""What the wordings of dates mean: each puts its conditions on a request, or says False where it means no date."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from graphs.clock import Clock
from graphs.local_planner.filtering.days import MONTH, WEEKDAY, span
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.spans import Spans, back, put
from graphs.local_planner.filtering.wordings import PICS
from graphs.local_planner.filtering.written import YEAR

WEEK = timedelta(days=7)
ABOUT = timedelta(days=3)
"""How far from a day is still around it."""


class Dating:
    """The dates of one request, by the asker's clock. Matches have a group `span`, or `first` and `last`, or `n` and
    `unit`; `how` is the word before."""

    def __init__(self, left: Narrowed, clock: Clock) -> None:
        self._left = left
        self._clock = clock
        self._spans = Spans(left, clock)

    def between(self, match: re.Match[str]) -> bool:
        last, said = self._spans.of(match["last"]), match["first"]
        if re.fullmatch(r"\d\d?(?:st|nd|rd|th)?", said):
            named = re.search(rf"{MONTH}.*$", match["last"], re.IGNORECASE)
            if not named:
                return False
            said = f"{said} {named[0]}"  # "from 1 to 15 October"
        first = self._spans.of(said, alike=match["last"])
        year = re.search(YEAR, match["last"])
        if year and not re.search(YEAR, said):
            first = self._spans.of(f"{said} {year[0]}") or first
        elif first and last and first[0] > last[0]:
            # "between Monday and Wednesday", said on a Tuesday: the Monday before that Wednesday
            first = span(said, Clock(last[0], self._clock.month_first)) or first
        if first and last and first[0] >= last[1]:
            self._left.impossible = f"{said.strip()} is later than {match['last'].strip()}. Which day comes first?"
        return put(self._left, first[0], last[1]) if first and last else False

    def within(self, match: re.Match[str]) -> bool:
        found = self._spans.of(match["span"])
        return put(self._left, *found) if found else False

    def after(self, match: re.Match[str]) -> bool:
        found = self._spans.of(match["span"])
        how = match["how"].lower()
        # "after 2023" starts when 2023 is over, "since 2023" when it begins; a single day starts on itself
        late = how in ("after", "later than", "newer than") and found and (found[1] - found[0]).days > 1
        return put(self._left, found[1] if late else found[0], None) if found else False

    def before(self, match: re.Match[str]) -> bool:
        found = self._spans.of(match["span"])
        late = match["how"].lower() in ("until", "till", "up to", "through", "up until")
        return put(self._left, None, found[1] if late else found[0]) if found else False

    def since(self, match: re.Match[str]) -> bool:
        found = self._spans.of(match["span"])
        return put(self._left, found[0], None) if found else False

    def until(self, match: re.Match[str]) -> bool:
        found = self._spans.of(match["span"])
        return put(self._left, None, found[1]) if found else False

    def beyond(self, match: re.Match[str]) -> bool:
        found = self._spans.of(match["span"])
        return put(self._left, found[1], None) if found else False

    def short_of(self, match: re.Match[str]) -> bool:
        found = self._spans.of(match["span"])
        return put(self._left, None, found[0]) if found else False

    def recent(self, match: re.Match[str]) -> bool:
        return put(self._left, self._back(match["n"] or "1", match["unit"] or match["one"]), None)

    def older(self, match: re.Match[str]) -> bool:
        return put(self._left, None, self._back(match["n"], match["unit"]))

    def _back(self, n: str, unit: str) -> datetime | None:
        try:
            return back(n, unit, self._clock)
        except (OverflowError, ValueError):  # before the year 1, or of more digits than are read
            self._left.impossible = "That is longer ago than there are images. Which time do you mean?"
            return None

    def by_itself(self, match: re.Match[str]) -> bool:
        # "the Sunday roast" is a dish
        named = re.search(r"\b(?:the|our) $", match.string[: match.start("span")], re.IGNORECASE)
        goes_on = re.match(rf"\s+(?!{PICS}\b|(?:in|from|by|of|with|at|on|and|or)\b)\w", match.string[match.end() :])
        return (
            False if named and goes_on and re.fullmatch(WEEKDAY, match["span"], re.IGNORECASE) else self.within(match)
        )

    def of_month(self, match: re.Match[str]) -> bool:
        # "the second" of a few images is no day
        dated = re.search(r"\b(?:on|from)\b|posted|taken|shared|uploaded", match[0], re.IGNORECASE)
        return self.within(match) if dated else False

    def about(self, match: re.Match[str]) -> bool:
        found = self._spans.of(match["span"])
        return put(self._left, found[0] - ABOUT, found[1] + ABOUT) if found else False

    def week_by(self, match: re.Match[str]) -> bool:
        found = self._spans.of(match["span"])
        if not found:
            return False
        how = match["how"].lower()
        monday = found[0] - timedelta(days=found[0].weekday())
        begins = {"before": found[0] - WEEK, "after": found[1]}.get(how, monday)
        return put(self._left, begins, begins + WEEK)

    def not_within(self, match: re.Match[str]) -> bool:
        found, said = self._spans.of(match["span"]), match["span"].strip()
        if found and found[1] <= self._clock.now:
            self._left.impossible = f"I can search before or after {said}, not both. Which of them do you mean?"
        return put(self._left, None, found[0]) if found else False

    def to_come(self, match: re.Match[str]) -> bool:
        said = match["span"]
        self._left.impossible = f"{said.capitalize()} has not come yet. Which time in the past do you mean?"
        return True

    def this_and_last(self, match: re.Match[str]) -> bool:
        found = self._spans.of(f"last {match['unit']}")
        return put(self._left, found[0] if found else None, None)
