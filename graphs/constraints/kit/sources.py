"""What an answer may draw on, and whether a claim is in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from graphs.constraints.kit import claims
from graphs.constraints.kit.claims import Claim, plain
from graphs.constraints.kit.dates import Day, days_in, times_in
from graphs.constraints.kit.spans import without
from tools.kit.types import Json

DIGITS = re.compile(r"\d+(?:[.,'’]\d+)*")
ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|almost|nearly|over|under|more than|less than|some|"
    r"etwa|ungefähr|rund|circa|ca\.|knapp|über|unter|environ|presque|aproximadamente|unos|casi|quasi|quase|"
    r"cerca de|ongeveer|bijna)|~|≈)"
    r"\s*[$€£]?$",
    re.IGNORECASE,
)


@dataclass
class Sources:
    """What may be said, gathered from texts and typed facts."""

    text: str = " "
    numbers: set[Decimal] = field(default_factory=set)
    counts: set[int] = field(default_factory=set)
    days: set[Day] = field(default_factory=set)
    times: set[tuple[int, int]] = field(default_factory=set)
    raw: str = ""

    def add_all(self, *values: Json) -> None:
        for value in values:
            self.add(value)

    def add(self, value: Json) -> None:
        """Take in a string, a number, or everything in a list or dict; lists can be counted."""
        if isinstance(value, str):
            self._add_text(value)
        elif isinstance(value, bool) or value is None:
            return
        elif isinstance(value, int | float | Decimal):
            self.numbers.add(abs(Decimal(str(value))))
        elif isinstance(value, Mapping):
            if value and all(isinstance(item, int | float) for item in value.values()):
                self.counts.add(len(value))
            for key, item in value.items():
                self.text += plain(str(key))[1:]
                self.add(item)
        else:
            self.counts.add(len(value))
            for item in value:
                self.add(item)

    def _add_text(self, text: str) -> None:
        self.text += plain(text)[1:]
        self.raw += f"\n{text.casefold()}"
        for claim in claims.spoken(text):
            self.numbers |= claims.values(claim.text)
        if DIGITS.search(text):
            self._add_digits(text)

    def _add_digits(self, text: str) -> None:
        days, times = days_in(text), times_in(text)
        for _, readings in days:
            self.days |= readings
            self.numbers |= {Decimal(year) for year, _, _ in readings if year}
        for _, clock in times:
            self.times |= clock
        text = without(text, [span for span, _ in [*days, *times]])
        for claim in claims.numbers(text):
            self.numbers |= claims.values(claim.text)
        # evidence is taken generously: RM9.00 holds a number too
        for digits in DIGITS.findall(text):
            self.numbers |= claims.values(digits)

    def has_words(self, text: str) -> bool:
        """Whether the words stand in the sources in this order; dots of omission may skip some."""
        parts = [plain(part) for part in re.split(r"…|\.\.\.|\[…\]", text)]
        return all(part.strip() == "" or part in self.text for part in parts)


def supported(claim: Claim, text: str, sources: Sources) -> bool:
    match claim.kind:
        case "quote" | "code":
            return sources.has_words(claim.text)
        case "name":
            return _has_name(claim.text, sources)
        case "date":
            return _has_date(claim.text, sources)
        case _:
            return _has_number(claim, text, sources)


def _has_name(name: str, sources: Sources) -> bool:
    bare = re.sub(r"['’]s?$", "", name)
    return (
        sources.has_words(bare)
        or sources.has_words(name)
        or all(sources.has_words(part) for part in re.split(r"[-&.]", bare))
    )


def _has_date(written: str, sources: Sources) -> bool:
    if plain(written) in sources.text:
        return True
    for _, times in times_in(written):
        return bool(times & sources.times)
    for _, days in days_in(written):
        return any(_same_day(day, source) for day in days for source in sources.days)
    return False


def _same_day(day: Day, source: Day) -> bool:
    """A date may say less than its source, never more."""
    return all(one is None or one == other for one, other in zip(day, source, strict=True))


def _has_number(claim: Claim, text: str, sources: Sources) -> bool:
    about = ABOUT.search(text[max(0, claim.span[0] - 24) : claim.span[0]]) is not None
    scale = _scale(text[claim.span[1] :])
    for value in claims.values(claim.text):
        if value == value.to_integral_value() and int(value) in sources.counts:
            return True
        for wanted in (value, value * scale, *((value / 100,) if claim.percent else ())):
            places = _places(claim.text, value) + (2 if wanted != value and claim.percent else 0)
            if any(_rounds(wanted, source, places, about) for source in sources.numbers):
                return True
        if not claim.percent and 0 <= value <= 1 and any(value * 100 == source for source in sources.numbers):
            return True
    return len(claim.text) >= 4 and re.search(rf"(?<!\d){re.escape(claim.text)}(?!\d)", sources.raw) is not None


def _scale(after: str) -> int:
    match = re.match(r"\s?(thousand|million|billion|k|m|bn)\b", after, re.IGNORECASE)
    return claims.SCALES[match[1].lower()] if match else 1


def _places(written: str, value: Decimal) -> int:
    """Decimal places as written."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _rounds(value: Decimal, source: Decimal, places: int, about: bool) -> bool:
    """Whether the value is the source, or the source rounded to the places the value has."""
    if value == source:
        return True
    if about and source and abs(value - source) <= abs(source) * Decimal("0.1"):
        return True
    # a whole number is no rounding of a small one: "3 dogs" is not 2.7 of anything, but 87 is 86.6
    exponent = source.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= places or (places == 0 and source < 10):
        return False
    step = Decimal(1).scaleb(-places)
    return any(source.quantize(step, mode) == value for mode in (ROUND_HALF_UP, ROUND_HALF_EVEN))
