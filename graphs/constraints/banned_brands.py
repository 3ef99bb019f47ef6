"""Brands that must not be named, however they are disguised.

Caught are any case, accents, letters apart ("A c m e"), punctuation ("A.c-m_e"), look-alike characters (Cyrillic,
Greek, leetspeak, styled and enclosed letters), invisible characters, full-width, HTML entities, possessives, hashtags
(#AcmeRocks) and host names; whole words only, so that "a big apple" is not GAP. `kit.sightings` sets out what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from graphs.constraints.kit.lookalikes import Folded, fold, hides_more
from graphs.constraints.kit.sightings import Sighting, names
from graphs.constraints.kit.spellings import LETTER, Spelling
from tools.kit.types import Evidence, Verdict

RULE = "banned_brands"
INSTEAD = "a certain brand"
"""What a mended text says in place of a brand."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"[^\W_]")]
TAG = re.compile(r"[#＃@＠]([^\s#＃@＠]{2,})")
HOST = re.compile(r"(?<![\w-])([\w-]{1,63})(?=\.(?:com|net|org)\b)", re.IGNORECASE)
CAMEL = (
    re.compile(r"[A-Z]+(?=[A-Z][a-z])|[^\W\d_A-Z]*[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+|[^\w]+"),
    re.compile(r"[A-Z]{2,}|[A-Z]?[^\W\d_A-Z]+|[A-Z]|\d+|[^\w]+"),
)
"""Two ways to part a hashtag: #ACMErocks is ACM-Erocks to the first, ACME-rocks to the second."""


class Brand(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    aliases: tuple[Name, ...] = ()
    match_case: bool = False
    """Whether the plain form counts only in this case: GAP, but not "mind the gap"."""
    allow: tuple[Name, ...] = ()
    """Phrases in which the brand may stand: "gap year"."""


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    brands: tuple[Brand, ...] = ()

    @cached_property
    def search(self) -> Search:
        return Search(self.brands)


class Search:
    """Finds the brands in a text, in time linear in its length."""

    def __init__(self, brands: Sequence[Brand]) -> None:
        self._spellings = [
            Spelling(name, brand.name, brand.match_case) for brand in brands for name in (brand.name, *brand.aliases)
        ]
        self._any = re.compile("|".join(f"(?:{spelling.source()})" for spelling in self._spellings))
        self._allowed = {brand.name: _phrases(brand.allow) for brand in brands if brand.allow}

    def find(self, text: str) -> dict[tuple[int, int], str]:
        """Where (in the original text) which brand is named."""
        if not self._spellings:
            return {}
        found = dict(self._in(text, fold(text)))
        if hides_more(text):
            found |= dict(self._in(text, fold(text, deep=True)))
        for match in TAG.finditer(text):
            found |= dict(self._in_tag(text, *match.span(1)))
        for match in HOST.finditer(text):
            found |= dict(self._squeezed(text, *match.span(1)))
        return found

    def _in(self, text: str, folded: Folded) -> Iterator[tuple[tuple[int, int], str]]:
        at = 0
        while match := self._any.search(folded.text, at):
            sighting = self._named_at(text, folded, match.start())
            if sighting:
                yield sighting.span, sighting.spelling.brand
            at = sighting.end if sighting else match.start() + 1

    def _named_at(self, text: str, folded: Folded, start: int) -> Sighting | None:
        """The longest naming that begins at a symbol."""
        best: Sighting | None = None
        for spelling in self._spellings:
            match = spelling.pattern.match(folded.text, start) if folded.text[start] in spelling.first else None
            if match is None or (best and match.end() <= best.end):
                continue
            sighting = Sighting(spelling, text, folded, start, match.end())
            if names(sighting) and not self._is_allowed(sighting):
                best = sighting
        return best

    def _is_allowed(self, sighting: Sighting) -> bool:
        phrases = self._allowed.get(sighting.spelling.brand)
        if phrases is None or sighting.gaps:
            return False
        start, end = sighting.span
        return any(match.start() <= start and end <= match.end() for match in phrases.finditer(sighting.original))

    def _in_tag(self, text: str, start: int, end: int) -> Iterator[tuple[tuple[int, int], str]]:
        """The words of a hashtag or handle are told apart by their capitals and digits."""
        yield from self._squeezed(text, start, end)
        for camel in CAMEL:
            words = [match.span() for match in camel.finditer(text, start, end)]
            if len(words) > 1:
                yield from self._in(text, _spaced(text, words))

    def _squeezed(self, text: str, start: int, end: int) -> Iterator[tuple[tuple[int, int], str]]:
        """A tag or host name that is a whole name without its ``&``."""
        folded = fold(text[start:end])
        for spelling in self._spellings:
            if "&" in spelling.name and spelling.loose.fullmatch(folded.text):
                yield (start, end), spelling.brand


def _spaced(text: str, words: Sequence[tuple[int, int]]) -> Folded:
    """The words folded, one space between them."""
    symbols: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in words:
        folded = fold(text[start:end])
        symbols += [*folded.text, " "]
        starts += [*(start + at for at in folded.starts), end]
        ends += [*(start + at for at in folded.ends), end]
    return Folded("".join(symbols), starts, ends)


def _phrases(phrases: Sequence[str]) -> re.Pattern[str]:
    sources = (r"\s+".join(map(re.escape, phrase.split())) for phrase in phrases)
    return re.compile(rf"(?<!{LETTER})(?:{'|'.join(sources)})s?(?!{LETTER})", re.IGNORECASE)


def judge(text: str, *, settings: Settings, evidence: Sequence[Evidence], context: Mapping[str, Any]) -> Verdict:
    """Holds when no banned brand is named. Applies to everything that is shown."""
    found = settings.search.find(text)
    if not found:
        return Verdict(rule=RULE)
    named = " or ".join(dict.fromkeys(found.values()))
    return Verdict(rule=RULE, broken=f"Do not name {named}: say it without the brand.", where=tuple(sorted(found)))
