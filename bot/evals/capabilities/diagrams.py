"""Diagrams: components, connections with their direction, and what depends on what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from bot.evals.capabilities.case import Case, Judge, Said, says
from bot.evals.capabilities.drawing import arrow, sheet, words
from tools.kit.seeing.agreeing import letters

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

Places = dict[str, tuple[int, int]]
Edges = tuple[tuple[str, str], ...]

SHOP: Places = {"Web": (150, 150), "API": (450, 150), "DB": (750, 150), "Mail": (450, 450)}
SHOP_EDGES: Edges = (("Web", "API"), ("API", "DB"), ("API", "Mail"))
PIPE: Places = {"Read": (150, 300), "Clean": (450, 300), "Store": (750, 300)}
PIPE_EDGES: Edges = (("Read", "Clean"), ("Clean", "Store"))
TWIN: Places = {"Proxy": (130, 300), "App 1": (450, 140), "App 2": (450, 460), "Disk": (770, 300)}
TWIN_EDGES: Edges = (("Proxy", "App 1"), ("Proxy", "App 2"), ("App 1", "Disk"), ("App 2", "Disk"))
HALF = (95, 50)


def cases() -> Iterator[Case]:
    shop, pipe, twin = (
        partial(drawn, places, edges) for places, edges in ((SHOP, SHOP_EDGES), (PIPE, PIPE_EDGES), (TWIN, TWIN_EDGES))
    )
    yield Case("connections", "diagrams", shop, "List the connections of this diagram.", _connected(SHOP_EDGES))
    yield Case("pipeline", "diagrams", pipe, "What are the connections in this diagram?", _connected(PIPE_EDGES))
    yield Case("two ways", "diagrams", twin, "List the connections of this diagram.", _connected(TWIN_EDGES))
    yield Case("components", "diagrams", twin, "Which components does this diagram have?", says(*TWIN))
    yield Case(
        "single point of failure", "diagrams", shop, "What is the single point of failure in this diagram?", says("API")
    )
    yield Case("last step", "diagrams", pipe, "What is the last step in this flow chart?", says("Store"))
    yield Case("before", "diagrams", shop, "Which component leads to Mail in this diagram?", says("API"))


def _connected(edges: Edges) -> Judge:
    wanted = {(letters(start), letters(end)) for start, end in edges}

    def judge(said: Said) -> str | None:
        given = {(letters(str(each["start"])), letters(str(each["end"]))) for each in said.entries("connections")}
        if not given:
            missing = [
                f"{start} -> {end}" for start, end in edges if not (says(start)(said) is says(end)(said) is None)
            ]
            return f"it does not name {', '.join(missing)}" if missing else None
        if missing_edges := wanted - given:
            return f"it misses {_named(missing_edges)}"
        return f"it invents {_named(given - wanted)}" if given - wanted else None

    return judge


def _named(edges: set[tuple[str, str]]) -> str:
    return ", ".join(f"{start} -> {end}" for start, end in sorted(edges))


def drawn(places: Places, edges: Edges) -> PillowImage:
    picture, brush = sheet((900, 600), "white")
    for start, end in edges:
        arrow(brush, *_between(places[start], places[end]))
    for name, (x, y) in places.items():
        brush.rounded_rectangle(
            (x - HALF[0], y - HALF[1], x + HALF[0], y + HALF[1]), 12, fill=(232, 240, 250), outline="black", width=4
        )
        words(brush, (x, y), name, 40, "black", "mm")
    return picture


def _between(start: tuple[int, int], end: tuple[int, int]) -> tuple[tuple[float, float], tuple[float, float]]:
    """From edge to edge of two boxes."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    reach = min(HALF[0] / abs(dx) if dx else 9.0, HALF[1] / abs(dy) if dy else 9.0)
    return (start[0] + dx * reach, start[1] + dy * reach), (end[0] - dx * reach, end[1] - dy * reach)
