"""Originals -> pages -> the image references of a thread."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.uninterrupted import to_the_end
from bot.wiring import OWNER, Wiring
from graphs.memory import with_handles
from tools.kit import AskAgain, BlobStore, Decoder, Forgetful, Image, ImageRef, Ocr, Opened, Scope, Spoken


@dataclass(frozen=True)
class Posted:
    """A file as somebody posted it."""

    name: str
    original: Path | bytes


Pages = list[tuple[str, Opened]]
"""Pages that opened, each with the name of its file."""


async def open_all(
    wiring: Wiring,
    posted: Sequence[Posted],
    scope: Scope,
    *,
    holder: str,
    reading: asyncio.Semaphore,
    new: list[str],
) -> tuple[Pages, list[str]]:
    """Every page that opens, and a sentence for every file that does not. Originals are kept for `holder`.

    `reading` bounds how many files are in memory at once; `new` gets the SHA-256 of each original that `holder` did
    not hold before, for `let_go`.
    """
    work = (_open_and_keep(wiring, file, scope, holder, reading, new) for file in posted)
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


async def _open_and_keep(
    wiring: Wiring, file: Posted, scope: Scope, holder: str, reading: asyncio.Semaphore, new: list[str]
) -> list[Opened]:
    """The decoder and the store get the same bytes: a file may change between two readings."""
    decoder, blobs = await wiring.lend(Decoder), await wiring.lend(BlobStore)
    async with reading:
        original = await asyncio.to_thread(_bytes_of, file.original, wiring.settings.max_bytes)
        pages = await decoder.open(original, name=file.name, workspace=scope.workspace)
        if isinstance(original, Path):
            raise AskAgain(f"{file.name} changed while it was read: send it again.")
        sha256 = pages[0].sha256
        if sha256 not in new and holder not in await blobs.holders(scope.workspace, sha256):
            new.append(sha256)
        # a thread that writes is not stopped by a cancellation: `let_go` is to find what it wrote
        await to_the_end(blobs.put(scope.workspace, original, holder=holder))
    return [replace(page, size=len(original)) for page in pages]


def _bytes_of(original: Path | bytes, most: int) -> Path | bytes:
    """A plain file within the limit is read; of anything else the decoder says, by its path, what is wrong with it."""
    if isinstance(original, bytes):
        return original
    try:
        # a pipe must not keep us waiting for somebody to write to it
        with os.fdopen(os.open(original, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > most:
                return original
            data = file.read(most + 1)
    except OSError:
        return original
    return data if len(data) <= most else original


async def let_go(wiring: Wiring, originals: Iterable[str], scope: Scope, *, holder: str) -> None:
    """`holder` refers to these originals no more: what nobody else holds is gone, with all that was made of it."""
    for sha256 in originals:
        blobs, decoder = await wiring.lend(BlobStore), await wiring.lend(Decoder)
        if await blobs.release(scope.workspace, sha256, holder=holder):
            await decoder.forget(scope.workspace, sha256)
            reader = await wiring.lend(Ocr)
            if isinstance(reader, Forgetful):
                await reader.forget(scope.workspace, sha256)


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
