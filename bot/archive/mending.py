"""What verifying an archive found, put right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.archive import engines
from bot.archive.drift import Entry
from bot.archive.ids import holder
from bot.archive.originals import Release, let_go
from tools.kit import (
    AskAgain,
    BlobStore,
    Contents,
    Decoder,
    Encoder,
    Opened,
    TextEncoder,
)
from tools.kit.archive import Point
from tools.kit.archive.words import gist_of
from tools.kit.originals import images_of


class Mending:
    """In one workspace, whose vectors are `encoder`'s. `release`: of an original with all that was made of it."""

    def __init__(
        self,
        archive: engines.Engine,
        workspace: str,
        *,
        encoder: Encoder,
        meaning: TextEncoder,
        decoder: Decoder,
        blobs: BlobStore,
        release: Release,
    ) -> None:
        self._archive = archive
        self._workspace = workspace
        self._encoder = encoder
        self._meaning = meaning
        self._decoder = decoder
        self._blobs = blobs
        self._release = release

    async def discard(self, ids: Sequence[str]) -> bool:
        """Points of which nothing is known."""
        await self._archive.forget(self._workspace, ids)
        return True

    async def forget(self, entries: Sequence[Entry]) -> bool:
        """With their originals, where nothing else of the audience has these."""
        await self.discard([entry.id for entry in entries])
        gone = ((entry.audience, entry.sha256) for entry in entries)
        await let_go(self._archive, self._workspace, gone, self._release)
        return True

    async def hold(self, point: Point) -> bool:
        """Whether the archive holds the original from now on."""
        try:
            data = await self._blobs.get(self._workspace, point.item.sha256)
        except KeyError:
            return False
        await self._blobs.put(self._workspace, data, holder=holder(point.item.audience))
        return True

    async def reread(self, point: Point) -> bool:
        """Encode the image and its words again. Whether that could be done: one that no longer opens is forgotten,
        unless it was in the archive by its words alone."""
        item = point.item
        try:
            original = await self._blobs.get(self._workspace, item.sha256) if item.kept else Path(item.path)
            opening = self._decoder.briefly(original, name=item.name, workspace=self._workspace)
            async with opening as pages:
                page = next((each for each in pages if each.page == item.page), None)
                if page:
                    await self._archive.keep(self._workspace, [await self._encoded(point, page)])
                    return True
        except (AskAgain, KeyError):
            pass
        return await self.forget([Entry.of(item)]) if point.image.any() else False

    async def _encoded(self, point: Point, page: Opened) -> Point:
        found = {name: getattr(page, name) for name in ("sha256", "mime", "width", "height")}
        item = point.item.model_copy(update=found)
        if page.sha256 != point.item.sha256:
            item = item.model_copy(update={"contents": Contents(), **_stat(Path(item.path))})
        [image] = await self._encoder.images(images_of(item.name, [page]))
        gist = gist_of(item)
        return Point(item, image, (await self._meaning.texts([gist]))[0] if gist else None)


def _stat(path: Path) -> dict[str, float]:
    found = path.stat()
    return {"size": found.st_size, "modified": found.st_mtime}
