"""What Qdrant keeps of an item: one definition for the embedded engine and the server."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import PurePath
from typing import Any, Literal

import numpy as np

from tools.backends.common.bm25 import phrase_of
from tools.kit import Embeddings, Hit, Item, Json, Scope, Space, Tallied
from tools.kit.archive.words import fold

TEXT_DIM = 384
"""Of MiniLM, which turns what is known in words into vectors where nothing else is said."""
LAYOUT = 2
"""Of the payload and the vectors' names. 1: one vector without a name, no words, nothing about posts and contents."""
INDEXED: dict[str, Literal["keyword", "float", "integer", "text"]] = {
    "audience": "keyword",
    "folders": "keyword",
    "kinds": "keyword",
    "file": "keyword",
    "orientation": "keyword",
    "when": "float",
    "width": "integer",
    "height": "integer",
    "sha256": "keyword",
    "user": "keyword",
    "channel": "keyword",
    "kind": "keyword",
    "colours": "keyword",
    "tags": "keyword",
    "read": "text",
}
"""Payload fields that filters and tallies use, each with an index of that kind. "kinds" are media types, "kind" is that
of the picture; "read" is the phrase read on it: its index splits at spaces, and matches phrases."""
TALLIED: dict[Tallied, str] = {
    "people": "user",
    "channels": "channel",
    "kinds": "kind",
    "colours": "colours",
    "tags": "tags",
}
"""Payload fields of what can be counted by."""

NEARLY_SQUARE = 1.03
"""Sides that differ by up to 3% look square to people."""


def payload_of(item: Item) -> dict[str, Json]:
    """The item itself, and what filters ask of it."""
    return {
        # as text: Edge's JSON moves some floats by one bit, and a file time must come back as it was
        "item": item.model_dump_json(),
        "audience": item.audience,
        "folders": _folders(item.path),
        "kinds": [item.mime.split("/")[0] + "/", item.mime],
        "file": fold(item.name),
        "orientation": _orientation(item.width, item.height),
        "when": item.when.timestamp(),
        "width": item.width,
        "height": item.height,
        "sha256": item.sha256,
        **({"user": item.post.user} if item.post and item.post.user else {}),
        **({"channel": item.channel} if item.channel else {}),
        **({"kind": item.contents.kind} if item.contents.kind else {}),
        "colours": list(item.contents.colours),
        "tags": list(item.contents.tags),
        "read": phrase_of(item.contents.text),
    }


def item_of(payload: dict[str, Json] | None) -> Item:
    """The item that `payload_of` packed."""
    return Item.model_validate_json((payload or {})["item"])


def items_of(points: Iterable[Any], scope: Scope) -> list[Item]:
    """Of an engine's points those items that can be read (`Upkeep.broken` tells of the others) and are in the scope."""
    return [item for point in points if (item := _seen(point, scope))]


def hits_of(points: Iterable[Any], scope: Scope, space: Space) -> list[Hit]:
    """The same, of points that were found, each with its vector of that space where it was asked for."""
    found = ((point, _seen(point, scope)) for point in points)
    return [Hit(item, float(point.score), vector_of(point.vector, space)) for point, item in found if item]


def _seen(point: Any, scope: Scope) -> Item | None:
    """Filters went by the rest of the payload, which may be another's: a write may have come in between."""
    try:
        item = item_of(point.payload)
    except (KeyError, ValueError):
        return None
    return item if item.id == str(point.id) and item.audience in scope.audiences else None


def vector_of(vectors: Any, space: Space) -> Embeddings | None:
    """The one of that name out of an engine's vectors by name; None where the point has none, or was not asked for."""
    found = vectors.get(space) if isinstance(vectors, dict) else None
    return None if found is None else np.asarray(found, np.float32)


def name_of(item: Item, what: Tallied) -> str:
    """What a tally calls the person or channel of a post; empty for what has no name but its value."""
    if item.post is None:
        return ""
    return {"people": item.post.name, "channels": item.post.channel}.get(what, "")


def _orientation(width: int, height: int) -> str:
    if max(width, height) <= NEARLY_SQUARE * min(width, height):
        return "square"
    return "landscape" if width > height else "portrait"


def _folders(path: str) -> list[str]:
    """Every folder the file lies in: in full, by its name, and by its name after its parent's."""
    folder = PurePath(path).parent
    if not folder.is_absolute():
        return []
    names = [fold(part) for part in folder.parts[1:]]
    pairs = ["/".join(pair) for pair in pairwise(names)]
    return [*dict.fromkeys([*map(str, [folder, *folder.parents]), *names, *pairs])]


def readable(payload: dict[str, Json] | None, key: object) -> bool:
    """Whether a point of that id holds an item, and the one that it is called by."""
    try:
        return item_of(payload).id == str(key)
    except (KeyError, ValueError):
        return False
