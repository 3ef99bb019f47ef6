"""Whether two archives answer alike: a sample of searches by pictures, by meaning and by words, asked of both."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bot.archive.engines import Engine
from tools.kit import Hit, Scope

SAMPLE = 24
"""Items whose vectors and words are searched for."""
HITS = 10
TIED = 0.01
"""Scores as close as this, as a share of the best one, may change places."""


@dataclass(frozen=True)
class Agreement:
    searches: int
    share: float
    """Of the hits of the first archive, that the second has at the same rank or tied with it."""


async def agreement(first: Engine, second: Engine, scope: Scope) -> Agreement:
    """Whether two archives of one encoder find the same, by searches for a sample of what the scope may see."""
    hits = same = searches = 0
    for key in await _sample(first, scope):
        for one, other in await _asked(first, second, scope, key):
            hits, same, searches = hits + len(one), same + _same(one, other), searches + 1
    return Agreement(searches, same / hits if hits else 1.0)


async def _sample(archive: Engine, scope: Scope) -> list[str]:
    """Ids of some items, each as likely as any other, and the same ones every time (Vitter 1985, algorithm R)."""
    chance = random.Random(0)  # noqa: S311  no secret
    found: list[str] = []
    seen = 0
    async for item in archive.scan(scope):
        seen += 1
        place = len(found) if len(found) < SAMPLE else chance.randrange(seen)
        if place < SAMPLE:
            found[place : place + 1] = [item.id]
    return found


async def _asked(first: Engine, second: Engine, scope: Scope, key: str) -> list[tuple[list[Hit], list[Hit]]]:
    """What both find for one item: for its picture, its text and its name, as far as it has them."""
    found = []
    for space in ("image", "text"):
        vector = await first.vector(scope, key, space)
        if vector is not None:
            asked = [await each.search(scope, vector, by=space, limit=HITS) for each in (first, second)]
            found.append((asked[0], asked[1]))
    for item in await first.get(scope, [key]):
        asked = [await each.match(scope, item.name, limit=HITS) for each in (first, second)]
        found.append((asked[0], asked[1]))
    return found


def _same(one: Sequence[Hit], other: Sequence[Hit]) -> int:
    if not one:
        return 0
    tied = TIED * max(abs(one[0].score), 1e-6)
    return sum(
        mine.item == its.item or abs(mine.score - its.score) <= tied for mine, its in zip(one, other, strict=False)
    )
