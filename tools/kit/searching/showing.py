"""The hits of a search on a contact sheet."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.kit.archive import Item
from tools.kit.errors import AskAgain
from tools.kit.originals import pages_of
from tools.kit.pictures.sheets import CELL, Cell, contact_sheet
from tools.kit.ports import BlobStore, Decoder, Easel, Gate, Previews
from tools.kit.searching.telling import name_of
from tools.kit.types import Json, Picture

if TYPE_CHECKING:
    from tools.kit.types import Pixels

GONE = "file gone"
CHANGED = "changed since it was indexed"
NO_PREVIEW = "no preview"


async def sheet(title: str, subtitle: str, cells: Sequence[Cell], gate: Gate, easel: Easel) -> Picture:
    """Every text passes the gate before it is drawn: pixels cannot be checked afterwards."""
    title, subtitle = gate.clean(title), gate.clean(subtitle)
    clean = [replace(cell, name=gate.clean(cell.name)) for cell in cells]
    picture = await asyncio.to_thread(contact_sheet, title, subtitle, clean)
    return await easel.show(picture, f"{title}: {subtitle}")


@dataclass(frozen=True)
class Thumbnails:
    """Hits as cells of a sheet, drawn from their originals in one workspace."""

    previews: Previews
    decoder: Decoder
    blobs: BlobStore
    workspace: str

    async def cells(self, hits: Sequence[tuple[Item, float | None]], facts: Sequence[dict[str, Json]]) -> list[Cell]:
        """The items with their scores, numbered from 1. Whatever keeps an original from being opened becomes the note
        of its cell, and of its fact."""
        cells = await asyncio.gather(*(self._cell(number, *hit) for number, hit in enumerate(hits, 1)))
        for fact, cell in zip(facts, cells, strict=True):
            if cell.note:
                fact["note"] = cell.note
        return cells

    async def _cell(self, number: int, item: Item, score: float | None) -> Cell:
        """One of them."""
        from PIL import Image as Pillow

        note, pixels = await (self._kept(item) if item.kept else self._file(item))
        cell = Cell(number, name_of(item), score, note=note)
        return cell if pixels is None else replace(cell, thumbnail=Pillow.fromarray(pixels))

    async def _file(self, item: Item) -> tuple[str, Pixels | None]:
        """A note and the thumbnail of an indexed file."""
        note = await asyncio.to_thread(_note, item)
        if note == GONE:
            return note, None
        return await self._thumbnail(Path(item.path), item.page, note)

    async def _kept(self, item: Item) -> tuple[str, Pixels | None]:
        """A note and the thumbnail of an image whose original is in the blob store."""
        around: Any = {"decoder": self.decoder, "blobs": self.blobs}
        try:
            pages = await pages_of(item.sha256, name=item.name, workspace=self.workspace, **around)
        except (KeyError, AskAgain):
            return GONE, None
        page = next((page for page in pages if page.page == item.page), None)
        return await self._thumbnail(page.path, None, "") if page else (GONE, None)

    async def _thumbnail(self, original: Path, page: int | None, note: str) -> tuple[str, Pixels | None]:
        """The note and (h, w, 3) uint8; a note of its own where nothing could be drawn."""
        pixels = await self.previews.thumbnail(original, page, *CELL, workspace=self.workspace)
        return (note or NO_PREVIEW if pixels is None else note), pixels


def _note(item: Item) -> str:
    """What became of the original since it was indexed."""
    try:
        now = Path(item.path).stat()
    except OSError:
        return GONE
    return "" if (now.st_size, now.st_mtime) == (item.size, item.modified) else CHANGED
