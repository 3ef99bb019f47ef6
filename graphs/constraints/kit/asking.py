"""What whoever plans has asked of tools: its words may be said again, but a number in it that nobody gave is a guess.

A call's arguments come back in what tools say of them ('Nothing for "plate ABC 123"', the labels to choose from, a
failure that quotes a value): that does not make them findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graphs.constraints.kit import claims
from graphs.constraints.kit.claims import Claim
from graphs.constraints.kit.dates import days_in, times_in
from graphs.constraints.kit.sources import DIGITS, Sources, supported
from graphs.constraints.kit.spans import Span, without
from tools.kit.types import Json


def words_of(asked: Json, known: Sources) -> Iterator[str]:
    """The texts of arguments, names of fields included, without the numbers, dates and codes that are not known."""
    for text in _texts(asked):
        yield _blanked(text, [claim for claim in _countable(text) if not supported(claim, text, known)])


def unconfirmed(told: str, asked: Sequence[Json], known: Sources) -> str:
    """What a tool said of a call that failed, without the numbers that it has from the call alone."""
    arguments = Sources()
    arguments.add_all(*(text for each in asked for text in _texts(each, numbers=True)))
    claimed = (claim for claim in _countable(told) if not supported(claim, told, known))
    return _blanked(told, [claim for claim in claimed if supported(claim, told, arguments)])


def echoes(arguments: Mapping[str, Json]) -> re.Pattern[str] | None:
    """Where a finding only repeats what it was asked: a text in quotes, one of several to choose from. Texts without
    numbers need not be looked for."""
    quoted = [text for text in _texts(list(arguments.values())) if _countable(text)]
    lists = [value for value in arguments.values() if isinstance(value, list)]
    offered = [text for each in lists for text in each if isinstance(text, str) and _countable(text)]
    forms = [f'[“"]{re.escape(text)}[”"]' for text in quoted] + [rf"(?<!\w){re.escape(text)}(?!\w)" for text in offered]
    return re.compile("|".join(forms), re.IGNORECASE) if forms else None


def without_echoes(found: Json, echo: re.Pattern[str], arguments: Mapping[str, Json]) -> Json:
    """A finding without what it only repeats, and without the arguments it gives back under their names."""
    if isinstance(found, str):
        return echo.sub(" ", found)
    if isinstance(found, Mapping):
        return {
            echo.sub(" ", key): without_echoes(value, echo, arguments)
            for key, value in found.items()
            if value != arguments.get(key)
        }
    return [without_echoes(each, echo, arguments) for each in found] if isinstance(found, list | tuple) else found


def _countable(text: str) -> list[Claim]:
    """Everything with a number in it, and what the forms of numbers leave over."""
    if not DIGITS.search(text):
        return claims.spoken(text)
    dates = [*days_in(text), *times_in(text)]
    found = [Claim("date", text[slice(*span)], span) for span, _ in dates]
    found += [*claims.codes(text), *claims.numbers(text), *claims.spoken(text)]
    found += [Claim("number", match[0], match.span()) for match in DIGITS.finditer(without(text, _spans(found)))]
    return found


def _blanked(text: str, what: Iterable[Claim]) -> str:
    return without(text, _spans(what))


def _spans(what: Iterable[Claim]) -> list[Span]:
    return sorted({claim.span for claim in what})


def _texts(value: Json, *, numbers: bool = False) -> Iterator[str]:
    """Every text in it; with `numbers`, these too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from _texts(item, numbers=numbers)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, numbers=numbers)
    elif numbers and isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
