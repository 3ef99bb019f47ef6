"""Places as models give them (shares of an image, by its handle) become boxes in pixels of the upright images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tools.kit.types import Box, Image, Json, Region

EDGES = ("left", "top", "right", "bottom")
PLACE = {"image", "what", *EDGES}
"""Fields of a `SightRegion`."""
LEAST = 1.0
"""Pixels of a side below which a place is none."""


def is_place(value: Json) -> bool:
    """Whether it is a `SightRegion` as JSON."""
    return isinstance(value, Mapping) and value.keys() == PLACE


def region_of(place: Mapping[str, Json], images: Sequence[Image]) -> Region | None:
    """The box of a `SightRegion` (as JSON) in the image it names; None when it names none of them, or is empty.

    Sides given the wrong way round are turned; what lies outside is cut off. Of a cropped image it is the box in the
    whole one.
    """
    image = _named(str(place["image"]), images)
    if image is None:
        return None
    left, right = sorted(_share(place[edge]) for edge in ("left", "right"))
    top, bottom = sorted(_share(place[edge]) for edge in ("top", "bottom"))
    x, y, width, height = _shown(image)
    box: Box = (x + left * width, y + top * height, x + right * width, y + bottom * height)
    if box[2] - box[0] < LEAST or box[3] - box[1] < LEAST:
        return None
    rounded: Box = (round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1))
    return Region(handle=image.handle, box=rounded, page=image.ref.page)


def placed(found: Json, images: Sequence[Image]) -> Json:
    """What a model found, with every place in it as `{"image", "what", "box"}` in pixels; None where it is no place."""
    if is_place(found):
        region = region_of(found, images)
        return {"image": region.handle, "what": found["what"], "box": list(region.box or ())} if region else None
    if isinstance(found, Mapping):
        return {key: placed(value, images) for key, value in found.items()}
    if isinstance(found, list):
        return [placed(value, images) for value in found]
    return found


def places_in(found: Json) -> Iterator[Mapping[str, Json]]:
    """Every place in what a model found, in its order."""
    if is_place(found):
        yield found
    elif isinstance(found, Mapping):
        for value in found.values():
            yield from places_in(value)
    elif isinstance(found, list):
        for value in found:
            yield from places_in(value)


def whole(region: Region, images: Sequence[Image]) -> Region:
    """A box in pixels of a cropped image, in those of the whole one."""
    image = _named(region.handle, images)
    if image is None or image.part is None or region.box is None:
        return region
    x, y = image.part[:2]
    left, top, right, bottom = region.box
    return region.model_copy(update={"box": (left + x, top + y, right + x, bottom + y)})


def _named(handle: str, images: Sequence[Image]) -> Image | None:
    """By handle; a model that is shown one image need not name it right."""
    wanted = " ".join(handle.casefold().split())
    found = next((image for image in images if image.handle == wanted), None)
    return images[0] if found is None and len(images) == 1 else found


def _share(value: Json) -> float:
    return min(1.0, max(0.0, float(value)))


def _shown(image: Image) -> tuple[float, float, float, float]:
    """Left, top, width and height of what is shown of it, in pixels of the whole."""
    if image.part is None:
        return (0.0, 0.0, float(image.ref.width), float(image.ref.height))
    left, top, right, bottom = image.part
    return (left, top, right - left, bottom - top)
