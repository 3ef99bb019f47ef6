"""Filters as a Qdrant server takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.backends.common.qdrant_filters import Condition, audience_condition, narrowed
from tools.backends.qdrant_server.points import LONGEST, grams
from tools.kit import Filters, Scope

if TYPE_CHECKING:
    from qdrant_client.models import Filter


def filter_of(scope: Scope, filters: Filters | None) -> Filter:
    """What the scope may see, narrowed.

    Raises: ValueError for a scope without an audience: such a search would be unscoped.
    """
    from qdrant_client import models

    asked = narrowed(filters)
    must = [part for condition in (audience_condition(scope), *asked.must) for part in _conditions(condition)]
    never = [_together([part for condition in group for part in _conditions(condition)]) for group in asked.must_not]
    return models.Filter(must=must, must_not=never or None)


def _together(parts: list[Any]) -> Any:
    from qdrant_client import models

    return parts[0] if len(parts) == 1 else models.Filter(must=parts)


def _conditions(condition: Condition) -> list[Any]:
    """All of these hold where it does."""
    from qdrant_client import models

    key = condition.key
    if condition.contains:
        parts = grams(condition.contains, min(LONGEST, len(condition.contains)))
        return [models.FieldCondition(key="grams", match=models.MatchValue(value=gram)) for gram in parts]
    if condition.phrase:
        return [models.FieldCondition(key=key, match=models.MatchPhrase(phrase=condition.phrase))]
    if key == "id":
        return [models.HasIdCondition(has_id=[*condition.any_of])]
    if condition.any_of:
        return [models.FieldCondition(key=key, match=models.MatchAny(any=[*condition.any_of]))]
    if condition.at_least is None and condition.below is None:
        return [models.HasIdCondition(has_id=[])]
    return [models.FieldCondition(key=key, range=models.Range(gte=condition.at_least, lt=condition.below))]
