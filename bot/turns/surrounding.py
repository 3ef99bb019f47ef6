"""What the agent is lent for a turn: who plans, the tools with their ports, the gate, and images fetched again."""

from __future__ import annotations

import asyncio
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bot import models
from bot.directory import HERE
from bot.once import BuiltOnce
from bot.settings import Settings
from tools.kit import (
    Archive,
    BlobStore,
    CannotDo,
    Decoder,
    Directory,
    Gate,
    Image,
    ImageRef,
    Item,
    Opened,
    Scope,
    TextEncoder,
    discover,
)
from tools.kit.archive.place import Place
from tools.kit.originals import pages_of

if TYPE_CHECKING:
    from graphs.planning import Planner
    from graphs.state import Surroundings
    from tools.kit.models import ChatModel

T = TypeVar("T")


class Surrounding(BuiltOnce, ABC):
    """Part of `bot.wiring.Wiring`."""

    settings: Settings

    @abstractmethod
    async def lend(self, port: type[T]) -> T: ...

    @abstractmethod
    def lend_within(
        self, scope: Scope, *, local_only: bool = False, directory: Directory = HERE, place: Place | None = None
    ) -> Callable[[type], Any]: ...

    @abstractmethod
    async def model_that_plans(self) -> ChatModel: ...

    async def planner(self, *, local_only: bool = False) -> Planner:
        """Who plans: rules of our own, or a model behind a provider. `local_only`: nobody elsewhere."""
        if local_only and not models.plans_here(self.settings):
            return await self._local_planner()
        return cast("Planner", await self._once("planner", self._planner))

    async def _planner(self) -> Any:
        if self.settings.model == "local":
            return await self._local_planner()
        from graphs.planning import ModelPlanner

        return ModelPlanner(await self.model_that_plans(), otherwise=await self._local_planner())

    async def prepare(self) -> None:
        """What the first turn would wait for, and everybody with it: code is imported and patterns are compiled, for
        seconds, beside the event loop."""
        await self._once("prepared", partial(asyncio.to_thread, _prepared))

    async def _local_planner(self) -> Planner:
        from graphs.local_planner import LocalPlanner
        from graphs.planning import LocalPlanning

        async def make() -> Planner:
            return LocalPlanning(LocalPlanner(meaning=await self.lend(TextEncoder)))

        return cast("Planner", await self._once("local planner", make))

    async def surroundings(
        self,
        scope: Scope,
        *,
        local_only: bool = False,
        directory: Directory = HERE,
        place: Place | None = None,
        **more: Any,
    ) -> Surroundings:
        """Everything a turn is lent. `local_only`: nothing leaves the machine."""
        await self.prepare()
        from graphs.state import Surroundings

        return Surroundings(
            planner=await self.planner(local_only=local_only),
            tools=discover(),
            lend=self.lend_within(scope, local_only=local_only, directory=directory, place=place),
            fetch=self.fetcher(scope),
            gate=await self.lend(Gate),
            tool_seconds=self.settings.tool_seconds,
            thread_messages=self.settings.thread_messages,
            **more,
        )

    def fetcher(self, scope: Scope) -> Callable[[ImageRef], Any]:
        """Fetches an image of the workspace again: as it was drawn before, or from its original. What a search found
        is fetched only as long as it is in the archive and the scope may see it."""

        async def fetch(ref: ImageRef) -> Image:
            item = await self._hit(ref, scope) if ref.hit else None
            pages = await self._pages(ref, scope, item)
            for page in pages:
                if page.page == ref.page:
                    return Image(ref, page.path)
            raise CannotDo(
                f"{ref.handle} is page {ref.page} of {ref.name}, of which only {len(pages)} are opened now: "
                "raise SPYGLASS_MAX_PAGES."
            )

        return fetch

    async def _hit(self, ref: ImageRef, scope: Scope) -> Item:
        """Raises: CannotDo when it is not there for this scope."""
        try:
            found = await (await self.lend(Archive)).get(scope, [ref.hit])
        except ValueError:  # it is no id
            found = []
        if not found or found[0].sha256 != ref.sha256:
            raise CannotDo(f"{ref.handle} is no longer in the archive, or may not be shown here: search again.")
        return found[0]

    async def _pages(self, ref: ImageRef, scope: Scope, item: Item | None) -> list[Opened]:
        kept: Any = {"decoder": await self.lend(Decoder), "blobs": await self.lend(BlobStore)}
        if item and not item.kept:
            return await self._pages_of_file(item, scope)
        try:
            return await pages_of(ref.sha256, name=ref.name, workspace=scope.workspace, **kept)
        except KeyError:
            raise CannotDo(f"The original of {ref.handle} is no longer kept: post it again.") from None

    async def _pages_of_file(self, item: Item, scope: Scope) -> list[Opened]:
        """Of a file that was indexed where it lies. Raises: CannotDo when it is gone or has changed."""
        try:
            original = await asyncio.to_thread(Path(item.path).read_bytes)
        except OSError as error:
            raise CannotDo(f"{item.name} cannot be read any more: {error.strerror}.") from None
        if hashlib.sha256(original).hexdigest() != item.sha256:
            raise CannotDo(f"{item.name} has changed since it was indexed: index it again.")
        return await (await self.lend(Decoder)).open(original, name=item.name, workspace=scope.workspace)


def _prepared() -> None:
    from graphs.local_planner.rehearsal import rehearse

    rehearse()
    discover()
