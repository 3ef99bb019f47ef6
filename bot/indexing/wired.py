"""An indexing run with the ports of this process: what people name becomes a source."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import ExitStack, aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from bot.archive.enriching import enriching
from bot.indexing.buckets import SCHEME, Bucket
from bot.indexing.folders import Folders
from bot.indexing.index import Ports, index
from bot.indexing.originals import Source
from bot.indexing.progress import Progress
from bot.indexing.spool import Spool
from bot.indexing.walking import Problem
from tools.kit import (
    Archive,
    BlobStore,
    Decoder,
    Encoder,
    Previews,
    Scope,
    TextEncoder,
    VisionModel,
)

if TYPE_CHECKING:
    from bot.wiring import Wiring

SPOOL = "fetched"
"""Folder below the home where originals lie while they are indexed."""


async def indexed(
    wiring: Wiring,
    named: Sequence[str | Path],
    scope: Scope,
    *,
    prune: bool = False,
    fresh: bool = False,
    enrich: bool = False,
    captions: bool = False,
) -> AsyncGenerator[Progress | Problem, None]:
    """As `bot.indexing.index.index`, of folders and ``s3://BUCKET/PREFIX``.

    scope: of its first audience everything is.
    captions: a vision model writes them.
    """
    with ExitStack() as stack:
        spool = stack.enter_context(Spool(wiring.settings.home / SPOOL))
        sources = await _sources(wiring, list(map(str, named)), scope, spool)
        ports = await _ports(wiring, sources, enrich=enrich, captions=captions)
        events = index(sources, ports, workspace=scope.workspace, prune=prune, fresh=fresh)
        async with aclosing(events):
            async for event in events:
                yield event


async def _ports(wiring: Wiring, sources: Sequence[Source], *, enrich: bool, captions: bool) -> Ports:
    return Ports(
        encoder=await wiring.lend(Encoder),
        decoder=await wiring.lend(Decoder),
        archive=await wiring.lend(Archive),
        previews=await wiring.lend(Previews),
        meaning=await wiring.lend(TextEncoder),
        blobs=None if all(isinstance(source, Folders) for source in sources) else await wiring.lend(BlobStore),
        enriching=await enriching(wiring.lend) if enrich else None,
        vision=await wiring.lend(VisionModel) if enrich and captions else None,
    )


async def _sources(wiring: Wiring, named: Sequence[str], scope: Scope, spool: Spool) -> list[Source]:
    """Folders are one source, so that those that hold each other are walked once."""
    sources: list[Source] = []
    for name in named:
        if name.startswith(SCHEME):
            objects = await wiring.backend(f"s3_bucket:{name.removeprefix('s3:')}")
            sources.append(Bucket(name, objects, scope.audiences[0], spool, wiring.settings.max_bytes))
    folders = [Path(name) for name in named if not name.startswith(SCHEME)]
    if folders:
        sources.append(await asyncio.to_thread(_folders, folders, scope.audiences[0], wiring.settings.home))
    return sources


def _folders(paths: Sequence[Path], audience: str, home: Path) -> Folders:
    """Our own files are no part of a collection, unless somebody names a folder among them."""
    home = home.resolve()
    inside = any(path.resolve().is_relative_to(home) for path in paths)
    return Folders(paths, audience, leave_out=[] if inside else [home])
