"""What is in an archive: workspaces, and by which encoders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.archive import engines
from bot.counting import counted
from tools.kit import CannotDo

if TYPE_CHECKING:
    from bot.wiring import Wiring


TERMINAL = "local"
"""The workspace without channels."""


@dataclass(frozen=True)
class Collection:
    """Of one encoder."""

    encoder: str
    dim: int
    text_encoder: str
    points: int
    size: int | None
    """Bytes on disk, where the engine says."""
    quantisation: str
    current: bool


@dataclass(frozen=True)
class Standing:
    """Of one workspace."""

    workspace: str
    channels: int
    """Or other audiences that anything is kept for."""
    collections: list[Collection]
    trouble: str = ""
    """What keeps it from being told; then there are no collections."""

    def lines(self) -> Iterator[str]:
        """For people: the workspace, then each of its collections, indented."""
        channels = "" if self.workspace == TERMINAL else f": {counted(self.channels, 'channel')}"
        yield f"{self.workspace}: {self.trouble}" if self.trouble else f"{self.workspace}{channels}"
        for each in self.collections:
            size = "" if each.size is None else f", {each.size / 1e6:,.1f} MB"
            quantised = "" if each.quantisation == "none" else f", {each.quantisation} quantisation"
            state = "" if each.current else f" ({self._filled(each)})"
            images = counted(each.points, "image")
            yield f"  {images} by {each.encoder}, {each.dim} dimensions{size}{quantised}{state}"

    def _filled(self, beside: Collection) -> str:
        """How far a collection is that is not in use."""
        points = sum(each.points for each in self.collections if each.current)
        share = min(beside.points / points, 1.0) if points else 1.0
        return f"not in use yet: {share:.0%} of the images are encoded; or left by a change of encoder"


async def standing(wiring: Wiring, spec: str, asked: str | None = None) -> list[Standing]:
    """Of the workspace that was asked for, or of all: one that is damaged hides no other.

    Raises: CannotDo when the archive does not answer.
    """
    found = []
    for workspace in await engines.workspaces(wiring, spec, asked):
        try:
            one = await _standing(wiring, spec, workspace)
        except CannotDo as error:
            one = Standing(workspace, 0, [], str(error))
        if one.collections or one.trouble:
            found.append(one)
    return found


async def _standing(wiring: Wiring, spec: str, workspace: str) -> Standing:
    async with engines.looked_into(wiring, spec) as archive:
        spaces = await archive.spaces(workspace)
    channels, collections = 0, []
    for space in spaces:
        async with engines.opened(wiring, spec, space) as archive:
            stats = await archive.stats(workspace)
            if space.current:
                channels = len(await archive.audiences(workspace))
        if stats:
            known = (space.encoder, space.dim, stats.text_encoder, stats.points, stats.size, stats.quantisation)
            collections.append(Collection(*known, current=space.current))
    return Standing(workspace, channels, collections)
