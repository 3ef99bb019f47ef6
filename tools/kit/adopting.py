"""Hits of a search as images: "hit 3", said where a tool wants an image, becomes the thread's next image."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from tools.kit.archive import Archive, Scope
from tools.kit.errors import AskAgain, CannotDo
from tools.kit.originals import ref_of_hit
from tools.kit.types import ImageRef, Json

HIT = re.compile(r"\s*(?:hit|result|match)\s*#?\s*(\d+)\s*", re.IGNORECASE)


class Hits:
    """The hits of a thread's latest search, of which some may be its images by now."""

    def __init__(self, images: Sequence[ImageRef] = (), deleted: Sequence[str] = (), ids: Sequence[str] = ()) -> None:
        """images, deleted: those of the thread. ids: of the hits, best first."""
        numbers = [image.number for image in images] + [int(handle.rsplit(" ", 1)[1]) for handle in deleted]
        self._next = max(numbers, default=0) + 1
        self._ids = ids
        self._known = {image.hit: image for image in images if image.hit}
        self._one_at_a_time = asyncio.Lock()
        self.adopted: list[ImageRef] = []

    @property
    def called(self) -> str:
        """A sentence that says how hits are called; empty where there are none."""
        last = len(self._ids)
        names = f'"hit 1" to "hit {last}"' if last > 1 else '"hit 1"'
        return f" Hits of the latest search are called {names}." if last else ""

    def image(self, said: str) -> ImageRef | None:
        """The image that a hit has become; None for anything else."""
        match = HIT.fullmatch(said)
        rank = int(match[1]) if match else 0
        return self._known.get(self._ids[rank - 1]) if 1 <= rank <= len(self._ids) else None

    async def adopt(self, said: str, lend: Callable[[type], Any]) -> ImageRef | None:
        """The image of a hit, as of now one of the thread; None where no hit is said.

        Raises: AskAgain for a hit that the latest search has not; CannotDo for one that is gone, or that may not be
        shown here any more.
        """
        match = HIT.fullmatch(said)
        if not match:
            return None
        rank = int(match[1])
        if not self._ids:
            raise AskAgain(f"There is no hit {rank}: nothing was found in this thread yet. Search first.")
        if not 1 <= rank <= len(self._ids):
            raise AskAgain(f"There is no hit {rank}: the latest search found {len(self._ids)}.")
        async with self._one_at_a_time:  # calls that run at once must not take the same number
            return self._known.get(self._ids[rank - 1]) or await self._taken(rank, lend)

    async def _taken(self, rank: int, lend: Callable[[type], Any]) -> ImageRef:
        archive, scope = await _lent(lend, Archive), await _lent(lend, Scope)
        items = await archive.get(scope, [self._ids[rank - 1]])
        if not items:
            raise CannotDo(f"Hit {rank} is no longer in the archive, or may not be shown here.")
        ref = ref_of_hit(items[0], f"image {self._next}")
        self._next += 1
        self._known[ref.hit] = ref
        self.adopted.append(ref)
        return ref

    def named(self, arguments: Mapping[str, Json]) -> dict[str, Json]:
        """Arguments with the handles of hits that are images by now."""
        return {name: self._handle(value) for name, value in arguments.items()}

    def _handle(self, value: Json) -> Json:
        if isinstance(value, list):
            return [self._handle(one) for one in value]
        found = self.image(value) if isinstance(value, str) else None
        return found.handle if found else value


async def _lent(lend: Callable[[type], Any], port: type) -> Any:
    lent = lend(port)
    return await lent if isinstance(lent, Awaitable) else lent
