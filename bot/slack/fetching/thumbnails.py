"""Pictures of archived images that Slack cannot show itself, such as the pages of a PDF and photos in HEIC."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING

from bot.wiring import Wiring
from tools.kit import AskAgain, BlobStore, Decoder, Item, Previews
from tools.kit.originals import pages_of

if TYPE_CHECKING:
    from tools.kit.types import Pixels

WIDTH, HEIGHT = 720, 540
SHOWN_BY_SLACK = frozenset({"image/png", "image/jpeg", "image/gif"})
"""What an image of Block Kit may be: https://docs.slack.dev/reference/block-kit/blocks/image-block"""


def is_shown_by_slack(item: Item) -> bool:
    """Whether Slack can show the file that it was posted as."""
    return item.page is None and item.mime in SHOWN_BY_SLACK


class Thumbnails:
    """Draws them from what the workspace keeps."""

    def __init__(self, wiring: Wiring, workspace: str) -> None:
        self._wiring, self._workspace = wiring, workspace

    async def png(self, item: Item) -> bytes:
        """The image within WIDTH x HEIGHT pixels. Raises: OSError when its original is gone, or cannot be drawn."""
        decoder, blobs = await self._wiring.lend(Decoder), await self._wiring.lend(BlobStore)
        previews = await self._wiring.lend(Previews)
        where = {"name": item.name, "workspace": self._workspace}
        try:
            pages = await pages_of(item.sha256, decoder=decoder, blobs=blobs, **where)
        except (KeyError, AskAgain) as error:
            raise FileNotFoundError(item.id) from error
        page = next((page for page in pages if page.page == item.page), None)
        pixels = await previews.thumbnail(page.path, None, WIDTH, HEIGHT, workspace=self._workspace) if page else None
        if pixels is None:
            raise FileNotFoundError(item.id)
        return await asyncio.to_thread(_png, pixels)


def _png(pixels: Pixels) -> bytes:
    from PIL import Image

    written = BytesIO()
    Image.fromarray(pixels).save(written, "PNG")
    return written.getvalue()
