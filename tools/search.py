"""Find images in the archive."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.kit import (
    Archive,
    AskAgain,
    BlobStore,
    Decoder,
    Easel,
    Encoder,
    Evidence,
    Filters,
    Gate,
    Image,
    Item,
    Picture,
    Previews,
    Region,
    Scope,
    tool,
)
from tools.kit.originals import pages_of
from tools.kit.ranking import Ranked, Ranking, rank
from tools.kit.sheets import CELL, Cell, contact_sheet

if TYPE_CHECKING:
    from tools.kit.types import Pixels

SAID = 5
"""Hits that are said one by one; all of them are in the facts and on the sheet."""
GONE = "file gone"
CHANGED = "changed since it was indexed"
NO_PREVIEW = "no preview"


@tool(doing="Searching the archive")
async def search(
    query: str | None = None,
    image: Image | None = None,
    filters: Filters | None = None,
    limit: int = 5,
    like: str | None = None,
    without: list[str] | None = None,
    *,
    encoder: Encoder,
    archive: Archive,
    scope: Scope,
    previews: Previews,
    decoder: Decoder,
    blobs: BlobStore,
    gate: Gate,
    easel: Easel,
) -> Evidence:
    """Find images in the team's archive by what they show, by likeness to an image, or both ("like image 1 but blue").

    query: what the images should show, in a few words; "dogs without people" leaves out what looks like people. image:
    find images like this one. filters: narrow by file name, folder, kind, date, size or orientation. limit: how many, 1
    to 50. like: find images like this hit of an earlier search, by its id. without: leave out these hits of earlier
    searches, by their ids, to show the next ones.

    Facts: query, hits (rank, path, name, score as cosine similarity, width, height, id; page, copies and note where
    there are any), cutoff (score under which a hit is not shown), below_cutoff (how many of the best were under it),
    total (images searched), more (how many further images are over the cutoff, where there are any), unwanted and
    shunned (what hits must not look like, and how many over the cutoff do and are left out).
    """
    ranking = await rank(
        query, image, filters, limit, like, without or (), encoder=encoder, archive=archive, scope=scope
    )
    shown = ranking.relevant
    about = (Region(handle=image.handle),) if image else ()
    if not shown:
        return Evidence(said=_nothing(ranking), about=about, facts=ranking.facts(()))
    originals = Originals(previews, decoder, blobs, scope.workspace)
    cells = await asyncio.gather(*(_cell(number, each, originals) for number, each in enumerate(shown, 1)))
    facts = ranking.facts(shown)
    for fact, cell in zip(facts["hits"], cells, strict=True):
        if cell.note:
            fact["note"] = cell.note
    picture = await _sheet(ranking, cells, gate, easel)
    return Evidence(said=_found(ranking, cells), about=about, facts=facts, shows=(picture,))


# --- what is said ---------------------------------------------------------------------------------


def _found(ranking: Ranking, cells: Sequence[Cell]) -> str:
    if ranking.only_itself:
        return f"Only the same picture is in the archive, as {cells[0].name}; nothing else is like it."
    listed = "; ".join(f"{cell.number}. {cell.name} ({cell.score:.2f})" for cell in cells[:SAID])
    more = f"; and {len(cells) - SAID} more" if len(cells) > SAID else ""
    found = f"{len(cells)} more {_noun(len(cells))}" if ranking.left_out else _images(len(cells))
    parts = [f"Found {found} {_asked(ranking)} among {ranking.total}: {listed}{more}."]
    below = len(ranking.ranked) - len(cells)
    if below:
        parts.append(f"{below} more scored under the cutoff of {ranking.cutoff:.2f} and {_are(below)} left out.")
    parts += _shunned(ranking)
    if ranking.itself:
        parts.append(f"The picture itself is in the archive too, as {_name(ranking.itself)}.")
    parts += [f"{cell.name}: {cell.note}." for cell in cells if cell.note]
    return " ".join(parts)


def _nothing(ranking: Ranking) -> str:
    if not ranking.total:
        return "No image in the archive passes these filters."
    if ranking.left_out:
        rest = f"what is left is under the cutoff of {ranking.cutoff:.2f}" if ranking.ranked else "nothing else is left"
        return f"There is nothing more {_asked(ranking)} among the {_images(ranking.total)} searched: {rest}."
    if ranking.shunned:
        return " ".join([f"Nothing {_asked(ranking)} among the {_images(ranking.total)} searched.", *_shunned(ranking)])
    if not ranking.ranked:
        return f"Nothing {_asked(ranking)}: no other image is among the {_images(ranking.total)} searched."
    best = ranking.ranked[0].hit
    return (
        f"Nothing {_asked(ranking)} among the {_images(ranking.total)} searched: the best, {_name(best.item)}, "
        f"scores {best.score:.2f}, under the cutoff of {ranking.cutoff:.2f}."
    )


def _shunned(ranking: Ranking) -> list[str]:
    """What was left out because it looks like what is not wanted. Whether it shows that, no cosine can tell."""
    if not ranking.shunned:
        return []
    looks = "looks" if ranking.shunned == 1 else "look"
    unwanted = " or ".join(f'"{words}"' for words in ranking.unwanted)
    return [f"{_images(ranking.shunned)} that {looks} like {unwanted} {_are(ranking.shunned)} left out."]


def _asked(ranking: Ranking) -> str:
    return ranking.query if ranking.by_picture else f'for "{ranking.query}"'


def _images(number: int) -> str:
    return f"{number} {_noun(number)}"


def _noun(number: int) -> str:
    return "image" if number == 1 else "images"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _name(item: Item) -> str:
    return item.name if item.page is None else f"{item.name}, page {item.page}"


# --- what is shown --------------------------------------------------------------------------------


async def _sheet(ranking: Ranking, cells: Sequence[Cell], gate: Gate, easel: Easel) -> Picture:
    """Every text passes the gate before it is drawn: pixels cannot be checked afterwards."""
    title = gate.clean(ranking.query)
    subtitle = f"{len(cells)} of {_images(ranking.total)}, the most similar first"
    clean = [replace(cell, name=gate.clean(cell.name)) for cell in cells]
    picture = await asyncio.to_thread(contact_sheet, title, subtitle, clean)
    return await easel.show(picture, f"{title}: {subtitle}")


async def _cell(number: int, ranked: Ranked, originals: Originals) -> Cell:
    """A hit with its thumbnail, from its original. Whatever keeps that from being opened becomes its note."""
    from PIL import Image as Pillow

    item = ranked.hit.item
    note, pixels = await (originals.posted(item) if item.kept else originals.file(item))
    cell = Cell(number, _name(item), ranked.hit.score, note=note)
    return cell if pixels is None else replace(cell, thumbnail=Pillow.fromarray(pixels))


@dataclass(frozen=True)
class Originals:
    """Where thumbnails of hits come from."""

    previews: Previews
    decoder: Decoder
    blobs: BlobStore
    workspace: str

    async def file(self, item: Item) -> tuple[str, Pixels | None]:
        """A note and the thumbnail of an indexed file."""
        note = await asyncio.to_thread(_note, item)
        if note == GONE:
            return note, None
        return await self._thumbnail(Path(item.path), item.page, note)

    async def posted(self, item: Item) -> tuple[str, Pixels | None]:
        """A note and the thumbnail of an image that somebody posted."""
        around: Any = {"decoder": self.decoder, "blobs": self.blobs}
        try:
            pages = await pages_of(item.sha256, name=item.name, workspace=self.workspace, **around)
        except (KeyError, AskAgain):
            return GONE, None
        page = next((page for page in pages if page.page == item.page), None)
        return await self._thumbnail(page.path, None, "") if page else (GONE, None)

    async def _thumbnail(self, original: Path, page: int | None, note: str) -> tuple[str, Pixels | None]:
        pixels = await self.previews.thumbnail(original, page, *CELL, workspace=self.workspace)
        return (note or NO_PREVIEW if pixels is None else note), pixels


def _note(item: Item) -> str:
    """What became of the original since it was indexed."""
    try:
        now = Path(item.path).stat()
    except OSError:
        return GONE
    return "" if (now.st_size, now.st_mtime) == (item.size, item.modified) else CHANGED
