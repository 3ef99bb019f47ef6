"""Two collections of one workspace, gone through together."""

from __future__ import annotations

from collections.abc import AsyncIterator

from tools.kit.archive import Kept


async def side_by_side(
    one: AsyncIterator[Kept], other: AsyncIterator[Kept]
) -> AsyncIterator[tuple[Kept | None, Kept | None]]:
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
