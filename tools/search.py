"""Find images in the archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tools.kit import (
    Archive,
    BlobStore,
    Decoder,
    Directory,
    Easel,
    Encoder,
    Evidence,
    Filters,
    Gate,
    Image,
    Previews,
    Region,
    Scope,
    TextEncoder,
    tool,
)
from tools.kit.archive.chips import Chip
from tools.kit.archive.place import Place
from tools.kit.archive.resolving import resolve
from tools.kit.ranking import Ranking, rank
from tools.kit.searching import telling
from tools.kit.searching.showing import Thumbnails, sheet


@tool(doing="Searching the archive")
async def search(
    query: str | None = None,
    image: Image | None = None,
    filters: Filters | None = None,
    limit: int = 5,
    like: str | None = None,
    without: list[str] | None = None,
    within: list[str] | None = None,
    order: Literal["best", "newest", "oldest"] | None = None,
    nearest: bool = False,
    *,
    encoder: Encoder,
    meaning: TextEncoder | None,
    archive: Archive,
    scope: Scope,
    directory: Directory,
    place: Place | None,
    previews: Previews,
    decoder: Decoder,
    blobs: BlobStore,
    gate: Gate,
    easel: Easel,
) -> Evidence:
    """Find images in the team's archive by what they show, what is written on them or was said with them, by likeness
    to an image, or both ("like image 1 but blue"). With filters alone it lists the newest that pass.

    query: what the images show or say, in a few words; "dogs without people" leaves out what looks like people. image:
    find images like this one. filters: narrow by people ("me", names), channels, this thread, dates, kind, colours,
    text on it, file; names as people say them. limit: how many, 1 to 50. like: find images like this hit of an earlier
    search, by its id. without: leave out these hits of earlier searches, by their ids, to show the next ones. within:
    look only among these hits. order: of the hits. nearest: where nothing is relevant, show the nearest miss.

    Facts: query, hits (rank, path, name, id, score as cosine similarity or null, width, height, relevant, why, reasons;
    page, posted, places, copies and note where there are any), cutoff (score from which looks alone make a hit),
    below_cutoff, total (images searched), order, chips (what it is narrowed by), more (how many further hits, at
    least), unread (how many images may have the text that was filtered by, not being read yet), unwanted and shunned
    (what hits must not look like, and how many are left out for it), nearest_miss (what is shown is no hit), only_words
    (the encoder does not know the language, or has no idea what that looks like).
    """
    resolved = await resolve(filters, archive, scope, directory, place)
    ranking = await rank(
        query,
        image,
        resolved.filters,
        limit,
        like,
        without or (),
        within or (),
        order,
        encoder=encoder,
        archive=archive,
        scope=scope,
        meaning=meaning,
    )
    chips = (*resolved.chips, *_more_chips(within, order))
    miss = ranking.nearest if nearest and not ranking.relevant else None
    shown = (miss,) if miss else ranking.relevant
    about = (Region(handle=image.handle),) if image else ()
    facts = {**ranking.facts(shown), "chips": [chip.fact for chip in chips]}
    if not shown:
        return Evidence(said=telling.nothing(ranking, chips), about=about, facts=facts)
    scored = [(each.hit.item, each.hit.score if each.seen else None) for each in shown]
    cells = await Thumbnails(previews, decoder, blobs, scope.workspace).cells(scored, facts["hits"])
    said = telling.nearest(ranking, miss, chips) if miss else telling.found(ranking, shown, cells, chips)
    picture = await sheet(*_titles(ranking, len(cells), chips, missed=miss is not None), cells, gate, easel)
    return Evidence(said=said, about=about, facts=facts, shows=(picture,))


def _more_chips(within: Sequence[str] | None, order: str | None) -> list[Chip]:
    among = [Chip("within", within, f"among the {len(within)} found before")] if within else []
    ordered = [Chip("order", order, f"the {order} first")] if order in ("newest", "oldest") else []
    return [*among, *ordered]


def _titles(ranking: Ranking, number: int, chips: Sequence[Chip], *, missed: bool) -> tuple[str, str]:
    """Of the sheet, and what stands below."""
    labels = ", ".join(chip.label for chip in chips if chip.key != "order")
    title = telling.shortened(ranking.query) or labels or "Images"
    first = "most similar" if ranking.order == "best" else ranking.order
    if missed:
        return title, "no hit, but the nearest miss"
    narrowed = f" · {labels}" if labels and title != labels else ""
    return title, f"{number} of {telling.images(ranking.total)}, the {first} first{narrowed}"
