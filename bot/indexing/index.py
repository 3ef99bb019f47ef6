"""`spyglass index`: folders of images into the archive. Knows no terminal; it yields what happens.

Every item's id comes from its file's place and page, and a file's first page is written last, so a run that is killed
at any moment leaves no file half done and the next run goes on with the rest.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol, runtime_checkable

from bot.indexing.indexer import Indexer, Outcome
from bot.indexing.walking import Found, Hidden, Problem, roots_of, walk
from tools.kit import Archive, AskAgain, Decoder, Encoder, Previews, Scope

BATCH = 64
"""Files looked up, encoded and written together."""
AT_ONCE = 3
"""Batches under way: one is looked up or written while others are decoded and encoded."""


@runtime_checkable
class Restartable(Protocol):
    """An archive whose collection can be made anew, for another encoder."""

    async def restart(self, workspace: str) -> None: ...


@dataclass(frozen=True)
class Progress:
    """How far a run is. `seen` is the sum of what follows it, in files."""

    total: int | None = None
    """Files there are, once they have been counted."""
    seen: int = 0
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    other: int = 0
    """Not images and not called so."""
    unreadable: int = 0
    hidden: int = 0
    """Files and folders left alone because their name begins with a dot (not in `seen`)."""
    removed: int = 0
    """Entries whose file can no longer be read, or has vanished (not in `seen`)."""
    finished: bool = False

    def plus(self, **more: int) -> Progress:
        return replace(self, **{name: getattr(self, name) + count for name, count in more.items()})


async def index(
    paths: Sequence[Path],
    *,
    encoder: Encoder,
    decoder: Decoder,
    archive: Archive,
    previews: Previews,
    scope: Scope,
    leave_out: Sequence[Path] = (),
    prune: bool = False,
    fresh: bool = False,
) -> AsyncGenerator[Progress | Problem, None]:
    """Bring the archive up to date with the images and PDFs at `paths`; the last event is a finished `Progress`.

    leave_out: folders never entered (where Spyglass keeps its own files).
    prune: afterwards drop entries below `paths` whose file is gone.
    fresh: first forget the workspace's whole collection, whatever encoder made it.

    Raises: AskAgain for a path that is not there, or when there is nothing to index; CannotDo when the archive or the
    encoder cannot go on (disk full, in use by another process). What was written until then stays.
    """
    roots = roots_of(paths)
    if fresh and isinstance(archive, Restartable):
        await archive.restart(scope.workspace)
    indexer = Indexer(encoder, decoder, archive, previews, scope)
    progress = Progress()
    async with aclosing(_events(indexer, roots, leave_out)) as events:
        async for event in events:
            if isinstance(event, Problem):
                yield event
                continue
            progress = replace(progress.plus(**event.counts), total=event.total or progress.total)
            yield progress
    if prune:
        progress = progress.plus(removed=await indexer.prune(roots))
    yield replace(progress, total=progress.seen, finished=True)
    if not progress.added + progress.replaced + progress.unchanged + progress.removed:
        raise AskAgain(_nothing(paths, progress))


@dataclass(frozen=True)
class _Step:
    counts: dict[str, int]
    total: int | None


async def _events(
    indexer: Indexer, roots: Sequence[Path], leave_out: Sequence[Path]
) -> AsyncGenerator[_Step | Problem, None]:
    """Batches overlap; each is told when it is done."""
    files = walk(roots, leave_out)
    stop = threading.Event()
    counting = asyncio.create_task(asyncio.to_thread(_count, roots, leave_out, stop))
    under_way: set[asyncio.Task[Outcome]] = set()
    try:
        more = True
        while True:
            while more and len(under_way) < AT_ONCE:
                batch = await asyncio.to_thread(_take, files)
                more = bool(batch)
                if batch:
                    under_way.add(asyncio.create_task(indexer.take(batch)))
            if not under_way:
                break
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                outcome = task.result()
                for problem in outcome.problems:
                    yield problem
                yield _Step(outcome.counts, counting.result() if counting.done() else None)
    finally:
        stop.set()
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, counting, return_exceptions=True)


def _take(files: Iterator[Found | Hidden | Problem]) -> list[Found | Hidden | Problem]:
    return [*islice(files, BATCH)]


def _count(roots: Sequence[Path], leave_out: Sequence[Path], stop: threading.Event) -> int:
    number = 0
    for found in walk(roots, leave_out):
        number += not isinstance(found, Hidden)
        if stop.is_set():
            break
    return number


def _nothing(paths: Sequence[Path], progress: Progress) -> str:
    where = ", ".join(str(path) for path in paths)
    if progress.unreadable:
        return f"None of the {progress.unreadable} images in {where} could be read."
    others = f" ({progress.other} other files)" if progress.other else ""
    return f"There are no images or PDFs in {where}{others}: name a folder that has some."
