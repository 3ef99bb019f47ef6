"""What came of a comparison, as a finding."""

from __future__ import annotations

from collections.abc import Sequence

from tools.kit.comparing.measured import text_of
from tools.kit.comparing.pairs import Pair
from tools.kit.comparing.similarities import similarities
from tools.kit.toolbox import listed
from tools.kit.types import Box, Evidence, Image, Json, Picture, Region

SAID = 3
"""Differences that are said; all of them are in the facts."""


def evidence_of(pair: Pair, shows: Sequence[Picture]) -> Evidence:
    return Evidence(
        said=_said(pair, bool(shows)),
        about=_about(pair),
        facts=_facts(pair),
        sure=pair.recommended.sure,
        shows=tuple(shows),
    )


def _said(pair: Pair, drawn: bool) -> str:
    """The recommendation, then what it rests on, unless it has said all."""
    parts = [pair.recommended.said]
    if pair.only_quality or pair.compared.identical or pair.compared.paper == "other":
        return parts[0]
    if pair.findings:
        more = len(pair.findings) - SAID
        parts.append("Differences: " + " ".join(finding.said for finding in pair.findings[:SAID]))
        if more > 0:
            parts.append(f"And {more} more.")
    alike = [] if pair.compared.paper else similarities(pair.compared)
    if alike:
        parts.append("Alike: " + " ".join(alike[:SAID]))
    if drawn:
        parts.append("The picture marks and numbers what differs.")
    return " ".join(parts)


def _about(pair: Pair) -> tuple[Region, ...]:
    compared = pair.compared
    places = _places(pair)
    return (
        Region(handle=compared.first.handle),
        Region(handle=compared.second.handle),
        *(Region(handle=compared.first.handle, box=box) for box, _ in places),
        *(Region(handle=compared.second.handle, box=box) for _, box in places),
    )


def _places(pair: Pair) -> list[tuple[Box, Box]]:
    return [place for finding in pair.findings if finding.mark for place in finding.mark.places]


def _facts(pair: Pair) -> dict[str, Json]:
    compared, difference = pair.compared, pair.compared.difference
    text = text_of(compared)
    return {
        "same_picture": compared.identical or (difference.aligned and not difference.partial and not pair.findings),
        "embedding_similarity": round(compared.similarity, 3),
        "hash_distance": None if compared.paper == "other" else difference.hash_distance,
        "changed_share": round(difference.changed, 4) if difference.aligned else None,
        "differences": [finding.said for finding in pair.findings],
        "similarities": similarities(compared),
        "recommendation": pair.recommended.said,
        "confidence": pair.recommended.sure,
        "regions": [list(box) for box, _ in _places(pair)],
        "text": {
            "added": [line.text for line in text.added],
            "removed": [line.text for line in text.removed],
            "changed": [[one.text, other.text] for one, other in text.changed],
        },
        "colours": {
            image.handle: [{"name": colour.name, "share": round(colour.share, 2)} for colour in colours]
            for image, colours in zip((compared.first, compared.second), compared.colours, strict=True)
        },
        "sizes": {image.handle: [image.ref.width, image.ref.height] for image in (compared.first, compared.second)},
    }


def evidence_of_many(pairs: Sequence[Pair], odd: Image | None, shows: Sequence[Picture], answer: str = "") -> Evidence:
    """`answer`: to a question which of them is sharpest, brightest or largest."""
    first = pairs[0].compared.first
    said = [] if answer else [_in_short(pair) for pair in pairs]
    conclusion = answer or (f"The odd one out is {odd.handle}." if odd else _without_odd(pairs))
    facts = {pair.compared.second.handle: _facts(pair) for pair in pairs}
    sures = [pair.recommended.sure for pair in pairs if pair.recommended.sure is not None]
    every = list(facts.values())
    shares = [fact["changed_share"] for fact in every if fact["changed_share"] is not None]
    hashes = [fact["hash_distance"] for fact in every if fact["hash_distance"] is not None]
    return Evidence(
        said=" ".join([conclusion, *said, *(["The pictures mark and number what differs."] if shows else [])]),
        about=tuple(dict.fromkeys(region for pair in pairs for region in _about(pair))),
        facts={
            "same_picture": all(fact["same_picture"] for fact in every),
            "embedding_similarity": min(fact["embedding_similarity"] for fact in every),
            "hash_distance": max(hashes, default=None),
            "changed_share": max(shares, default=None),
            "differences": [sentence for fact in every for sentence in fact["differences"]],
            "similarities": [sentence for fact in every for sentence in fact["similarities"]],
            "recommendation": conclusion,
            "confidence": min(sures) if len(sures) == len(pairs) else None,
            "compared_with": first.handle,
            "odd_one_out": odd.handle if odd else None,
            "pairs": facts,
        },
        sure=min(sures) if len(sures) == len(pairs) else None,
        shows=tuple(shows),
    )


def _in_short(pair: Pair) -> str:
    first, second = pair.compared.names
    if not pair.findings:
        return f"{second.capitalize()} shows the same as {first}."
    briefs = [finding.brief for finding in pair.findings[:3]]
    return f"{second.capitalize()} differs from {first}: {listed(briefs)}."


def _without_odd(pairs: Sequence[Pair]) -> str:
    if all(not pair.findings for pair in pairs):
        return f"All {len(pairs) + 1} pictures show the same."
    return "None of them stands out as the odd one."
