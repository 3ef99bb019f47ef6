"""Find images in the archive."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tools.kit import (
    Archive,
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
from tools.kit.ranking import Ranked, Ranking, rank
from tools.kit.sheets import CELL, Cell, contact_sheet

SAID = 5
"""Hits that are said one by one; all of them are in the facts and on the sheet."""
GONE = "file gone"
CHANGED = "changed since it was indexed"


@tool
async def search(
    query: str | None = None,
    image: Image | None = None,
    filters: Filters | None = None,
    limit: int = 5,
    *,
    encoder: Encoder,
    archive: Archive,
    scope: Scope,
    previews: Previews,
    gate: Gate,
    easel: Easel,
) -> Evidence:
    """Find images in the team's archive by what they show, by likeness to an image, or both ("like image 1 but blue").

    query: what the images should show, in a few words. image: find images like this one. filters: narrow by file name,
    folder, kind, date, size or orientation. limit: how many, 1 to 50.

    Facts: query, hits (rank, path, name, score as cosine similarity, width, height, id; page, copies and note where
    there are any), cutoff (score under which a hit is not shown), below_cutoff (how many of the best were under it),
    total (images searched).
    """
    ranking = await rank(query, image, filters, limit, encoder=encoder, archive=archive, scope=scope)
    shown = ranking.relevant
    about = (Region(handle=image.handle),) if image else ()
    if not shown:
        return Evidence(said=_nothing(ranking), about=about, facts=ranking.facts(()))
    cells = await asyncio.gather(*(_cell(number, each, scope, previews) for number, each in enumerate(shown, 1)))
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
    parts = [f"Found {_images(len(cells))} {_asked(ranking)} among {ranking.total}: {listed}{more}."]
    below = len(ranking.ranked) - len(cells)
    if below:
        parts.append(f"{below} more scored under the cutoff of {ranking.cutoff:.2f} and {_are(below)} left out.")
    if ranking.itself:
        parts.append(f"The picture itself is in the archive too, as {_name(ranking.itself)}.")
    parts += [f"{cell.name}: {cell.note}." for cell in cells if cell.note]
    return " ".join(parts)


def _nothing(ranking: Ranking) -> str:
    if not ranking.total:
        return "No image in the archive passes these filters."
    best = ranking.ranked[0].hit
    return (
        f"Nothing {_asked(ranking)} among the {_images(ranking.total)} searched: the best, {_name(best.item)}, "
        f"scores {best.score:.2f}, under the cutoff of {ranking.cutoff:.2f}."
    )


def _asked(ranking: Ranking) -> str:
    return ranking.query if ranking.query.startswith("like image ") else f'for "{ranking.query}"'


def _images(number: int) -> str:
    return "1 image" if number == 1 else f"{number} images"


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


async def _cell(number: int, ranked: Ranked, scope: Scope, previews: Previews) -> Cell:
    """A hit with its thumbnail, from its original. Whatever keeps that from being opened becomes its note."""
    from PIL import Image as Pillow

    item = ranked.hit.item
    cell = Cell(number, _name(item), ranked.hit.score, note=await asyncio.to_thread(_note, item))
    if cell.note == GONE:
        return cell
    pixels = await previews.thumbnail(Path(item.path), item.page, *CELL, workspace=scope.workspace)
    if pixels is None:
        return replace(cell, note=cell.note or "no preview")
    return replace(cell, thumbnail=Pillow.fromarray(pixels))


def _note(item: Item) -> str:
    """What became of the original since it was indexed."""
    try:
        now = Path(item.path).stat()
    except OSError:
        return GONE
    return "" if (now.st_size, now.st_mtime) == (item.size, item.modified) else CHANGED
