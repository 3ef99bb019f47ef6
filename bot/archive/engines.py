"""Archives by the setting that names their engine, for whoever keeps them: no encoder is loaded for that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol, cast

from bot.lending import Lender
from tools.kit import Archive, AskAgain, CannotDo
from tools.kit.archive import Collected, Upkeep

PLACES = "qdrant_edge, or qdrant_server:http://HOST:6333"


class Engine(Archive, Upkeep, Protocol):
    """What holds the collections of one encoder: searched within scopes, and kept as a whole."""


@asynccontextmanager
async def looked_into(wiring: Lender, spec: str) -> AsyncIterator[Upkeep]:
    """An archive of no encoder: which workspaces and collections are there, and nothing of what is in them.

    Raises: AskAgain when the setting names something else.
    """
    async with _built(wiring, spec, "", 0) as archive:
        yield archive


@asynccontextmanager
async def opened(wiring: Lender, spec: str, found: Collected) -> AsyncIterator[Engine]:
    """The collection that was found, to read and to write."""
    async with _built(wiring, spec, found.encoder, found.dim) as archive:
        yield archive


async def current(wiring: Lender, spec: str, workspace: str) -> Collected:
    """The collection that the workspace's searches are answered from.

    Raises: CannotDo when there is none.
    """
    [workspace] = await workspaces(wiring, spec, workspace)
    async with looked_into(wiring, spec) as archive:
        for found in await archive.spaces(workspace):
            if found.current:
                return found
    raise CannotDo(f"The archive of {workspace} ({spec}) is only begun: no collection answers searches yet.")


async def workspaces(wiring: Lender, spec: str, asked: str | None) -> list[str]:
    """The one that was asked for, or all. Raises: CannotDo when that one is not there."""
    async with looked_into(wiring, spec) as archive:
        there = await archive.workspaces()
    if asked is None:
        return there
    if asked not in there:
        others = f"it has {', '.join(there)}" if there else "nothing is in it yet"
        raise CannotDo(f"The archive ({spec}) has nothing of the workspace {asked}: {others}.")
    return [asked]


@asynccontextmanager
async def _built(wiring: Lender, spec: str, encoder: str, dim: int) -> AsyncIterator[Engine]:
    made = await wiring.backend(spec, encoder=encoder, dim=str(dim))
    if not isinstance(made, Archive) or not isinstance(made, Upkeep):
        raise AskAgain(f"{spec} is no archive: say {PLACES}.")
    try:
        yield cast(Engine, made)
    finally:
        await made.close()
