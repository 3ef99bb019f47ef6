"""The tokens of Florence-2 as words and places (Xiao et al. 2023: coordinates are tokens, in thousandths of a side)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tools.backends.local_vision.said import Place, Said

CAPTION, DETAILED, OBJECTS, READING = "<CAPTION>", "<MORE_DETAILED_CAPTION>", "<OD>", "<OCR_WITH_REGION>"
"""Its tasks, as its processor names them."""
SPECIAL = ("<s>", "</s>", "<pad>")


def parsed(processor: Any, tokens: Any, *, task: str, size: tuple[int, int]) -> Said:
    """tokens: (1, n) as generated. size: width and height of the image in pixels."""
    raw = processor.batch_decode(tokens, skip_special_tokens=False)[0]
    found = processor.post_process_generation(raw, task=task, image_size=size)[task]
    if isinstance(found, str):
        return Said(text=_plain(found))
    places = tuple(_places(found["labels"], found.get("bboxes") or list(map(_around, found.get("quad_boxes", ())))))
    return Said(text="\n".join(place.what for place in places), places=places)


def _places(labels: Sequence[str], boxes: Sequence[Sequence[float]]) -> list[Place]:
    named = [(_plain(label), box) for label, box in zip(labels, boxes, strict=True)]
    return [Place(what=label, box=(box[0], box[1], box[2], box[3])) for label, box in named if label]


def _around(quad: Sequence[float]) -> Sequence[float]:
    """Four corners, x and y in turn -> the box around them."""
    return min(quad[::2]), min(quad[1::2]), max(quad[::2]), max(quad[1::2])


def _plain(text: str) -> str:
    for token in SPECIAL:
        text = text.replace(token, "")
    return text.strip()
