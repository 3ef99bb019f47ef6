"""Which encoder and which archive answer a workspace now: always the two that belong together."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from bot.archive.engines import Engine
from tools.kit import (
    Archive,
    AskAgain,
    CannotDo,
    Counted,
    Embeddings,
    Encoder,
    Filters,
    Hit,
    Item,
    Scope,
    Space,
    Tallied,
)
from tools.kit.archive import Collected

if TYPE_CHECKING:
    from bot.wiring import Wiring

T = TypeVar("T")

FRESH = 2.0
"""Seconds for which it is remembered which encoder a workspace's collection was made with."""


class Pair(NamedTuple):
    encoder: Encoder
    archive: Archive
    """Its collections: a workspace that is searched with another encoder by now is refused, never mixed up."""


class Pairs:
    """Of a process. A workspace keeps the encoder its collection was made with until it was brought to another one."""

    def __init__(self, wiring: Wiring, once: Callable[[str, Callable[[], Any]], Awaitable[Any]]) -> None:
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
        for space in await own.spaces(workspace):
            if space.encoder == bound:
                return await self.opened(space)
        return own

    async def spaces(self, workspace: str) -> list[Collected]:
        """The workspace's collections, whatever encoder made them."""
        pair = await self.of(workspace)
        return await cast(Engine, pair.archive).spaces(workspace)

    async def opened(self, space: Collected) -> Engine:
        """The collections of that encoder, to which no encoder is needed."""

        async def make() -> Engine:
            spec = self._wiring.settings.archive
            return cast(Engine, await self._wiring.backend(spec, encoder=space.encoder, dim=str(space.dim)))

        return cast(Engine, await self._once(f"Collection {space.encoder}", make))

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


class Answering:
    """`Archive`, with everything `Upkeep` has: the collections of one encoder.

    What needs no vector of a picture is answered by whatever collection the workspace has now; what is removed goes
    from all of them, so that one which is being filled does not bring it back.
    """

    def __init__(self, own: Engine, pairs: Pairs) -> None:
        self._own = own
        self._pairs = pairs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    @property
    def encoder(self) -> str:
        return self._own.encoder

    async def put(
        self, scope: Scope, items: Sequence[Item], vectors: Embeddings, texts: Embeddings | None = None
    ) -> None:
        await self._asked(scope, self._own.put(scope, items, vectors, texts))

    async def search(
        self,
        scope: Scope,
        vector: Embeddings,
        *,
        by: Space = "image",
        filters: Filters | None = None,
        limit: int = 10,
        vectors: bool = False,
    ) -> list[Hit]:
        found = self._own if by == "image" else await self._now(scope)
        asked = found.search(scope, vector, by=by, filters=filters, limit=limit, vectors=vectors)
        return await self._asked(scope, asked)

    async def vector(self, scope: Scope, key: str, by: Space = "image") -> Embeddings | None:
        found = self._own if by == "image" else await self._now(scope)
        return await self._asked(scope, found.vector(scope, key, by))

    async def revise(self, scope: Scope, items: Sequence[Item], texts: Embeddings | None = None) -> None:
        await (await self._now(scope)).revise(scope, items, texts)

    async def match(self, scope: Scope, words: str, *, filters: Filters | None = None, limit: int = 10) -> list[Hit]:
        return await (await self._now(scope)).match(scope, words, filters=filters, limit=limit)

    async def recent(
        self, scope: Scope, *, filters: Filters | None = None, limit: int = 10, oldest: bool = False
    ) -> list[Item]:
        return await (await self._now(scope)).recent(scope, filters=filters, limit=limit, oldest=oldest)

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        return await (await self._now(scope)).get(scope, ids)

    async def remove(self, scope: Scope, ids: Sequence[str]) -> int:
        now = await self._now(scope)
        seen = [item.id for item in await now.get(scope, ids)]
        for other in await self._others(scope.workspace, now):
            await other.forget(scope.workspace, seen)
        return await now.remove(scope, ids)

    async def count(self, scope: Scope, filters: Filters | None = None) -> int:
        return await (await self._now(scope)).count(scope, filters)

    async def scan(self, scope: Scope, filters: Filters | None = None) -> AsyncIterator[Item]:
        async for item in (await self._now(scope)).scan(scope, filters):
            yield item

    async def tally(
        self, scope: Scope, what: Tallied, *, filters: Filters | None = None, limit: int = 200
    ) -> list[Counted]:
        return await (await self._now(scope)).tally(scope, what, filters=filters, limit=limit)

    async def audiences(self, workspace: str) -> list[str]:
        return await (await self._pairs.collection(workspace, self._own)).audiences(workspace)

    async def restart(self, workspace: str) -> None:
        await self._own.restart(workspace)
        self._pairs.ask_again(workspace)

    async def close(self) -> None:
        await self._own.close()

    async def _now(self, scope: Scope) -> Engine:
        """The collection that answers the workspace."""
        return await self._pairs.collection(scope.workspace, self._own) if scope.workspace else self._own

    async def _others(self, workspace: str, now: Engine) -> list[Engine]:
        """Collections that do not answer it: one is being filled, or about to be dropped."""
        spaces = await now.spaces(workspace)
        return [await self._pairs.opened(space) for space in spaces if space.encoder != now.encoder]

    async def _asked(self, scope: Scope, answer: Coroutine[Any, Any, T]) -> T:
        """Raises: CannotDo with a sentence about what changed, where another encoder answers the workspace."""
        try:
            return await answer
        except CannotDo:
            self._pairs.ask_again(scope.workspace)
            bound = await self._pairs.bound(scope.workspace)
            if bound in (None, self.encoder):
                raise
            if (await self._pairs.of(scope.workspace)).encoder.name == bound:
                raise CannotDo("The archive's images have just been encoded anew: ask again.") from None
            raise CannotDo(
                f"The archive's images are encoded by {bound}, which is not here. They can be searched again once "
                f"{self.encoder} has encoded them: spyglass serve sees to it, or spyglass archive reencode."
            ) from None
