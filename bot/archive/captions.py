"""A caption from what was measured, for an image that no model has looked at."""

from __future__ import annotations

from collections.abc import Sequence

from tools.kit.labelling.subjects import with_article


def composed(kind: str, tags: Sequence[str]) -> str:
    """A plain sentence, or nothing where it would tell nobody anything. What a thing was taken for is said to be a
    likeness: it is no more."""
    if tags and kind in ("", "photo"):
        return f"A picture of what looks like {with_article(tags[0])}."
    return f"A {kind}." if kind and kind != "photo" else ""
