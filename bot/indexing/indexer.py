"""What becomes of a batch of originals: looked up, fetched, encoded, and written into the archive."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.archive.enriching import Enriching, whole
from bot.indexing.keeping import Keeping
from bot.indexing.originals import Event, Original, Source
from bot.indexing.progress import Outcome
from bot.indexing.walking import Hidden, Problem
from tools.kit import (
    AskAgain,
    BulkEncoder,
    Contents,
    Decoder,
    Embeddings,
    Encoded,
    Encoder,
    Image,
    Item,
    Opened,
    Previews,
)
from tools.kit.originals import images_of, sha256_of

PAGES = 16
"""Pages encoded together."""
CAREFUL = 3
"""Files opened with the `Decoder` at once."""
FETCHED = 8
"""Originals fetched at once."""
NOTHING = Contents()


@dataclass(frozen=True)
class Entry:
    """One item on its way into the archive."""

    item: Item
    vector: Embeddings


class Indexer:
    """Takes batches of one source into one archive."""

    def __init__(
        self,
        source: Source,
        keeping: Keeping,
        *,
        encoder: Encoder,
        decoder: Decoder,
        previews: Previews,
        enriching: Enriching | None,
    ) -> None:
        """enriching: finds out what can be found out at once; None for nothing but vectors."""
        self._source = source
        self._keeping = keeping
        self._encoder = encoder
        self._decoder = decoder
        self._previews = previews
        self._enriching = enriching
        self._careful = asyncio.Semaphore(CAREFUL)
        self._fetching = asyncio.Semaphore(FETCHED)

    async def take(self, batch: Sequence[Event]) -> Outcome:
        """Bring the archive up to date with some originals."""
        outcome = Outcome(problems=[found for found in batch if isinstance(found, Problem)])
        outcome.count("hidden", sum(isinstance(found, Hidden) for found in batch))
        outcome.count("unreadable", len(outcome.problems))
        originals = {found.id(): found for found in batch if isinstance(found, Original)}
        outcome.count("unchanged", len(batch) - len(originals) - outcome.counts["hidden"] - len(outcome.problems))
        known = await self._keeping.known(originals.values())
        wanted: list[Original] = []
        for key, original in originals.items():
            kind = await self._kind(original, known.get(key))
            if kind is None:
                wanted.append(original)
                continue
            outcome.count(kind)
            if key in known and self._enriching and not whole(known[key].contents):
                outcome.count("unfinished")
        await self._renew(wanted, known, outcome)
        outcome.count("seen", len(batch) - outcome.counts["hidden"])
        return outcome

    async def _kind(self, original: Original, known: Item | None) -> str | None:
        """``unchanged`` or ``other``; None when it has to be encoded. One that was only touched is not."""
        if known is None:
            return None if await self._source.is_image(original) else "other"
        if _same(original, known):
            if original.post and original.post != known.post:
                await self._revise(original, post=original.post)
            return "unchanged"
        if await _same_bytes(original, known):
            await self._revise(original, modified=original.modified)
            return "unchanged"
        return None

    async def _revise(self, original: Original, **changes: object) -> None:
        """The same bytes, but a new time or new words: remembered, so that they are not read again in every run."""
        items = await self._keeping.pages(original)
        # the first page last: it is the one that says the file is known
        revised = [item.model_copy(update=changes) for item in reversed(items)]
        await self._keeping.shelving.revise(self._keeping.scope, revised)

    async def _renew(self, wanted: Sequence[Original], known: Mapping[str, Item], outcome: Outcome) -> None:
        """Encode and write them. What can no longer be read goes: the archive shows what it no longer is."""
        async with AsyncExitStack() as stack:
            places = await asyncio.gather(*(self._fetched(each, stack, outcome) for each in wanted))
            files = {each: place for each, place in zip(wanted, places, strict=True) if place}
            entries = await self._entries(files, outcome)
            for original in entries:
                await self._keeping.hold(original, files[original])
            await self._write(entries, known, outcome)
        for original in wanted:
            if original in files and original not in entries and original.id() in known:
                outcome.count("removed", await self._keeping.remove(await self._keeping.pages(original)))

    async def _fetched(self, original: Original, stack: AsyncExitStack, outcome: Outcome) -> Path | None:
        try:
            async with self._fetching:
                return await stack.enter_async_context(self._source.fetched(original))
        except AskAgain as error:
            outcome.count("unreadable")
            outcome.problems.append(Problem(original.place, str(error)))
            return None

    async def _entries(self, files: Mapping[Original, Path], outcome: Outcome) -> dict[Original, list[Entry]]:
        """What goes into the archive for each; several entries are the pages of a PDF."""
        if not files:
            return {}
        paths = [*files.values()]
        encoded, dates = await asyncio.gather(self._bulk(paths), self._previews.taken(paths))
        plain = [path for path, photo in zip(paths, encoded, strict=True) if photo]
        contents = dict(zip(plain, await self._glanced(plain), strict=True))
        made = await asyncio.gather(
            *(
                self._made(original, path, photo, contents.get(path, NOTHING), date, outcome)
                for (original, path), photo, date in zip(files.items(), encoded, dates, strict=True)
            )
        )
        return {original: entries for original, entries in zip(files, made, strict=True) if entries}

    async def _glanced(self, files: Sequence[Path], pages: Sequence[int | None] = ()) -> list[Contents]:
        if self._enriching is None:
            return [NOTHING] * len(files)
        return await self._enriching.glance(files, pages)

    async def _made(
        self,
        original: Original,
        path: Path,
        photo: Encoded | None,
        contents: Contents,
        date: datetime | None,
        outcome: Outcome,
    ) -> list[Entry]:
        if photo:
            return [Entry(_item(original, photo, contents, date), photo.vector)]
        try:
            return await self._opened(original, path, date, outcome)
        except AskAgain as error:
            outcome.count("unreadable")
            outcome.problems.append(Problem(original.place, str(error)))
            return []

    async def _bulk(self, paths: Sequence[Path]) -> Sequence[Encoded | None]:
        if isinstance(self._encoder, BulkEncoder):
            return await self._encoder.encode_files(paths)
        return [None] * len(paths)

    async def _opened(self, original: Original, path: Path, date: datetime | None, outcome: Outcome) -> list[Entry]:
        """What is no plain photo: opened with care, and PDFs page by page."""
        brief = self._decoder.briefly(path, name=original.name, workspace=self._keeping.scope.workspace)
        async with self._careful, brief as pages:
            vectors = [await self._encoder.images(part) for part in _parts(images_of(original.name, pages))]
            contents = await self._glanced([page.path for page in pages], [page.page for page in pages])
        if pages[0].page and pages[0].pages > len(pages):
            why = f"It has {pages[0].pages} pages and {len(pages)} of them are in the archive."
            outcome.problems.append(Problem(original.place, why))
        return [
            Entry(_item(original, page, found, date), vector)
            for page, found, vector in zip(pages, contents, np.concatenate(vectors), strict=True)
        ]

    async def _write(
        self, entries: Mapping[Original, list[Entry]], known: Mapping[str, Item], outcome: Outcome
    ) -> None:
        """Old pages go first: a run killed in between finds the original changed and does it again."""
        old = {each: await self._keeping.pages(each) for each in entries if each.id() in known}
        for original, items in old.items():
            now = {entry.item.id for entry in entries[original]}
            await self._keeping.remove([item for item in items if item.id not in now])
        # the first page last: it is the one that says the file is in
        together = [entry for file in entries.values() for entry in reversed(file)]
        await self._keeping.put([entry.item for entry in together], [entry.vector for entry in together])
        for original in entries:
            await self._keeping.let_go(old.get(original, []))
            outcome.count("replaced" if original in old else "added")
            outcome.count("unfinished", int(self._enriching is not None))


def _same(original: Original, known: Item) -> bool:
    """Whether the archive has this version of it. What was posted does not change."""
    if original.version:
        return original.version == known.version
    return original.post is not None or (known.size, known.modified) == (original.size, original.modified)


async def _same_bytes(original: Original, known: Item) -> bool:
    if original.path is None or known.size != original.size:
        return False
    try:
        return known.sha256 == await asyncio.to_thread(sha256_of, original.path)
    except OSError:
        return False


def _item(original: Original, known: Encoded | Opened, contents: Contents, date: datetime | None) -> Item:
    page = known.page if isinstance(known, Opened) else None
    return Item(
        id=original.id(page),
        path=original.place,
        sha256=known.sha256,
        audience=original.audience,
        name=original.name,
        mime=known.mime,
        width=known.width,
        height=known.height,
        page=page,
        added=datetime.now(UTC),
        taken=date,
        size=original.size or known.size,
        modified=original.modified,
        version=original.version,
        post=original.post,
        contents=contents,
    )


def _parts(images: list[Image]) -> Iterator[list[Image]]:
    return (images[start : start + PAGES] for start in range(0, len(images), PAGES))
