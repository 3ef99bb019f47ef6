"""Originals -> pages -> the image references of a thread."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.directory import OWNER
from bot.lending import Lender
from graphs.memory import with_handles
from tools.kit import AskAgain, BlobStore, Decoder, Forgetful, Image, ImageRef, Ocr, Opened, Scope, Spoken, VisionModel
from tools.kit.models import AnswerStore
from tools.kit.toolbox import Fetch


@dataclass(frozen=True)
class Posted:
    """A file as somebody posted it."""

    name: str
    original: Path | bytes


Pages = list[tuple[str, Opened]]
"""Pages that opened, each with the name of its file."""


@dataclass(frozen=True)
class _Keeping:
    """An original on its way into the store."""

    name: str
    sha256: str
    put: asyncio.Task[str]


class Originals:
    """Originals on their way into the store while a turn goes on: it waits for them before it is remembered."""

    def __init__(self) -> None:
        self.new: list[str] = []
        """SHA-256 of each original that its holder did not hold before, for `let_go`."""
        self._keeping: list[_Keeping] = []

    def keep(self, name: str, sha256: str, putting: Coroutine[Any, Any, str]) -> asyncio.Task[str]:
        """Nothing stops it: a thread that writes is not stopped by a cancellation, and `let_go` is to find what it
        wrote."""
        self._keeping.append(_Keeping(name, sha256, asyncio.create_task(putting)))
        return self._keeping[-1].put

    async def refused(self) -> dict[str, str]:
        """Wait until all are in the store. Returns SHA-256 -> a sentence for each new one that the store did not take,
        as when the disk is full. Raises: what else the store raises."""
        await self.settled()
        taken = {keeping.sha256 for keeping in self._keeping if not keeping.put.exception()}
        refused: dict[str, str] = {}
        for keeping in self._keeping:
            try:
                keeping.put.result()
            except Spoken as error:
                if keeping.sha256 in self.new and keeping.sha256 not in taken:
                    refused[keeping.sha256] = (
                        f"{keeping.name} is not kept: to ask about it again, post it again. {error}"
                    )
        return refused

    async def settled(self) -> None:
        """Wait until none is on its way, whatever became of it."""
        if self._keeping:
            over, _ = await asyncio.wait([keeping.put for keeping in self._keeping])
            for put in over:
                _ = put.cancelled() or put.exception()  # a turn that was answered before does not ask for it

    def before(self, fetch: Fetch) -> Fetch:
        """What is fetched may have to be drawn again from the store, as a PDF that was not drawn to its end."""

        async def fetched(ref: ImageRef) -> Image:
            await self.settled()
            return await fetch(ref)

        return fetched


async def open_all(
    wiring: Lender,
    posted: Sequence[Posted],
    scope: Scope,
    *,
    holder: str,
    reading: asyncio.Semaphore,
    originals: Originals,
) -> tuple[Pages, list[str]]:
    """Every page that opens, and a sentence for every file that does not. Originals are kept for `holder`, some of them
    after this returns: see `Originals.refused`.

    `reading` bounds how many files are in memory at once.
    """
    work = (_open_and_keep(wiring, file, scope, holder, reading, originals) for file in posted)
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
    wiring: Lender, file: Posted, scope: Scope, holder: str, reading: asyncio.Semaphore, originals: Originals
) -> list[Opened]:
    """The decoder and the store get the same bytes: a file may change between two readings."""
    decoder, blobs = await wiring.lend(Decoder), await wiring.lend(BlobStore)
    await reading.acquire()
    keeping = None
    try:
        original = await asyncio.to_thread(_bytes_of, file.original, wiring.settings.max_bytes)
        pages = await decoder.open(original, name=file.name, workspace=scope.workspace)
        if isinstance(original, Path):
            raise AskAgain(f"{file.name} changed while it was read: send it again.")
        sha256 = pages[0].sha256
        if sha256 not in originals.new and holder not in await blobs.holders(scope.workspace, sha256):
            originals.new.append(sha256)
        keeping = originals.keep(file.name, sha256, blobs.put(scope.workspace, original, holder=holder))
        keeping.add_done_callback(lambda _: reading.release())  # it is in memory until then
    finally:
        if keeping is None:
            reading.release()
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


async def let_go(wiring: Lender, originals: Iterable[str], scope: Scope, *, holder: str) -> None:
    """`holder` refers to these originals no more: what nobody else holds is gone, with all that was made of it."""
    for sha256 in originals:
        if await (await wiring.lend(BlobStore)).release(scope.workspace, sha256, holder=holder):
            await forget(wiring, scope, sha256)


async def forget(wiring: Lender, scope: Scope, sha256: str) -> None:
    """All that was made of an original is gone: its pages, what was read on them and what models said of them."""
    await (await wiring.lend(Decoder)).forget(scope.workspace, sha256)
    for port in (Ocr, VisionModel):
        await _forget_by(wiring, port, scope, sha256)
    await (await wiring.lend(AnswerStore)).forget(scope.workspace, sha256)


async def _forget_by(wiring: Lender, port: type, scope: Scope, sha256: str) -> None:
    try:
        reader: object = await wiring.lend(port)
    except Spoken:  # what cannot be had, as a model whose key is gone, cannot be told
        return
    if isinstance(reader, Forgetful):
        await reader.forget(scope.workspace, sha256)


async def open_for_terminal(
    wiring: Lender, files: Sequence[Path]
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
