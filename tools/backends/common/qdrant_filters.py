"""What a filter means to Qdrant: conditions on payload fields, for the embedded engine and the server alike."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath

from tools.backends.common.bm25 import phrase_of
from tools.backends.common.qdrant_checks import canonical, check_scope
from tools.kit import Excluded, Filters, Scope
from tools.kit.archive.words import fold


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


def _asked_folders(folder: str) -> list[str]:
    """``/home/me/photos`` is that very folder; ``holiday`` or ``2024/holiday`` is any folder called so."""
    if PurePath(folder).is_absolute():
        return [str(PurePath(folder))]
    names = [fold(part) for part in PurePath(folder).parts]
    if len(names) < 2:
        return names
    return ["/".join(pair) for pair in pairwise(names)]
