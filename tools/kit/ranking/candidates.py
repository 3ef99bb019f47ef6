"""Everything that may be a hit, with all that speaks for it: what is seen, what it means, which words stand on it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tools.kit.archive import Archive, Filters, Hit, Item, Scope, Space
from tools.kit.labelling.knowing import cutoffs_of
from tools.kit.ports import Encoder, TextEncoder
from tools.kit.ranking.languages import is_english
from tools.kit.ranking.matching import NO_MATCH, Match, match
from tools.kit.ranking.request import Example
from tools.kit.ranking.terms import Term, asked_of, phrase_of, terms_of
from tools.kit.types import Embeddings

TEXT_WEIGHT = 1.0
"""Of the text beside an image weighing 1, when both are given.

Measured with the builtin encoder. "Like this but red, green or blue" on 60 photos and tinted copies: the one meant
comes first for 0.32 by the image alone, 0.40 at weight 1, 0.38 at 2, 0.16 at 5. An image with the caption of its 20th
neighbour (469 photos): that neighbour is among ten for 0.42 at 1, 0.43 at 1.5, and 0.26 by the text alone."""


@dataclass(frozen=True)
class Query:
    """One query in every form it is searched by."""

    terms: tuple[Term, ...]
    phrase: tuple[str, ...]
    """All words, in their order."""
    said: str
    """What is matched word by word; empty where nothing was said."""
    seen: Embeddings | None
    """(dim,) float32, L2-normalised, in the encoder's space; None for words that it does not understand."""
    meant: Embeddings | None
    """(text_dim,) float32, L2-normalised, in the text encoder's space; None where nothing was said, or understood."""
    cutoff: float
    """Cosine similarity with `seen` under which what is seen is no hit."""
    scale: float
    """Cosine similarities with `seen` times this are logits."""
    understood: bool = True
    """Whether the encoder knows the language of the words."""
    known: bool = True
    """Whether it has an idea of what they say."""
    by_picture: bool = False
    """Whether a picture is searched with, and not words alone."""

    @property
    def detailed(self) -> bool:
        """Whether a date, an amount or a code is among the words."""
        return any(term.is_number for term in self.terms)


@dataclass(frozen=True)
class Candidate:
    item: Item
    cosine: float | None = None
    """Of what is seen; None where that was not searched by."""
    meaning: float | None = None
    """Cosine similarity of what is known of it in words; None where nothing is, or that was not searched by."""
    words: Match = NO_MATCH
    vector: Embeddings | None = field(default=None, compare=False)
    """(dim,) float32 of the picture, where it was asked for."""


async def query_of(words: str, example: Example | None, encoder: Encoder, meaning: TextEncoder | None) -> Query:
    """Text and picture together are the normalised sum of both, the text weighing `TEXT_WEIGHT`: like the picture, and
    as the text says. A hit on both single cutoffs then lies on the joint one."""
    known = encoder.calibration
    english = await asyncio.to_thread(is_english, words)  # its word lists are read when it is first asked
    understood = not words or known.languages == "any" or english
    seen, cutoff = (example.vector, known.alike) if example else (None, known.relevant)
    own = (await cutoffs_of([words], encoder))[0] if words and understood else None
    if own is not None:
        text = await text_vector(words, encoder)
        if example is None:
            seen, cutoff = text, own
        else:
            both = example.vector + TEXT_WEIGHT * text
            norm = float(np.linalg.norm(both))
            seen = np.asarray(both / norm, np.float32)
            cutoff = (known.alike + TEXT_WEIGHT * own) / norm
    meant = (await meaning.texts([words]))[0] if words and meaning and english else None
    terms = terms_of(words)
    return Query(
        terms,
        phrase_of(words),
        asked_of(words) if terms else "",
        seen,
        meant,
        cutoff,
        known.scale,
        understood,
        known=own is not None or not words or not understood,
        by_picture=example is not None,
    )


async def text_vector(words: str, encoder: Encoder) -> Embeddings:
    """(dim,) float32, L2-normalised: the mean over the prompt templates (Radford et al. 2021), as for labels."""
    vectors = await encoder.texts([template.format(words) for template in encoder.calibration.templates])
    mean = vectors.mean(axis=0)
    return np.asarray(mean / (np.linalg.norm(mean) or 1.0), np.float32)


async def candidates_of(
    query: Query, archive: Archive, scope: Scope, filters: Filters | None, most: int
) -> list[Candidate]:
    """The best `most` by each of the three, in no order; each with all three, however it was found."""
    seen, meant, matched = await asyncio.gather(
        _nearest(query.seen, "image", archive, scope, filters, most),
        _nearest(query.meant, "text", archive, scope, filters, most),
        _matched(query.said, archive, scope, filters, most),
    )
    items = {hit.item.id: hit.item for hit in (*seen.values(), *meant.values(), *matched)}
    seen |= await _others(query.seen, "image", items, seen, archive, scope)
    meant |= await _others(query.meant, "text", items, meant, archive, scope)
    return [
        Candidate(
            item,
            seen[key].score if key in seen else None,
            meant[key].score if key in meant else None,
            match(query.terms, item, query.phrase) if query.terms else NO_MATCH,
            seen[key].vector if key in seen else None,
        )
        for key, item in items.items()
    ]


async def _nearest(
    vector: Embeddings | None, by: Space, archive: Archive, scope: Scope, filters: Filters | None, most: int
) -> dict[str, Hit]:
    if vector is None:
        return {}
    hits = await archive.search(scope, vector, by=by, filters=filters, limit=most, vectors=by == "image")
    return {hit.item.id: hit for hit in hits}


async def _matched(words: str, archive: Archive, scope: Scope, filters: Filters | None, most: int) -> Sequence[Hit]:
    return await archive.match(scope, words, filters=filters, limit=most) if words else []


async def _others(
    vector: Embeddings | None,
    by: Space,
    items: Mapping[str, Item],
    found: Mapping[str, Hit],
    archive: Archive,
    scope: Scope,
) -> dict[str, Hit]:
    """How near those are that were found otherwise."""
    missing = tuple(key for key in items if key not in found)
    if vector is None or not missing:
        return {}
    return await _nearest(vector, by, archive, scope, Filters(ids=missing), len(missing))
