"""How many images could not be told by what is written on them, because nobody has read them yet."""

from __future__ import annotations

from dataclasses import dataclass

from tools.kit.archive import Archive, Filters, Scope

LOOKED_AT = 1_000
"""Images that are looked at: of more their share is taken for that of all, as ids are random."""


@dataclass(frozen=True)
class Unread:
    """Of the images that pass all conditions but that of the text."""

    number: int
    of: int
    sampled: bool = False
    """Whether `number` is estimated."""


async def unread_of(filters: Filters | None, archive: Archive, scope: Scope) -> Unread | None:
    """None where no text is filtered by, or all have been read."""
    if filters is None or not filters.with_text:
        return None
    others = filters.model_copy(update={"with_text": None})
    looked = unread = 0
    async for item in archive.scan(scope, others):
        if looked == LOOKED_AT:
            break
        looked += 1
        unread += "text" not in item.contents.done
    if not unread:
        return None
    total = await archive.count(scope, others) if looked == LOOKED_AT else looked
    return Unread(round(total * unread / looked), total, sampled=total > looked)
