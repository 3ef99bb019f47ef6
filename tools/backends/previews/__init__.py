"""`Previews` in the "decode" lane: thumbnails and dates straight from originals, through the `Decoder` where that takes
its care."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tools.backends.common.worker_failures import WORKER_FAILED
from tools.backends.previews.taken import taken
from tools.backends.previews.thumbnails import thumbnail
from tools.kit.errors import Spoken
from tools.kit.parts import Parts
from tools.kit.ports import Decoder, Workers

if TYPE_CHECKING:
    from tools.kit.types import Pixels


def build(rest: str, parts: Parts) -> WorkerPreviews:
    """`rest` is not used. Takes the limits of `decoder.build`."""
    from tools.backends import decoder

    return WorkerPreviews(parts.workers, decoder.build("", parts))


class WorkerPreviews:
    def __init__(self, workers: Workers, decoder: Decoder) -> None:
        self._workers = workers
        self._decoder = decoder

    async def thumbnail(
        self, original: Path, page: int | None, width: int, height: int, *, workspace: str
    ) -> Pixels | None:
        """As the port says. Nothing that was drawn for it stays."""
        try:
            small = await self._workers.run("decode", thumbnail, original, page, width, height)
            return await self._drawn(original, page, width, height, workspace) if small is None else small
        except (Spoken, *WORKER_FAILED):
            return None

    async def _drawn(self, original: Path, page: int | None, width: int, height: int, workspace: str) -> Pixels | None:
        async with self._decoder.briefly(original, name=original.name, workspace=workspace) as pages:
            drawn = next((each for each in pages if each.page == page), None)
            return await self._workers.run("decode", thumbnail, drawn.path, None, width, height) if drawn else None

    async def taken(self, originals: Sequence[Path]) -> list[datetime | None]:
        """A file that takes its worker down costs those it came with their dates, and nothing else."""
        try:
            return await self._workers.run("decode", taken, list(originals))
        except WORKER_FAILED:
            return [None] * len(originals)
