"""Postings of one picture, and near-duplicates of it, are one hit with all its places."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from tools.kit.archive import Archive, Filters, Item, Scope
from tools.kit.detail import spots
from tools.kit.fingerprint import bits_apart
from tools.kit.ranking.candidates import Candidate
from tools.kit.ranking.request import picture_of
from tools.kit.types import Embeddings

NEAR_BITS = 8
"""Bits of 64 in which the perceptual hashes of near-duplicates differ at most: of 265 photos, papers and screenshots
each that were scaled, re-encoded or tinted all but one do. So do other pictures of one layout: their spots tell."""
NEAR_COSINE = 0.6
"""Cosine similarity from which pictures with such hashes are near-duplicates, where both vectors are known: small
copies of photos look less alike to an encoder than they are."""
SAME_TEXT = 80.0
"""How alike what is read on both must be (rapidfuzz ratio, 0 to 100): fine print is too fine for a coarse copy."""
PLACES = 200
"""Postings of the hits shown that are looked for."""


def folded(candidates: Sequence[Candidate]) -> list[tuple[Candidate, tuple[Item, ...]]]:
    """The first of each picture, in order, with the others of it."""
    kept: list[tuple[Candidate, list[Item]]] = []
    same: dict[tuple[str, int | None], list[Item]] = {}
    for candidate in candidates:
        own = same.get(picture_of(candidate.item))
        if own is None:
            own = next((others for first, others in kept if near(first, candidate)), None)
        if own is None:
            own = []
            kept.append((candidate, own))
        else:
            own.append(candidate.item)
        same[picture_of(candidate.item)] = own
    return [(first, tuple(others)) for first, others in kept]


def near(first: Candidate, second: Candidate) -> bool:
    return near_duplicates(first.item, first.vector, second.item, second.vector)


def near_duplicates(first: Item, seen_first: Embeddings | None, second: Item, seen_second: Embeddings | None) -> bool:
    """Whether two different files show one picture: scaled, re-encoded, or tinted."""
    apart = bits_apart(first.contents.phash, second.contents.phash)
    if apart is None or apart > NEAR_BITS:
        return False
    differing = spots(first.contents.detail, second.contents.detail)
    if differing and not differing.same:
        return False
    if seen_first is not None and seen_second is not None and float(seen_first @ seen_second) < NEAR_COSINE:
        return False
    texts = first.contents.text, second.contents.text
    return not any(texts) or fuzz.ratio(*texts) >= SAME_TEXT


async def places_of(items: Sequence[Item], archive: Archive, scope: Scope) -> dict[tuple[str, int | None], list[Item]]:
    """Every posting of these pictures that may be seen, the oldest first."""
    originals = tuple(dict.fromkeys(item.sha256 for item in items))
    if not originals:
        return {}
    found = await archive.recent(scope, filters=Filters(originals=originals), limit=PLACES, oldest=True)
    places: dict[tuple[str, int | None], list[Item]] = {}
    for item in found:
        places.setdefault(picture_of(item), []).append(item)
    return places
