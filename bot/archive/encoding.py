"""Archived images encoded again, from their originals."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tools.kit import AskAgain, BlobStore, BulkEncoder, Decoder, Embeddings, Encoder, Item
from tools.kit.disk import full_disk_said
from tools.kit.originals import images_of, sha256_of

GONE = "its original is gone"
CHANGED = "its file holds something else by now"


@dataclass(frozen=True)
class Unread:
    """An archived image whose original cannot be had."""

    id: str
    name: str
    path: str
    why: str


class ItemEncoder:
    """Encodes items of one workspace: their originals are in the blob store, or files where they were indexed."""

    def __init__(self, encoder: Encoder, decoder: Decoder, blobs: BlobStore, workspace: str) -> None:
        self.encoder = encoder
        self._decoder = decoder
        self._blobs = blobs
        self._workspace = workspace

    async def encoded(self, items: Sequence[Item]) -> list[Embeddings | Unread]:
        """(dim,) float32, L2-normalised, of each item, or why there is none. Pages of one PDF are drawn once.

        Raises: CannotDo when the encoder or the blob store cannot go on, or there is no room to lay the originals out.
        """
        async with AsyncExitStack() as kept:
            kept.enter_context(full_disk_said(f"free some space in {tempfile.gettempdir()} and try again"))
            folder = Path(kept.enter_context(await asyncio.to_thread(tempfile.TemporaryDirectory)))
            files = {sha256: await self._file(items, sha256, folder) for sha256 in {item.sha256 for item in items}}
            photos = await self._photos([*{file for file in files.values() if isinstance(file, Path)}])
            found: dict[tuple[str, int | None], Embeddings | str] = {}
            for item in items:
                file, key = files[item.sha256], (item.sha256, item.page)
                if isinstance(file, str):
                    found[key] = file
                elif item.page is None and file in photos:
                    found[key] = photos[file]
                elif key not in found:
                    found |= await self._opened(item, file)
        return [_told(item, found.get((item.sha256, item.page), GONE)) for item in items]

    async def _file(self, items: Sequence[Item], sha256: str, folder: Path) -> Path | str:
        """Where the original can be read, or why it cannot."""
        why = GONE
        for item in items:
            if item.sha256 != sha256:
                continue
            if item.kept:
                try:
                    data = await self._blobs.get(self._workspace, sha256)
                except KeyError:
                    continue
                file = folder / sha256
                await asyncio.to_thread(file.write_bytes, data)
                return file
            try:
                if await asyncio.to_thread(sha256_of, Path(item.path)) == sha256:
                    return Path(item.path)
            except OSError:
                why = GONE
            else:
                why = CHANGED
        return why

    async def _photos(self, files: Sequence[Path]) -> dict[Path, Embeddings]:
        """Those that are plain photos."""
        if not files or not isinstance(self.encoder, BulkEncoder):
            return {}
        encoded = await self.encoder.encode_files(files)
        return {file: photo.vector for file, photo in zip(files, encoded, strict=True) if photo}

    async def _opened(self, item: Item, file: Path) -> dict[tuple[str, int | None], Embeddings | str]:
        """Every page of a file, opened with care."""
        try:
            async with self._decoder.briefly(file, name=item.name, workspace=self._workspace) as pages:
                vectors = await self.encoder.images(images_of(item.name, pages))
        except AskAgain as error:
            return {(item.sha256, item.page): str(error)}
        return {(item.sha256, page.page): vector for page, vector in zip(pages, vectors, strict=True)}


def _told(item: Item, found: Embeddings | str) -> Embeddings | Unread:
    return Unread(item.id, item.name, item.path, found) if isinstance(found, str) else found
