"""Where in an image something is, in words."""

from __future__ import annotations

from tools.kit.types import Box

WHOLE = 0.6
"""Share of the image from which a box is no longer a place in it."""


def where(box: Box, width: float, height: float) -> str:
    """The place of a box: "at the top left", "in the centre", "across most of the picture"."""
    left, top, right, bottom = box
    if (right - left) * (bottom - top) > WHOLE * width * height:
        return "across most of the picture"
    across, down = (left + right) / 2 / width, (top + bottom) / 2 / height
    row = "top" if down < 0.38 else "bottom" if down > 0.62 else ""
    column = "left" if across < 0.38 else "right" if across > 0.62 else ""
    return f"at the {' '.join(part for part in (row, column) if part)}" if row or column else "in the centre"


def overlap(one: Box, other: Box) -> float:
    """Share of `one` that lies within `other`, 0 to 1."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    area = (one[2] - one[0]) * (one[3] - one[1])
    return max(0.0, across) * max(0.0, down) / area if area > 0 else 0.0
