"""Images of a turn -> the archive of their channel, so that they are found there."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.slack.storage.records import Records
from bot.wiring import Wiring
from tools.kit import Archive, Embeddings, Encoder, Image, ImageRef, Item, Scope, Spoken

log = logging.getLogger(__name__)

NAMESPACE = uuid.UUID("0d9f7b1e-52c3-4b8c-9a63-2f6f0c4a7e19")
AT_ONCE = 16
"""Images encoded together."""


class Filing:
    """Puts images into the archive, each once a channel. What is deleted meanwhile does not come into it."""

    def __init__(self, wiring: Wiring, records: Records) -> None:
        self._wiring, self._records = wiring, records

    async def put(self, scope: Scope, images: Sequence[ImageRef], addresses: Mapping[str, str]) -> int:
        """Returns how many are new. `addresses`: SHA-256 of an original -> the address of its file in Slack.

        What cannot be filed is logged: the answer does not depend on it.
        """
        try:
            return await self._put(scope, [image for image in images if image.sha256 in addresses], addresses)
        except Spoken as error:
            log.warning("Images of %s are not in the archive: %s", scope.audiences[0], error)
            return 0

    async def _put(self, scope: Scope, images: Sequence[ImageRef], addresses: Mapping[str, str]) -> int:
        by_id = {_id(scope, image): image for image in images}
        if not by_id:
            return 0
        archive, encoder = await self._wiring.lend(Archive), await self._wiring.lend(Encoder)
        there = {item.id for item in await archive.get(scope, list(by_id))}
        wanted = [(key, image) for key, image in by_id.items() if key not in there]
        filed = 0
        for start in range(0, len(wanted), AT_ONCE):
            part = [(key, await self._pixels(scope, image)) for key, image in wanted[start : start + AT_ONCE]]
            had = [(key, image) for key, image in part if image]
            if not had:
                continue
            vectors = await encoder.images([image for _, image in had])
            items = [_item(key, scope, image.ref, addresses[image.ref.sha256]) for key, image in had]
            write = partial(_write, archive, scope, items, vectors)
            filed += await self._records.while_held(scope, [*addresses], write)
        return filed

    async def _pixels(self, scope: Scope, image: ImageRef) -> Image | None:
        """None for one that cannot be had any more, as when it was deleted: the others are filed all the same."""
        try:
            fetched: Image = await self._wiring.fetcher(scope)(image)
        except Spoken as error:
            log.warning("An image of %s is not in the archive: %s", scope.audiences[0], error)
            return None
        return fetched


async def _write(
    archive: Archive, scope: Scope, items: Sequence[Item], vectors: Embeddings, held: Collection[str]
) -> int:
    """Those of the items whose file is still there. Returns how many that are."""
    there = [number for number, item in enumerate(items) if item.sha256 in held]
    if there:
        await archive.put(scope, [items[number] for number in there], vectors[there])
    return len(there)


def _id(scope: Scope, image: ImageRef) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{scope.audiences[0]}\n{image.sha256}\n{image.page or 0}"))


def _item(key: str, scope: Scope, image: ImageRef, address: str) -> Item:
    same: dict[str, Any] = {
        name: getattr(image, name) for name in ("sha256", "name", "mime", "width", "height", "page")
    }
    return Item(id=key, path=address, audience=scope.audiences[0], added=datetime.now(UTC), **same)
