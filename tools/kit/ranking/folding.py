"""Postings of one picture, and near-duplicates of it, are one hit with all its places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz

from tools.kit.archive import Archive, Filters, Item, Scope
from tools.kit.pictures.detail import spots
from tools.kit.pictures.fingerprint import bits_apart
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
NUMBER, MISREAD = re.compile(r"\d[\d.,:/-]*\d"), 75.0
"""What is a number, and how alike (rapidfuzz ratio of the digits) one is that may have been misread on a poor copy."""
COMPARED = 5
"""Of those whose hashes are near, the nearest are compared closely: a hundred invoices of one template have such."""
PLACES = 200
"""Postings of the hits shown that are looked for."""


def folded(candidates: Sequence[Candidate]) -> list[tuple[Candidate, tuple[Item, ...]]]:
    """The first of each picture, in order, with the others of it."""
    kept: list[tuple[Candidate, list[Item]]] = []
    same: dict[tuple[str, int | None], list[Item]] = {}
    for candidate in candidates:
        own = same.get(picture_of(candidate.item))
        if own is None:
            own = _twins(candidate, kept)
        if own is None:
            own = []
            kept.append((candidate, own))
        else:
            own.append(candidate.item)
        same[picture_of(candidate.item)] = own
    return [(first, tuple(others)) for first, others in kept]


def _twins(candidate: Candidate, kept: Sequence[tuple[Candidate, list[Item]]]) -> list[Item] | None:
    """What is folded into the near-duplicate of it that is kept; None where none is."""
    looks = candidate.item.contents.phash
    apart = [(bits, place) for place, (first, _) in enumerate(kept)
             if (bits := bits_apart(looks, first.item.contents.phash)) is not None and bits <= NEAR_BITS]  # fmt: skip
    nearest = (kept[place] for _, place in sorted(apart)[:COMPARED])
    return next((others for first, others in nearest if near(first, candidate)), None)


def near(first: Candidate, second: Candidate) -> bool:
    return near_duplicates(first.item, first.vector, second.item, second.vector)


def near_duplicates(first: Item, seen_first: Embeddings | None, second: Item, seen_second: Embeddings | None) -> bool:
    """Whether two different files show one picture: scaled, re-encoded, or tinted."""
    apart = bits_apart(first.contents.phash, second.contents.phash)
    if apart is None or apart > NEAR_BITS:
        return False
    if seen_first is not None and seen_second is not None and float(seen_first @ seen_second) < NEAR_COSINE:
        return False
    texts = first.contents.text, second.contents.text
    if any(texts) and (fuzz.ratio(*texts) < SAME_TEXT or other_numbers(*texts)):
        return False
    differing = spots(first.contents.detail, second.contents.detail)
    return differing is None or differing.same


def other_numbers(first: str, second: str) -> bool:
    """Whether each says numbers that the other does not: a date and a total, and no more than what is misread."""
    one, other = (Counter(re.sub(r"\D", "", number) for number in NUMBER.findall(text)) for text in (first, second))
    gone, new = list((one - other).elements()), list((other - one).elements())
    return _unlike(gone, new) and _unlike(new, gone)


def _unlike(numbers: Sequence[str], others: Sequence[str]) -> bool:
    """Whether one of them is like none of the others."""
    return any(all(fuzz.ratio(number, other) < MISREAD for other in others) for number in numbers)


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
