"""What `spyglass doctor` says about the archive."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.archive.standing import Standing, standing
from bot.counting import counted
from bot.health.finding import Finding

if TYPE_CHECKING:
    from bot.wiring import Wiring


async def looked_at(wiring: Wiring, *, patience: float) -> Finding:
    """What is in it, by which encoders, and what of it is under way.

    Raises: as whoever answers; TimeoutError after `patience` seconds.
    """
    spec = wiring.settings.archive
    async with asyncio.timeout(patience):
        await wiring.bound_encoder()  # says what is wrong with the setting, if anything
        found = await standing(wiring, spec)
    if not found:
        return Finding("archive", "ok", f"{spec}, empty: `spyglass index FOLDER` fills it")
    if trouble := [f"{each.workspace}: {each.trouble}" for each in found if each.trouble]:
        return Finding("archive", "missing", "; ".join(trouble))
    idle = [each.workspace for each in found if not any(space.current for space in each.collections)]
    if idle:
        whose = ", ".join(idle)
        said = f"{spec}: no collection of {whose} answers searches yet: `spyglass archive status` says what is there"
        return Finding("archive", "note", said)
    return Finding("archive", "ok", "; ".join([_used(spec, found), *_beside(found)]))


def _used(spec: str, found: list[Standing]) -> str:
    spaces = [space for each in found for space in each.collections if space.current]
    images = sum(space.points for space in spaces)
    number = counted(images, "image")
    whose = f" of {len(found):,} workspaces" if len(found) > 1 else ""
    kept = {space.quantisation for space in spaces} - {"none"}
    quantised = f", {' and '.join(sorted(kept))} quantisation" if kept else ""
    makers = " and ".join(sorted({space.encoder for space in spaces}))
    return f"{spec}, {number}{whose}, made with {makers}{quantised}"


def _beside(found: list[Standing]) -> list[str]:
    return [
        f"{space.points:,} of {each.workspace} by {space.encoder} as well, so far"
        for each in found
        for space in each.collections
        if not space.current
    ]
