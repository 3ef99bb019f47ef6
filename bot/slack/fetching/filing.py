"""Images of a turn -> the archive of their channel, so that they are found there."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.wiring import Wiring
from tools.kit import Archive, Encoder, Image, ImageRef, Item, Scope, Spoken

log = logging.getLogger(__name__)

NAMESPACE = uuid.UUID("0d9f7b1e-52c3-4b8c-9a63-2f6f0c4a7e19")
AT_ONCE = 16
"""Images encoded together."""


class Filing:
    """Puts images into the archive, each once a channel."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

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
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            vectors = await encoder.images([await self._pixels(scope, image) for _, image in part])
            items = [_item(key, scope, image, addresses[image.sha256]) for key, image in part]
            await archive.put(scope, items, vectors)
        return len(wanted)

    async def _pixels(self, scope: Scope, image: ImageRef) -> Image:
        fetched: Image = await self._wiring.fetcher(scope)(image)
        return fetched


def _id(scope: Scope, image: ImageRef) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{scope.audiences[0]}\n{image.sha256}\n{image.page or 0}"))


def _item(key: str, scope: Scope, image: ImageRef, address: str) -> Item:
    same: dict[str, Any] = {
        name: getattr(image, name) for name in ("sha256", "name", "mime", "width", "height", "page")
    }
    return Item(id=key, path=address, audience=scope.audiences[0], added=datetime.now(UTC), **same)
