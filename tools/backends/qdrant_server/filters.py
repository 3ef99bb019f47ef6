"""Items and filters as a Qdrant server takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tools.backends.common.qdrant_payload import Condition, audience_condition, narrowed, payload_of
from tools.kit import Filters, Item, Json, Scope

if TYPE_CHECKING:
    from qdrant_client.models import Filter


def packed(item: Item) -> dict[str, Json]:
    """With the letter groups of the name, since servers match text by whole words and not by part of a word."""
    payload = payload_of(item)
    return {**payload, "grams": sorted({gram for size in (1, 2, 3) for gram in _grams(payload["file"], size)})}


def _grams(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(len(text) - size + 1)]


def filter_of(scope: Scope, filters: Filters | None) -> Filter:
    from qdrant_client import models

    asked = narrowed(filters)
    never = [models.Filter(must=_all(conditions)) for conditions in asked.must_not]
    return models.Filter(must=_all((audience_condition(scope), *asked.must)), must_not=never or None)


def _all(conditions: Sequence[Condition]) -> list[Any]:
    return [part for condition in conditions for part in _conditions(condition)]


def _conditions(condition: Condition) -> list[Any]:
    from qdrant_client import models

    if condition.contains:
        grams = _grams(condition.contains, min(3, len(condition.contains)))
        return [models.FieldCondition(key="grams", match=models.MatchValue(value=gram)) for gram in grams]
    if condition.phrase:
        return [models.FieldCondition(key=condition.key, match=models.MatchPhrase(phrase=condition.phrase))]
    if condition.at_least is not None or condition.below is not None:
        bounds = models.Range(gte=condition.at_least, lt=condition.below)
        return [models.FieldCondition(key=condition.key, range=bounds)]
    if condition.key == "id" or not condition.any_of:
        return [models.HasIdCondition(has_id=[*condition.any_of])]
    return [models.FieldCondition(key=condition.key, match=models.MatchAny(any=[*condition.any_of]))]
