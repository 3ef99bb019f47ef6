"""Photo, screenshot, document or drawing, from `Measures`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.backends.glancer.measures import Measures

if TYPE_CHECKING:
    from tools.kit.archive import Kind


def kind(measures: Measures) -> Kind:
    """The likeliest."""
    if measures.lines > 0.08 and measures.pale > 0.4:
        return "document"
    if measures.flat < 0.55:
        return "photo"
    return "screenshot" if measures.level > 0.15 and measures.lines > 0.01 else "drawing"
