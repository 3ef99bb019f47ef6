"""The port for whoever keeps the archive itself, and answers nobody's question: moving, re-encoding, verifying.

It knows no scope, so nothing of it may reach a person, a model or another workspace.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from tools.kit.archive.item import Item
from tools.kit.types import Embeddings


@dataclass(frozen=True)
class Point:
    """An item with its dense vectors, as it goes from one collection to another."""

    item: Item
    image: Embeddings = field(compare=False)
    """(dim,) float32, L2-normalised; zeros where there is none."""
    text: Embeddings | None = field(default=None, compare=False)
    """(text_dim,) float32, L2-normalised; None where nothing is known in words."""


@dataclass(frozen=True)
class Collected:
    """One collection of a workspace: everything, by one encoder."""

    encoder: str
    dim: int
    points: int
    current: bool
    """It is what searches are answered from."""


@dataclass(frozen=True)
class Stats:
    """How much a collection holds, and how it is kept."""

    points: int
    encoder: str
    dim: int
    text_encoder: str
    text_dim: int
    size: int | None
    """Bytes on disk; None where the engine does not say."""
    quantisation: str
    """``none``, ``scalar`` or ``binary``, as it is now."""


@runtime_checkable
class Upkeep(Protocol):
    """Whole workspaces by name. Each object is about the collections of its own encoder, current or not, but for
    `encoders`, `spaces`, `drop` and `restart`. Every `workspace` raises ValueError when it is no plain name."""

    @property
    def encoder(self) -> str: ...

    async def workspaces(self) -> list[str]:
        """Those that have any collection, sorted."""
        ...

    async def audiences(self, workspace: str) -> list[str]:
        """Every audience that something is kept for, sorted."""
        ...

    def everything(self, workspace: str) -> AsyncIterator[Point]:
        """Every item with its vectors, in id order.

        Raises: CannotDo when the collection is dropped in the middle of it, where that can be told.
        """
        ...

    async def held(self, workspace: str, ids: Sequence[str]) -> list[Point]:
        """Those of these that are there, whoever may see them, in any order."""
        ...

    async def broken(self, workspace: str) -> list[str]:
        """Ids of points that hold no item that can be read, or one of another id. `everything` leaves them out."""
        ...

    async def keep(self, workspace: str, points: Sequence[Point]) -> None:
        """Insert or replace by id. Makes the collection where there is none; the workspace's first one is current.

        Raises: ValueError when the vectors do not fit the collection.
        """
        ...

    async def forget(self, workspace: str, ids: Sequence[str]) -> int:
        """Returns how many were there and are gone."""
        ...

    async def amend(self, workspace: str, items: Sequence[Item], texts: Embeddings | None = None) -> None:
        """As `Archive.revise`, whether searches are answered from this collection or not, or it is not there."""
        ...

    async def stats(self, workspace: str) -> Stats | None:
        """None when there is no collection."""
        ...

    async def encoders(self, workspace: str) -> dict[str, int]:
        """Those that made the workspace's collections, with the size of their vectors. It looks into none."""
        ...

    async def spaces(self, workspace: str) -> list[Collected]:
        """The workspace's collections, whatever encoder made them, sorted by encoder."""
        ...

    async def make_current(self, workspace: str) -> None:
        """From now on searches are answered from this encoder's collection: all at once, or not at all.

        Raises: CannotDo when there is no such collection.
        """
        ...

    async def drop(self, workspace: str, encoder: str) -> None:
        """Delete the collection that encoder made. One that is not there: nothing happens.

        Raises: CannotDo when it is the current one.
        """
        ...

    def quiet(self, workspace: str) -> AbstractAsyncContextManager[None]:
        """Nobody writes into the workspace meanwhile but who drops it: others hear a CannotDo, and those who are at it
        are waited for."""
        ...

    async def restart(self, workspace: str) -> None:
        """Delete every collection of the workspace, whatever encoder made it: the next put starts anew."""
        ...

    async def snapshot(self, workspace: str, path: Path) -> None:
        """Write the collection into one file, which appears when it is whole.

        Raises: CannotDo when there is no collection, or it cannot be written.
        """
        ...

    async def restore(self, workspace: str, path: Path) -> None:
        """Put what a snapshot of this engine holds in place of the collection.

        Raises: CannotDo when the file is no such snapshot, or another encoder made it; then the collection stays.
        """
        ...
