"""What can be counted without seeing: text, items, shapes and arrows."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from tools.kit.analysis.totals import Text, items
from tools.kit.analysis.work import Work
from tools.kit.toolbox import listed
from tools.kit.types import Image

Counter = Callable[[Work, Image], Awaitable[int]]


def countable(things: str) -> bool:
    """Whether such things can be counted without seeing."""
    return _counter(things) is not None


async def count(work: Work, things: str) -> bool:
    """Conclude how many there are in each image, and which has the most. False for what only eyes can count."""
    counter = _counter(things)
    if counter is None:
        return False
    counts = {image.handle: await counter(work, image) for image in work.images}
    for handle, number in counts.items():
        work.note(f"Count {things} in {handle}", "count", f"{number}.")
    work.facts.setdefault("counts", {})[things] = counts
    each = [f"{handle} has {number}" for handle, number in counts.items()]
    work.conclusions.append(f"Counting {things}: {listed(each)}.{_most(counts)}")
    return True


def _counter(things: str) -> Counter | None:
    return next((counter for words, counter in COUNTERS if re.search(words, things, re.I)), None)


def _most(counts: dict[str, int]) -> str:
    if len(counts) < 2:
        return ""
    ranked = sorted(counts.items(), key=lambda entry: -entry[1])
    (first, high), (_, low) = ranked[:2]
    return f" {first.capitalize()} has the most." if high > low else " None has more than the others."


async def _count_lines(work: Work, image: Image) -> int:
    return len(await work.lines(image))


async def _count_words(work: Work, image: Image) -> int:
    return sum(len(line.text.split()) for line in await work.lines(image))


async def _count_items(work: Work, image: Image) -> int:
    return items([Text(line.text, line.box) for line in await work.lines(image)])


async def _count_shapes(work: Work, image: Image) -> int:
    return len((await work.diagram(image)).nodes)


async def _count_arrows(work: Work, image: Image) -> int:
    return len((await work.diagram(image)).arrows)


COUNTERS: tuple[tuple[str, Counter], ...] = (
    (r"^(?:lines?|lines? of text|text lines?)$", _count_lines),
    (r"^words?\b", _count_words),
    (r"^(?:line )?items?\b|^articles?\b|^positions?\b|^purchases?\b", _count_items),
    (r"^(?:labell?ed )?(?:boxes|shapes|nodes|steps|stages)$", _count_shapes),
    (r"^(?:arrows|connections|links|edges)$", _count_arrows),
)
"""What can be counted without seeing, by the words for it."""
