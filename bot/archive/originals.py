"""The originals of archived images: whether each is where and what it should be, and when it is let go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Literal

from bot.archive.ids import holder
from tools.kit import Archive, BlobStore, Filters, Item, Scope
from tools.kit.originals import sha256_of

Release = Callable[[str, str], Awaitable[object]]
"""Lets go of an original, by its SHA-256 and the name that it is held by."""


async def let_go(archive: Archive, workspace: str, gone: Iterable[tuple[str, str]], release: Release) -> None:
    """Of the originals of items that are no more, those that nothing else of their audience needs.

    gone: audience and SHA-256 of each.
    """
    for audience, sha256 in dict.fromkeys(gone):
        alone = Scope(workspace=workspace, audiences=(audience,))
        if not await archive.count(alone, Filters(originals=(sha256,))):
            await release(sha256, holder(audience))


class Originals:
    """Of one workspace. Each is read once, however many pages and postings it has."""

    def __init__(self, blobs: BlobStore, workspace: str) -> None:
        self._blobs = blobs
        self._workspace = workspace
        self._whole: dict[str, bool] = {}

    async def wrong(self, item: Item) -> Literal["original", "changed", "unheld"] | None:
        """What is wrong with it; None when nothing is, or when it cannot be told (a disk that is not there now)."""
        if item.kept:
            return await self._kept(item)
        found = await asyncio.to_thread(_sha256, Path(item.path))
        if found is None or found == item.sha256:
            return None
        return "changed" if found else "original"

    async def _kept(self, item: Item) -> Literal["original", "unheld"] | None:
        if item.sha256 not in self._whole:
            try:
                await self._blobs.get(self._workspace, item.sha256)
            except KeyError:
                self._whole[item.sha256] = False
            else:
                self._whole[item.sha256] = True
        if not self._whole[item.sha256]:
            return "original"
        held = await self._blobs.holders(self._workspace, item.sha256)
        return None if holder(item.audience) in held else "unheld"


def _sha256(path: Path) -> str | None:
    """In hex; empty when the file is gone, None when that cannot be told."""
    try:
        return sha256_of(path)
    except (FileNotFoundError, NotADirectoryError):
        return "" if path.parent.is_dir() else None
    except OSError:
        return None
