"""Images of a turn in the archive of their channel: what is deleted meanwhile does not come into it, or leaves it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.slack.events import FileDeleted, Identity, Message
from bot.slack.fetching.filing import Filing
from bot.slack.scopes import scope_of
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.records import Records, Taken
from bot.slack.storage.tables import Database
from tools.kit import CannotDo, Embeddings, Image, ImageRef, Item, Scope

SCOPE = scope_of("T1", "C1")
FILES = {"F1": "aa", "F2": "bb"}


async def nothing() -> None:
    """Nobody does anything."""


class Shelf:
    """An archive, its encoder, and the images: things may happen while it encodes and while it writes."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.gone: set[str] = set()
        self.encoding: Callable[[], Awaitable[None]] = nothing
        self.writing: Callable[[], Awaitable[None]] = nothing

    async def lend(self, port: type) -> Shelf:
        return self

    def fetcher(self, scope: Scope) -> Callable[[ImageRef], Awaitable[Image]]:
        async def fetch(ref: ImageRef) -> Image:
            if ref.sha256 in self.gone:
                raise CannotDo(f"The original of {ref.handle} is no longer kept: post it again.")
            return Image(ref, Path(ref.name))

        return fetch

    async def images(self, images: Sequence[Image]) -> Embeddings:
        await self.encoding()
        return np.eye(len(images), 4, dtype=np.float32)

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        return [self.items[key] for key in ids if key in self.items]

    async def put(self, scope: Scope, items: Sequence[Item], vectors: Embeddings) -> None:
        assert len(items) == len(vectors)
        await self.writing()
        self.items |= {item.id: item for item in items}

    async def scan(self, scope: Scope) -> AsyncIterator[Item]:
        for item in list(self.items.values()):
            yield item

    async def remove(self, scope: Scope, ids: Sequence[str]) -> int:
        return len([self.items.pop(key) for key in ids if key in self.items])

    @property
    def names(self) -> list[str]:
        return sorted(item.name for item in self.items.values())


class Forgetful:
    """A memory of threads that knows nothing."""

    async def forget_image(self, thread: str, sha256: str) -> None: ...

    async def edit(self, thread: str, *, turn: str, text: str | None) -> None: ...

    async def forget(self, thread: str) -> None: ...


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def records(database: Database) -> Records:
    """Two files were posted, and the turn has taken them in."""
    inbox = Inbox(database)
    records = Records(database, inbox, Identity("T1", "UBOT", "BBOT"))
    files: tuple[dict[str, Any], ...] = tuple({"id": file, "name": f"{sha256}.png"} for file, sha256 in FILES.items())
    posted = Message(team="T1", channel="C1", ts="1.0", thread_ts="1.0", user="U1", text="", files=files)
    await inbox.hear(posted, for_us=True)
    await inbox.begin(posted.thread)
    await records.take(posted, [Taken(file, posted, FILES[file["id"]]) for file in files])
    return records


@pytest.fixture
def erasing(database: Database, shelf: Shelf) -> Erasing:
    async def archive() -> Any:
        return shelf

    return Erasing(database, Forgetful(), archive)


async def file_all(shelf: Shelf, records: Records) -> int:
    wiring: Any = shelf
    known: dict[str, Any] = {"mime": "image/png", "width": 1, "height": 1}
    refs = [
        ImageRef(handle=f"image {number}", sha256=sha256, name=f"{sha256}.png", **known)
        for number, sha256 in enumerate(FILES.values(), 1)
    ]
    return await Filing(wiring, records).put(SCOPE, refs, {sha256: f"https://x/{sha256}" for sha256 in FILES.values()})


async def test_images_are_filed_once(shelf: Shelf, records: Records) -> None:
    assert [await file_all(shelf, records), await file_all(shelf, records)] == [2, 0]
    assert shelf.names == ["aa.png", "bb.png"]


async def test_what_is_deleted_and_erased_before_it_is_written_is_not_written(
    shelf: Shelf, records: Records, erasing: Erasing
) -> None:
    async def delete() -> None:
        await records.delete_file(FileDeleted("T1", "F1"))
        await erasing.work_off()

    shelf.encoding = delete
    assert await file_all(shelf, records) == 1
    assert shelf.names == ["bb.png"]


async def test_what_is_deleted_while_it_is_written_is_erased_after_that(
    shelf: Shelf, records: Records, erasing: Erasing, database: Database
) -> None:
    deletions: list[asyncio.Task[int]] = []

    async def delete() -> int:
        await records.delete_file(FileDeleted("T1", "F1"))
        return await erasing.work_off()

    async def meanwhile() -> None:
        deletions.append(asyncio.create_task(delete()))
        for _ in range(1000):
            if deletions[0].done() or await database.row("select from pg_locks where not granted"):
                return
            await asyncio.sleep(0.01)

    shelf.writing = meanwhile
    await file_all(shelf, records)
    await deletions[0]
    assert shelf.names == ["bb.png"]


async def test_an_image_that_cannot_be_had_any_more_does_not_keep_the_others_out(
    shelf: Shelf, records: Records
) -> None:
    shelf.gone.add("aa")
    assert await file_all(shelf, records) == 1
    assert shelf.names == ["bb.png"]
