"""What of a finding a model claims: it may only be said as seen by the model, whatever else was measured.

In the facts of any evidence a mapping with `"source": "model"` is a model's claim, with all that is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tools.kit.types import Evidence, Json

SOURCE = "source"
MODEL = "model"


def claimed(facts: Json) -> Iterator[Mapping[str, Json]]:
    """Every claim of a model in these facts."""
    if isinstance(facts, Mapping):
        if facts.get(SOURCE) == MODEL:
            yield facts
        else:
            for value in facts.values():
                yield from claimed(value)
    elif isinstance(facts, list | tuple):
        for value in facts:
            yield from claimed(value)


def without_claims(facts: Json, text: Callable[[str], str] = str) -> Json:
    """The facts without what a model claims in them. `text`: what is left of a string."""
    if isinstance(facts, str):
        return text(facts)
    if isinstance(facts, Mapping):
        return {key: without_claims(value, text) for key, value in facts.items() if not _is_claim(value)}
    if isinstance(facts, list | tuple):
        return [without_claims(value, text) for value in facts if not _is_claim(value)]
    return facts


def looked(evidence: Evidence) -> bool:
    """Whether a model has had a say in it."""
    return evidence.source == MODEL or any(True for _ in claimed(evidence.facts))


def _is_claim(value: Json) -> bool:
    return isinstance(value, Mapping) and value.get(SOURCE) == MODEL
