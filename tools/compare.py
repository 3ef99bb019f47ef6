"""Compare images on what can be measured of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.kit import (
    AskAgain,
    Box,
    Differ,
    Difference,
    Easel,
    Embeddings,
    Encoder,
    Evidence,
    Image,
    Json,
    Ocr,
    Picture,
    Reading,
    Region,
    tool,
)
from tools.kit.colours import Colour, dominant
from tools.kit.comparing.difference_map import Mark, difference_map
from tools.kit.comparing.differences import differences
from tools.kit.comparing.measured import Compared, Finding, text_of
from tools.kit.comparing.papers import paper
from tools.kit.comparing.quality import Quality, answered_quality, quality
from tools.kit.comparing.recommendation import Recommended, recommend
from tools.kit.comparing.similarities import similarities
from tools.kit.toolbox import listed

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

MOST = 8
SAID = 3
"""Differences that are said; all of them are in the facts."""
UNCHANGED = Difference(aligned=True, hash_distance=0)
ODD = 0.05
"""By how much less alike than the others an image must be to be the odd one out."""


@dataclass(frozen=True)
class Looked:
    """One image, measured by itself."""

    image: Image
    reading: Reading
    colours: list[Colour]
    quality: Quality


@dataclass(frozen=True)
class Pair:
    """Two images, compared."""

    compared: Compared
    findings: list[Finding]
    recommended: Recommended
    only_quality: bool = False
    """Whether the question was which is sharper, brighter or larger, and nothing else."""


@tool(doing="Comparing")
async def compare(
    images: list[Image], question: str = "", *, encoder: Encoder, differ: Differ, ocr: Ocr, easel: Easel
) -> Evidence:
    """Compare two or more images: what differs and where, what is alike, and what follows for the question.

    Use it for before and after, same or not, is the product as advertised, what has changed. The others are compared
    with the first image. Small shifts, turns, scale, light and JPEG noise are not differences.
    Facts: `same_picture`, `embedding_similarity`, `hash_distance` (0 to 64; null for different papers),
    `changed_share` (0 to 1; null when the images cannot be laid over each other), `differences`, `similarities`,
    `recommendation`, `confidence`, `regions` (boxes in pixels of the first image), `text` (`added`, `removed`,
    `changed` pairs), `colours`, `sizes`; with three or more images `compared_with`, `pairs` (handle to the facts of
    that pair) and `odd_one_out` (a handle or null).
    """
    images = _checked(images)
    if _one_file(images):
        return await asyncio.to_thread(_same_file, images, question, encoder.calibration.alike)
    vectors, looked = await asyncio.gather(
        encoder.images(images), asyncio.gather(*(_look(image, ocr) for image in images))
    )
    alike = encoder.calibration.alike
    pairs = [
        await _compare(looked[0], other, float(vectors[0] @ vectors[index]), alike, question, differ)
        for index, other in enumerate(looked[1:], 1)
    ]
    shows = [picture for pair in pairs if (picture := await _map(pair, easel))]
    if len(pairs) == 1:
        return _evidence(pairs[0], shows)
    odd = await _odd_one_out(pairs, vectors, differ)
    answer = answered_quality(question, [each.quality for each in looked], [image.handle for image in images])
    return _evidence_of_many(pairs, odd, shows, answer)


def _checked(images: Sequence[Image]) -> list[Image]:
    """Each image once."""
    once = list({image.handle: image for image in images}.values())
    if len(images) > 1 and len(once) == 1:
        raise AskAgain(f"That is {once[0].handle} twice: name two different images to compare.")
    if len(once) < 2:
        known = f"this thread has one, {once[0].handle}" if once else "there are none yet"
        raise AskAgain(f"Comparing takes two images; {known}. Post another one, or name two.")
    if len(once) > MOST:
        raise AskAgain(f"Comparing takes at most {MOST} images at a time; {len(once)} were given. Name fewer.")
    return once


async def _look(image: Image, ocr: Ocr) -> Looked:
    reading, (colours, measured) = await asyncio.gather(ocr.read(image), asyncio.to_thread(_measure, image))
    return Looked(image, reading, colours, measured)


def _measure(image: Image) -> tuple[list[Colour], Quality]:
    pixels = image.pixels()
    return dominant(pixels), quality(pixels)


def _one_file(images: Sequence[Image]) -> bool:
    return len({(image.ref.sha256, image.ref.page) for image in images}) == 1


def _same_file(images: Sequence[Image], question: str, alike: float) -> Evidence:
    """Nothing of the same bytes can differ: they are not read, encoded or laid over each other."""
    colours, measured = _measure(images[0])
    nothing = Reading(lines=(), width=images[0].ref.width, height=images[0].ref.height)
    first, *others = (Looked(image, nothing, colours, measured) for image in images)
    pairs = [_pair(first, other, UNCHANGED, 1.0, alike, question) for other in others]
    return _evidence(pairs[0], ()) if len(pairs) == 1 else _evidence_of_many(pairs, None, ())


async def _compare(
    first: Looked, second: Looked, similarity: float, alike: float, question: str, differ: Differ
) -> Pair:
    if _one_file((first.image, second.image)):
        difference = UNCHANGED
    elif paper((first.image, second.image), (first.reading, second.reading)) == "other":
        difference = Difference(aligned=False)  # two papers laid over each other differ everywhere, which says nothing
    else:
        difference = await differ.differ(first.image, second.image)
    return _pair(first, second, difference, similarity, alike, question)


def _pair(
    first: Looked, second: Looked, difference: Difference, similarity: float, alike: float, question: str
) -> Pair:
    compared = Compared(
        first=first.image,
        second=second.image,
        difference=difference,
        similarity=similarity,
        alike=alike,
        readings=(first.reading, second.reading),
        colours=(first.colours, second.colours),
        paper=paper((first.image, second.image), (first.reading, second.reading)),
    )
    findings = differences(compared)
    answer = answered_quality(question, (first.quality, second.quality), compared.names)
    return Pair(compared, findings, recommend(question, compared, findings, answer), bool(answer))


async def _map(pair: Pair, easel: Easel) -> Picture | None:
    """The differences drawn, when there are any that have a place."""
    marks = [finding.mark for finding in pair.findings if finding.mark]
    if not pair.compared.difference.aligned or not any(mark.places for mark in marks):
        return None
    first, second = pair.compared.first, pair.compared.second
    picture = await asyncio.to_thread(_drawn, pair, marks)
    return await easel.show(picture, f"Differences between {first.handle} and {second.handle}, numbered")


def _drawn(pair: Pair, marks: Sequence[Mark]) -> PillowImage:
    from PIL import Image as Pillow

    with Pillow.open(pair.compared.first.path) as first, Pillow.open(pair.compared.second.path) as second:
        return difference_map(first, second, pair.compared.names, marks)


# --- evidence -------------------------------------------------------------------------------------


def _evidence(pair: Pair, shows: Sequence[Picture]) -> Evidence:
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


# --- three and more -------------------------------------------------------------------------------


async def _odd_one_out(pairs: Sequence[Pair], vectors: Embeddings, differ: Differ) -> Image | None:
    """The one image that differs where all others show the same, else the one clearly least like the rest."""
    first = pairs[0].compared.first
    others = [pair.compared.second for pair in pairs]
    differing = [pair.compared.second for pair in pairs if pair.findings]
    if len(differing) == 1:
        return differing[0]
    if not differing:
        return None
    if len(differing) == len(others):
        among = [await differ.differ(others[0], other) for other in others[1:]]
        if all(difference.aligned and not difference.changes for difference in among):
            return first
    return _least_alike([first, *others], vectors)


def _least_alike(images: Sequence[Image], vectors: Embeddings) -> Image | None:
    """By embeddings, when it stands out by `ODD`."""
    likeness = (vectors @ vectors.T).sum(1) - 1
    order = likeness.argsort()
    gap = float(likeness[order[1]] - likeness[order[0]]) / (len(images) - 1)
    return images[int(order[0])] if gap > ODD else None


def _evidence_of_many(pairs: Sequence[Pair], odd: Image | None, shows: Sequence[Picture], answer: str = "") -> Evidence:
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
