"""Whether the original of an archived image is where it should be, and what it should be."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

from bot.archive.ids import holder
from tools.kit import BlobStore, Item
from tools.kit.originals import sha256_of


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
