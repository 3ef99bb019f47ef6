"""The second look at what is in the archive: text, tags and captions of whatever still lacks some of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.archive.enriching import Enriching, whole
from bot.indexing.keeping import Keeping
from bot.indexing.originals import Event, Original
from bot.indexing.progress import Outcome
from bot.indexing.walking import Problem
from tools.kit import AskAgain, Contents, Decoder, Image, Item, Opened, VisionModel
from tools.kit.originals import images_of

TOGETHER = 16
"""Images looked at together."""
OPENED = 3
"""Originals opened at once."""
LAST = "caption"
"""What is found out last."""


@dataclass(frozen=True)
class Lacking:
    """An original, opened, of which something is yet to be found out."""

    original: Original
    items: list[Item]
    """In page order."""
    images: list[Image]


class Completing:
    """Takes the batches of a source that were indexed before."""

    def __init__(
        self, keeping: Keeping, *, decoder: Decoder, enriching: Enriching, vision: VisionModel | None = None
    ) -> None:
        self._keeping = keeping
        self._decoder = decoder
        self._enriching = enriching
        self._vision = vision
        self._opening = asyncio.Semaphore(OPENED)

    async def take(self, batch: Sequence[Event]) -> Outcome:
        outcome = Outcome()
        originals = {found.id(): found for found in batch if isinstance(found, Original)}
        known = await self._keeping.known(originals.values())
        unfinished = [originals[key] for key, item in known.items() if not whole(item.contents)]
        for start in range(0, len(unfinished), TOGETHER):
            async with AsyncExitStack() as stack:
                part = unfinished[start : start + TOGETHER]
                opened = await asyncio.gather(*(self._opened(each, stack, outcome) for each in part))
                await self._complete([each for each in opened if each], outcome)
        return outcome

    async def _opened(self, original: Original, stack: AsyncExitStack, outcome: Outcome) -> Lacking | None:
        """None when it cannot be opened any more, which is told."""
        items = await self._keeping.pages(original)
        try:
            async with self._opening:
                pages = await stack.enter_async_context(
                    self._decoder.briefly(
                        original.path or await self._keeping.bytes_of(items[0]),
                        name=original.name,
                        workspace=self._keeping.scope.workspace,
                    )
                )
        except AskAgain as error:
            outcome.problems.append(Problem(original.place, str(error)))
            return None
        except KeyError:
            outcome.problems.append(Problem(original.place, "Its original is no longer kept: index it again."))
            return None
        return _lacking(original, items, pages)

    async def _complete(self, opened: Sequence[Lacking], outcome: Outcome) -> None:
        pairs = [pair for each in opened for pair in zip(each.items, each.images, strict=True)]
        found: dict[str, Contents] = {}
        for start in range(0, len(pairs), TOGETHER):
            part = pairs[start : start + TOGETHER]
            known = [item.contents for item, _ in part]
            studied = await self._enriching.study([image for _, image in part], known, vision=self._vision)
            found |= {item.id: contents for (item, _), contents in zip(part, studied, strict=True)}
        revised: list[Item] = []
        for each in opened:
            contents = [found[item.id] for item in each.items]
            done = all(map(whole, contents))
            if contents and not done:
                contents[0] = _unfinished(contents[0])
            # the first page last: it is the one that says that the whole file is done
            pages = [item.model_copy(update={"contents": one}) for item, one in zip(each.items, contents, strict=True)]
            revised += reversed(pages)
            outcome.count("enriched", int(done))
            outcome.count("unfinished", -int(done))
        await self._keeping.shelving.revise(self._keeping.scope, revised)


def _lacking(original: Original, items: Sequence[Item], pages: Sequence[Opened]) -> Lacking:
    """The items whose page could be opened."""
    images = {image.ref.page: image for image in images_of(original.name, pages)}
    there = [item for item in items if item.page in images]
    return Lacking(original, there, [images[item.page] for item in there])


def _unfinished(contents: Contents) -> Contents:
    return contents.model_copy(update={"done": tuple(name for name in contents.done if name != LAST)})
