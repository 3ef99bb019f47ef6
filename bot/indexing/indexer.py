"""What becomes of a batch of files: looked up, encoded, and written into the archive."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.indexing.walking import Found, Hidden, Problem, worth_opening
from tools.kit import (
    Archive,
    AskAgain,
    BulkEncoder,
    Decoder,
    Embeddings,
    Encoded,
    Encoder,
    Image,
    ImageRef,
    Item,
    Opened,
    Previews,
    Scope,
)

PAGES = 16
"""Pages encoded together."""
CAREFUL = 3
"""Files opened with the `Decoder` at once."""
NAMESPACE = uuid.UUID("5b9a4a36-6c8e-4f4a-9d0e-7c1f6a0c2d11")


@dataclass
class Outcome:
    """What came of one batch."""

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def count(self, name: str, files: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + files


@dataclass(frozen=True)
class Entry:
    """One item on its way into the archive."""

    item: Item
    vector: Embeddings


class Indexer:
    """Takes batches of files into one archive."""

    def __init__(self, encoder: Encoder, decoder: Decoder, archive: Archive, previews: Previews, scope: Scope) -> None:
        self._encoder = encoder
        self._decoder = decoder
        self._archive = archive
        self._previews = previews
        self._scope = scope
        self._audience = scope.audiences[0]
        self._careful = asyncio.Semaphore(CAREFUL)

    async def take(self, batch: Sequence[Found | Hidden | Problem]) -> Outcome:
        """Bring the archive up to date with some files."""
        outcome = Outcome(problems=[found for found in batch if isinstance(found, Problem)])
        outcome.count("hidden", sum(isinstance(found, Hidden) for found in batch))
        outcome.count("unreadable", len(outcome.problems))
        files = {found.path: found for found in batch if isinstance(found, Found)}
        outcome.count("unchanged", len(batch) - len(files) - outcome.counts["hidden"] - len(outcome.problems))
        known = await self._known([*files])
        wanted: list[Found] = []
        for file in files.values():
            kind = await self._kind(file, known.get(file.path))
            if kind:
                outcome.count(kind)
            else:
                wanted.append(file)
        entries = await self._entries(wanted, outcome)
        await self._write(entries, known, outcome)
        await self._drop([file.path for file in wanted if file.path in known and file.path not in entries], outcome)
        outcome.count("seen", len(batch) - outcome.counts["hidden"])
        return outcome

    async def _known(self, paths: Sequence[Path]) -> dict[Path, Item]:
        """What the archive has under each path: the image, or the first page."""
        ids = {self._id(path, page): path for path in paths for page in (None, 1)}
        return {ids[item.id]: item for item in await self._archive.get(self._scope, [*ids])}

    async def _kind(self, file: Found, known: Item | None) -> str | None:
        """``unchanged`` or ``other``; None when the file has to be encoded. One that was only touched is not."""
        if known is None:
            return None if await asyncio.to_thread(worth_opening, file) else "other"
        if (known.size, known.modified) == (file.size, file.modified):
            return "unchanged"
        if known.size == file.size and known.sha256 == await asyncio.to_thread(_sha256, file.path):
            await self._touch(file)
            return "unchanged"
        return None

    async def _entries(self, files: Sequence[Found], outcome: Outcome) -> dict[Path, list[Entry]]:
        """What goes into the archive for each file; several entries are the pages of a PDF."""
        if not files:
            return {}
        paths = [file.path for file in files]
        encoded, dates = await asyncio.gather(self._bulk(paths), self._previews.taken(paths))
        made = await asyncio.gather(*(self._made(*each, outcome) for each in zip(files, encoded, dates, strict=True)))
        return {file.path: entries for file, entries in zip(files, made, strict=True) if entries}

    async def _made(self, file: Found, photo: Encoded | None, date: datetime | None, outcome: Outcome) -> list[Entry]:
        if photo:
            return [Entry(self._item(file, photo, None, date), photo.vector)]
        try:
            return await self._opened(file, date, outcome)
        except AskAgain as error:
            outcome.count("unreadable")
            outcome.problems.append(Problem(str(file.path), str(error)))
            return []

    async def _bulk(self, paths: Sequence[Path]) -> Sequence[Encoded | None]:
        if isinstance(self._encoder, BulkEncoder):
            return await self._encoder.encode_files(paths)
        return [None] * len(paths)

    async def _opened(self, file: Found, date: datetime | None, outcome: Outcome) -> list[Entry]:
        """What is no plain photo: opened with care, and PDFs page by page."""
        brief = self._decoder.briefly(file.path, name=file.path.name, workspace=self._scope.workspace)
        async with self._careful, brief as pages:
            vectors = [await self._encoder.images(part) for part in _parts(_images(file, pages))]
        if pages[0].page and pages[0].pages > len(pages):
            why = f"It has {pages[0].pages} pages and {len(pages)} of them are in the archive."
            outcome.problems.append(Problem(str(file.path), why))
        return [
            Entry(self._item(file, page, page.page, date), vector)
            for page, vector in zip(pages, np.concatenate(vectors), strict=True)
        ]

    async def _write(self, entries: dict[Path, list[Entry]], known: dict[Path, Item], outcome: Outcome) -> None:
        """Old pages go first: a run killed in between finds the file changed and does it again."""
        gone = [each for path in entries if path in known for each in await self._outdated(path, entries[path])]
        if gone:
            await self._archive.remove(self._scope, gone)
        # the first page last: it is the one that says the file is in
        together = [entry for file in entries.values() for entry in reversed(file)]
        if together:
            vectors = np.stack([entry.vector for entry in together]).astype(np.float32, copy=False)
            await self._archive.put(self._scope, [entry.item for entry in together], vectors)
        for path in entries:
            outcome.count("replaced" if path in known else "added")

    async def _outdated(self, path: Path, entries: list[Entry]) -> list[str]:
        """Ids of pages the file no longer has."""
        now = {entry.item.id for entry in entries}
        return [item.id for item in await self._items(path) if item.id not in now]

    async def _items(self, path: Path) -> list[Item]:
        """All that the archive has of a file, in page order; asked for a hundred at a time until none is there."""
        found: list[Item] = []
        for first in itertools.count(0, 100):
            ids = [self._id(path, page or None) for page in range(first, first + 100)]
            there = await self._archive.get(self._scope, ids)
            found += there
            if not there:
                break
        return found

    async def _touch(self, file: Found) -> None:
        """The same bytes at a new time: remembered, so that they are not read again in every run."""
        items = await self._items(file.path)
        # the first page last: it is the one that says the file is known
        revised = [item.model_copy(update={"modified": file.modified}) for item in reversed(items)]
        await self._archive.revise(self._scope, revised)

    async def _drop(self, paths: Sequence[Path], outcome: Outcome) -> None:
        """Files that can no longer be read: what is in the archive shows what they no longer are."""
        for path in paths:
            gone = [item.id for item in await self._items(path)]
            outcome.count("removed", await self._archive.remove(self._scope, gone))

    async def prune(self, roots: Sequence[Path]) -> int:
        """Drop entries below the roots whose file is gone. A file that only cannot be reached stays."""
        gone: list[str] = []
        removed = 0
        async for item in self._archive.scan(self._scope):
            path = Path(item.path)
            if (path in roots or any(root in path.parents for root in roots)) and await asyncio.to_thread(_gone, path):
                gone.append(item.id)
            if len(gone) >= 500:
                removed += await self._archive.remove(self._scope, gone)
                gone = []
        return removed + (await self._archive.remove(self._scope, gone) if gone else 0)

    def _id(self, path: Path, page: int | None) -> str:
        return item_id(self._audience, str(path), page)

    def _item(self, file: Found, known: Encoded | Opened, page: int | None, date: datetime | None) -> Item:
        return Item(
            id=self._id(file.path, page),
            path=str(file.path),
            sha256=known.sha256,
            audience=self._audience,
            name=file.path.name,
            mime=known.mime,
            width=known.width,
            height=known.height,
            page=page,
            added=datetime.now(UTC),
            taken=date,
            size=file.size,
            modified=file.modified,
        )


def item_id(audience: str, place: str, page: int | None = None) -> str:
    """The same place (a path or permalink) and page of the same audience always have the same id."""
    return str(uuid.uuid5(NAMESPACE, f"{audience}\n{place}\n{page or 0}"))


def _images(file: Found, pages: Sequence[Opened]) -> list[Image]:
    return [
        Image(
            ImageRef(
                handle=f"image {number}",
                sha256=page.sha256,
                mime=page.mime,
                width=page.width,
                height=page.height,
                name=file.path.name,
                page=page.page,
                pages=page.pages,
            ),
            page.path,
        )
        for number, page in enumerate(pages, 1)
    ]


def _parts(images: list[Image]) -> Iterator[list[Image]]:
    return (images[start : start + PAGES] for start in range(0, len(images), PAGES))


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _gone(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
