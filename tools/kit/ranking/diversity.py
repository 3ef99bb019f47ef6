"""Broad queries show different pictures first: maximal marginal relevance (Carbonell and Goldstein 1998)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.kit.ranking.candidates import Candidate, Query
from tools.kit.ranking.fusing import WORDS

BROAD = 3
"""Words of a query at most, and how many times as many hits as are shown at least, that make it a broad one."""
VARIETY = 0.2
"""Weight of being unlike what is shown already, against 1 less that for being like the query.

Measured with the builtin encoder: 18 queries of a word or two ("dog", "boat", "people") on 469 photos, five hits of
each. The mean cosine similarity between hits, and the share whose captions name what was asked for: 0.74 and 0.79 at 0,
0.70 and 0.78 at 0.2, 0.68 and 0.76 at 0.3, 0.64 and 0.72 at 0.5."""


def is_broad(query: Query, relevant: Sequence[Candidate], limit: int) -> bool:
    """Nobody who says so little, and gets so much, has a single picture in mind. A page number, a date or a code is
    little said, but narrow."""
    said = [word for term in query.terms for word in term.words]
    return (
        not query.by_picture
        and 0 < len(said) <= BROAD
        and all(word.isalpha() for word in said)
        and len(relevant) >= BROAD * limit
        and sum(each.words.share >= WORDS for each in relevant) not in range(1, limit + 1)
    )


def varied(candidates: Sequence[Candidate], strengths: Sequence[float], limit: int) -> list[int]:
    """Places of the candidates, best first: the first `limit` chosen for variety, the rest in order."""
    like = [each / (max(strengths) or 1.0) for each in strengths]
    left, chosen = list(range(len(candidates))), list[int]()
    nearest = np.zeros(len(candidates))
    while left and len(chosen) < limit:
        best = max(left, key=lambda place: (1 - VARIETY) * like[place] - VARIETY * float(nearest[place]))
        left.remove(best)
        chosen.append(best)
        for place in left:
            nearest[place] = max(nearest[place], _alike(candidates[best], candidates[place]))
    return chosen + left


def _alike(first: Candidate, second: Candidate) -> float:
    if first.vector is None or second.vector is None:
        return 0.0
    return max(0.0, float(first.vector @ second.vector))
