"""What of the archive is most like a text, an image, or both. Shared by the search tool and the search command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.kit.archive import AT_TERMINAL, Archive, Filters, Hit, Item, Scope
from tools.kit.errors import AskAgain
from tools.kit.ports import Encoder
from tools.kit.types import Embeddings, Image, Json
from tools.kit.unwanted import parted

EMPTY = "The archive is empty: put images into it first with: spyglass index PATH"
NONE_HERE = "No image of this channel is in the archive yet: post some and ask me about them, then they can be found."
MOST = 50
MOST_WITHOUT = 500
"""Hits that one search may leave out."""
SPARE = 20
"""Hits fetched beyond those asked for, to make up for copies of one picture and the query image itself."""
SHUNNED = 200
"""And so many where something is not wanted, to make up for what looks like it."""
TEXT_WEIGHT = 1.0
"""Of the text beside an image weighing 1, when both are given.

Measured with the builtin encoder. "Like this but red, green or blue" on 60 photos and tinted copies: the one meant
comes first for 0.32 by the image alone, 0.40 at weight 1, 0.38 at 2, 0.16 at 5. An image with the caption of its 20th
neighbour (469 photos): that neighbour is among ten for 0.42 at 1, 0.43 at 1.5, and 0.26 by the text alone."""


@dataclass(frozen=True)
class Ranked:
    """A hit, and the other places where the same picture lies."""

    hit: Hit
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """The images most like a query, best first, those under the cutoff included."""

    query: str
    """In words, as it may stand in a title."""
    ranked: tuple[Ranked, ...]
    cutoff: float
    """Cosine similarity under which a hit is not worth showing."""
    total: int
    """Images the search went through: all that may be seen and pass the filters."""
    by_picture: bool = False
    """Whether a picture was searched with, and not words alone."""
    itself: Item | None = None
    """The query image's own entry, left out of the hits unless it is the only one."""
    more: int = 0
    """How many further images are over the cutoff, at least: those beyond are not looked at."""
    left_out: int = 0
    """How many hits of earlier searches were asked to be left out."""
    unwanted: tuple[str, ...] = ()
    """What no hit is to look like, in words."""
    shunned: int = 0
    """How many images over the cutoff look like that, at least, and are no hits."""

    @property
    def relevant(self) -> tuple[Ranked, ...]:
        return tuple(each for each in self.ranked if each.hit.score >= self.cutoff)

    @property
    def only_itself(self) -> bool:
        return self.itself is not None and any(each.hit.item.id == self.itself.id for each in self.ranked)

    def facts(self, ranked: Sequence[Ranked] | None = None) -> dict[str, Json]:
        """As JSON: ``hits`` (rank, path, name, score, width, height, id, sha256, relevant, and page or copies where
        there are any), ``cutoff``, ``below_cutoff`` (how many of the best were under it), ``total``, ``query``, and
        ``more`` where further images are over the cutoff, ``unwanted`` and ``shunned`` where something was not."""
        shown = self.ranked if ranked is None else ranked
        facts: dict[str, Json] = {
            "hits": [self._fact(rank, each) for rank, each in enumerate(shown, 1)],
            "cutoff": round(self.cutoff, 4),
            "below_cutoff": len(self.ranked) - len(self.relevant),
            "total": self.total,
            "query": self.query,
        }
        if self.unwanted:
            facts |= {"unwanted": list(self.unwanted), "shunned": self.shunned}
        return {**facts, "more": self.more} if self.more else facts

    def _fact(self, rank: int, ranked: Ranked) -> dict[str, Json]:
        item = ranked.hit.item
        fact: dict[str, Json] = {
            "rank": rank,
            "path": item.path,
            "name": item.name,
            "score": round(ranked.hit.score, 4),
            "width": item.width,
            "height": item.height,
            "id": item.id,
            "sha256": item.sha256,
            "relevant": ranked.hit.score >= self.cutoff,
        }
        if item.page is not None:
            fact["page"] = item.page
        if ranked.copies:
            fact["copies"] = list(ranked.copies)
        return fact


@dataclass(frozen=True)
class Example:
    """A picture to search with: an image of the thread, or a hit of an earlier search."""

    name: str
    sha256: str
    page: int | None
    vector: Embeddings
    """(dim,) float32, L2-normalised."""

    def shown_by(self, item: Item) -> bool:
        return _picture(item) == (self.sha256, self.page)


async def rank(
    query: str | None = None,
    image: Image | None = None,
    filters: Filters | None = None,
    limit: int = 10,
    like: str | None = None,
    without: Sequence[str] = (),
    *,
    encoder: Encoder,
    archive: Archive,
    scope: Scope,
) -> Ranking:
    """The `limit` images most like the text, a picture, or both together. `like` is the id of an earlier hit; those of
    `without` are left out, with their copies. A text may say what is not wanted (see `unwanted`).

    Raises: AskAgain when there is nothing or too much to go by, the limit is not 1 to 50, the hit is gone, or the
    archive is empty; CannotDo as the archive and the encoder do.
    """
    words = " ".join((query or "").split())
    if image is not None and like:
        raise AskAgain("Search with an image or with a hit of an earlier search, not with both.")
    if not words and image is None and not like:
        raise AskAgain("Say what to look for, or name an image to find others like it.")
    if not 1 <= limit <= MOST:
        raise AskAgain(f"The limit is 1 to {MOST} images, not {limit}.")
    if len(without) > MOST_WITHOUT:
        raise AskAgain(f"A search can leave out {MOST_WITHOUT} hits, not {len(without)}: say more closely what.")
    total = await archive.count(scope, filters)
    if not total and not await archive.count(scope):
        raise AskAgain(EMPTY if AT_TERMINAL in scope.audiences else NONE_HERE)
    example = await _example(image, like, encoder, archive, scope)
    wanted, unwanted = _parted(words, example)
    vector, cutoff = await _query_vector(wanted, example, encoder)
    most = limit + len(without) + (SHUNNED if unwanted else SPARE)
    hits = await archive.search(scope, vector, filters=filters, limit=most, vectors=bool(unwanted))
    hits, shunned = await _without_unwanted(hits, unwanted, encoder)
    own = [hit for hit in hits if example and example.shown_by(hit.item)]
    known = await _known(without, archive, scope)
    others = [hit for hit in hits if hit not in own and _picture(hit.item) not in known]
    # that a hit is in the archive itself is no news
    own = own if image is not None else []
    if own and not without and (not others or others[0].score < cutoff):
        others = own[:1]
    folded = _folded(others)
    return Ranking(
        query=_title(words, example),
        by_picture=example is not None,
        ranked=folded[:limit],
        cutoff=cutoff,
        total=total,
        itself=own[0].item if own else None,
        more=sum(each.hit.score >= cutoff for each in folded[limit:]),
        left_out=len(without),
        unwanted=unwanted,
        shunned=sum(hit.score >= cutoff for hit in shunned),
    )


def _parted(words: str, example: Example | None) -> tuple[str, tuple[str, ...]]:
    """What is wanted, and what is not: words that only say the latter need a picture to go by."""
    wanted, unwanted = parted(words)
    return (wanted, unwanted) if wanted or example else (words, ())


async def _without_unwanted(
    hits: Sequence[Hit], unwanted: Sequence[str], encoder: Encoder
) -> tuple[list[Hit], list[Hit]]:
    """Hits that look like nothing of it, and those that do."""
    if not unwanted:
        return list(hits), []
    vectors = np.stack([await _text_vector(words, encoder) for words in unwanted])
    most = encoder.calibration.relevant
    shunned = [hit for hit in hits if hit.vector is not None and float((vectors @ hit.vector).max()) >= most]
    gone = {hit.item.id for hit in shunned}
    return [hit for hit in hits if hit.item.id not in gone], shunned


async def _known(without: Sequence[str], archive: Archive, scope: Scope) -> set[tuple[str, int | None]]:
    """The pictures of those hits; one that is no longer there need not be left out. Raises: AskAgain."""
    try:
        return {_picture(item) for item in await archive.get(scope, without)} if without else set()
    except ValueError:
        raise AskAgain("Hits are left out by their ids, as an earlier search gave them.") from None


def _picture(item: Item) -> tuple[str, int | None]:
    return item.sha256, item.page


async def _example(
    image: Image | None, like: str | None, encoder: Encoder, archive: Archive, scope: Scope
) -> Example | None:
    if image is not None:
        return Example(image.handle, image.ref.sha256, image.ref.page, (await encoder.images([image]))[0])
    return await _hit(like, archive, scope) if like else None


async def _hit(key: str, archive: Archive, scope: Scope) -> Example:
    try:
        items, vector = await archive.get(scope, [key]), await archive.vector(scope, key)
    except ValueError:
        items, vector = [], None
    if not items or vector is None:
        raise AskAgain("That hit is not in the archive (any more): search again, and name one of what is found then.")
    return Example(items[0].name, items[0].sha256, items[0].page, vector)


async def _query_vector(words: str, example: Example | None, encoder: Encoder) -> tuple[Embeddings, float]:
    """(dim,) float32, L2-normalised, and the cosine under which a hit is not worth showing.

    Text and picture together are the normalised sum of both, the text weighing `TEXT_WEIGHT`: like the picture, and as
    the text says. A hit on both single cutoffs then lies on the joint one.
    """
    known = encoder.calibration
    if example is None:
        return await _text_vector(words, encoder), known.relevant
    if not words:
        return example.vector, known.alike
    both = example.vector + TEXT_WEIGHT * await _text_vector(words, encoder)
    norm = float(np.linalg.norm(both))
    return np.asarray(both / norm, np.float32), (known.alike + TEXT_WEIGHT * known.relevant) / norm


async def _text_vector(words: str, encoder: Encoder) -> Embeddings:
    """The mean over the encoder's prompt templates (Radford et al. 2021), as for labels."""
    vectors = await encoder.texts([template.format(words) for template in encoder.calibration.templates])
    mean = vectors.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def _folded(hits: Sequence[Hit]) -> tuple[Ranked, ...]:
    """Copies of one file are one hit that names all its places."""
    places: dict[tuple[str, int | None], list[Hit]] = {}
    for hit in hits:
        places.setdefault(_picture(hit.item), []).append(hit)
    return tuple(Ranked(first, tuple(copy.item.path for copy in copies)) for first, *copies in places.values())


def _title(words: str, example: Example | None) -> str:
    if example is None:
        return words
    return f"like {example.name}" + (f", but {words}" if words else "")
