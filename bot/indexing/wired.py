"""An indexing run with the ports of this process: what people name becomes a source."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing
from functools import partial
from pathlib import Path

from bot.archive.enriching import Lend, enriching
from bot.indexing.buckets import SCHEME, Bucket
from bot.indexing.exports.downloading import downloading
from bot.indexing.exports.source import Export, is_export_at
from bot.indexing.folders import Folders
from bot.indexing.index import Ports, index
from bot.indexing.keeping import Forget
from bot.indexing.originals import Source
from bot.indexing.progress import Progress
from bot.indexing.spool import Spool
from bot.indexing.walking import Problem
from bot.lending import Lender
from bot.turns.intake import forget
from tools.kit import (
    Archive,
    AskAgain,
    BlobStore,
    Decoder,
    Encoder,
    Previews,
    Scope,
    TextEncoder,
    VisionModel,
)

SPOOL = "fetched"
"""Folder below the home where originals lie while they are indexed."""


async def indexed(
    wiring: Lender,
    named: Sequence[str | Path],
    scope: Scope,
    *,
    prune: bool = False,
    fresh: bool = False,
    enrich: bool = False,
    captions: bool = False,
    download: bool = False,
    by_channel: bool = False,
) -> AsyncGenerator[Progress | Problem, None]:
    """As `bot.indexing.index.index`, of folders, exports of Slack and ``s3://BUCKET/PREFIX``.

    scope: of its first audience everything is.
    captions: a vision model writes them.
    download: what an export only tells the address of is fetched from Slack.
    by_channel: the scope's workspace is one of Slack, so that only exports are taken, and each image is for those who
    are in the channel it was posted in.
    """
    async with AsyncExitStack() as stack:
        audience = None if by_channel else scope.audiences[0]
        sources = await _Sources(wiring, audience, stack, download=download).of(list(map(str, named)))
        if prune and (fixed := [source.named for source in sources if not source.prunes]):
            raise AskAgain(f"{fixed[0]} is an export, which does not tell what was deleted: leave out --prune.")
        lend = wiring.lend_within(scope) if by_channel else wiring.lend
        gone = partial(forget, wiring, scope)
        ports = await _ports(lend, sources, enrich=enrich, captions=captions, gone=gone)
        events = index(sources, ports, workspace=scope.workspace, prune=prune, fresh=fresh)
        async with aclosing(events):
            async for event in events:
                yield event


async def _ports(lend: Lend, sources: Sequence[Source], *, enrich: bool, captions: bool, gone: Forget) -> Ports:
    return Ports(
        encoder=await lend(Encoder),
        decoder=await lend(Decoder),
        archive=await lend(Archive),
        previews=await lend(Previews),
        meaning=await lend(TextEncoder),
        blobs=None if all(isinstance(source, Folders) for source in sources) else await lend(BlobStore),
        enriching=await enriching(lend) if enrich else None,
        vision=await lend(VisionModel) if enrich and captions else None,
        forget=gone,
    )


class _Sources:
    """Makes them, and has them closed with the stack."""

    def __init__(self, wiring: Lender, audience: str | None, stack: AsyncExitStack, *, download: bool) -> None:
        """audience: None where each image is its channel's."""
        self._wiring = wiring
        self._audience = audience
        self._stack = stack
        self._download = download
        self._spool = stack.enter_context(Spool(wiring.settings.home / SPOOL))

    async def of(self, named: Sequence[str]) -> list[Source]:
        """Folders are one source, so that those that hold each other are walked once."""
        sources: list[Source] = []
        folders: list[Path] = []
        for name in named:
            if name.startswith(SCHEME):
                sources.append(await self._bucket(name))
            elif export := await asyncio.to_thread(_export_at, name):
                sources.append(await self._export(export))
            else:
                folders.append(Path(name))
        if folders:
            audience, home = self._of_nobody(folders[0]), self._wiring.settings.home
            sources.append(await asyncio.to_thread(_folders, folders, audience, home))
        return sources

    async def _bucket(self, name: str) -> Source:
        objects = await self._wiring.backend(f"s3_bucket:{name.removeprefix('s3:')}")
        return Bucket(name, objects, self._of_nobody(name), self._spool, self._wiring.settings.max_bytes)

    async def _export(self, path: Path) -> Source:
        settings = self._wiring.settings
        fetch = await self._stack.enter_async_context(downloading(settings)) if self._download else None
        made = partial(Export, path, self._audience, self._spool, most_bytes=settings.max_bytes, download=fetch)
        export = await asyncio.to_thread(made)
        self._stack.callback(export.close)
        return export

    def _of_nobody(self, name: str | Path) -> str:
        """Whose what nobody posted is. Raises: AskAgain where everything is some channel's."""
        if self._audience is None:
            raise AskAgain(f"{name} is no export of Slack, and only those go into a workspace: leave out --workspace.")
        return self._audience


def _export_at(name: str) -> Path | None:
    path = Path(name).expanduser()
    return path if is_export_at(path) else None


def _folders(paths: Sequence[Path], audience: str, home: Path) -> Folders:
    """Our own files are no part of a collection, unless somebody names a folder among them."""
    home = home.resolve()
    inside = any(path.resolve().is_relative_to(home) for path in paths)
    return Folders(paths, audience, leave_out=[] if inside else [home])
