"""Two collections of one workspace, gone through together."""

from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np

from tools.kit.archive import Point

CLOSE = 1e-3
"""By how much numbers of the same vector differ at most: engines normalise them anew."""


async def side_by_side(
    one: AsyncIterator[Point], other: AsyncIterator[Point]
) -> AsyncIterator[tuple[Point | None, Point | None]]:
    """Points of the same id together, None for the one that is missing. Both come in id order, and so do the pairs."""
    left, right = await anext(one, None), await anext(other, None)
    while left or right:
        if right is None or (left is not None and left.item.id < right.item.id):
            yield left, None
            left = await anext(one, None)
        elif left is None or right.item.id < left.item.id:
            yield None, right
            right = await anext(other, None)
        else:
            yield left, right
            left, right = await anext(one, None), await anext(other, None)


def same_words(one: Point, other: Point) -> bool:
    """Whether both have the same item, and the same vector of what is known of it in words."""
    if one.item != other.item:
        return False
    if one.text is None or other.text is None:
        return one.text is other.text
    return one.text.shape == other.text.shape and bool(np.allclose(one.text, other.text, atol=CLOSE))


def same_picture(one: Point, other: Point) -> bool:
    """Whether the same vector belongs to both."""
    return (one.item.sha256, one.item.page) == (other.item.sha256, other.item.page)
