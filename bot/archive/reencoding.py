"""A workspace's archive, brought to another encoder while the old collection goes on answering.

Both collections are gone through side by side in id order, and what the new one lacks is encoded from its original. So
a run that was killed goes on where it ended. When a round finds nothing (or next to nothing) to do, searches go to the
new collection, all at once; what came into the old one in that moment is carried after, and it is dropped.

Others write meanwhile: first into the old collection, then into the new one (`Answering`). What is written here is
therefore compared with the old one after it was written: one of the two always sees what the other did.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.archive.encoding import ItemEncoder, Unread
from bot.archive.engines import Engine
from bot.archive.side_by_side import same_picture, same_words, side_by_side
from tools.kit import CannotDo
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
    await filling.check_answering()
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
    """What came into the old collection, `dropped`'s, until searches were switched over; then that one goes."""
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
        if not only_missing:
            await self.check_answering()
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
            if there is None or not (only_missing or self._has_picture(point, there)):
                waiting.append(point)
            elif not only_missing and not same_words(point, there):
                await self._write([Point(point.item, there.image, point.text)])
            if len(waiting) == STEP:
                await self._encode(waiting)
                waiting = []
                yield self.said
        if waiting:
            await self._encode(waiting)
        if extra:  # not what came to a collection that answers by now
            await self.check_answering()
        for start in range(0, len(extra), 256):
            self.done += await self.new.forget(self.workspace, extra[start : start + 256])
        yield self.said

    async def check_answering(self) -> None:
        """Raises: CannotDo when another process has switched over, or begun the archive anew."""
        for space in await self.old.spaces(self.workspace):
            if space.current and space.encoder == self.old.encoder:
                return
        raise CannotDo(_overtaken(self.workspace))

    def _has_picture(self, point: Point, there: Point) -> bool:
        """Whether the new collection has the vector of this picture, or it cannot be had."""
        return same_picture(point, there) and (bool(there.image.any()) or point.item.id in self._unread)

    async def _encode(self, points: Sequence[Point]) -> None:
        started = time.monotonic()
        found = await self._encoding.encoded([point.item for point in points])
        none = np.zeros(self._encoding.encoder.dim, dtype=np.float32)
        written = []
        for point, vector in zip(points, found, strict=True):
            self._unread.pop(point.item.id, None)
            if isinstance(vector, Unread):
                self._unread[vector.id] = vector
                vector = none
            written.append(Point(point.item, vector, point.text))
        await self._write(written)
        self.said = replace(self.said, encoded=self.said.encoded + len(points), unread=tuple(self._unread.values()))
        await asyncio.sleep(self._rest * (time.monotonic() - started))

    async def _write(self, points: Sequence[Point]) -> None:
        """What others changed or deleted in the old collection meanwhile is so in the new one when this returns."""
        if self.said.switched:  # one may have been posted again
            there = await self._ids(self.new, points)
            points = [point for point in points if point.item.id not in there]
        while points:
            await self.new.keep(self.workspace, points)
            self.done += len(points)
            points = await self._outdated(points)

    async def _outdated(self, written: Sequence[Point]) -> list[Point]:
        """Points to be written once more; other pictures are encoded, and what is gone is forgotten."""
        held = {point.item.id: point for point in await self.old.held(self.workspace, [p.item.id for p in written])}
        await self._forget([point for point in written if point.item.id not in held])
        pairs = [(point, held[point.item.id]) for point in written if point.item.id in held]
        newer = [(point, now) for point, now in pairs if not same_words(point, now)]
        if others := [now for point, now in newer if not same_picture(point, now)]:
            await self.new.forget(self.workspace, [point.item.id for point in others])
            await self._encode(others)
        return [Point(now.item, point.image, now.text) for point, now in newer if same_picture(point, now)]

    async def _forget(self, written: Sequence[Point]) -> None:
        """Unless somebody posted it again after the switch. Raises: CannotDo when the whole old collection is gone."""
        if not written:
            return
        if await self.old.stats(self.workspace) is None:
            raise CannotDo(_overtaken(self.workspace))
        ours = {point.item.id: point.item for point in written}
        now = await self.new.held(self.workspace, [*ours])
        await self.new.forget(self.workspace, [each.item.id for each in now if each.item == ours[each.item.id]])

    async def _ids(self, archive: Engine, points: Sequence[Point]) -> set[str]:
        return {each.item.id for each in await archive.held(self.workspace, [point.item.id for point in points])}


def _overtaken(workspace: str) -> str:
    return f"The archive of {workspace} was switched or begun anew by another process: run the same command again."
