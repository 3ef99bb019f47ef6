"""Settings -> ports -> toolbox -> graph.

A setting such as ``clip:openai/clip-vit-base-patch32`` resolves to ``tools.backends.clip.build("openai/...", parts)``,
so that a backend is one new file.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bot import backends, models
from bot.archive.pairs import Pair, Pairs
from bot.directory import HERE, OWNER
from bot.endings import ended_like_ctrl_c
from bot.settings import Settings, worker_environment
from bot.storage.stores import Server, Stores
from bot.tracing import traced
from bot.turns.surrounding import Surrounding
from tools.kit import (
    Archive,
    AskAgain,
    CannotDo,
    Directory,
    Easel,
    Encoder,
    Gate,
    Scope,
    VisionModel,
    Workers,
)
from tools.kit.archive.place import Place
from tools.kit.models import AnswerStore, ChatModel, Ledger
from tools.kit.parts import Parts

if TYPE_CHECKING:
    from bot.alt_texts.batching import Batching
    from bot.indexing.progress import Progress
    from bot.indexing.walking import Problem

T = TypeVar("T")

FIXED: dict[str, str] = {
    "TextEncoder": "minilm",
    "Decoder": "decoder",
    "Diagrams": "opencv_diagrams",
    "Differ": "opencv_differ",
    "Glancer": "glancer",
    "Previews": "previews",
}
"""Ports with one backend each: no setting until there is a second."""

CHOSEN: dict[str, str] = {
    "Ocr": "ocr",
    "Extractor": "extractor",
    "BlobStore": "blobs",
}
"""Ports whose backend a setting names."""


class Wiring(Surrounding, Stores):
    """Builds each port once, when somebody first asks for it, and closes them all together."""

    def __init__(
        self,
        settings: Settings,
        *,
        say: Callable[[str], None] = lambda sentence: None,
        workspace: str = OWNER.workspace,
        keep_encoder: bool = True,
    ) -> None:
        """`keep_encoder`: an archive keeps the encoder it was made with, whatever `auto` would choose today."""
        super().__init__()
        self.settings = settings
        self.workspace = workspace
        """Whose archive says which encoder is kept."""
        self._keep_encoder = keep_encoder
        self.say = say
        self.pairs = Pairs(self, self._once)

    async def __aenter__(self) -> Wiring:
        try:
            self.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise AskAgain(
                f"The folder {self.settings.home} cannot be used ({error.strerror}): set SPYGLASS_HOME to one that can."
            ) from None
        self._closing.enter_context(ended_like_ctrl_c())
        await self._closing.enter_async_context(traced(self.settings, self.say))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    # --- ports ----------------------------------------------------------------------------------

    async def lend(self, port: type[T]) -> T:
        """The port of that type.

        Raises: CannotDo when nothing is configured for it; AskAgain when its setting is wrong.
        """
        if port in (Encoder, Archive):
            pair = await self.pair(self.workspace)
            return cast(T, pair.encoder if port is Encoder else pair.archive)
        return cast(T, await self._once(port.__name__, lambda: self._build(port)))

    async def pair(self, workspace: str) -> Pair:
        """Encoder and archive of a workspace, as they belong together now: whoever needs both asks once for both.

        Raises: as `lend`.
        """
        return await self.pairs.of(workspace, keep_encoder=self._keep_encoder)

    def lend_within(
        self, scope: Scope, *, local_only: bool = False, directory: Directory = HERE, place: Place | None = None
    ) -> Callable[[type], Any]:
        """What a tool may be lent in a turn of that scope. `local_only`: nothing that sends images elsewhere."""
        of_turn: dict[type, Any] = {Scope: scope, Directory: directory, Place: place}
        choosing = asyncio.Lock()

        async def lend(port: type) -> Any:
            if port in (Encoder, Archive):
                async with choosing:  # a turn keeps the pair it began with
                    if port not in of_turn:
                        of_turn[Encoder], of_turn[Archive] = await self.pair(scope.workspace)
            if port in of_turn:
                return of_turn[port]
            if port is VisionModel and local_only and not models.looks_here(self.settings):
                return await self.backend("no_vision:local_only")
            if port is Easel:  # what is drawn for one workspace is kept apart from what is drawn for another
                return await self._once(
                    f"Easel {scope.workspace}", lambda: self.backend("folder_easel", workspace=scope.workspace)
                )
            return await self.lend(port)

        return lend

    async def _build(self, port: type) -> Any:
        if port is Workers:
            return self.imported("workers").PebbleWorkers(environment=worker_environment())
        if port is Gate:
            return await asyncio.to_thread(_open_gate, self.settings)
        if port is Ledger:
            return await self.ledger()
        if port is AnswerStore:
            return await self.answers_kept()
        if port is VisionModel:
            return await self._vision()
        if port.__name__ in FIXED:
            return await self.backend(FIXED[port.__name__])
        if port.__name__ not in CHOSEN:
            raise CannotDo(f"Nothing is configured for {port.__name__}.")
        setting = CHOSEN[port.__name__]
        made = await self.backend(getattr(self.settings, setting))
        self._require(made, port, setting)
        return made

    def _require(self, made: Any, port: type, setting: str) -> None:
        """Raises: AskAgain when what the setting names is something else than the port."""
        if not _fits(made, port):
            raise AskAgain(f"SPYGLASS_{setting.upper()}={getattr(self.settings, setting)} is for something else.")

    async def bound_encoder(self, workspace: str | None = None) -> str | None:
        """Name of the encoder the archive of a workspace (ours, unless told) was made with, without opening it."""
        scheme, _, rest = self.settings.archive.partition(":")
        archive = backends.backend(scheme)
        if not hasattr(archive, "bound_encoder"):
            raise AskAgain(f"{scheme!r} is no archive: check SPYGLASS_ARCHIVE.")
        found: str | None = await archive.bound_encoder(rest, await self.parts(), workspace or self.workspace)
        return found

    async def backend(self, spec: str, **options: str) -> Any:
        """Build ``scheme:rest`` from tools/backends/<scheme>.py.

        Raises: AskAgain when there is no such backend.
        """
        scheme, _, rest = spec.partition(":")
        made = backends.backend(scheme).build(rest, await self.parts(**options))
        return await made if inspect.isawaitable(made) else made

    imported = staticmethod(backends.package)

    async def parts(self, **options: str) -> Parts:
        return Parts(
            home=self.settings.home,
            workers=await self.lend(Workers),
            say=self.say,
            options={**self.settings.options(), **options},
        )

    async def index(
        self, named: Sequence[str | Path], *, scope: Scope = OWNER, **more: Any
    ) -> AsyncIterator[Progress | Problem]:
        """Bring an archive up to date with folders, exports and buckets; see `bot.indexing.wired.indexed`."""
        from bot.indexing.wired import indexed

        async for event in indexed(self, named, scope, **more):
            yield event

    async def embedded_database(self) -> Server:
        return cast(Server, await self._once("database", lambda: self.backend("postgres")))

    # --- models ---------------------------------------------------------------------------------

    async def model_that_plans(self) -> ChatModel:
        """With those that stand in for it.

        Raises: AskAgain when one is set up wrongly.
        """
        return await models.planning(self)

    async def chat_model(self, spec: str) -> ChatModel:
        """A model behind a provider, with our ledger.

        Raises: AskAgain when model or key is missing.
        """

        async def make() -> Any:
            scheme, _, rest = spec.partition(":")
            parts = replace(await self.parts(), ledger=await self.ledger())
            return await asyncio.to_thread(backends.backend(scheme).build, rest, parts)

        return cast(ChatModel, await self._once(f"model {spec}", make))

    async def _vision(self) -> Any:
        made = await models.seeing(self)
        self._require(made, VisionModel, "vision")
        return made

    async def batching(self) -> Batching | None:
        """What bulk work asks a provider's batch interface by; None where it goes by single calls."""
        from bot.alt_texts.batching import batching

        return cast("Batching | None", await self._once("batching", lambda: batching(self)))


def _fits(made: Any, port: type) -> bool:
    """Whether it has the methods of the port. (Its properties are not asked: some load a model.)"""
    methods = [name for name, value in vars(port).items() if inspect.isfunction(value) and not name.startswith("_")]
    return all(hasattr(type(made), name) for name in methods)


def _open_gate(settings: Settings) -> Gate:
    from graphs.constraints import open_gate

    gate: Gate = open_gate(settings.rules)
    return gate


__all__ = ["OWNER", "Wiring"]
