"""What Qdrant keeps of an item, and what a filter means: one definition for the embedded engine and the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath
from typing import Any, Literal
from uuid import UUID

import numpy as np

from tools.backends.common.bm25 import phrase_of
from tools.kit import Embeddings, Excluded, Filters, Hit, Item, Json, Scope, Space, Tallied
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


@dataclass(frozen=True)
class Condition:
    """One condition on one payload field: any of some values, a part of a text, a phrase, or a range.

    The field "id" is the point's own. A condition that gives nothing holds for no point.
    """

    key: str
    any_of: tuple[str, ...] = ()
    contains: str = ""
    phrase: str = ""
    at_least: float | None = None
    below: float | None = None


@dataclass(frozen=True)
class Narrowed:
    """What filters come to."""

    must: tuple[Condition, ...] = ()
    """All of these hold."""
    must_not: tuple[tuple[Condition, ...], ...] = ()
    """Of none of these do all hold."""


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


def hit_of(payload: dict[str, Json] | None, score: float, vector: Embeddings | None = None) -> Hit:
    """A point that was found."""
    return Hit(item_of(payload), float(score), vector)


def vector_of(vectors: Any, space: Space) -> Embeddings | None:
    """The one of that name out of an engine's vectors by name; None where the point has none, or was not asked for."""
    found = vectors.get(space) if isinstance(vectors, dict) else None
    return None if found is None else np.asarray(found, np.float32)


def name_of(item: Item, what: Tallied) -> str:
    """What a tally calls the person or channel of a post; empty for what has no name but its value."""
    if item.post is None:
        return ""
    return {"people": item.post.name, "channels": item.post.channel}.get(what, "")


def narrowed(filters: Filters | None) -> Narrowed:
    """What the engine is told. Ids that are no UUIDs match nothing."""
    if filters is None:
        return Narrowed()
    must = _shared(filters)
    must += [Condition("colours", any_of=(colour,)) for colour in filters.colours]
    if filters.orientation:
        must.append(Condition("orientation", any_of=(filters.orientation,)))
    if filters.after:
        must.append(Condition("when", at_least=filters.after.timestamp()))
    if filters.before:
        must.append(Condition("when", below=filters.before.timestamp()))
    if filters.min_width:
        must.append(Condition("width", at_least=filters.min_width))
    if filters.min_height:
        must.append(Condition("height", at_least=filters.min_height))
    if filters.originals:
        must.append(Condition("sha256", any_of=filters.originals))
    if filters.ids:
        must.append(Condition("id", any_of=tuple(dict.fromkeys(filter(None, map(_id, filters.ids))))))
    if filters.folder:
        must += _in_folder(filters.folder)
    without = filters.excluding
    if without is None:
        return Narrowed(tuple(must))
    never: list[tuple[Condition, ...]] = [(condition,) for condition in _shared(without)]
    if without.colours:
        never.append((Condition("colours", any_of=without.colours),))
    if without.folder:
        never.append(tuple(_in_folder(without.folder)))
    return Narrowed(tuple(must), tuple(never))


def _shared(filters: Filters | Excluded) -> list[Condition]:
    """What means the same of what is wanted and of what is not."""
    found: list[Condition] = []
    if filters.name_contains:
        found.append(Condition("file", contains=fold(filters.name_contains)))
    if filters.mime:
        found.append(Condition("kinds", any_of=(filters.mime,)))
    if filters.posted_by:
        found.append(Condition("user", any_of=filters.posted_by))
    if filters.channels:
        found.append(Condition("channel", any_of=filters.channels))
    if filters.kinds:
        found.append(Condition("kind", any_of=filters.kinds))
    if filters.with_text:
        found.append(Condition("read", phrase=phrase_of(filters.with_text)))
    return found


def _in_folder(folder: str) -> list[Condition]:
    return [Condition("folders", any_of=(asked,)) for asked in _asked_folders(folder)]


def _id(key: str) -> str | None:
    try:
        return canonical(key)
    except ValueError:
        return None


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


def check_put(
    scope: Scope,
    items: Sequence[Item],
    vectors: Embeddings,
    texts: Embeddings | None,
    dims: tuple[int, int],
) -> None:
    """dims: of the collection's pictures and texts.

    Raises: ValueError when an item is outside the scope, or the vectors do not fit the items or the collection.
    """
    check_items(scope, items)
    check_shape(vectors, len(items), dims[0])
    check_texts(texts, len(items), dims[1])


def check_texts(texts: Embeddings | None, count: int, dim: int) -> None:
    """Raises: ValueError when they do not fit the items or the collection."""
    if texts is not None:
        check_shape(texts, count, dim)


def check_shape(vectors: Embeddings, count: int, dim: int) -> None:
    """Raises: ValueError when they are not `count` vectors of the collection's size."""
    if vectors.shape != (count, dim):
        raise ValueError(f"Vectors of shape {vectors.shape} for {count} items of a collection of {dim} dimensions.")


def check_query(vector: Embeddings, dim: int) -> None:
    """Raises: ValueError when it is not of the collection's size."""
    if vector.shape != (dim,):
        raise ValueError(f"A vector of shape {vector.shape} for a collection of {dim} dimensions.")


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
