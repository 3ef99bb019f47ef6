"""What images are called: by their handles in what is said, by their places in what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from tools.kit import Image
from tools.kit.types import Json

NAMED = re.compile(r"\b(?:images?|img|pictures?|photos?)\s*#?(\d{1,4})\b", re.IGNORECASE)
"""An image called by its number."""
PART = re.compile(r"\bpart\s*(\d+)", re.IGNORECASE)
PLACE = "⟦{}⟧"
"""What stands for the handle of the image in that place (from 1), so that what is kept fits any thread."""


def renamed(value: Json, names: Mapping[str, str]) -> Json:
    """The value with every text in it that has one of the names given the other; all at once."""
    if isinstance(value, str):
        return _renamer(names)(value) if names else value
    if isinstance(value, dict):
        return {key: renamed(each, names) for key, each in value.items()}
    return [renamed(each, names) for each in value] if isinstance(value, list | tuple) else value


def to_places(images: Sequence[Image]) -> dict[str, str]:
    return {image.handle: PLACE.format(n) for n, image in enumerate(images, 1)}


def to_handles(images: Sequence[Image]) -> dict[str, str]:
    return {PLACE.format(n): image.handle for n, image in enumerate(images, 1)}


def meant(said: str, images: Sequence[Image]) -> Image | None:
    """The image a model names, mended where there is one it can mean, or None."""
    found = NAMED.search(said) or re.search(r"\b(\d{1,4})\b", said)
    number = int(found[1]) if found else None
    named = next((image for image in images if image.ref.number == number), None)
    return named or (images[0] if len(images) == 1 else None)


def part_meant(said: str) -> int | None:
    """The number of the part of a page that a model names, from 1."""
    found = PART.search(said)
    return int(found[1]) if found else None


def mended(text: str, images: Sequence[Image], question: str) -> tuple[str, list[str]]:
    """The text as it may be said, and the handles in it that are of no image given.

    With one image every other number means it, unless the question names that number itself.
    """
    known = {image.ref.number for image in images} | {int(number) for number in NAMED.findall(question)}
    strange = sorted({int(number) for number in NAMED.findall(text)} - known)
    if strange and len(images) == 1:
        alone = images[0].handle
        return NAMED.sub(lambda found: found[0] if int(found[1]) in known else alone, text), []
    return text, [f"image {number}" for number in strange]


def _renamer(names: Mapping[str, str]) -> Callable[[str], str]:
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\d)" for name in longest_first), re.IGNORECASE)
    return lambda text: pattern.sub(lambda found: names[found[0].lower()], text)
