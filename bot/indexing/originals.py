"""What a source of images gives to the indexer: originals, and how to get at their bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.archive.ids import place_id, posting_id
from bot.indexing.walking import Hidden, Problem
from tools.kit import Item, Post


@dataclass(frozen=True)
class Original:
    """An image or PDF, or what may be one."""

    place: str
    """The path of a file, the address of an object or of a posting: becomes `Item.path`."""
    name: str
    audience: str
    """Who may see it."""
    size: int = 0
    """Bytes; 0 where the source does not say."""
    modified: float = 0.0
    """Seconds since 1970; 0 where the source does not say."""
    version: str = ""
    """As `Item.version`."""
    path: Path | None = None
    """The file that it is, where it is one of this machine's that stays."""
    asked_for: bool = False
    """Somebody named this very file."""
    channel: str = ""
    """Id of the channel it was posted in."""
    post: Post | None = None

    @property
    def kept(self) -> bool:
        """Its bytes go into the blob store: there is no file to open later."""
        return self.path is None

    def id(self, page: int | None = None) -> str:
        """Of the item that it, or a page of it, becomes."""
        if self.post:
            return posting_id(self.channel, self.post.ts, self.post.file, page)
        return place_id(self.audience, self.place, page)


Event = Original | Hidden | Problem


class Source(Protocol):
    """Where originals come from. Everything raises CannotDo when the source cannot go on."""

    @property
    def named(self) -> str:
        """What people called it."""
        ...

    @property
    def audiences(self) -> tuple[str, ...]:
        """Everybody who may see something of it."""
        ...

    @property
    def prunes(self) -> bool:
        """Whether what is missing from it is gone."""
        ...

    def batches(self, size: int) -> AsyncIterator[list[Event]]:
        """All there is, in the same order each time. Memory does not grow with the number of originals."""
        ...

    async def count(self) -> int | None:
        """How many batches' events that are no `Hidden` there will be; None where nobody can tell beforehand."""
        ...

    async def is_image(self, original: Original) -> bool:
        """Whether it is worth opening: by its first bytes, its name, or because somebody asked for it."""
        ...

    def fetched(self, original: Original) -> AbstractAsyncContextManager[Path]:
        """A file with its bytes, for the length of a block. Raises: AskAgain with why it cannot be had."""
        ...

    async def gone(self, item: Item) -> bool:
        """Whether the item came from here and its original is there no more, once all batches were taken."""
        ...
