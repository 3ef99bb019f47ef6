"""Which encoder and which archive answer a workspace now: always the two that belong together."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeVar, cast

from bot.archive.answering import Answering
from bot.archive.engines import Engine
from bot.lending import Lender
from tools.kit import (
    Archive,
    AskAgain,
    Encoder,
)
from tools.kit.archive import Collected

T = TypeVar("T")

FRESH = 2.0
"""Seconds for which it is remembered which encoder a workspace's collection was made with."""


class Pair(NamedTuple):
    encoder: Encoder
    archive: Archive
    """Its collections: a workspace that is searched with another encoder by now is refused, never mixed up."""


class Pairs:
    """Of a process. A workspace keeps the encoder its collection was made with until it was brought to another one."""

    def __init__(self, wiring: Lender, once: Callable[[str, Callable[[], Any]], Awaitable[Any]]) -> None:
        self._wiring = wiring
        self._once = once
        self._bound: dict[str, tuple[float, str | None]] = {}

    async def of(self, workspace: str, *, keep_encoder: bool = True) -> Pair:
        """`keep_encoder`: else it is the one that is set up, whatever the collection was made with.

        Raises: AskAgain when settings are wrong; CannotDo when the encoder cannot be had.
        """
        encoder = await self._encoder(await self.bound(workspace) if keep_encoder else None)

        async def make() -> Archive:
            spec = self._wiring.settings.archive
            own = await self._wiring.backend(spec, encoder=encoder.name, dim=str(encoder.dim))
            if not isinstance(own, Archive):
                raise AskAgain(f"SPYGLASS_ARCHIVE={spec} is for something else.")
            return Answering(cast(Engine, own), self)

        return Pair(encoder, cast(Archive, await self._once(f"Archive {encoder.name}", make)))

    async def bound(self, workspace: str) -> str | None:
        """Name of the encoder whose collection answers the workspace; None where there is no collection."""
        asked, found = self._bound.get(workspace, (0.0, None))
        if not asked or time.monotonic() - asked > FRESH:
            found = await self._wiring.bound_encoder(workspace)
            self._bound[workspace] = (time.monotonic(), found)
        return found

    async def collection(self, workspace: str, own: Engine) -> Engine:
        """The workspace's current one, `own` where that is it, or where there is none."""
        bound = await self.bound(workspace)
        if bound in (None, own.encoder):
            return own
        dim = (await own.encoders(workspace)).get(bound or "")
        return own if dim is None else await self.opened(bound or "", dim)

    async def spaces(self, workspace: str) -> list[Collected]:
        """The workspace's collections, whatever encoder made them."""
        pair = await self.of(workspace)
        return await cast(Engine, pair.archive).spaces(workspace)

    async def opened(self, encoder: str, dim: int) -> Engine:
        """The collections of an encoder, which itself is not needed for that."""

        async def make() -> Engine:
            spec = self._wiring.settings.archive
            return cast(Engine, await self._wiring.backend(spec, encoder=encoder, dim=str(dim)))

        return cast(Engine, await self._once(f"Collection {encoder}", make))

    async def lent(self, workspace: str) -> str:
        """Name of the encoder that is lent with the workspace's archive."""
        return (await self.of(workspace)).encoder.name

    def ask_again(self, workspace: str) -> None:
        """Which encoder it was made with may have changed."""
        self._bound.pop(workspace, None)

    async def set_up(self, spec: str = "") -> Encoder:
        """The encoder that the setting names, or `spec`."""
        return await self._opened(spec or self._wiring.settings.encoder)

    async def _encoder(self, bound: str | None) -> Encoder:
        spec = self._wiring.settings.encoder
        scheme, _, rest = spec.partition(":")
        if scheme == "auto":
            return await self._opened(f"auto_encoder:{rest}", bound_encoder=bound or "")
        if bound is not None:
            kept = self._wiring.imported("auto_encoder").spec_of(bound, self._wiring.settings.home)
            if kept not in (None, spec):
                return await self._opened(kept)
        return await self.set_up()

    async def _opened(self, spec: str, **options: str) -> Encoder:
        async def make() -> Encoder:
            made = await self._wiring.backend(spec, **options)
            if not isinstance(made, Encoder):
                raise AskAgain(f"SPYGLASS_ENCODER={self._wiring.settings.encoder} is for something else.")
            return made

        return cast(Encoder, await self._once(" ".join(["Encoder", spec, *options.values()]), make))
