"""How many images are relevant to some words, and which: for counts, not for people to look at."""

from __future__ import annotations

from dataclasses import dataclass

from tools.kit.archive import Archive, Filters, Item, Scope
from tools.kit.ports import Encoder, TextEncoder
from tools.kit.ranking.candidates import candidates_of, query_of
from tools.kit.ranking.finding import parted_words, without_unwanted
from tools.kit.ranking.fusing import Cutoff
from tools.kit.ranking.request import request_of, total_of

COUNTED = 500
"""The best by looks, by meaning and by words that are looked at, each."""


@dataclass(frozen=True)
class Relevant:
    """What is relevant to some words: each posting by itself, copies too."""

    items: tuple[Item, ...]
    total: int
    """Images that were searched."""
    cutoff: float
    """Cosine similarity from which looks alone make a hit."""
    judged: bool = True
    """Whether looks were judged at all: the encoder knows the language, and has an idea of the words."""
    whole: bool = True
    """Whether nothing was left to look at."""


async def relevant(
    query: str,
    filters: Filters | None = None,
    *,
    encoder: Encoder,
    archive: Archive,
    scope: Scope,
    meaning: TextEncoder | None = None,
) -> Relevant:
    """All that a search for these words would call hits, as far as `COUNTED` go.

    Raises: as `rank`.
    """
    request = request_of(query, filters, 1, without=(), within=(), order=None, by_picture=False)
    total = await total_of(request, archive, scope)
    wanted, unwanted = parted_words(request.words, None)
    asked = await query_of(wanted, None, encoder, meaning)
    found = await candidates_of(asked, archive, scope, filters, COUNTED)
    found, _ = await without_unwanted(found, unwanted, encoder)
    cutoff = Cutoff.of(asked, found)
    items = tuple(each.item for each in found if cutoff.passes(each))
    judged = asked.understood and asked.known
    return Relevant(items, total, asked.cutoff, judged, whole=len(items) < COUNTED or len(items) == total)
