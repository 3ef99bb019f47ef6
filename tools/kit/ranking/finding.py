"""The search itself: candidates, what is not wanted, one order, near-duplicates, a cutoff."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tools.kit.archive import Archive, Filters, Hit, Item, Scope
from tools.kit.labelling.knowing import cutoffs_of
from tools.kit.labelling.unwanted import parted
from tools.kit.ports import Encoder, TextEncoder
from tools.kit.ranking.candidates import Candidate, Query, candidates_of, query_of, text_vector
from tools.kit.ranking.diversity import is_broad, varied
from tools.kit.ranking.folding import folded, places_of
from tools.kit.ranking.fusing import WORDS, Cutoff, strength
from tools.kit.ranking.matching import match
from tools.kit.ranking.ranked import Ranked, Ranking
from tools.kit.ranking.reasons import read_on, reasons_of
from tools.kit.ranking.request import (
    Example,
    Order,
    Request,
    example_of,
    picture_of,
    request_of,
    total_of,
)
from tools.kit.ranking.terms import terms_of
from tools.kit.ranking.unread import unread_of
from tools.kit.types import Image

SPARE = 50
"""Hits fetched beyond those asked for, to make up for copies of one picture and the query image itself, and so that
there is something to choose from."""
DEEP = 200
"""And so many where something is not wanted, to make up for what looks like it, or where the newest are."""

SETTINGS = {
    "at": frozenset({"night", "dawn", "dusk", "noon", "sunrise", "sunset", "twilight", "christmas", "home", "sea"}),
    "in": frozenset(
        {"winter", "summer", "spring", "autumn", "fall", "rain", "snow", "fog", "daylight", "colour", "black and white"}
    ),
}
"""Prepositions of what people ask for in "like this but at night"; it is searched without them."""
TIMED = 3
"""How many times as many hits as are shown, the best of all, are put in the order of time: the newest of everything
that barely passes would be nothing anybody asked for."""


async def rank(
    query: str | None = None,
    image: Image | None = None,
    filters: Filters | None = None,
    limit: int = 10,
    like: str | None = None,
    without: Sequence[str] = (),
    within: Sequence[str] = (),
    order: Order | None = None,
    *,
    encoder: Encoder,
    archive: Archive,
    scope: Scope,
    meaning: TextEncoder | None = None,
) -> Ranking:
    """The `limit` images most like the text, a picture, or both together; with neither, the newest that pass.

    filters: with ids, as `tools.kit.archive.resolving` makes them of names. like: id of an earlier hit. without:
    earlier hits to leave out, with their copies. within: earlier hits to look among. order: of the hits; None: the best
    first where there is a query. A text may say what is not wanted (see `tools.kit.labelling.unwanted`).

    Raises: AskAgain when there is nothing or too much to go by, the limit is not 1 to 50, the hit is gone, or the
    archive is empty; CannotDo as the archive and the encoder do.
    """
    by_picture = image is not None or bool(like)
    request = request_of(query, filters, limit, without=without, within=within, order=order, by_picture=by_picture)
    example = await example_of(image, like, encoder, archive, scope)
    total = await total_of(request, archive, scope)
    search = _Search(request, total, encoder, archive, scope, meaning)
    if not request.words and example is None:
        return await search.listed()
    return await search.ranked(example, given=image is not None)


@dataclass(frozen=True)
class _Search:
    request: Request
    total: int
    encoder: Encoder
    archive: Archive
    scope: Scope
    meaning: TextEncoder | None

    async def listed(self) -> Ranking:
        """What passes the filters, by when it was posted."""
        request = self.request
        items = await self.archive.recent(
            self.scope,
            filters=request.narrowed,
            limit=request.limit + len(request.without) + SPARE,
            oldest=request.order == "oldest",
        )
        known = await self._known()
        order: Order = "oldest" if request.order == "oldest" else "newest"
        text = request.filters and request.filters.with_text
        found = folded([Candidate(item) for item in items if picture_of(item) not in known])
        ranked = [
            Ranked(Hit(first.item, 0.0), reasons=read_on(first.item, text or ""), places=others, seen=False)
            for first, others in found
        ]
        return await self._ranking(ranked, "", order=order, cutoff=0.0)

    async def ranked(self, example: Example | None, *, given: bool) -> Ranking:
        """given: the picture is one of the thread, whose own entry in the archive is worth telling of."""
        wanted, unwanted = parted_words(self.request.words, example)
        query = await query_of(wanted, example, self.encoder, self.meaning)
        found = await candidates_of(query, self.archive, self.scope, self.request.narrowed, self._most(unwanted))
        found, shunned = await without_unwanted(found, unwanted, self.encoder)
        own = [each for each in found if example and example.shown_by(each.item)]
        known = await self._known()
        others = [each for each in found if each not in own and picture_of(each.item) not in known]
        own = own if given else []  # that a hit is in the archive itself is no news
        cutoff = Cutoff.of(query, found)
        if own and not self.request.without and not any(map(cutoff.passes, others)):
            others = own[:1]
        return await self._ranking(
            self._ordered(others, cutoff),
            _title(self.request.words, example),
            order=self.request.order,
            cutoff=query.cutoff,
            by_picture=example is not None,
            itself=own[0].item if own else None,
            unwanted=unwanted,
            shunned=sum(map(cutoff.passes, shunned)),
            understood=query.understood,
            known=query.known,
        )

    def _most(self, unwanted: Sequence[str]) -> int:
        request = self.request
        deep = bool(unwanted) or request.order != "best"
        return request.limit + len(request.without) + (DEEP if deep else SPARE)

    def _ordered(self, found: Sequence[Candidate], cutoff: Cutoff) -> list[Ranked]:
        """Hits first, near-duplicates folded."""
        query, limit, order = cutoff.query, self.request.limit, self.request.order
        best = sorted(found, key=lambda each: (not cutoff.passes(each), -strength(each, query), each.item.id))
        pictures = folded(best)
        number = sum(cutoff.passes(first) for first, _ in pictures)
        hits, misses = pictures[:number], pictures[number:]
        if order != "best":
            timed = hits[: TIMED * limit]
            timed.sort(key=lambda pair: pair[0].item.when, reverse=order == "newest")
            hits = [*timed, *hits[TIMED * limit :]]
        elif is_broad(query, [first for first, _ in hits], limit):
            strengths = [strength(first, query) for first, _ in hits]
            hits = [hits[place] for place in varied([first for first, _ in hits], strengths, limit)]
        return [
            *(_ranked(first, others, query) for first, others in hits),
            *(replace(_ranked(first, others, query), relevant=False, reasons=()) for first, others in misses),
        ]

    async def _ranking(self, ranked: Sequence[Ranked], title: str, **told: Any) -> Ranking:
        shown = ranked[: self.request.limit]
        places = await places_of([each.hit.item for each in shown], self.archive, self.scope)
        return Ranking(
            query=title,
            ranked=tuple(_with_places(each, places.get(picture_of(each.hit.item), [])) for each in shown),
            total=self.total,
            more=sum(each.relevant for each in ranked[self.request.limit :]),
            left_out=len(self.request.without),
            within=len(self.request.within),
            unread=await unread_of(self.request.narrowed, self.archive, self.scope),
            **told,
        )

    async def _known(self) -> set[tuple[str, int | None]]:
        """The pictures of hits to leave out; one that is no longer there need not be."""
        without = self.request.without
        return {picture_of(item) for item in await self.archive.get(self.scope, without)} if without else set()


def parted_words(words: str, example: Example | None) -> tuple[str, tuple[str, ...]]:
    """What is wanted, and what is not: words that only say the latter need a picture to go by."""
    wanted, unwanted = parted(words)
    return (wanted, unwanted) if wanted or example else (words, ())


async def without_unwanted(
    found: Sequence[Candidate], unwanted: Sequence[str], encoder: Encoder
) -> tuple[list[Candidate], list[Candidate]]:
    """Candidates that neither look like any of it nor say it, and those that do."""
    if not unwanted:
        return list(found), []
    vectors = np.stack([await text_vector(words, encoder) for words in unwanted])
    terms = [terms_of(words) for words in unwanted]
    cutoffs = [math.inf if least is None else least for least in await cutoffs_of(unwanted, encoder)]
    shunned = [
        each
        for each in found
        if (each.vector is not None and bool((vectors @ each.vector >= cutoffs).any()))
        or any(match(asked, each.item).share >= WORDS for asked in terms)
    ]
    gone = {each.item.id for each in shunned}
    return [each for each in found if each.item.id not in gone], shunned


def _ranked(candidate: Candidate, others: tuple[Item, ...], query: Query) -> Ranked:
    hit = Hit(candidate.item, candidate.cosine or 0.0)
    return Ranked(hit, True, reasons_of(candidate, query), others, seen=candidate.cosine is not None)


def _with_places(ranked: Ranked, places: Sequence[Item]) -> Ranked:
    """With every other posting of the same picture, found or not, the oldest first."""
    every = {place.id: place for place in (*places, *ranked.places) if place.id != ranked.hit.item.id}
    ordered = tuple(sorted(every.values(), key=lambda place: (place.when, place.id)))
    return replace(ranked, places=ordered)


def _title(words: str, example: Example | None) -> str:
    if example is None:
        return words
    return f"like {example.name}" + (f", but {_setting(words)}" if words else "")


def _setting(words: str) -> str:
    """A time or a weather alone with the preposition that a picture has with it: "at night", "in winter"."""
    preposition = next((said for said, kinds in SETTINGS.items() if words.casefold() in kinds), "")
    return f"{preposition} {words}".strip()
