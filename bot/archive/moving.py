"""`spyglass archive move`: a workspace's archive from one engine to another. Knows no terminal; it yields what happens.

Both archives are gone through side by side in id order, and what differs is written. So a run that was killed goes on
where it ended, and one that is repeated copies nothing twice. A last pass finds nothing to do: every id, what is known
of each image and its vectors are then the same in both. The source stays as it is,
unless it is to go.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from dataclasses import replace as replaced

import numpy as np

from bot.archive.agreeing import agreement
from bot.archive.engines import Engine
from bot.archive.side_by_side import CLOSE, same_words, side_by_side
from tools.kit import AskAgain, CannotDo, Scope
from tools.kit.archive import Point

STEP = 256
"""Points written together."""
ROUNDS = 4
"""Passes, of which the last one has to find nothing to do: what came into the source meanwhile is carried after."""
AGAIN = "stop what writes into them, and run the same command again."
ENOUGH = 0.98
"""Share of the hits of sampled searches that has to agree: large collections are searched through graphs, and two
graphs of the same vectors miss a neighbour now and then, each another one."""


@dataclass(frozen=True)
class Moved:
    """How far a move is."""

    workspace: str
    points: int
    """In the source."""
    seen: int = 0
    written: int = 0
    removed: int = 0
    """That only the target had."""
    agreed: float | None = None
    """Share of hits that agreed, once that was checked."""
    searches: int = 0
    finished: bool = False


async def move(
    source: Engine, target: Engine, workspace: str, *, replace: bool = False, drop: bool = False
) -> AsyncGenerator[Moved, None]:
    """Bring the target to what the source has; the last event is a finished `Moved`, after both were compared.

    replace: what only the target has goes.
    drop: the source goes in the end. From before its last pass on nobody writes into it, so nothing is lost that a bot
    takes in meanwhile.

    Raises: AskAgain when the target has images of the workspace that the source has not, and they may not go;
    CannotDo when another encoder made the target's, or when the two do not agree in the end.
    """
    await _check_encoder(source, target, workspace)
    said = Moved(workspace, await _points(source, workspace))
    async with AsyncExitStack() as held:
        if drop:
            async for event in _round(source, target, said, replace):  # most of it, while others write
                said = event
                yield said
            await held.enter_async_context(source.quiet(workspace))
        for _ in range(ROUNDS):
            before = said
            async for event in _round(source, target, said, replace):
                said = event
                yield said
            if (said.written, said.removed) == (before.written, before.removed):
                break
        else:
            raise CannotDo(f"The archives of {workspace} differ after {ROUNDS} passes still: {AGAIN}")
        if wrong := await _counts_differ(source, target, workspace):
            raise CannotDo(f"The archives of {workspace} do not have the same number of images ({wrong}): {AGAIN}")
        if audiences := await _audiences(source, target, workspace):
            await target.make_current(workspace)
            found = await agreement(source, target, _scope(workspace, audiences))
            if found.share < ENOUGH:
                raise CannotDo(
                    f"Only {found.share:.0%} of the hits of {found.searches} searches in {workspace} agree, and the "
                    f"source stays: {AGAIN}"
                )
            said = replaced(said, agreed=found.share, searches=found.searches)
        if drop:
            await source.restart(workspace)
    yield replaced(said, finished=True)


async def _round(source: Engine, target: Engine, said: Moved, replace: bool) -> AsyncIterator[Moved]:
    """Everything gone through once."""
    workspace, extra = said.workspace, list[str]()
    async for event in _pass(source, target, said, extra):
        said = event
        yield said
    await _check_source(source, workspace)
    if extra and not replace:
        raise AskAgain(
            f"The target has more of the workspace {workspace} than the source (images: {len(extra):,}): look at "
            "them there first, or have them removed with --replace."
        )
    for start in range(0, len(extra), STEP):
        removed = await target.forget(workspace, extra[start : start + STEP])
        said = _more(said, removed=removed)
    yield said


async def _check_source(source: Engine, workspace: str) -> None:
    """Whether it was there to the end. Raises: CannotDo when another encoder took over, or it was begun anew."""
    found = await source.spaces(workspace)
    if found and not any(space.current and space.encoder == source.encoder for space in found):
        raise CannotDo(f"The archive of {workspace} was encoded anew meanwhile: run the same command again.")


async def _check_encoder(source: Engine, target: Engine, workspace: str) -> None:
    for found in await target.spaces(workspace):
        if found.current and found.encoder != source.encoder:
            raise CannotDo(
                f"The target has an archive of {workspace} by the encoder {found.encoder}, and this one is by "
                f"{source.encoder}: bring one of the two to the other's encoder first (spyglass archive reencode)."
            )


async def _pass(source: Engine, target: Engine, said: Moved, extra: list[str]) -> AsyncIterator[Moved]:
    """Write what differs, and add to `extra` the ids of what only the target has."""
    workspace = said.workspace
    said = _more(said, seen=-said.seen)
    waiting: list[Point] = []
    async for point, there in side_by_side(source.everything(workspace), target.everything(workspace)):
        if point is None:
            extra += [there.item.id] if there else []
            continue
        if there is None or not _same(point, there):
            waiting.append(point)
        said = _more(said, seen=1)
        if len(waiting) >= STEP:
            await target.keep(workspace, waiting)
            said = _more(said, written=len(waiting))
            waiting = []
        if said.seen % STEP == 0:
            yield said
    if waiting:
        await target.keep(workspace, waiting)
    yield _more(said, written=len(waiting))


def _same(one: Point, other: Point) -> bool:
    return same_words(one, other) and np.allclose(one.image, other.image, atol=CLOSE)


async def _points(archive: Engine, workspace: str) -> int:
    stats = await archive.stats(workspace)
    return stats.points if stats else 0


async def _counts_differ(source: Engine, target: Engine, workspace: str) -> str:
    """Where, and by how much, as a phrase; empty when each audience has as many images in both."""
    for audience in await _audiences(source, target, workspace):
        scope = _scope(workspace, [audience])
        here, there = await source.count(scope), await target.count(scope)
        if here != there:
            return f"{audience}: {here:,} and {there:,}"
    return ""


async def _audiences(source: Engine, target: Engine, workspace: str) -> list[str]:
    return sorted({*await source.audiences(workspace), *await target.audiences(workspace)})


def _scope(workspace: str, audiences: Sequence[str]) -> Scope:
    return Scope(workspace=workspace, audiences=tuple(audiences))


def _more(said: Moved, **more: int) -> Moved:
    return replaced(said, **{name: getattr(said, name) + count for name, count in more.items()})
