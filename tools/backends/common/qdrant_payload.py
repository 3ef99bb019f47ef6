"""What Qdrant keeps of an item, and what a filter means: one definition for the embedded engine and the server."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath
from typing import Any, Literal
from uuid import UUID

import numpy as np

from tools.kit import Embeddings, Filters, Hit, Item, Json, Scope

INDEXED: dict[str, Literal["keyword", "float", "integer"]] = {
    "audience": "keyword",
    "folders": "keyword",
    "kinds": "keyword",
    "file": "keyword",
    "orientation": "keyword",
    "when": "float",
    "width": "integer",
    "height": "integer",
}
"""Payload fields that filters use, each with an index of that kind."""

NEARLY_SQUARE = 1.03
"""Sides that differ by up to 3% look square to people."""


@dataclass(frozen=True)
class Condition:
    """One condition on one payload field: any of some values, a part of a text, or a range."""

    key: str
    any_of: tuple[str, ...] = ()
    contains: str = ""
    at_least: float | None = None
    below: float | None = None


def fold(text: str) -> str:
    """Compatibility forms and case folded away, so that names match as people type them."""
    return unicodedata.normalize("NFKC", text).casefold()


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
        "when": _when(item),
        "width": item.width,
        "height": item.height,
    }


def item_of(payload: dict[str, Json] | None) -> Item:
    """The item that `payload_of` packed."""
    return Item.model_validate_json((payload or {})["item"])


def hit_of(payload: dict[str, Json] | None, score: float, vector: Any) -> Hit:
    """A point that was found, with its vector where it was asked for."""
    return Hit(item_of(payload), float(score), None if vector is None else np.asarray(vector, np.float32))


def conditions_of(filters: Filters | None) -> list[Condition]:
    """All of these must hold."""
    if filters is None:
        return []
    found: list[Condition] = []
    if filters.name_contains:
        found.append(Condition("file", contains=fold(filters.name_contains)))
    if filters.folder:
        found += [Condition("folders", any_of=(asked,)) for asked in _asked_folders(filters.folder)]
    if filters.mime:
        found.append(Condition("kinds", any_of=(filters.mime,)))
    if filters.orientation:
        found.append(Condition("orientation", any_of=(filters.orientation,)))
    if filters.after:
        found.append(Condition("when", at_least=filters.after.timestamp()))
    if filters.before:
        found.append(Condition("when", below=filters.before.timestamp()))
    if filters.min_width:
        found.append(Condition("width", at_least=filters.min_width))
    if filters.min_height:
        found.append(Condition("height", at_least=filters.min_height))
    return found


def audience_condition(scope: Scope) -> Condition:
    """Only what the asker may see.

    Raises: ValueError for a scope without an audience: such a search would be unscoped.
    """
    check_scope(scope)
    return Condition("audience", any_of=scope.audiences)


def check_scope(scope: Scope) -> None:
    """Raises: ValueError for a scope that names no workspace or no audience."""
    if not scope.workspace or not scope.audiences:
        raise ValueError("A scope names a workspace and at least one audience.")


def check_put(scope: Scope, items: Sequence[Item], vectors: Embeddings, dim: int) -> None:
    """Raises: ValueError when an item is outside the scope, or the vectors do not fit the items or the collection."""
    check_items(scope, items)
    if vectors.shape != (len(items), dim):
        raise ValueError(
            f"Vectors of shape {vectors.shape} for {len(items)} items of a collection of {dim} dimensions."
        )


def check_items(scope: Scope, items: Sequence[Item]) -> None:
    """Raises: ValueError when an item is outside the scope."""
    check_scope(scope)
    outside = {item.audience for item in items} - set(scope.audiences)
    if outside:
        raise ValueError(f"Items of {', '.join(sorted(outside))} are outside the scope.")


def another_encoder(place: str, bound: str, asked: str) -> str:
    """The sentence for an archive whose vectors are from another space."""
    return (
        f"The archive in {place} was made with the encoder {bound}, and this is {asked}: their vectors cannot be "
        "compared. Set SPYGLASS_ENCODER to the one it was made with, or make it anew: spyglass index --fresh PATH"
    )


def _when(item: Item) -> float:
    """Seconds since 1970: when it was taken, else when the file was last changed, else when it was added."""
    if item.taken:
        return item.taken.timestamp()
    return item.modified or item.added.timestamp()


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


def _asked_folders(folder: str) -> list[str]:
    """``/home/me/photos`` is that very folder; ``holiday`` or ``2024/holiday`` is any folder called so."""
    if PurePath(folder).is_absolute():
        return [str(PurePath(folder))]
    names = [fold(part) for part in PurePath(folder).parts]
    if len(names) < 2:
        return names
    return ["/".join(pair) for pair in pairwise(names)]


def canonical(key: str) -> str:
    """An id as it is stored, however its UUID was written. Raises: ValueError when it is none."""
    return str(UUID(key))
