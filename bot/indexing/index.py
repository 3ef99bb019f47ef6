"""`spyglass index`: images of folders, exports and buckets into the archive. Knows no terminal; it yields what happens.

First everything is encoded and put where it is found; then what is in it and stands on it is found out, which takes far
longer. Every item's id comes from its original's place and page, and a file's first page is written last, so a run
that is killed at any moment leaves no file half done and the next run goes on with the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from bot.archive.enriching import Enriching
from bot.archive.shelving import Shelving
from bot.indexing.completing import Completing
from bot.indexing.indexer import Indexer
from bot.indexing.keeping import Forget, Keeping
from bot.indexing.originals import Event, Original, Source
from bot.indexing.progress import Outcome, Progress
from bot.indexing.walking import Problem
from tools.kit import (
    Archive,
    AskAgain,
    BlobStore,
    Decoder,
    Encoder,
    Item,
    Previews,
    Scope,
    TextEncoder,
    VisionModel,
)

BATCH = 64
"""Originals looked up, encoded and written together."""
STUDIED = 16
"""Originals looked at a second time together."""
AT_ONCE = 3
"""Batches under way: one is looked up or written while others are decoded and encoded."""


@runtime_checkable
class Restartable(Protocol):
    """An archive whose collection can be made anew, for another encoder."""

    async def restart(self, workspace: str) -> None: ...


@dataclass(frozen=True)
class Ports:
    """What an indexing run works with."""

    encoder: Encoder
    decoder: Decoder
    archive: Archive
    previews: Previews
    meaning: TextEncoder
    blobs: BlobStore | None = None
    """Where originals are kept that are no files of this machine."""
    enriching: Enriching | None = None
    """Finds out what is in images; None for nothing but vectors."""
    vision: VisionModel | None = None
    """Writes captions; None where they are composed of what was measured."""
    forget: Forget | None = None
    """Forgets all that was made of an original that is let go; None where that is nothing."""


async def index(
    sources: Sequence[Source],
    ports: Ports,
    *,
    workspace: str,
    prune: bool = False,
    fresh: bool = False,
) -> AsyncGenerator[Progress | Problem, None]:
    """Bring a workspace's archive up to date with the sources; the last event is a finished `Progress`.

    prune: afterwards drop entries of the sources whose original is gone.
    fresh: first forget the workspace's whole collection, whatever encoder made it; not where no source has an image.

    Raises: AskAgain when there is nothing to index; CannotDo when a source, the archive or the encoder cannot go on
    (disk full, server down, in use by another process). What was written until then stays.
    """
    if fresh and isinstance(ports.archive, Restartable) and await _something(sources):
        await ports.archive.restart(workspace)
    audiences = tuple(dict.fromkeys(audience for source in sources for audience in source.audiences))
    keeping = Keeping(
        ports.archive,
        Shelving(ports.archive, ports.meaning),
        ports.blobs,
        Scope(workspace=workspace, audiences=audiences),
        ports.forget,
    )
    progress = Progress()
    async with aclosing(_run(sources, ports, keeping)) as events:
        async for event in events:
            if isinstance(event, Problem):
                yield event
                continue
            progress = replace(progress.plus(**event.counts), total=event.total or progress.total)
            yield progress
    if prune:
        progress = progress.plus(removed=await _prune(sources, keeping))
    yield replace(progress, total=progress.seen, finished=True)
    if not progress.added + progress.replaced + progress.unchanged + progress.removed:
        raise AskAgain(_nothing(sources, progress))


@dataclass(frozen=True)
class _Step:
    counts: dict[str, int]
    total: int | None = None


async def _run(sources: Sequence[Source], ports: Ports, keeping: Keeping) -> AsyncGenerator[_Step | Problem, None]:
    unfinished = 0
    counting = asyncio.create_task(_count(sources))
    try:
        for source in sources:
            indexer = Indexer(
                source,
                keeping,
                encoder=ports.encoder,
                decoder=ports.decoder,
                previews=ports.previews,
                enriching=ports.enriching,
            )
            async with aclosing(_overlapping(source.batches(BATCH), indexer.take)) as outcomes:
                async for outcome in outcomes:
                    for problem in outcome.problems:
                        yield problem
                    unfinished += outcome.counts.get("unfinished", 0)
                    yield _Step(outcome.counts, counting.result() if counting.done() else None)
    finally:
        counting.cancel()
        await asyncio.gather(counting, return_exceptions=True)
    if not (ports.enriching and unfinished):
        return
    completing = Completing(keeping, decoder=ports.decoder, enriching=ports.enriching, vision=ports.vision)
    for source in sources:
        async with aclosing(_overlapping(source.batches(STUDIED), completing.take)) as outcomes:
            async for outcome in outcomes:
                for problem in outcome.problems:
                    yield problem
                yield _Step(outcome.counts)


async def _overlapping(
    batches: AsyncIterator[list[Event]], take: Callable[[list[Event]], Awaitable[Outcome]]
) -> AsyncGenerator[Outcome, None]:
    """What comes of each batch when it is done, some of them under way at once."""
    under_way: set[asyncio.Future[Outcome]] = set()
    done: set[asyncio.Future[Outcome]] = set()
    try:
        more = True
        while True:
            while more and len(under_way) < AT_ONCE:
                batch = await anext(batches, None)
                more = batch is not None
                if batch is not None:
                    under_way.add(asyncio.ensure_future(take(batch)))
            if not under_way:
                break
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, *done, return_exceptions=True)


async def _something(sources: Sequence[Source]) -> bool:
    """Whether there is anything to index in place of what there was. Raises: CannotDo when a source cannot go on."""
    for source in sources:
        async for batch in source.batches(BATCH):
            for event in batch:
                if isinstance(event, Original) and await source.is_image(event):
                    return True
    return False


async def _count(sources: Sequence[Source]) -> int | None:
    numbers = await asyncio.gather(*(source.count() for source in sources))
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


async def _prune(sources: Sequence[Source], keeping: Keeping) -> int:
    removed, waiting = 0, list[Item]()
    async for item in keeping.archive.scan(keeping.scope):
        if any([await source.gone(item) for source in sources]):
            waiting.append(item)
        if len(waiting) >= BATCH:
            removed, waiting = removed + await keeping.remove(waiting), []
    return removed + await keeping.remove(waiting)


def _nothing(sources: Sequence[Source], progress: Progress) -> str:
    where = ", ".join(source.named for source in sources)
    if progress.unreadable:
        return f"Nothing in {where} could be read."
    others = f" ({progress.other} other files)" if progress.other else ""
    return f"There are no images or PDFs in {where}{others}: name a folder that has some."


__all__ = ["Ports", "Progress", "index"]
