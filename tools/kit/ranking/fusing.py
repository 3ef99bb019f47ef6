"""One order out of three: what is seen, what it means, and which words stand on it.

Chosen by measurement, on 469 photos with captions (each searched by its first) and 45 scanned receipts (225 sentences
with shop, date, total or address) in one archive, with the builtin encoder; every other photo had been posted with
another caption. Recall at 1 and 10 on photos, at 1 on receipts; the weights were chosen on the half of the queries that
the first and the last line tell of, so the last is hopeful.

    what is seen alone                          0.07 / 0.30    0.01
    reciprocal ranks (Cormack 2009), k = 60     0.17 / 0.43    0.19
    the same, k = 10                            0.22 / 0.49    0.40
    calibrated sum, as here                     0.30 / 0.54    0.96

Where no photo has a message it is 0.07 / 0.29: nothing is lost. Ranks cannot tell a paper that says all of the words
from the best of those that say none; scores that were each brought onto one scale can. (The reciprocal ranks are of
all queries, as nothing was fitted.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.kit.ranking.candidates import Candidate, Query

SEEN = 0.14
"""Weight of a logit of what is seen, over the cutoff."""
MEANT, MEANING = 12.0, 0.5
"""Weight of what is meant, and the cosine similarity (all-MiniLM-L6-v2) from which it counts and makes a hit: 78% of
captions of the same photo are over it, and 1% of those of others."""
SAID, WORDS = 8.0, 0.6
"""Weight of the words that stand on an image (the third power of their share, as one in three proves little), and the
share that makes a hit whatever is seen: 99% of receipts that are asked for have it, and 1.7% of others."""
DECISIVE = 0.8
"""Share of the words from which nothing else can be meant."""


def strength(candidate: Candidate, query: Query) -> float:
    """How much speaks for it."""
    seen = 0.0 if candidate.cosine is None else SEEN * query.scale * (candidate.cosine - query.cutoff)
    meant = max(0.0, (candidate.meaning or 0.0) - MEANING)
    return seen + MEANT * meant + SAID * candidate.words.share**3


def by_sight(candidate: Candidate, query: Query) -> bool:
    return candidate.cosine is not None and candidate.cosine >= query.cutoff


def by_meaning(candidate: Candidate) -> bool:
    return candidate.meaning is not None and candidate.meaning >= MEANING


def by_words(candidate: Candidate) -> bool:
    return candidate.words.share >= WORDS


@dataclass(frozen=True)
class Cutoff:
    """What makes a hit, among all that was found."""

    query: Query
    least: float = 0.0
    """Share of the words that must stand on it."""

    @classmethod
    def of(cls, query: Query, found: Sequence[Candidate]) -> Cutoff:
        """Who says a date, an amount or a code means the one that has it: where that is found, what has not even half
        of its words is no hit, however it looks."""
        best = max((each.words.share for each in found), default=0.0)
        decided = query.detailed and not query.by_picture and best >= DECISIVE
        return cls(query, best / 2 if decided else 0.0)

    def passes(self, candidate: Candidate) -> bool:
        """One is enough: an image that says all of the words is a hit whatever it looks like. Where a picture is
        searched with it must be like that, whatever it says."""
        if self.query.by_picture:
            return by_sight(candidate, self.query)
        if candidate.words.share < self.least:
            return False
        return by_words(candidate) or by_sight(candidate, self.query) or by_meaning(candidate)
