"""What is answered at once: from what the thread knows of its files, or from what was found before."""

from __future__ import annotations

from graphs.local_planner.answering import files, recap, shapes
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.pointing import pages
from graphs.local_planner.pointing.references import Reference, focus, without
from graphs.local_planner.turn import Exchange, Turn
from tools.kit import Json


def said_at_once(text: str, turn: Turn, reference: Reference) -> str:
    """The answer, or empty when tools are needed."""
    return recap.told(text, turn) or _of_files(text, turn, reference) or _in_shape(text, turn, reference)


def in_short(text: str, turn: Turn) -> tuple[tuple[str, dict[str, Json]], ...]:
    """The call for "shorter please" after a description; empty for anything else."""
    last = turn.last
    if (
        last is None
        or turn.now.posted
        or last.calls[-1].tool != "describe"
        or shapes.only_shape(plain(text)) != "short"
    ):
        return ()
    return tuple(("describe", {"image": handle, "parts": ["caption"]}) for handle in last.handles)


def _of_files(text: str, turn: Turn, reference: Reference) -> str:
    handles = reference.handles or focus(text, turn)
    return files.told(plain(text), [image for image in turn.images if image.handle in handles])


def _in_shape(text: str, turn: Turn, reference: Reference) -> str:
    """The latest findings again, as a table, as JSON or in short."""
    shape = shapes.only_shape(plain(without(text, reference)))
    if shape is None or turn.now.posted or turn.last is None:
        return ""
    if shape == "short" and turn.last.calls[-1].tool == "describe":
        return ""  # a description has a short form of its own: `in_short`
    calls = [call for exchange in _findings(turn) for call in exchange.calls]
    named = [call for call in calls if set(call.handles) & set(reference.handles)]
    return shapes.shaped(pages.one_paper(named if reference.said else calls, turn.images), shape)


def _findings(turn: Turn) -> list[Exchange]:
    """The latest exchange with tools; fields asked for one after the other are one finding."""
    found: list[Exchange] = []
    for exchange in reversed([exchange for exchange in turn.past if exchange.calls]):
        if found and any(call.tool != "extract" for call in (*exchange.calls, *found[0].calls)):
            break
        found.insert(0, exchange)
    return found
