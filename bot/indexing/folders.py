"""Folders of this machine as a source of images."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

from bot.indexing.originals import Event, Original
from bot.indexing.walking import Found, Hidden, Problem, roots_of, walk, worth_opening
from tools.kit import Item


class Folders:
    """`Source`: every file below some paths."""

    prunes = True

    def __init__(self, paths: Sequence[Path], audience: str, *, leave_out: Sequence[Path] = ()) -> None:
        """leave_out: folders never entered (where Spyglass keeps its own files).

        Raises: AskAgain for a path that is not there.
        """
        self.named = ", ".join(map(str, paths))
        self.audiences: tuple[str, ...] = (audience,)
        self._roots = roots_of(paths)
        self._leave_out = leave_out

    async def batches(self, size: int) -> AsyncIterator[list[Event]]:
        files = walk(self._roots, self._leave_out)
        while batch := await asyncio.to_thread(lambda: [*islice(files, size)]):
            yield [self._original(found) for found in batch]

    def _original(self, found: Found | Hidden | Problem) -> Event:
        if not isinstance(found, Found):
            return found
        path = found.path
        return Original(
            place=str(path),
            name=path.name,
            audience=self.audiences[0],
            size=found.size,
            modified=found.modified,
            path=path,
            asked_for=found.asked_for,
        )

    async def count(self) -> int | None:
        stop = threading.Event()
        try:
            return await asyncio.to_thread(_count, walk(self._roots, self._leave_out), stop)
        finally:
            stop.set()

    async def is_image(self, original: Original) -> bool:
        found = Found(Path(original.place), original.size, original.modified, original.asked_for)
        return await asyncio.to_thread(worth_opening, found)

    @asynccontextmanager
    async def fetched(self, original: Original) -> AsyncIterator[Path]:
        yield Path(original.place)

    async def gone(self, item: Item) -> bool:
        """A file that only cannot be reached stays."""
        path = Path(item.path)
        below = not item.kept and (path in self._roots or any(root in path.parents for root in self._roots))
        return below and await asyncio.to_thread(_gone, path)


def _count(files: Iterator[Found | Hidden | Problem], stop: threading.Event) -> int:
    number = 0
    for found in files:
        number += not isinstance(found, Hidden)
        if stop.is_set():
            break
    return number


def _gone(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
