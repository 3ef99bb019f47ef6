"""Originals -> pages -> the image references of a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.wiring import OWNER, Wiring
from graphs.memory import with_handles
from tools.kit import BlobStore, Decoder, Image, ImageRef, Opened, Scope, Spoken


@dataclass(frozen=True)
class Posted:
    """A file as somebody posted it."""

    name: str
    original: Path | bytes


Pages = list[tuple[str, Opened]]
"""Pages that opened, each with the name of its file."""


async def open_all(wiring: Wiring, posted: Sequence[Posted], scope: Scope, *, holder: str) -> tuple[Pages, list[str]]:
    """Every page that opens, and a sentence for every file that does not. Originals are kept for `holder`."""
    work = (_open_and_keep(wiring, file, scope, holder) for file in posted)
    results = await asyncio.gather(*work, return_exceptions=True)
    pages: Pages = []
    problems: list[str] = []
    for file, result in zip(posted, results, strict=True):
        if isinstance(result, Spoken):
            problems.append(str(result))
        elif isinstance(result, BaseException):
            raise result
        else:
            pages += [(file.name, page) for page in result]
    return pages, problems


async def _open_and_keep(wiring: Wiring, file: Posted, scope: Scope, holder: str) -> list[Opened]:
    decoder, blobs = await wiring.lend(Decoder), await wiring.lend(BlobStore)
    pages = await decoder.open(file.original, name=file.name, workspace=scope.workspace)
    original = file.original if isinstance(file.original, bytes) else await asyncio.to_thread(file.original.read_bytes)
    await blobs.put(scope.workspace, original, holder=holder)
    return pages


async def open_for_terminal(
    wiring: Wiring, files: Sequence[Path]
) -> tuple[list[ImageRef], Callable[[ImageRef], Awaitable[Image]]]:
    """Images for one tool call, outside any thread: nothing is kept.

    Raises: AskAgain for the first file that does not open.
    """
    decoder = await wiring.lend(Decoder)
    pages: Pages = []
    for file in files:
        pages += [(file.name, page) for page in await decoder.open(file, name=file.name, workspace=OWNER.workspace)]
    refs = with_handles(pages, already=0)
    images = {ref.handle: Image(ref, page.path) for ref, (_, page) in zip(refs, pages, strict=True)}

    async def fetch(ref: ImageRef) -> Image:
        return images[ref.handle]

    return refs, fetch
