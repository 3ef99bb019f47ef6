"""Intake: any bytes become images, or one sentence that says what the file is and what to do.

This process looks at the first bytes only (`taking`, `sniff`); decoding happens in a worker (`drawing`, `pixels`,
`pages`), which writes into a folder of its own. What it finished is then moved (`keeping`) to
``<home>/pixels/<workspace>/``: ``<sha256>.png`` or ``<sha256>-p<page>.png``, and last ``<sha256>.json``, which lists
them, so that the same file opens again without a worker.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from weakref import WeakValueDictionary

from tools.backends.common.folders import private_folder, workspace_folder
from tools.backends.decoder.drawing import draw
from tools.backends.decoder.keeping import drawn_before, publish
from tools.backends.decoder.room import make_room, remove, sweep
from tools.backends.decoder.sheaf import SHEAF, Limits, Refused, Sheaf
from tools.backends.decoder.sniff import PDF
from tools.backends.decoder.taking import shown_name, taken
from tools.kit.disk import full_disk_said
from tools.kit.errors import AskAgain
from tools.kit.parts import Parts
from tools.kit.ports import Workers
from tools.kit.types import Opened

MAX_BYTES = 50_000_000
MAX_PIXELS = 100_000_000
MAX_PAGES = 20
MAX_SIDE = 4096
MAX_CACHE_BYTES = 4_000_000_000
OFTEN = 0.05
"""Share of the cache's limit that is drawn between two looks at its size."""
PACE = 4
"""Pages that a task must draw in its few seconds for the PDF to be gone on with: a slow one is left at that, where
somebody waits for it. What is opened for the archive alone is gone on with for every page."""


def build(rest: str, parts: Parts) -> WorkerDecoder:
    """Limits come from `parts.options` as decimal strings: ``max_bytes`` of a file (default 50,000,000), ``max_pixels``
    of an image (100,000,000), ``max_pages`` of a PDF (20), ``max_side``: long side of what is kept, in pixels (4096),
    ``max_cache_bytes`` of all that is kept (4,000,000,000).
    """
    limits = Limits(
        pixels=int(parts.options.get("max_pixels", MAX_PIXELS)),
        pages=int(parts.options.get("max_pages", MAX_PAGES)),
        side=int(parts.options.get("max_side", MAX_SIDE)),
    )
    return WorkerDecoder(
        parts.home,
        parts.workers,
        limits,
        max_bytes=int(parts.options.get("max_bytes", MAX_BYTES)),
        max_cache_bytes=int(parts.options.get("max_cache_bytes", MAX_CACHE_BYTES)),
    )


class WorkerDecoder:
    """`Decoder` that decodes in the "decode" lane."""

    def __init__(self, home: Path, workers: Workers, limits: Limits, *, max_bytes: int, max_cache_bytes: int) -> None:
        self._base = home / "pixels"
        self._workers = workers
        self._limits = limits
        self._max_bytes = max_bytes
        self._opening: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._max_cache_bytes = max_cache_bytes
        self._fresh: float | None = None
        """Bytes drawn since the last look at the size of all that is kept; None before the first."""

    async def open(self, original: bytes | Path, *, name: str, workspace: str) -> list[Opened]:
        """One `Opened` an image, and one a page for a PDF (the first ``max_pages``; notes say what was left out).

        Raises: AskAgain with a sentence that says what the file is and what to do; CannotDo when the disk is full;
        ValueError for a workspace id that is none.
        """
        folder = workspace_folder(self._base, workspace)
        shown = shown_name(name)
        data, sha256, sheaf = await asyncio.to_thread(self._looked_up, original, shown, folder)
        if sheaf is None:
            async with self._one_at_a_time(workspace, sha256):
                sheaf = await asyncio.to_thread(drawn_before, folder, sha256, self._limits)
                sheaf = sheaf or await self._draw(data, sha256, folder, shown)
        return _opened(sheaf, sha256, folder)

    def _looked_up(self, original: bytes | Path, shown: str, folder: Path) -> tuple[bytes, str, Sheaf | None]:
        data, sha256 = taken(original, shown, self._max_bytes)
        return data, sha256, drawn_before(folder, sha256, self._limits)

    @asynccontextmanager
    async def briefly(self, original: bytes | Path, *, name: str, workspace: str) -> AsyncIterator[list[Opened]]:
        """As the port says; in a folder of its own, so that no other call can forget its pages."""
        shown = shown_name(name)
        data, sha256 = await asyncio.to_thread(taken, original, shown, self._max_bytes)
        folder = await asyncio.to_thread(self._work_folder, workspace_folder(self._base, workspace))
        try:
            yield _opened(await self._draw(data, sha256, folder, shown, pace=1), sha256, folder)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def kept(self, workspace: str, sha256: str) -> list[Opened] | None:
        """What an earlier call drew under the same limits, or None.

        Raises: ValueError for a workspace id or a hash that is none.
        """
        folder = workspace_folder(self._base, workspace)
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError(f"{sha256!r} is not a SHA-256.")
        sheaf = await asyncio.to_thread(drawn_before, folder, sha256, self._limits)
        return _opened(sheaf, sha256, folder) if sheaf else None

    async def forget(self, workspace: str, sha256: str) -> None:
        """Delete what was drawn from a file, for when its original is let go."""
        folder = workspace_folder(self._base, workspace)
        async with self._one_at_a_time(workspace, sha256):
            await asyncio.to_thread(remove, folder, sha256)

    def _one_at_a_time(self, workspace: str, sha256: str) -> asyncio.Lock:
        """A lock a file: who opens what is being opened waits and finds it drawn."""
        return self._opening.setdefault((workspace, sha256), asyncio.Lock())

    async def _draw(self, data: bytes, sha256: str, folder: Path, shown: str, pace: int | None = None) -> Sheaf:
        with full_disk_said():
            work = await asyncio.to_thread(self._work_folder, folder)
            try:
                problem = await self._try(data, sha256, work, shown, pace or PACE)
                sheaf = await asyncio.to_thread(publish, work, folder, sha256, problem)
                self._fresh = (self._fresh or 0) + sum((folder / each.file).stat().st_size for each in sheaf.drawn)
                return sheaf
            finally:
                shutil.rmtree(work, ignore_errors=True)

    async def _try(self, data: bytes, sha256: str, work: Path, shown: str, pace: int) -> AskAgain | None:
        """Let a worker draw. What goes wrong is returned: a PDF may have some good pages all the same."""
        try:
            await self._run(data, sha256, work, pace)
        except Refused as refused:
            return AskAgain(f"{shown} {refused}")
        except TimeoutError:
            return AskAgain(f"{shown} took too long to open: send a smaller or simpler copy, or a screenshot of it.")
        except MemoryError:
            return AskAgain(f"{shown} needs too much memory to open: send a smaller copy.")
        except ChildProcessError:
            return AskAgain(f"{shown} broke the program that opens such files: save or export it anew and send that.")
        return None

    async def _run(self, data: bytes, sha256: str, work: Path, pace: int) -> None:
        """One task, and more of them for a PDF that makes good progress."""
        drawn = 0
        while True:
            await self._workers.run("decode", draw, data, sha256, work, self._limits)
            sheaf = Sheaf.read(work / SHEAF)
            if not sheaf or sheaf.complete or len(sheaf.drawn) < drawn + pace:
                return
            drawn = len(sheaf.drawn)

    def _work_folder(self, folder: Path) -> Path:
        if self._fresh is None:
            sweep(self._base)
        if self._fresh is None or self._fresh > self._max_cache_bytes * OFTEN:
            make_room(self._base, self._max_cache_bytes)
            self._fresh = 0
        return Path(tempfile.mkdtemp(prefix=".work-", dir=private_folder(folder)))


def _opened(sheaf: Sheaf, sha256: str, folder: Path) -> list[Opened]:
    rest = _left_out(sheaf)
    return [
        Opened(
            sha256=sha256,
            mime=sheaf.mime,
            width=drawn.width,
            height=drawn.height,
            path=folder / drawn.file,
            page=drawn.page,
            pages=sheaf.pages,
            notes=drawn.notes + rest,
        )
        for drawn in sheaf.drawn
    ]


def _left_out(sheaf: Sheaf) -> tuple[str, ...]:
    have, all_of_them = len(sheaf.drawn), sheaf.pages
    if sheaf.mime != PDF.mime or have == all_of_them:
        return ()
    why = f"at most {have} are opened" if sheaf.complete else "damaged, or too long to draw"
    rest = all_of_them - have
    return (
        f"one of the first {have} of {all_of_them} pages: {rest} {'was' if rest == 1 else 'were'} left out ({why})",
    )
