"""Which words of a query stand on an image, where, and how much of the query that is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from rapidfuzz import fuzz, process

from tools.kit.archive import Item
from tools.kit.archive.words import WORD, Source, fold, sources_of
from tools.kit.ranking.snippets import Span, snippet
from tools.kit.ranking.terms import Term

LONGEST = 20_000
"""Characters of one source that are looked through."""
GLUED, NEARLY = 0.9, 0.6
"""What a word counts that stands there without its spaces and signs ("2504/2017"), and one that is misread or misspelt
in about one letter of seven ("SCLANGOR")."""
LEAST_GLUED = {True: 5, False: 6}
"""Letters and digits from which that is no accident, of what holds a digit and of what holds none."""
LEAST_NEARLY, ALIKE = 6, 85.0
"""Letters from which a word may be misread, and how alike it must be then (rapidfuzz ratio, 0 to 100)."""


@dataclass(frozen=True)
class Found:
    """What of a query stands in one source of an item."""

    source: Source
    words: tuple[str, ...]
    """As they are written there."""
    weight: float
    snippet: str
    """The place in it where most of them stand, each marked (see `tools.kit.ranking.snippets`)."""
    exact: bool
    """The whole query stands there, at least two words of it, with nothing between them."""


@dataclass(frozen=True)
class Match:
    """What of a query stands on an item in words."""

    share: float = 0.0
    """0 to 1: of the query's words, rare ones counting more."""
    found: tuple[Found, ...] = ()
    """The source with the most first."""

    @property
    def exact(self) -> bool:
        """Whether the whole query stands in one of the sources."""
        return any(each.exact for each in self.found)


NO_MATCH = Match()


def match(terms: Sequence[Term], item: Item, phrase: Sequence[str] = ()) -> Match:
    """How much of them stands on the item, in all of its sources together. phrase: the whole query, as words."""
    found, counted = [], dict.fromkeys(terms, 0.0)
    beginnings = {word[:2] for words in (phrase, *(way for term in terms for way in term.ways)) for word in words}
    for source, text in sources_of(item).items():
        searched = Searched(text[:LONGEST], beginnings)
        places = {term: place for term in terms if (place := searched.place(term))}
        for term, (credit, _) in places.items():
            counted[term] = max(counted[term], credit)
        if places:
            exact = len(phrase) > 1 and any(searched.following(phrase))
            found.append(_found(source, text, places, exact=exact))
    whole = sum(term.weight for term in terms)
    found.sort(key=lambda each: -each.weight)
    return Match(sum(term.weight * credit for term, credit in counted.items()) / (whole or 1.0), tuple(found))


def _found(source: Source, text: str, places: Mapping[Term, tuple[float, list[Span]]], *, exact: bool) -> Found:
    return Found(
        source,
        words=tuple(text[slice(*spans[0])] for _, spans in places.values()),
        weight=sum(term.weight * credit for term, (credit, _) in places.items()),
        snippet=snippet(text, sorted({span for _, spans in places.values() for span in spans})),
        exact=exact,
    )


class Searched:
    """One text, cut into words."""

    def __init__(self, text: str, beginnings: set[str]) -> None:
        """Words that begin like none that is looked for are not stemmed: they only stand between others."""
        self._tokens = [(fold(each[0]), each.span()) for each in WORD.finditer(text)]
        self._stems = [stem(word) if word[:2] in beginnings else "" for word, _ in self._tokens]
        self._glued = "".join(word for word, _ in self._tokens)
        self._starts = [0, *accumulate(len(word) for word, _ in self._tokens)][: len(self._tokens)]

    def place(self, term: Term) -> tuple[float, list[Span]] | None:
        """How much it counts here, and where it stands."""
        if spans := [span for way in term.ways for span in self.following(way)]:
            return 1.0, spans
        for way in term.ways:
            if span := self._glued_place("".join(way)):
                return GLUED, [span]
        nearly = self._nearly(term.words[0]) if len(term.words) == 1 else None
        return (NEARLY, [nearly]) if nearly else None

    def following(self, words: Sequence[str]) -> Iterator[Span]:
        """Each place where these words follow each other."""
        stems = [stem(word) for word in words]
        for number, here in enumerate(self._stems):
            if here == stems[0] and self._stems[number : number + len(stems)] == stems:
                yield self._tokens[number][1][0], self._tokens[number + len(stems) - 1][1][1]

    def _glued_place(self, word: str) -> Span | None:
        """Where it stands with other spaces and signs, or none, but as a whole: no end of it is inside of a word, or of
        a number."""
        if len(word) < LEAST_GLUED[any(letter.isdigit() for letter in word)]:
            return None
        at = self._glued.find(word)
        while at >= 0:
            if self._is_edge(at) and self._is_edge(at + len(word)):
                first, last = bisect_right(self._starts, at) - 1, bisect_left(self._starts, at + len(word)) - 1
                return self._tokens[first][1][0], self._tokens[last][1][1]
            at = self._glued.find(word, at + 1)
        return None

    def _is_edge(self, at: int) -> bool:
        """Whether a word begins or ends there, or a number within one."""
        if at in (0, len(self._glued)) or self._starts[bisect_left(self._starts, at) % len(self._starts)] == at:
            return True
        return self._glued[at - 1].isdigit() != self._glued[at].isdigit()

    def _nearly(self, word: str) -> Span | None:
        if len(word) < LEAST_NEARLY or not word.isalpha():
            return None
        words = [each for each, _ in self._tokens]
        best = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=ALIKE)
        return self._tokens[best[2]][1] if best else None


@cache
def stem(word: str) -> str:
    """Dogs are a dog (Porter 2). Words of other languages, numbers and codes are hardly changed."""
    import snowballstemmer

    return str(snowballstemmer.stemmer("english").stemWord(word)) if word.isalpha() else word
