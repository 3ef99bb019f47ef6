"""The same picture in the archive: the same file, or a copy that was scaled, cut, re-encoded or tinted.

What is much like it and differs in spots is told apart: another receipt of the shop, or the mug in another colour.
Measured on photos, papers and screenshots, each changed in six ways, and on pairs that are no copies: see
`bot.evals.duplicates` for the figures.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.kit.archive import Archive, Filters, Hit, Item, Scope
from tools.kit.errors import Spoken
from tools.kit.findings import Difference
from tools.kit.originals import pages_of, ref_of_hit
from tools.kit.pictures.detail import detail, spots
from tools.kit.pictures.fingerprint import bits_apart, fingerprint
from tools.kit.pictures.spots import one_picture
from tools.kit.ports import BlobStore, Decoder, Differ, Encoder
from tools.kit.ranking.folding import NEAR_BITS, NEAR_COSINE
from tools.kit.ranking.request import picture_of
from tools.kit.types import Image, Opened, Pixels

CANDIDATES = 50
"""Most alike by their vectors, that are looked at more closely."""
OPENED, LAID_OVER = 5, 5
"""Of them, the best whose fingerprints say that they are copies are compared in their fine print, too; and the best
whose fingerprints do not are laid over the image, pixel by pixel."""
SAME_BITS, SAME_SHARE = 10, 0.25
"""Bits in which the common area's fingerprints differ, and share of it that differs visibly, at most.

28 photos that were cut or stood in a screenshot were all aligned, with 2 bits and nothing visible at most; of 62 pairs
of other photos none was. Of pictures in one layout most are: their spots tell (`Difference.one_picture`)."""
EXACT = 200
"""Postings of the very same file that are listed."""


@dataclass(frozen=True)
class Copy:
    item: Item
    exact: bool
    """The same file, byte by byte."""
    cosine: float
    """Of the pictures, by the encoder."""
    differs: bool = False
    """No copy, but much like it: it differs in spots."""


Verdict = Literal["copy", "alike", "other"]


@dataclass(frozen=True)
class Looks:
    """What tells copies from other pictures, of one that is looked for."""

    phash: str
    detail: str

    @classmethod
    def of(cls, pixels: Pixels) -> Looks:
        return cls(fingerprint(pixels), detail(pixels))

    def near(self, item: Item, cosine: float) -> bool:
        """Whether it is like it, by fingerprints and vectors."""
        apart = bits_apart(self.phash, item.contents.phash)
        return apart is not None and apart <= NEAR_BITS and cosine >= NEAR_COSINE

    def same(self, item: Item) -> bool:
        """Whether it differs in no spot, where that is known."""
        differing = spots(self.detail, item.contents.detail)
        return differing is None or differing.same


@dataclass(frozen=True)
class Copies:
    """Finds them in what a scope may see."""

    archive: Archive
    scope: Scope
    encoder: Encoder
    differ: Differ
    decoder: Decoder
    blobs: BlobStore

    async def of(self, image: Image, filters: Filters | None) -> list[Copy]:
        """And what is much like it, in no order. Raises: CannotDo as the archive and the encoder do."""
        same, [vector] = await asyncio.gather(self._same(image, filters), self.encoder.images([image]))
        pixels = await asyncio.to_thread(image.pixels)
        looks = await asyncio.to_thread(Looks.of, pixels)
        hits = await self.archive.search(self.scope, vector, filters=filters, limit=CANDIDATES)
        others = _pictures([hit for hit in hits if hit.item.sha256 != image.ref.sha256])
        copies = [hits for hits in others if looks.near(hits[0].item, hits[0].score) and looks.same(hits[0].item)]
        unsure = [hits for hits in others if hits not in copies]
        verdicts = await asyncio.gather(
            *(self._opened_up(pixels, hits[0].item) for hits in copies[:OPENED]),
            *(self._laid_over(image, looks, hits[0]) for hits in unsure[:LAID_OVER]),
        )
        judged = zip([*copies[:OPENED], *unsure[:LAID_OVER]], verdicts, strict=True)
        found = [(hits, verdict) for hits, verdict in judged if verdict != "other"]
        found += [(hits, "copy") for hits in copies[OPENED:]]
        return [
            *(Copy(item, exact=True, cosine=1.0) for item in same),
            *(Copy(hit.item, False, hit.score, verdict == "alike") for hits, verdict in found for hit in hits),
        ]

    async def _same(self, image: Image, filters: Filters | None) -> list[Item]:
        narrowed = (filters or Filters()).model_copy(update={"originals": (image.ref.sha256,)})
        items = await self.archive.recent(self.scope, filters=narrowed, limit=EXACT, oldest=True)
        return [item for item in items if item.page == image.ref.page]

    async def _opened_up(self, pixels: Pixels, item: Item) -> Verdict:
        """By their pixels, where it can still be opened."""
        other = await self._image(item)
        if other is None:
            return "copy"
        same = await asyncio.to_thread(lambda: one_picture(pixels, other.pixels()))
        return "copy" if same else "alike"

    async def _laid_over(self, image: Image, looks: Looks, hit: Hit) -> Verdict:
        near: Verdict = "alike" if looks.near(hit.item, hit.score) else "other"
        other = await self._image(hit.item)
        if other is None:
            return near
        try:
            laid = await self.differ.differ(image, other)
        except Spoken:
            return near
        if not laid_same(laid):
            return near
        return "copy" if laid.one_picture else "alike"

    async def _image(self, item: Item) -> Image | None:
        """None for one that cannot be opened any more."""
        try:
            opened = await self._opened(item)
        except (KeyError, OSError, Spoken):
            return None
        return Image(ref_of_hit(item, "image 0"), opened.path) if opened else None

    async def _opened(self, item: Item) -> Opened | None:
        """Raises: KeyError, AskAgain for what cannot be had."""
        workspace = self.scope.workspace
        if item.kept:
            pages = await pages_of(
                item.sha256, name=item.name, workspace=workspace, decoder=self.decoder, blobs=self.blobs
            )
        else:
            pages = await self.decoder.open(Path(item.path), name=item.name, workspace=workspace)
        return next((page for page in pages if page.page == item.page and page.sha256 == item.sha256), None)


def laid_same(laid: Difference) -> bool:
    """Whether two pictures lie over each other: a chance alignment leaves most of them different."""
    return laid.aligned and not laid.partial and laid.hash_distance <= SAME_BITS and laid.changed <= SAME_SHARE


def _pictures(hits: Sequence[Hit]) -> list[list[Hit]]:
    """The hits of each picture, the most alike first."""
    grouped: dict[tuple[str, int | None], list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(picture_of(hit.item), []).append(hit)
    return list(grouped.values())
