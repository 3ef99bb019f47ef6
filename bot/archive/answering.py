"""A workspace's archive as others have it, whatever collection answers it now and while another one is being filled."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

from bot.archive.engines import Engine
from tools.kit import CannotDo, Counted, Embeddings, Filters, Hit, Item, Scope, Space, Tallied
from tools.kit.archive import Point

T = TypeVar("T")


class Which(Protocol):
    """Knows the collections of workspaces: `bot.archive.pairs.Pairs`."""

    async def bound(self, workspace: str) -> str | None: ...

    async def collection(self, workspace: str, own: Engine) -> Engine: ...

    async def opened(self, encoder: str, dim: int) -> Engine: ...

    async def lent(self, workspace: str) -> str: ...

    def ask_again(self, workspace: str) -> None: ...


class Answering:
    """`Archive`, with everything `Upkeep` has: the collections of one encoder.

    What needs no vector of a picture is answered by whatever collection the workspace has now. What is written goes
    there first, and then to the others: one may be being filled from it, and is right from then on. Whoever fills it
    looks into the first one again after each write, so that neither brings back what the other changed.
    """

    def __init__(self, own: Engine, pairs: Which) -> None:
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
        await self._forgotten(scope.workspace, [item.id for item in items], self._own)

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
        asked: Any = {"filters": filters, "limit": limit, "vectors": vectors}
        if by == "image":
            return await self._asked(scope, self._own.search(scope, vector, by=by, **asked))
        return await self._now(scope, lambda now: now.search(scope, vector, by=by, **asked))

    async def vector(self, scope: Scope, key: str, by: Space = "image") -> Embeddings | None:
        if by == "image":
            return await self._asked(scope, self._own.vector(scope, key, by))
        return await self._now(scope, lambda now: now.vector(scope, key, by))

    async def revise(self, scope: Scope, items: Sequence[Item], texts: Embeddings | None = None) -> None:
        async def revised(now: Engine) -> Engine:
            await now.revise(scope, items, texts)
            return now

        now = await self._now(scope, revised)
        for other in await self._others(scope.workspace, now) if items else []:
            await other.amend(scope.workspace, items, texts)

    async def match(self, scope: Scope, words: str, *, filters: Filters | None = None, limit: int = 10) -> list[Hit]:
        return await self._now(scope, lambda now: now.match(scope, words, filters=filters, limit=limit))

    async def recent(
        self, scope: Scope, *, filters: Filters | None = None, limit: int = 10, oldest: bool = False
    ) -> list[Item]:
        return await self._now(scope, lambda now: now.recent(scope, filters=filters, limit=limit, oldest=oldest))

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        return await self._now(scope, lambda now: now.get(scope, ids))

    async def remove(self, scope: Scope, ids: Sequence[str]) -> int:
        async def removed(now: Engine) -> tuple[Engine, int]:
            return now, await now.remove(scope, ids)

        now, number = await self._now(scope, removed)
        for other in await self._others(scope.workspace, now):
            held = await other.held(scope.workspace, ids)
            seen = [point.item.id for point in held if point.item.audience in scope.audiences]
            await other.forget(scope.workspace, seen)
        return number

    async def count(self, scope: Scope, filters: Filters | None = None) -> int:
        return await self._now(scope, lambda now: now.count(scope, filters))

    async def scan(self, scope: Scope, filters: Filters | None = None) -> AsyncIterator[Item]:
        async for item in (await self._current(scope)).scan(scope, filters):
            yield item

    async def tally(
        self, scope: Scope, what: Tallied, *, filters: Filters | None = None, limit: int = 200
    ) -> list[Counted]:
        return await self._now(scope, lambda now: now.tally(scope, what, filters=filters, limit=limit))

    async def keep(self, workspace: str, points: Sequence[Point]) -> None:
        """Raises: CannotDo when another encoder answers by now: what was dropped is not made again."""
        self._pairs.ask_again(workspace)
        await self._check_answers(workspace)
        await self._own.keep(workspace, points)
        await self._forgotten(workspace, [point.item.id for point in points], self._own)

    async def forget(self, workspace: str, ids: Sequence[str]) -> int:
        number = await self._own.forget(workspace, ids)
        await self._forgotten(workspace, ids, self._own)
        return number

    async def audiences(self, workspace: str) -> list[str]:
        return await (await self._pairs.collection(workspace, self._own)).audiences(workspace)

    async def restart(self, workspace: str) -> None:
        await self._own.restart(workspace)
        self._pairs.ask_again(workspace)

    async def close(self) -> None:
        await self._own.close()

    async def _current(self, scope: Scope) -> Engine:
        """The collection that answers the workspace."""
        return await self._pairs.collection(scope.workspace, self._own) if scope.workspace else self._own

    async def _now(self, scope: Scope, call: Callable[[Engine], Awaitable[T]]) -> T:
        """Asked once more of another collection, where that one has just taken over."""
        now = await self._current(scope)
        try:
            return await call(now)
        except CannotDo:
            self._pairs.ask_again(scope.workspace)
            current = await self._current(scope)
            if current.encoder == now.encoder:
                raise
            return await call(current)

    async def _forgotten(self, workspace: str, ids: Sequence[str], now: Engine) -> None:
        """By the other collections: whoever fills one takes these from `now` again, if they are there."""
        for other in await self._others(workspace, now) if ids else []:
            await other.forget(workspace, ids)

    async def _others(self, workspace: str, now: Engine) -> list[Engine]:
        """Collections that do not answer it: one is being filled, or about to be dropped."""
        found = await now.encoders(workspace)
        return [await self._pairs.opened(encoder, dim) for encoder, dim in found.items() if encoder != now.encoder]

    async def _asked(self, scope: Scope, answer: Coroutine[Any, Any, T]) -> T:
        """Raises: CannotDo with a sentence about what changed, where another encoder answers the workspace."""
        try:
            return await answer
        except CannotDo:
            self._pairs.ask_again(scope.workspace)
            await self._check_answers(scope.workspace)
            raise

    async def _check_answers(self, workspace: str) -> None:
        bound = await self._pairs.bound(workspace)
        if bound in (None, self.encoder):
            return
        if await self._pairs.lent(workspace) == bound:
            raise CannotDo("The archive's images have just been encoded anew: ask again.") from None
        raise CannotDo(
            f"The archive's images are encoded by {bound}, which is not here. They can be searched again once "
            f"{self.encoder} has encoded them: spyglass serve sees to it, or spyglass archive reencode."
        ) from None
