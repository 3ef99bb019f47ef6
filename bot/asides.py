"""Searches of an answer made once more for the asker alone, over what not everybody there may see.

Nothing of it is remembered: no thread, no trace with contents, no picture on disk.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.tracing import kept_here
from bot.wiring import Wiring
from graphs.constraints.kit.gate import BLACKED
from tools.kit import Archive, Directory, Embeddings, Evidence, ImageRef, Item, Scope, Spoken, Tool, discover
from tools.kit.archive import Space
from tools.kit.toolbox import TurnToolbox

log = logging.getLogger(__name__)

MOST_WITHOUT = 500


@dataclass(frozen=True)
class Beside:
    """An archive searched within one scope, in which hits of a wider one can be named: as what to look like, and as
    what was shown already."""

    archive: Archive
    wider: Scope

    async def get(self, scope: Scope, ids: Sequence[str]) -> list[Item]:
        return await self.archive.get(self.wider, ids)

    async def vector(self, scope: Scope, key: str, by: Space = "image") -> Embeddings | None:
        return await self.archive.vector(self.wider, key, by)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.archive, name)


async def searched_again(
    wiring: Wiring,
    calls: Sequence[Mapping[str, Any]],
    images: Sequence[ImageRef],
    *,
    alone: Scope,
    wider: Scope,
    directory: Directory,
) -> list[Evidence]:
    """What these tool calls (`name`, `arguments`, `evidence`, as an `Answer` has them) find within `alone`, of those
    that find anything. wider: `alone`, and what was shown to everybody."""
    tools = discover()
    searching = {name: tool for name, tool in tools.items() if Archive in tool.lent.values()}
    lend = wiring.lend_within(alone, local_only=True, directory=directory)

    async def lent(port: type) -> Any:
        found = await lend(port)
        return Beside(found, wider) if port is Archive else found

    toolbox = TurnToolbox(tools, lent, images, fetch=wiring.fetcher(wider), deadline=wiring.settings.tool_seconds)
    found: list[Evidence] = []
    for call in calls:
        tool = searching.get(str(call["name"]))
        if tool is None or BLACKED in str(call["arguments"]):
            continue
        try:
            with kept_here():
                evidence = await toolbox.use(tool.name, _without_shown(tool, call))
        except Spoken:  # what is wrong with it was told to everybody, or is only so for what they alone may see
            continue
        if evidence.facts.get("hits"):
            found.append(evidence)
    return found


def _without_shown(tool: Tool, call: Mapping[str, Any]) -> dict[str, Any]:
    """Its arguments, and that what it found is known already."""
    arguments = dict(call["arguments"])
    hits = ((call.get("evidence") or {}).get("facts") or {}).get("hits") or ()
    shown = [str(hit["id"]) for hit in hits if hit.get("id")]
    if shown and "without" in tool.parameters.model_fields:
        arguments["without"] = [*(arguments.get("without") or ()), *shown][:MOST_WITHOUT]
    return arguments
