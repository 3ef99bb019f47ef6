"""What follows from the connections of a diagram alone: its flow, its loops, what everything must pass."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.kit.findings import Diagram
from tools.kit.toolbox import listed
from tools.kit.types import Json

if TYPE_CHECKING:
    from networkx import DiGraph

ASKED = re.compile(
    r"bottleneck|single points?|failure|fails?\b|goes down|critical|robust|resilien|redundan|improve|weak|\bflows?\b"
    r"|depend|architecture|analy[sz]e|\bloops?\b|\bcycles?\b|review|risk",
    re.IGNORECASE,
)
"""What a question must ask for this to be said; the facts have it always."""
LOOPS = 5
CROWDED = 3
"""Connections that end in one shape from which it is called crowded."""


@dataclass(frozen=True)
class Structure:
    """Shapes by their place in the diagram's list of nodes."""

    starts: tuple[int, ...]
    """Nothing leads to them."""
    ends: tuple[int, ...]
    """They lead nowhere."""
    order: tuple[int, ...]
    """Along the arrows; empty where there is a loop."""
    loops: tuple[tuple[int, ...], ...]
    single_points: tuple[tuple[int, tuple[int, ...]], ...]
    """A shape, and what can no longer be reached without it."""
    crowded: tuple[tuple[int, int], ...]
    """A shape in which much comes together, and how many connections end there."""


def structure_of(diagram: Diagram) -> Structure:
    """Lines without a head count in both directions.

    A single point of failure is a shape that every way from a start to some other shape goes through (a dominator in
    the flow graph: Lengauer & Tarjan, 1979), found by taking each out in turn.
    """
    import networkx

    graph: DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(len(diagram.nodes)))
    for arrow in diagram.arrows:
        graph.add_edge(arrow.start, arrow.end)
        if not arrow.directed:
            graph.add_edge(arrow.end, arrow.start)
    joined = [node for node in graph if graph.degree(node)]
    starts = tuple(node for node in joined if graph.in_degree(node) == 0)
    ends = tuple(node for node in joined if graph.out_degree(node) == 0)
    acyclic = networkx.is_directed_acyclic_graph(graph)
    loops = itertools.islice((loop for loop in networkx.simple_cycles(graph) if len(loop) > 1), 50)
    drawn = [tuple(loop) for loop in loops if _is_drawn(loop, diagram)]
    return Structure(
        starts,
        ends,
        tuple(node for node in networkx.lexicographical_topological_sort(graph) if node in joined) if acyclic else (),
        tuple(sorted(drawn, key=len)[:LOOPS]),
        tuple(_single_points(graph, starts)),
        tuple((node, graph.in_degree(node)) for node in joined if graph.in_degree(node) >= CROWDED),
    )


def facts_of(structure: Structure, diagram: Diagram) -> dict[str, Json]:
    names = [node.label for node in diagram.nodes]
    return {
        "starts": [names[node] for node in structure.starts],
        "ends": [names[node] for node in structure.ends],
        "order": [names[node] for node in structure.order],
        "loops": [[names[node] for node in loop] for loop in structure.loops],
        "single_points": {names[node]: [names[lost] for lost in cut] for node, cut in structure.single_points},
        "bottlenecks": {names[node]: number for node, number in structure.crowded},
    }


def sentences(structure: Structure, diagram: Diagram) -> Iterator[str]:
    names = [node.label.rstrip(".") for node in diagram.nodes]
    if structure.starts and structure.ends:
        yield f"It runs from {_named(structure.starts, names)} to {_named(structure.ends, names)}."
    for node, cut in structure.single_points:
        yield f"{names[node]} is a single point of failure: without it nothing leads to {_named(cut, names)}."
    for node, number in structure.crowded:
        yield f"{names[node]} may be a bottleneck: {number} connections end there."
    for loop in structure.loops:
        yield f"There is a loop: {' -> '.join(names[node] for node in [*loop, loop[0]])}."
    if structure.single_points:
        weak = _named([node for node, _ in structure.single_points], names)
        yield f"A second way past {weak} would take that risk away."
    elif structure.starts and len(diagram.arrows) > 1:
        yield "No shape cuts anything else off by itself, as far as the connections could be read."


def _single_points(graph: DiGraph[int], starts: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Starts are not counted: that nothing begins without them is clear."""
    import networkx

    def reached(within: DiGraph[int]) -> set[int]:
        return {node for start in starts if start in within for node in networkx.descendants(within, start)}

    before = reached(graph)
    for node in graph:
        if node in starts or not graph.out_degree(node):
            continue
        without = networkx.restricted_view(graph, [node], [])
        if cut := tuple(sorted(before - reached(without) - {node})):
            yield node, cut


def _is_drawn(loop: Sequence[int], diagram: Diagram) -> bool:
    """Whether its connections have heads: a line there and back is no loop."""
    directed = {(arrow.start, arrow.end) for arrow in diagram.arrows if arrow.directed}
    return all(step in directed for step in itertools.pairwise([*loop, loop[0]]))


def _named(nodes: Sequence[int], names: Sequence[str]) -> str:
    return listed([names[node] for node in nodes])
