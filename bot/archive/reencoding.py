"""A workspace's archive, brought to another encoder while the old collection goes on answering.

Both collections are gone through side by side in id order, and what the new one lacks is encoded from its original. So
a run that was killed goes on where it ended. When a round finds nothing (or next to nothing) to do, searches go to the
new collection, all at once; what came into the old one in that moment is carried after, and it is dropped.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.archive.encoding import ItemEncoder, Unread
from bot.archive.engines import Engine
from bot.archive.side_by_side import same_words, side_by_side
from tools.kit import Item, Scope
from tools.kit.archive import Point

STEP = 16
"""Images encoded together: a question waits for one such batch at most."""
FEW = 32
"""Images that a round had to do, at most, for searches to be switched over after it."""
ROUNDS = 20
"""After so many they are switched over however much comes in: what came is carried after."""


@dataclass(frozen=True)
class Reencoded:
    """How far it is."""

    workspace: str
    encoder: str
    """The new one."""
    points: int
    """In the old collection, when the round began."""
    seen: int = 0
    """Of them in this round."""
    encoded: int = 0
    """In this run."""
    unread: tuple[Unread, ...] = ()
    """Whose original cannot be had. They are found by their words only."""
    switched: bool = False
    """Searches are answered by the new encoder."""
    finished: bool = False


async def reencode(
    old: Engine, new: Engine, workspace: str, encoding: ItemEncoder, *, rest: float = 0.0, settle: float = 0.0
) -> AsyncGenerator[Reencoded, None]:
    """Bring `new` to what `old` has, switch over, drop `old`. The last event is a finished `Reencoded`.

    rest: how long to pause after each batch, as a share of the time it took: so turns get their time.
    settle: seconds for which other processes may go on writing to the old one after the switch.

    Raises: CannotDo when an engine, the blob store or the encoder cannot go on. What was encoded stays.
    """
    filling = Filling(old, new, workspace, encoding, rest)
    for _ in range(ROUNDS):
        before = filling.done
        async for event in filling.round():
            yield event
        if filling.done - before <= FEW:
            break
    if await new.stats(workspace) is None:  # nothing is kept: the next image begins the new collection
        await old.restart(workspace)
        yield replace(filling.said, finished=True)
        return
    await new.make_current(workspace)
    filling.said = replace(filling.said, switched=True)
    yield filling.said
    await asyncio.sleep(settle)
    async for event in carry_after(filling, old.encoder):
        yield event


async def finish(
    old: Engine, new: Engine, workspace: str, encoding: ItemEncoder, *, rest: float = 0.0
) -> AsyncGenerator[Reencoded, None]:
    """What a run that was killed after it switched over had left to do: `new` is current. As `reencode`."""
    filling = Filling(old, new, workspace, encoding, rest)
    filling.said = replace(filling.said, switched=True)
    async for event in carry_after(filling, old.encoder):
        yield event


async def carry_after(filling: Filling, dropped: str) -> AsyncGenerator[Reencoded, None]:
    async for event in filling.round(only_missing=True):
        yield event
    await filling.new.drop(filling.workspace, dropped)
    yield replace(filling.said, finished=True)


class Filling:
    """The new collection, made the same as the old one but for the vectors of pictures."""

    def __init__(self, old: Engine, new: Engine, workspace: str, encoding: ItemEncoder, rest: float) -> None:
        self.old = old
        self.new = new
        self.workspace = workspace
        self.said = Reencoded(workspace, new.encoder, 0)
        self.done = 0
        """Points written, changed or removed."""
        self._encoding = encoding
        self._rest = rest
        self._unread: dict[str, Unread] = {}

    async def round(self, *, only_missing: bool = False) -> AsyncGenerator[Reencoded, None]:
        """`only_missing`: searches are answered by the new collection, whose points are right as they are."""
        stats = await self.old.stats(self.workspace)
        self.said = replace(self.said, points=stats.points if stats else 0, seen=0)
        waiting: list[Point] = []
        extra: list[str] = []
        pairs = side_by_side(self.old.everything(self.workspace), self.new.everything(self.workspace))
        async for point, there in pairs:
            if point is None:
                extra += [there.item.id] if there and not only_missing else []
                continue
            self.said = replace(self.said, seen=self.said.seen + 1)
            if there is None or not (there.image.any() or only_missing or point.item.id in self._unread):
                waiting.append(point)
            elif not only_missing and not same_words(point, there):
                await self._write([Point(point.item, there.image, point.text)])
            if len(waiting) == STEP:
                await self._encode(waiting)
                waiting = []
                yield self.said
        if waiting:
            await self._encode(waiting)
        for start in range(0, len(extra), 256):
            self.done += await self.new.forget(self.workspace, extra[start : start + 256])
        yield self.said

    async def _encode(self, points: Sequence[Point]) -> None:
        started = time.monotonic()
        found = await self._encoding.encoded([point.item for point in points])
        none = np.zeros(self._encoding.encoder.dim, dtype=np.float32)
        written = []
        for point, vector in zip(points, found, strict=True):
            if isinstance(vector, Unread):
                self._unread[vector.id] = vector
                vector = none
            written.append(Point(point.item, vector, point.text))
        await self._write(written)
        self.said = replace(self.said, encoded=self.said.encoded + len(points), unread=tuple(self._unread.values()))
        await asyncio.sleep(self._rest * (time.monotonic() - started))

    async def _write(self, points: Sequence[Point]) -> None:
        """What was deleted from the old collection meanwhile must not be in the new one."""
        await self.new.keep(self.workspace, points)
        self.done += len(points)
        if self.said.switched:
            return
        gone = await self._gone([point.item for point in points])
        if gone:
            await self.new.forget(self.workspace, gone)

    async def _gone(self, items: Sequence[Item]) -> list[str]:
        scope = Scope(workspace=self.workspace, audiences=tuple({item.audience for item in items}))
        there = {item.id for item in await self.old.get(scope, [item.id for item in items])}
        return [item.id for item in items if item.id not in there]
