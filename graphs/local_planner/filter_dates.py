"""Dates that narrow a search: "since May", "between 1 March and 15 April", "nothing older than two years"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from graphs.local_planner.dates import DAY, MONTH, SPAN, YEAR, span
from graphs.local_planner.narrowed import Narrowed
from graphs.local_planner.references import number

UNIT = r"(?:days?|weeks?|months?|years?)"
COUNT = r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|couple of|few)"
ADDED = (
    r"(?:(?:that (?:were|was)|which (?:were|was)|we|i)? ?(?:taken|added|made|shot|uploaded|scanned|posted|"
    r"created|dated|captured|saved|indexed|from|took|got|shared|put in) )*"
)


def dates(left: Narrowed, today: date) -> None:
    def between(match: re.Match[str]) -> bool:
        first, last = span(match["first"], today), span(match["last"], today)
        year = re.search(YEAR, match["last"])
        if year and not re.search(YEAR, match["first"]):
            first = span(f"{match['first']} {year[0]}", today) or first
        return _put(left, first[0], last[1]) if first and last else False

    def within(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        return _put(left, found[0], found[1]) if found else False

    def after(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        # "after 2023" starts when 2023 is over, "since 2023" when it begins; a single day starts on itself
        late = (
            match["how"].lower() in ("after", "later than", "newer than") and found and (found[1] - found[0]).days > 1
        )
        return _put(left, found[1] if late else found[0], None) if found else False

    def before(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        late = match["how"].lower() in ("until", "till", "up to", "through", "up until")
        return _put(left, None, found[1] if late else found[0]) if found else False

    def since(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        return _put(left, found[0], None) if found else False

    def until(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        return _put(left, None, found[1]) if found else False

    def beyond(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        return _put(left, found[1], None) if found else False

    def short_of(match: re.Match[str]) -> bool:
        found = span(match["span"], today)
        return _put(left, None, found[0]) if found else False

    def recent(match: re.Match[str]) -> bool:
        return _put(left, today - _length(match["n"] or "1", match["unit"]), None)

    def older(match: re.Match[str]) -> bool:
        return _put(left, None, today - _length(match["n"], match["unit"]))

    span_ = rf"(?:,?\s*\bbut)?,?\s*\b(?:nothing|not|none) (?:from )?(?P<span>{SPAN}) (?:or|and)"
    left.take(rf"{span_} (?:earlier|older|before)\b", beyond)
    left.take(rf"{span_} (?:later|newer|after|onwards?)\b", short_of)
    left.take(rf",?\s*\b(?:nothing|not|no|none) (?:(?:older|earlier) than|before|prior to) (?P<span>{SPAN})\b", since)
    left.take(rf",?\s*\b(?:nothing|not|no|none) (?:(?:newer|later) than|after) (?P<span>{SPAN})\b", until)
    left.take(rf",?\s*\b{ADDED}(?:from )?(?P<span>{SPAN}) (?:or|and) (?:later|newer|after|onwards?|up)\b", since)
    left.take(rf",?\s*\b{ADDED}(?:from )?(?P<span>{SPAN}) (?:or|and) (?:earlier|older|before)\b", until)
    left.take(
        rf",?\s*\b{ADDED}(?:between|from) (?P<first>{SPAN}) (?:and|to|until|till|through|-) (?P<last>{SPAN})", between
    )
    left.take(rf",?\s*\b{ADDED}\(?(?P<first>{YEAR})\s?-\s?(?P<last>{YEAR})\)?", between)
    left.take(
        rf",?\s*\b(?:nothing|not|no|never|less than|under|at most|max(?:imum)?) ?(?:older|more)? ?(?:than )?"
        rf"(?P<n>{COUNT}) (?P<unit>{UNIT})(?: old| ago)?",
        recent,
    )
    left.take(rf",?\s*\b{ADDED}(?:older|more) than (?P<n>{COUNT}) (?P<unit>{UNIT})(?: old| ago)?", older)
    left.take(
        (
            rf",?\s*\b(?:from |in |over |within |of |during )?{ADDED}(?:from |in |over |within |of |"
            rf"during )?(?:the |these )?(?:last|past|previous) (?P<n>\d+|two|three|four|five|six|seven|eight|"
            rf"nine|ten|twelve|couple of|few) (?P<unit>{UNIT})"
        ),
        recent,
    )
    left.take(
        (
            rf",?\s*\b{ADDED}(?P<how>after|since|later than|newer than|starting(?: from)?|from (?={SPAN} (?:on|"
            rf"onwards?)\b)) ?(?:the (?:start|beginning) of )?(?P<span>{SPAN})(?: on(?:wards?)?\b)?"
        ),
        after,
    )
    left.take(
        (
            rf",?\s*\b{ADDED}(?P<how>before|until|till|up to|older than|earlier than|prior to|"
            rf"up until) (?:(?:the )?(?:end|start|beginning) of )?(?P<span>{SPAN})"
        ),
        before,
    )
    left.take(
        (
            rf",?\s*\b(?:from |in |during |on |of |for )?{ADDED}(?:from |in |during |on |of |dated |back in |"
            rf"for )(?:the )?(?P<span>{SPAN})(?:'s)?\b"
        ),
        within,
    )
    left.take(
        rf",?\s*\b{ADDED}(?:from |in )?this (?P<unit>year|month) (?:and|or) (?:the )?last(?: (?:year|month))?\b",
        lambda match: _put(left, (span(f"last {match['unit']}", today) or (None,))[0], None),
    )
    left.take(
        (
            rf",?\s*\b{ADDED}(?P<span>(?:last|this|the (?:last|past)) (?:year|quarter|month|week|spring|summer|autumn|"
            rf"fall|winter)|(?:spring|summer|autumn|fall|winter|q[1-4]) {YEAR}|today|yesterday|{MONTH} {YEAR})(?:'s)?\b"
        ),
        within,
    )
    left.take(rf"(?:^|(?<=\s))\(?(?P<span>{YEAR}|{DAY})\)?(?:'s)?(?: only)?(?=$|\s|[?.,!])", within)


def _put(left: Narrowed, after: date | None, before: date | None) -> bool:
    if after:
        left.filters["after"] = f"{after.isoformat()}T00:00:00"
    if before:
        left.filters["before"] = f"{before.isoformat()}T00:00:00"
    return True


def _length(n: str, unit: str) -> timedelta:
    count = {"a": 1, "an": 1, "couple of": 2, "few": 3, "twelve": 12}.get(n.lower()) or number(n)
    return timedelta(days=count * {"d": 1, "w": 7, "m": 30, "y": 365}[unit[0].lower()])
