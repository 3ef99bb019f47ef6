"""What a query asks for word by word, and how much each word tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from tools.kit.archive.words import WORD, fold
from tools.kit.months import MONTHS

RAREST, COMMONEST = 7.0, 1.0
"""Bounds of a word's weight: 8 less its Zipf frequency, so that a word ten times rarer counts one more."""
NUMBER, LONG = 6.0, 3
"""Weight of what holds a digit, and so many letters or digits at least: dates, amounts, codes."""
_GENERIC = """\
a an the of in on at to with and or for from by near next is are was were be it its this that these those there which
who whose where when what we us our you your i me my he his she her they their them some any all one ones please find
show search look looking get give see want need says say said photo photos picture pictures pic pics image images"""
GENERIC = frozenset(_GENERIC.split())
"""Words that say nothing of what an image holds, unless a query has no others."""
_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
DATE = re.compile(
    rf"\b(?:(?P<y>\d{{4}})-(?P<m>\d\d?)-(?P<d>\d\d?)|(?P<first>\d\d?)(?P<by>[./-])(?P<second>\d\d?)(?P=by)(?P<y2>\d{{4}}|\d\d)"
    rf"|(?P<d3>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m3>{_NAME})\.?,?\s+(?P<y3>\d{{4}})"
    rf"|(?P<m4>{_NAME})\.?\s+(?P<d4>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y4>\d{{4}}))\b",
    re.I,
)
"""A day as people write it: 2018-02-05, 5/2/2018, 05.02.18, 5th of February 2018, Feb 5, 2018."""


@dataclass(frozen=True)
class Term:
    """A word of a query, or several that belong together: 25/12/2018 are three."""

    words: tuple[str, ...]
    """Folded."""
    weight: float
    others: tuple[tuple[str, ...], ...] = ()
    """Other ways to write it."""

    @property
    def is_number(self) -> bool:
        """A date, an amount, a code."""
        return _is_number(self.words)

    @property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """All ways to write it, as words, the query's first."""
        return (self.words, *self.others)


def terms_of(query: str) -> tuple[Term, ...]:
    """Each once; generic words only where there are no others."""
    dates = [Term(tuple(WORD.findall(fold(each[0]))), NUMBER, tuple(_ways(each))) for each in DATE.finditer(query)]
    chunks = dict.fromkeys(tuple(WORD.findall(fold(chunk))) for chunk in DATE.sub(" ", query).split())
    named = [chunk for chunk in chunks if chunk and not (len(chunk) == 1 and chunk[0] in GENERIC)]
    if not named and not dates:
        named = [chunk for chunk in chunks if chunk]
    return (*dict.fromkeys(dates), *(Term(chunk, _weight(chunk)) for chunk in named))


def phrase_of(query: str) -> tuple[str, ...]:
    """All of its words, folded, without generic ones at its ends."""
    words = WORD.findall(fold(query))
    telling = [place for place, word in enumerate(words) if word not in GENERIC]
    return tuple(words[telling[0] : telling[-1] + 1] if telling else words)


def asked_of(query: str) -> str:
    """The query with the other ways to write what is in it, for a search that looks for any of its words."""
    others = [" ".join(way) for term in terms_of(query) for way in term.others]
    return " ".join([query, *others])


def _ways(found: re.Match[str]) -> Iterator[tuple[str, ...]]:
    """The days it can mean (5/2 is two of them), as papers print them."""
    for day in _days(found):
        for year in (f"{day.year}", f"{day.year % 100:02}"):
            yield f"{day.day:02}", f"{day.month:02}", year
            yield f"{day.day}", f"{day.month}", year
            yield f"{day.month:02}", f"{day.day:02}", year
            for name in (f"{day:%b}".lower(), f"{day:%B}".lower()):
                yield f"{day.day}", name, year
                yield f"{day.day:02}", name, year
                yield name, f"{day.day}", year
        yield f"{day.year}", f"{day.month:02}", f"{day.day:02}"


def _days(found: re.Match[str]) -> Iterator[date]:
    part = found.groupdict()
    if part["first"]:
        year = int(part["y2"]) + (2000 if len(part["y2"]) == 2 else 0)
        first, second = int(part["first"]), int(part["second"])
        orders = {(first, second), (second, first)}
    else:
        year = int(part["y"] or part["y3"] or part["y4"])
        named = part["m3"] or part["m4"]
        month = MONTHS[named.lower()] if named else int(part["m"])
        orders = {(int(part["d"] or part["d3"] or part["d4"]), month)}
    for day, month in sorted(orders):
        try:
            yield date(year, month, day)
        except ValueError:
            continue


@cache
def _weight(words: tuple[str, ...]) -> float:
    if _is_number(words):
        return NUMBER
    if not "".join(words).isalpha():
        return COMMONEST
    from wordfreq import zipf_frequency

    rarest = min(zipf_frequency(word, "en") for word in words)
    return min(RAREST, max(COMMONEST, 8.0 - rarest))


def _is_number(words: tuple[str, ...]) -> bool:
    joined = "".join(words)
    return len(joined) >= LONG and any(letter.isdigit() for letter in joined)
