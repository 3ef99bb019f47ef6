"""Verifying an archive with the ports of a process."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, cast

from bot.archive import engines
from bot.archive.drift import Drift, Source
from bot.archive.mending import Mending
from bot.archive.originals import Originals
from bot.archive.verifying import Checked, verify
from bot.turns.intake import let_go
from tools.kit import AT_TERMINAL, BlobStore, CannotDo, Decoder, Scope, TextEncoder

if TYPE_CHECKING:
    from bot.wiring import Wiring


async def audit(
    wiring: Wiring, workspace: str, *, repair: bool = False, source: Source | None = None
) -> AsyncGenerator[Drift | Checked, None]:
    """As `verify`, of the workspace's current collection.

    Raises: CannotDo when there is none, or when it is to be repaired and its encoder is not the one set up.
    """
    spec = wiring.settings.archive
    found = await engines.current(wiring, spec, workspace)
    blobs = await wiring.lend(BlobStore)
    async with engines.opened(wiring, spec, found) as archive:
        mending = await _mending(wiring, workspace, found.encoder) if repair else None
        async for event in verify(archive, workspace, Originals(blobs, workspace), mending=mending, source=source):
            yield event


async def _mending(wiring: Wiring, workspace: str, encoder: str) -> Mending:
    """It puts right what is being encoded anew, too."""
    lent, archive = await wiring.pair(workspace)
    if lent.name != encoder:
        raise CannotDo(
            f"The archive of {workspace} was made with {encoder}, and this is {lent.name}: set SPYGLASS_ENCODER to the "
            "one it was made with to repair it."
        )

    async def release(sha256: str, holder: str) -> None:
        await let_go(wiring, [sha256], Scope(workspace=workspace, audiences=(AT_TERMINAL,)), holder=holder)

    return Mending(
        cast(engines.Engine, archive),
        workspace,
        encoder=lent,
        meaning=await wiring.lend(TextEncoder),
        decoder=await wiring.lend(Decoder),
        blobs=await wiring.lend(BlobStore),
        release=release,
    )
