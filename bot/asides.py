"""Searches of an answer made once more for the asker alone, over what not everybody there may see.

Nothing of it is remembered: no thread, no trace with contents, no picture on disk. What is found is told where nothing
was found for everybody, or where it is no worse (see `worth`): a weak match beside a good one is noise.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.tracing import kept_here
from bot.wiring import Wiring
from graphs.constraints.kit.gate import BLACKED
from graphs.memory import FINDING
from tools.kit import Archive, Directory, Embeddings, Evidence, ImageRef, Item, Scope, Spoken, Tool, discover
from tools.kit.archive import Space
from tools.kit.toolbox import TurnToolbox

log = logging.getLogger(__name__)

MOST_WITHOUT = 500
AS_GOOD = {"picture": 0.5, "meaning": 0.9, "words": 1.0}
"""Share of the best hit that was shown which another hit has to reach, by what it is a hit for."""

Facts = Mapping[str, Any]


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
    that find anything. Counts are nothing that is told to somebody alone. wider: `alone`, and what was shown to
    everybody."""
    tools = discover()
    searching = {name: tools[name] for name in FINDING if name in tools}
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
        if hits := worth(evidence.facts, _facts(call)):
            found.append(evidence.model_copy(update={"facts": _only(hits, evidence.facts)}))
    return found


def worth(found: Facts, shown: Facts) -> list[dict[str, Any]]:
    """The hits of a search that are worth telling beside what was shown of the same search elsewhere.

    None that is no hit, such as the nearest miss. Of hits all where nothing was shown; those that hold all that was
    asked for, word by word; those that were not found by likeness, such as what passes filters and copies of an image;
    and those that for one of the reasons that the shown ones have are no worse than the best of them: at least AS_GOOD
    of it, where looks count from the cutoff on.
    """
    best: dict[str, float] = {}
    for hit in _hits(shown):
        for kind, strength in _strengths(hit, shown):
            best[kind] = max(best.get(kind, 0.0), strength)
    if found.get("nearest_miss"):
        return []
    return [
        hit
        for hit in _hits(found)
        if not best
        or not (strengths := list(_strengths(hit, found)))
        or any(reason.get("exact") for reason in hit["reasons"])
        or any(kind in best and strength >= AS_GOOD[kind] * best[kind] for kind, strength in strengths)
    ]


def _strengths(hit: Mapping[str, Any], facts: Facts) -> Iterator[tuple[str, float]]:
    """How strong each reason is for which it is a hit: looks as far as they are above the cutoff, words by their
    number."""
    for reason in hit.get("reasons") or ():
        if reason["kind"] == "picture":
            yield "picture", reason["score"] - float(facts.get("cutoff") or 0.0)
        elif reason["kind"] == "meaning":
            yield "meaning", reason["score"]
        else:
            yield "words", len(reason.get("words") or ())


def _only(hits: Sequence[Mapping[str, Any]], facts: Facts) -> dict[str, Any]:
    """The facts of a search with these hits alone. Where some are left out, so are all that would come after them."""
    left = {} if len(hits) == len(_hits(facts)) else {"more": 0}
    return {**facts, **left, "hits": list(hits)}


def _without_shown(tool: Tool, call: Mapping[str, Any]) -> dict[str, Any]:
    """Its arguments, and that what it found is known already."""
    arguments = dict(call["arguments"])
    shown = [str(hit["id"]) for hit in _hits(_facts(call)) if hit.get("id")]
    if shown and "without" in tool.parameters.model_fields:
        arguments["without"] = [*(arguments.get("without") or ()), *shown][:MOST_WITHOUT]
    return arguments


def _facts(call: Mapping[str, Any]) -> Facts:
    """What everybody was shown by it."""
    facts: Facts = (call.get("evidence") or {}).get("facts") or {}
    return facts


def _hits(facts: Facts) -> list[dict[str, Any]]:
    return list(facts.get("hits") or ())
