"""The same picture in the archive: the same file, or a copy that was scaled, cut, re-encoded or touched up.

Measured on 240 photos and papers, each changed in six ways: see `bot.evals.duplicates` for the figures.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.kit.archive import Archive, Filters, Hit, Item, Scope
from tools.kit.errors import Spoken
from tools.kit.fingerprint import bits_apart, fingerprint
from tools.kit.originals import pages_of, ref_of_hit
from tools.kit.ports import BlobStore, Decoder, Differ, Encoder
from tools.kit.ranking.folding import NEAR_BITS, NEAR_COSINE
from tools.kit.ranking.request import picture_of
from tools.kit.types import Difference, Image, Opened

CANDIDATES = 50
"""Most alike by their vectors, that are looked at more closely."""
LAID_OVER = 5
"""Of them, the best whose fingerprints do not tell are laid over the image, pixel by pixel."""
SAME_BITS, SAME_SHARE = 10, 0.25
"""Bits in which the common area's fingerprints differ, and share of it that differs visibly, at most.

28 photos that were cut or stood in a screenshot were all aligned, with 2 bits and nothing visible at most; of 62 pairs
of other photos none was."""
EXACT = 200
"""Postings of the very same file that are listed."""


@dataclass(frozen=True)
class Copy:
    item: Item
    exact: bool
    """The same file, byte by byte."""
    cosine: float
    """Of the pictures, by the encoder."""


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
        """In no order. Raises: CannotDo as the archive and the encoder do."""
        same, [vector] = await asyncio.gather(self._same(image, filters), self.encoder.images([image]))
        looks = await asyncio.to_thread(lambda: fingerprint(image.pixels()))
        hits = await self.archive.search(self.scope, vector, filters=filters, limit=CANDIDATES)
        others = _pictures([hit for hit in hits if hit.item.sha256 != image.ref.sha256])
        near = [hits for hits in others if is_copy(looks, hits[0].item.contents.phash, hits[0].score)]
        unsure = [hits for hits in others if hits not in near][:LAID_OVER]
        laid = await asyncio.gather(*(self._laid_over(image, hits[0].item) for hits in unsure))
        near += [hits for hits, is_same in zip(unsure, laid, strict=True) if is_same]
        found = [Copy(item, exact=True, cosine=1.0) for item in same]
        return [*found, *(Copy(hit.item, exact=False, cosine=hit.score) for hits in near for hit in hits)]

    async def _same(self, image: Image, filters: Filters | None) -> list[Item]:
        narrowed = (filters or Filters()).model_copy(update={"originals": (image.ref.sha256,)})
        items = await self.archive.recent(self.scope, filters=narrowed, limit=EXACT, oldest=True)
        return [item for item in items if item.page == image.ref.page]

    async def _laid_over(self, image: Image, item: Item) -> bool:
        """False too for one that cannot be opened any more."""
        try:
            opened = await self._opened(item)
            if opened is None:
                return False
            return laid_same(await self.differ.differ(image, Image(ref_of_hit(item, "image 0"), opened.path)))
        except (KeyError, OSError, Spoken):
            return False

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


def is_copy(looks: str, others: str, cosine: float) -> bool:
    """By their fingerprints and vectors alone."""
    apart = bits_apart(looks, others)
    return apart is not None and apart <= NEAR_BITS and cosine >= NEAR_COSINE


def laid_same(laid: Difference) -> bool:
    """Whether two pictures, laid over each other, are one: a chance alignment leaves most of them different."""
    return laid.aligned and not laid.partial and laid.hash_distance <= SAME_BITS and laid.changed <= SAME_SHARE


def _pictures(hits: Sequence[Hit]) -> list[list[Hit]]:
    """The hits of each picture, the most alike first."""
    grouped: dict[tuple[str, int | None], list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(picture_of(hit.item), []).append(hit)
    return list(grouped.values())
