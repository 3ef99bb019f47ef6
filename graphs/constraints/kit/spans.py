"""Where something stands in a text: start and end, in characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Span = tuple[int, int]


def without(text: str, spans: Sequence[Span]) -> str:
    """The text with spaces in place of the spans, which may overlap."""
    parts, at = [], 0
    for start, end in sorted(spans):
        parts += [text[at:start], " " * (end - max(start, at))]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def inside(span: Span, spans: Iterable[Span]) -> bool:
    """Whether one of them holds it whole."""
    return any(start <= span[0] and span[1] <= end for start, end in spans)
