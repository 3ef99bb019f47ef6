"""Find out whether an image was posted before."""

from __future__ import annotations

from collections.abc import Sequence

from tools.kit import (
    Archive,
    AskAgain,
    BlobStore,
    Decoder,
    Differ,
    Directory,
    Easel,
    Encoder,
    Evidence,
    Filters,
    Gate,
    Image,
    Item,
    Json,
    Previews,
    Region,
    Scope,
    tool,
)
from tools.kit.archive import Hit
from tools.kit.archive.chips import Chip
from tools.kit.archive.place import Place
from tools.kit.archive.resolving import resolve
from tools.kit.ranking.ranked import Ranked
from tools.kit.ranking.request import MOST
from tools.kit.searching.copies import Copies, Copy
from tools.kit.searching.showing import Thumbnails, sheet
from tools.kit.searching.telling import images, name_of, narrowed, posted

SAID = 5
"""Postings that are said one by one."""
ALIKE = 2
"""Pictures much like it that are said one by one."""


@tool(doing="Looking for earlier postings")
async def posted_before(
    image: Image,
    filters: Filters | None = None,
    limit: int = 10,
    *,
    encoder: Encoder,
    archive: Archive,
    scope: Scope,
    directory: Directory,
    place: Place | None,
    differ: Differ,
    previews: Previews,
    decoder: Decoder,
    blobs: BlobStore,
    gate: Gate,
    easel: Easel,
) -> Evidence:
    """Say whether an image, or a copy of it (scaled, cut, re-encoded, tinted), was posted before: who, where, when. Of
    a hit of a search it tells by whom, where and when it was posted itself, with the address.

    What is much like it and differs in places (another receipt of one form, another frame) is told of as such. Postings
    in this thread do not count. filters: look only among some, as in search. limit: how many postings to
    tell of, 1 to 50, the oldest first.

    Facts: before (true or false), postings (how many), hits (the oldest first: rank, path, name, id, exact (the same
    file), score as cosine similarity, width, height, at; page, posted and note where there are any), alike (as hits:
    no copies, but much like it; where there are any), itself (as hits: the posting of a hit), total (images looked
    through), chips (what it is narrowed by).
    """
    if not 1 <= limit <= MOST:
        raise AskAgain(f"The limit is 1 to {MOST} images, not {limit}.")
    resolved = await resolve(filters, archive, scope, directory, place)
    total = await archive.count(scope, resolved.filters)
    copies = Copies(archive, scope, encoder, differ, decoder, blobs)
    every = [copy for copy in await copies.of(image, resolved.filters) if not _own(copy.item, image, place)]
    every.sort(key=lambda copy: (copy.item.when, copy.item.id))
    found, alike = [copy for copy in every if not copy.differs], [copy for copy in every if copy.differs]
    about = (Region(handle=image.handle),)
    facts: dict[str, Json] = {
        "before": bool(found),
        "postings": len(found),
        "hits": [_fact(rank, copy) for rank, copy in enumerate(found[:limit], 1)],
        "total": total,
        "query": f"copies of {image.handle}",
        "cutoff": 0.0,
        "chips": [chip.fact for chip in resolved.chips],
    }
    if alike:
        facts["alike"] = [_fact(rank, copy) for rank, copy in enumerate(alike[:limit], 1)]
    aside = await _much_alike(alike, directory)
    hit = await _itself(image, archive, scope)
    own = ""
    if hit:
        own = f"{await _own_posting(image, hit, directory)} "
        facts["itself"] = _fact(1, Copy(hit, exact=True, cosine=1.0)) | {"why": "the hit itself"}
    if not found:
        told = _not_besides(total, resolved.chips) if hit else _not_before(image, total, resolved.chips)
        return Evidence(said=own + told + aside, about=about, facts=facts)
    scored = [(copy.item, copy.cosine) for copy in found[:limit]]
    cells = await Thumbnails(previews, decoder, blobs, scope.workspace).cells(scored, facts["hits"])
    counted = f"{len(cells)} of {len(found)}, the oldest first"
    picture = await sheet(f"Copies of {image.handle}", counted, cells, gate, easel)
    told = await (_besides(found, directory) if hit else _before(image, found, directory))
    return Evidence(said=own + told + aside, about=about, facts=facts, shows=(picture,))


def _own(item: Item, image: Image, place: Place | None) -> bool:
    """Posted in this thread, or the very hit that is asked about."""
    if item.id == image.ref.hit:
        return True
    return bool(place and item.post and place.holds(item.audience, item.post.ts, item.post.thread_ts))


def _fact(rank: int, copy: Copy) -> dict[str, Json]:
    fact = Ranked(Hit(copy.item, copy.cosine)).fact(rank)
    return {**fact, "exact": copy.exact, "at": copy.item.when.isoformat(), "why": _how(copy)}


def _how(copy: Copy) -> str:
    if copy.differs:
        return "much like it, but not the same"
    return "the same file" if copy.exact else "a copy"


async def _itself(image: Image, archive: Archive, scope: Scope) -> Item | None:
    """The hit that is asked about; None for any other image, and where it may not be shown any more."""
    found = await archive.get(scope, [image.ref.hit]) if image.ref.hit else []
    return found[0] if found else None


async def _own_posting(image: Image, hit: Item, directory: Directory) -> str:
    """Who posted a hit, where and when, with its address; of a file that nobody posted, its day."""
    called, told = f"{image.handle.capitalize()} ({name_of(hit)})", await posted(hit, directory)
    if hit.post is None:
        return f"{called} is a file that nobody posted, of {told.removeprefix('on ')} ({hit.path})."
    return f"{called} was posted {told}{f' ({hit.path})' if hit.posted else ''}."


async def _before(image: Image, found: Sequence[Copy], directory: Directory) -> str:
    if not any(copy.item.post for copy in found):
        return f"{image.handle.capitalize()} is in the archive already: {await _told(found, directory, '; ')}."
    told = await _told(found, directory, "; then ")
    if len(found) == 1:
        return f"Yes: {image.handle} was posted before, {told}."
    return f"Yes: {image.handle} was posted {len(found)} times before, first {told}."


async def _besides(found: Sequence[Copy], directory: Directory) -> str:
    """Where a hit is besides its own posting."""
    times = "once" if len(found) == 1 else f"{len(found)} times"
    return f"It is in the archive {times} besides: {await _told(found, directory, '; then ')}."


async def _told(found: Sequence[Copy], directory: Directory, between: str) -> str:
    """The postings one by one."""
    told = [f"{await posted(copy.item, directory)} ({name_of(copy.item)}, {_how(copy)})" for copy in found[:SAID]]
    more = f"; and {len(found) - SAID} more" if len(found) > SAID else ""
    return f"{between.join(told)}{more}"


async def _much_alike(alike: Sequence[Copy], directory: Directory) -> str:
    """What may be taken for a copy, and is none; empty where nothing is."""
    if not alike:
        return ""
    told = [f"{name_of(copy.item)} {await posted(copy.item, directory)}" for copy in alike[:ALIKE]]
    more = f"; and {len(alike) - ALIKE} more" if len(alike) > ALIKE else ""
    return f" Much like it, but different in places: {'; '.join(told)}{more}."


def _not_besides(total: int, chips: Sequence[Chip]) -> str:
    return f"I found no other posting of it in what I may show here: {images(total)}{narrowed(chips)}."


def _not_before(image: Image, total: int, chips: Sequence[Chip]) -> str:
    """No more is claimed than what may be shown here."""
    among = f"{images(total)}{narrowed(chips)}"
    return f"Not in what I may show here: neither {image.handle} nor a copy of it is among {among}."
