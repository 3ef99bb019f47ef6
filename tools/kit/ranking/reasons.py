"""Why something is a hit: in words for people, and as facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tools.kit.archive import Item
from tools.kit.archive.words import Source
from tools.kit.ranking.candidates import Candidate, Query
from tools.kit.ranking.fusing import by_meaning, by_sight
from tools.kit.ranking.matching import match
from tools.kit.ranking.terms import phrase_of, terms_of
from tools.kit.types import Json

WHERE: dict[str, str] = {
    "text": "read on it",
    "message": "said with it",
    "caption": "in its description",
    "tags": "among its tags",
    "name": "in its name",
}
TOLD = 2
"""Places of words that are told at most."""
QUOTED = 6
"""Words that are quoted at most."""
LITTLE = 0.3
"""Share of what the best place says that another must say to be told too."""


@dataclass(frozen=True)
class Reason:
    kind: Source | Literal["picture", "meaning"]
    """``picture``: it looks so. ``meaning``: what is known of it in words means something like it. Any other: words of
    the query stand there."""
    score: float | None = None
    """Cosine similarity, of the first two."""
    words: tuple[str, ...] = ()
    """Those that stand there."""
    snippet: str = ""
    """Around them, each marked as in ⟦this⟧; of a meaning what it was taken from. Other people's text: untrusted."""
    exact: bool = False
    """The whole query stands there, word by word."""
    like: str = ""
    """Of a picture: in words how alike that is."""

    @property
    def fact(self) -> dict[str, Json]:
        """As JSON, without what is not known."""
        fact: dict[str, Json] = {"kind": self.kind}
        if self.score is not None:
            fact["score"] = round(self.score, 4)
        if self.words:
            fact["words"] = list(self.words)
        if self.exact:
            fact["exact"] = True
        return fact | {name: value for name, value in (("snippet", self.snippet), ("like", self.like)) if value}

    @property
    def brief(self) -> str:
        """As a phrase that repeats nothing but words of the query: what stands on an image is not ours to say."""
        if self.score is not None:
            return f"{self.score:.2f}" if self.kind == "picture" else "of like meaning"
        quoted = ", ".join(f'"{word}"' for word in self.words[:QUOTED])
        return f"{quoted}{', …' if len(self.words) > QUOTED else ''} {WHERE[self.kind]}"

    @property
    def said(self) -> str:
        """As a phrase."""
        if self.kind == "picture":
            return f"{self.like} ({self.score:.2f})"
        if self.kind == "meaning":
            return f"of like meaning ({self.score:.2f})"
        return f'{WHERE[self.kind]}: "{self.snippet}"'


def reasons_of(candidate: Candidate, query: Query) -> tuple[Reason, ...]:
    """The most telling first; empty for what is no hit."""
    return (*_words(candidate), *_sight(candidate, query), *_meaning(candidate))


def read_on(item: Item, text: str) -> tuple[Reason, ...]:
    """Where a text that was filtered by stands on it."""
    found = match(terms_of(text), item, phrase_of(text)).found if text else ()
    return tuple(
        Reason(each.source, words=each.words, snippet=each.snippet, exact=each.exact)
        for each in found
        if each.source == "text"
    )


def _words(candidate: Candidate) -> Iterator[Reason]:
    found = candidate.words.found
    for each in found[:TOLD]:
        if each.weight >= LITTLE * found[0].weight:
            yield Reason(each.source, words=each.words, snippet=each.snippet, exact=each.exact)


def _sight(candidate: Candidate, query: Query) -> Iterator[Reason]:
    if by_sight(candidate, query) and candidate.cosine is not None:
        yield Reason("picture", candidate.cosine, like=likeness(candidate.cosine, query.cutoff))


def _meaning(candidate: Candidate) -> Iterator[Reason]:
    if by_meaning(candidate) and candidate.meaning is not None:
        yield Reason("meaning", candidate.meaning, snippet=_about(candidate.item))


def _about(item: Item) -> str:
    said = item.post.text if item.post else ""
    about = " ".join((item.contents.caption or said or ", ".join(item.contents.tags) or item.contents.text).split())
    return about if len(about) <= 90 else f"{about[:89].rstrip()}…"


def likeness(score: float, cutoff: float) -> str:
    """A cosine in words, by how far it is over what is worth showing: cosines of two encoders mean different things."""
    if score >= 1 - (1 - cutoff) / 5:
        return "all but the same"
    if score >= cutoff * 1.25:
        return "a good match"
    if score < cutoff:
        return "not quite a match"
    return "a fair match" if score >= cutoff * 1.08 else "only just a match"
