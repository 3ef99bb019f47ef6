"""Pairs of images, each measured by itself and laid over the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.kit.comparing.difference_map import Mark, difference_map
from tools.kit.comparing.differences import differences
from tools.kit.comparing.measured import Compared, Finding
from tools.kit.comparing.papers import paper
from tools.kit.comparing.quality import Quality, answered_quality, quality
from tools.kit.comparing.recommendation import Recommended, recommend
from tools.kit.findings import Difference, Reading
from tools.kit.pictures.colours import Colour, dominant
from tools.kit.ports import Differ, Easel, Ocr
from tools.kit.types import Embeddings, Image, Picture

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

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


async def looked_at(image: Image, ocr: Ocr) -> Looked:
    reading, (colours, measured) = await asyncio.gather(ocr.read(image), asyncio.to_thread(_measure, image))
    return Looked(image, reading, colours, measured)


def _measure(image: Image) -> tuple[list[Colour], Quality]:
    pixels = image.pixels()
    return dominant(pixels), quality(pixels)


def one_file(images: Sequence[Image]) -> bool:
    return len({(image.ref.sha256, image.ref.page) for image in images}) == 1


def same_file(images: Sequence[Image], question: str, alike: float) -> list[Pair]:
    """Nothing of the same bytes can differ: they are not read, encoded or laid over each other."""
    colours, measured = _measure(images[0])
    nothing = Reading(lines=(), width=images[0].ref.width, height=images[0].ref.height)
    first, *others = (Looked(image, nothing, colours, measured) for image in images)
    return [_pair(first, other, UNCHANGED, 1.0, alike, question) for other in others]


async def compared_with(
    first: Looked, second: Looked, similarity: float, alike: float, question: str, differ: Differ
) -> Pair:
    if one_file((first.image, second.image)):
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


async def drawn_map(pair: Pair, easel: Easel) -> Picture | None:
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


async def odd_one_out(pairs: Sequence[Pair], vectors: Embeddings, differ: Differ) -> Image | None:
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
