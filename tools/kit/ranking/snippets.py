"""The place in a text where words stand, with the words marked."""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[int, int]
"""Start and end in characters."""

MARK = ("⟦", "⟧")
"""Around each word. What is marked is other people's text, so it cannot hold these itself."""
ROOM = 90
"""Characters of a snippet, about."""


def snippet(text: str, spans: Sequence[Span]) -> str:
    """The words around the first of the `spans` (in order) from which most others are in reach."""
    reach = [sum(start <= other[0] and other[1] <= start + ROOM for other in spans) for start, _ in spans]
    first = spans[reach.index(max(reach))]
    inside = [span for span in spans if span == first or (first[0] <= span[0] and span[1] <= first[0] + ROOM)]
    spare = max(0, ROOM - (inside[-1][1] - first[0])) // 2
    start, end = _at_words(text, first[0], max(span[1] for span in inside), spare)
    parts, at = [], start
    for left, right in inside:
        if left >= at:
            parts += [_plain(text[at:left]), MARK[0], _plain(text[left:right]), MARK[1]]
            at = right
    whole = " ".join("".join([*parts, _plain(text[at:end])]).split())
    return f"{'…' if start else ''}{whole}{'…' if end < len(text) else ''}"


def unmarked(marked: str) -> str:
    """A snippet without its marks."""
    return _plain(marked)


def _at_words(text: str, start: int, end: int, spare: int) -> Span:
    """Up to `spare` characters more on both sides, without halves of words."""
    left, right = max(0, start - spare), min(len(text), end + spare)
    if left:
        left = next((place + 1 for place in range(left, start) if text[place].isspace()), start)
    if right < len(text):
        right = next((place for place in range(right, end - 1, -1) if text[place : place + 1].isspace()), end)
    return left, right


def _plain(text: str) -> str:
    return text.translate({ord(mark): None for mark in MARK})
