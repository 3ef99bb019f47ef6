"""An export of a Slack workspace as a `Source`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

from bot.indexing.exports.catalogue import Catalogue, Place, is_export, read_catalogue
from bot.indexing.exports.container import Container, contained, copied, json_of
from bot.indexing.exports.messages import Row, is_picture, originals_of
from bot.indexing.originals import Event, Original
from bot.indexing.spool import Spool, copy
from bot.indexing.walking import Problem
from tools.kit import AskAgain, Item

Download = Callable[[Row, Path], Awaitable[None]]
"""Fetches a file from Slack by its object. Raises: AskAgain with why it cannot be had."""
BESIDE = "files"
"""Folder beside a zip with the files of its people."""
MISSING = (
    "Its bytes are not in the export: put {beside} into it or beside it, or add --download to fetch it from Slack."
)


def is_export_at(path: Path) -> bool:
    """Blocks. Any zip is taken for one: what is no export is told when it is read."""
    if path.is_dir():
        return is_export([name.name for name in path.iterdir() if name.is_file()])
    return path.is_file() and path.suffix.lower() == ".zip"


class Export:
    """`Source`: every image and PDF that was posted."""

    prunes = False

    def __init__(
        self, path: Path, audience: str | None, spool: Spool, *, most_bytes: int, download: Download | None = None
    ) -> None:
        """Blocks, while it is looked through.

        audience: whose all of it is; None where each channel's images are its members'.
        most_bytes: larger files are not opened.
        download: for files that are not in the export; None fetches nothing.

        Raises: AskAgain when it is no export of Slack, or cannot be read.
        """
        self.named = str(path)
        self._path = path
        self._container: Container = contained(path)
        self._catalogue: Catalogue = read_catalogue(self._container, self.named)
        self._audience = audience
        self._spool = spool
        self._most = most_bytes
        self._download = download
        self._objects: dict[str, Row] = {}
        """Slack's file objects of the originals that were given out, by the originals' ids."""

    @property
    def audiences(self) -> tuple[str, ...]:
        if self._audience:
            return (self._audience,)
        return tuple(dict.fromkeys(place.id for place in self._catalogue.places))

    def close(self) -> None:
        self._container.close()

    async def batches(self, size: int) -> AsyncIterator[list[Event]]:
        events = self._events()
        while batch := await asyncio.to_thread(lambda: [*islice(events, size)]):
            yield batch

    def _events(self) -> Iterator[Event]:
        yield from self._catalogue.problems
        for place in self._catalogue.places:
            for name in self._catalogue.days.get(place.folder, ()):
                yield from self._day(place, name)

    def _day(self, place: Place, name: str) -> Iterator[Event]:
        try:
            messages = json_of(self._container, name)
        except AskAgain as error:
            yield Problem(f"{self.named}:{name}", str(error))
            return
        audience = self._audience or place.id
        for original, file in originals_of(messages, place, self._catalogue.people, audience=audience):
            self._objects[original.id()] = file
            yield original

    async def count(self) -> int | None:
        return None

    async def is_image(self, original: Original) -> bool:
        return is_picture(self._objects[original.id()])

    @asynccontextmanager
    async def fetched(self, original: Original) -> AsyncIterator[Path]:
        with self._spool.file() as to:
            await self._bytes(self._objects[original.id()], to)
            yield to

    async def _bytes(self, file: Row, to: Path) -> None:
        key = str(file["id"])
        if name := self._catalogue.files.get(key):
            await asyncio.to_thread(copied, self._container, name, to, self._most)
        elif beside := await asyncio.to_thread(self._beside, key):
            await asyncio.to_thread(_copy, beside, to, self._most)
        elif self._download:
            await self._download(file, to)
        else:
            raise AskAgain(MISSING.format(beside=f"{BESIDE}/{key}-name"))

    def _beside(self, key: str) -> Path | None:
        """A file of that id in the folder beside the export; never one that a link leads to from there."""
        folder = self._path.parent / BESIDE
        if not key.isalnum() or not folder.is_dir():
            return None
        found = (path for path in sorted(folder.glob(f"{key}[-_. ]*")) if path.is_file() and not path.is_symlink())
        return next(found, None)

    async def gone(self, item: Item) -> bool:
        return False


def _copy(path: Path, to: Path, most: int) -> None:
    try:
        with path.open("rb") as file:
            copy(file, to, most)
    except OSError as error:
        raise AskAgain(f"{path.name} cannot be read ({(error.strerror or 'unknown error').lower()}).") from None
