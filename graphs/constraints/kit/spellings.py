"""One way of writing a brand, as a pattern over folded text (see `lookalikes`): its letters in order, whole words only,
with anything between them. Whether a match really names the brand is decided in `naming`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from graphs.constraints.kit.symbols import KEPT, looks, symbols

# scripts written without spaces: a brand in the middle of them stands alone
UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
LETTER = rf"[^\W{UNSPACED}]"
WORD_BEGINNING = re.compile(rf"(?<!{LETTER})\w|[{UNSPACED}]")
ENDS = rf"(?=(?:s|\d++)?(?!{LETTER}))"
GAPS = " &+"
BETWEEN = rf"[{GAPS}]*+"
AND = r" *+&[ &+]*+| ++(?:and|n|et|und|y) ++|and|n"
PAIR_LOOKS = {"m": "rn", "w": "vv", "d": "c[lI]"}
"""Two letters that pass for one: ``rn`` for m."""
PAIR_LOOKS_APART = {"m": ("rn",), "w": ("vv",), "d": ("cl", "cI")}
"""The same, each spelled out."""
UMLAUTS = frozenset("äöüÄÖÜ")
LONG = 5
"""Letters a name needs before it is known without its ``&``: ProcterGamble, but not HM."""


@dataclass(frozen=True)
class Letter:
    """What passes for one letter of a name."""

    symbols: str
    """Any one of these."""
    others: tuple[str, ...] = ()
    """Or one of these, whatever their length."""

    def lengths_at(self, text: str, at: int) -> Iterator[int]:
        """How many symbols of the text may be this letter, in every way."""
        if at < len(text) and text[at] in self.symbols:
            yield 1
        yield from (len(other) for other in self.others if text.startswith(other, at))


AND_APART = Letter("", ("", "and", "n", "et", "und", "y"))
"""An ``&``, which is itself a gap, or the words for it."""


@dataclass(frozen=True)
class Spelling:
    """A name or alias of a brand."""

    name: str
    brand: str
    """The brand's own name, which messages use."""
    match_case: bool = False

    @cached_property
    def letters(self) -> str:
        """The name without what is not a letter or digit."""
        return "".join(char for char in self.name if char.isalnum())

    @cached_property
    def joints(self) -> frozenset[int]:
        """Before which letters (by index) the name itself has a gap: 4 in Coca-Cola."""
        found, count, gap = set(), 0, False
        for char in self.name:
            if char.isalnum():
                if gap and count:
                    found.add(count)
                count, gap = count + 1, False
            else:
                gap = True
        return frozenset(found)

    @cached_property
    def camel(self) -> frozenset[int]:
        """Before which letters a new word begins inside the name: 3 in YouTube."""
        return frozenset(
            index
            for index in range(1, len(self.letters))
            if self.letters[index].isupper() and self.letters[index - 1].islower()
        )

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the letters and what lies between them, up to a word's end; it is put to words' beginnings only."""
        return re.compile(self.letters_pattern() + ("" if self.unspaced else ENDS))

    @cached_property
    def run_together(self) -> re.Pattern[str]:
        """For hashtags and host names, which hold no ``&`` and where the caller knows the words' ends: #HM, hm.com."""
        return re.compile(self.letters_pattern(loose=True))

    def steps(self) -> Iterator[Letter]:
        """What every match is made of, in order, for a text without its gaps."""
        begun = joined = False
        for char in self.name:
            if char.isalnum():
                if joined:
                    yield AND_APART
                yield from _steps(char)
                begun, joined = True, False
            elif begun and char == "&":
                joined = True

    @property
    def unspaced(self) -> bool:
        """Whether the name is in a script written without spaces."""
        return re.search(f"[{UNSPACED}]", self.name) is not None

    def letters_pattern(self, *, loose: bool = False) -> str:
        """The pattern's text. Letters and what lies between them are disjoint, so matching never backtracks far."""
        parts: list[str] = []
        signs = ""
        for char in self.name:
            if char.isalnum():
                if parts:
                    parts.append(self._joint(signs, loose=loose))
                parts.append(_letter(char))
                signs = ""
            elif char in KEPT:
                signs += char
        return "".join(parts) + r" *+(?:\+|plus)" * signs.count("+")

    def _joint(self, signs: str, *, loose: bool) -> str:
        if "&" not in signs:
            return BETWEEN
        optional = loose or len(self.letters) >= LONG
        return f"(?:{AND}|{BETWEEN})" if optional else f"(?:{AND})"


def _letter(char: str) -> str:
    """The pattern of one letter of a name."""
    plain = symbols(char.lower())
    if len(plain) > 1:
        return BETWEEN.join(_letter(part) for part in plain)
    one = f"[{re.escape(_symbols_of(char))}]"
    if plain in PAIR_LOOKS:
        return f"(?:{one}|{PAIR_LOOKS[plain]})"
    # the German way around a missing umlaut: oe for ö
    return f"{one}(?:{BETWEEN}e)?" if char in UMLAUTS else one


@cache
def _steps(char: str) -> tuple[Letter, ...]:
    """The same as `_letter`, for a text without its gaps."""
    plain = symbols(char.lower())
    if len(plain) > 1:
        return tuple(letter for part in plain for letter in _steps(part))
    seen = _symbols_of(char)
    if plain in PAIR_LOOKS:
        return (Letter(seen, PAIR_LOOKS_APART[plain]),)
    return (Letter(seen, tuple(f"{symbol}e" for symbol in seen) if char in UMLAUTS else ()),)


@cache
def _symbols_of(char: str) -> str:
    """Every symbol that passes for the letter, whatever its case in its own script."""
    plain = {symbols(form) for form in (char, char.lower(), char.upper())}
    return "".join(sorted({seen for form in plain if len(form) == 1 for seen in looks(form)}))
