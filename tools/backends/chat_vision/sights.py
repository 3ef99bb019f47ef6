"""From what a model says it sees (`Sight`) to what tools get (`Seen`)."""

from __future__ import annotations

from collections.abc import Sequence

from tools.backends.chat_vision.handles import meant, mended, part_meant
from tools.backends.chat_vision.preparing import WHOLE, Shares
from tools.kit import Image, Region, Seen
from tools.kit.seeing import Sight
from tools.kit.seeing.regions import EDGES, is_place
from tools.kit.types import Json

STRANGE = "What the model says names {handles}, which it was not shown."
SLIVER = 1.0
"""A box with a side below so many pixels shows nothing."""


def seen_in(
    sight: Sight, images: Sequence[Image], question: str, *, parts: Sequence[Sequence[Shares]], model: str
) -> Seen:
    """`parts`: for each image the areas of it that were sent, in order."""
    text, strange = mended(sight.answer.strip(), images, question)
    found = _in_whole(sight.model_dump(mode="json"), images, parts)
    found["answer"] = text
    found["regions"] = [place for place in found["regions"] if meant(place["image"], images)]
    regions = [region for place in found["regions"] if (region := _region(place, images)) is not None]
    return Seen(
        text=text,
        model=model,
        sure=sight.confidence,
        cannot_determine=sight.cannot_determine,
        regions=tuple(regions),
        found=found,
        notes=(STRANGE.format(handles=" and ".join(strange)),) if strange else (),
    )


def _in_whole(found: Json, images: Sequence[Image], parts: Sequence[Sequence[Shares]]) -> Json:
    """Every place in it, as JSON, under the handle of the image it means and as shares of all of that image."""
    if is_place(found):
        image = meant(found["image"], images)
        return found if image is None else _place(found, image, parts[list(images).index(image)])
    if isinstance(found, dict):
        return {name: _in_whole(value, images, parts) for name, value in found.items()}
    return [_in_whole(value, images, parts) for value in found] if isinstance(found, list) else found


def _place(place: dict[str, Json], image: Image, areas: Sequence[Shares]) -> dict[str, Json]:
    """Cut to the image, edges the right way round; all of the image where a part of it is meant but none is named."""
    number = part_meant(place["image"])
    told = len(areas) == 1 or (number is not None and 1 <= number <= len(areas))
    area = WHOLE if len(areas) == 1 or number is None or not told else areas[number - 1]
    left, right = sorted(_within(place[edge], area[0], area[2]) for edge in ("left", "right"))
    top, bottom = sorted(_within(place[edge], area[1], area[3]) for edge in ("top", "bottom"))
    shares = (left, top, right, bottom) if told else WHOLE
    return {**place, "image": image.handle, **dict(zip(EDGES, shares, strict=True))}


def _within(share: float, start: float, end: float) -> float:
    return start + (end - start) * min(1.0, max(0.0, share))


def _region(place: dict[str, Json], images: Sequence[Image]) -> Region | None:
    """In pixels of the upright image; no box for all of it, None where nothing would be in the box."""
    image = meant(place["image"], images)
    if image is None:
        return None
    left, top, right, bottom = (place[edge] for edge in EDGES)
    if (left, top, right, bottom) == WHOLE:
        return Region(handle=image.handle, page=image.ref.page)
    width, height = image.ref.width, image.ref.height
    box = (left * width, top * height, right * width, bottom * height)
    if min(box[2] - box[0], box[3] - box[1]) < min(SLIVER, width, height):
        return None
    return Region(handle=image.handle, box=box, page=image.ref.page)
