"""Brands that must not be named, however they are disguised.

Caught are any case, accents, letters apart ("A c m e"), punctuation ("A.c-m_e"), look-alike characters (Cyrillic,
Greek, leetspeak, styled and enclosed letters), invisible characters, full-width, HTML entities, possessives, hashtags
(#AcmeRocks) and host names; whole words only, so that "a big apple" is not GAP. `kit.naming` sets out what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from graphs.constraints.kit.index import Index
from graphs.constraints.kit.lookalikes import Folded, fold, readings
from graphs.constraints.kit.naming import names
from graphs.constraints.kit.sightings import Sighting
from graphs.constraints.kit.spellings import LETTER, LONG, WORD_BEGINNING, Spelling
from tools.kit.types import Evidence, Verdict

RULE = "banned_brands"
INSTEAD = "a certain brand"
"""What a mended text says in place of a brand."""
EARLY = True
"""A brand that was named stays named, whatever comes after it."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"[^\W_]")]
TAG = re.compile("[#＃@＠]([\\w\u00ad\u0300-\u036f\u200b-\u200f\u2060\ufe0f\ufeff]{2,})")
EDGE = re.compile(r"(?<=a)(?=A)|(?<=A)(?=Aa)|(?<=AA)(?=a)|(?<=1)(?!1)|(?<!1)(?=1)|(?<=_)|(?=_)")
"""Between letters written as A (capital), a, 1 (digit) and _: where a word of a hashtag may begin or end."""
HOST = re.compile(r"(?<![\w-])([\w-]{1,63})(?=\.(?:com|net|org)\b)", re.IGNORECASE)


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

    spellings: list[Spelling]
    """Every name and alias, in the order of the brands. A pattern is made of one only when a text may hold it."""

    def __init__(self, brands: Sequence[Brand]) -> None:
        self.spellings = [
            Spelling(name, brand.name, brand.match_case) for brand in brands for name in (brand.name, *brand.aliases)
        ]
        self._index = Index(self.spellings)
        self._allowed = {brand.name: _phrases(brand.allow) for brand in brands if brand.allow}

    def find(self, text: str) -> dict[tuple[int, int], str]:
        """Where (in the original text) which brand is named."""
        if not self.spellings:
            return {}
        found: dict[tuple[int, int], str] = {}
        for folded in readings(text):
            found |= dict(self._in(text, folded))
        for match in TAG.finditer(text):
            found |= dict(self._in_tag(text, match.start(1), fold(match[1])))
        for match in HOST.finditer(text):
            found |= dict(self._squeezed(match.start(1), fold(match[1])))
        return found

    def _in(self, text: str, folded: Folded) -> Iterator[tuple[tuple[int, int], str]]:
        done = 0
        beginnings = self._index.over(folded.text)
        for word in WORD_BEGINNING.finditer(folded.text):
            if word.start() < done:
                continue
            sighting = self._named_at(text, folded, word.start(), beginnings.at(word.start()))
            if sighting:
                yield sighting.span, sighting.spelling.brand
                done = sighting.end

    def _named_at(self, text: str, folded: Folded, start: int, spellings: Sequence[Spelling]) -> Sighting | None:
        """The longest naming that begins at a symbol."""
        best: Sighting | None = None
        for spelling in spellings:
            match = spelling.pattern.match(folded.text, start)
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

    def _in_tag(self, text: str, offset: int, tag: Folded) -> Iterator[tuple[tuple[int, int], str]]:
        """The words of a hashtag or handle are told apart by their capitals and digits."""
        yield from self._squeezed(offset, tag)
        moved = Folded(tag.text, [offset + at for at in tag.starts], [offset + at for at in tag.ends])
        edges = _edges(text, moved)
        beginnings = self._index.over(tag.text)
        for start in sorted(edges):
            for spelling in beginnings.at(start):
                match = spelling.run_together.match(tag.text, start)
                if match is None or match.end() not in edges or ("&" in spelling.name and len(spelling.letters) < LONG):
                    continue
                sighting = Sighting(spelling, text, moved, start, match.end(), tagged=True)
                if names(sighting):
                    yield sighting.span, spelling.brand

    def _squeezed(self, offset: int, folded: Folded) -> Iterator[tuple[tuple[int, int], str]]:
        """A tag or host name that is a whole name without its ``&``."""
        if not folded.text.isalpha():
            return
        for spelling in self._index.over(folded.text).at(0):
            if "&" in spelling.name and spelling.run_together.fullmatch(folded.text):
                yield (offset, offset + folded.ends[-1]), spelling.brand


def _edges(text: str, tag: Folded) -> set[int]:
    """Where (in the folded tag) a word may begin or end: #ACMErocks is ACM-Erocks or ACME-rocks."""
    kinds = "".join(map(_kind, (text[start] for start in tag.starts)))
    return {0, len(kinds)} | {match.start() for match in EDGE.finditer(kinds)}


def _kind(char: str) -> str:
    return "_" if not char.isalnum() else "1" if char.isdigit() else "A" if char.isupper() else "a"


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
