"""What a diagram says: its labels, its connections, and what stands before and after a shape."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.kit.analysis.structure import ASKED, facts_of, sentences, structure_of
from tools.kit.analysis.work import Work, counted
from tools.kit.findings import Diagram
from tools.kit.toolbox import listed
from tools.kit.types import Image


async def follow(work: Work, question: str) -> bool:
    """Conclude what the diagrams say, and what they say of the shapes a question names. False without a diagram."""
    any_found = False
    for image in work.images:
        diagram = await work.diagram(image)
        if len(diagram.nodes) < 2:
            continue
        any_found = True
        connections = [_connection(diagram, index) for index in range(len(diagram.arrows))]
        kept = {
            "labels": [node.label for node in diagram.nodes],
            "connections": connections,
            "unclear": diagram.unclear,
        }
        work.facts.setdefault("diagrams", {})[image.handle] = kept
        said = _diagram_said(image, diagram, connections)
        if not any(step["finding"] == said for step in work.steps):
            work.note(f"Find boxes and arrows in {image.handle}", "diagrams", said)
            work.conclusions.append(said)
        work.conclusions += _neighbours(diagram, question)
        if diagram.arrows:
            structure = structure_of(diagram)
            work.facts.setdefault("structure", {})[image.handle] = facts_of(structure, diagram)
            told = list(sentences(structure, diagram)) if ASKED.search(question) else []
            if told and told[0] not in work.conclusions:
                work.note(f"Work out what follows from the connections in {image.handle}", "structure", " ".join(told))
                work.conclusions += told
    return any_found


def _diagram_said(image: Image, diagram: Diagram, connections: Sequence[str]) -> str:
    labels = listed([node.label for node in diagram.nodes])
    joined = (
        f"Connections: {'; '.join(connections).rstrip('.')}."
        if connections
        else "No connection between them could be read."
    )
    rest = f" {counted(diagram.unclear, 'line')} could not be followed." if diagram.unclear else ""
    return (
        f"The diagram in {image.handle} has {len(diagram.nodes)} labelled shapes: {labels.rstrip('.')}. {joined}{rest}"
    )


def _connection(diagram: Diagram, index: int) -> str:
    arrow = diagram.arrows[index]
    sign = "->" if arrow.directed else "--"
    label = f" ({arrow.label})" if arrow.label else ""
    return f"{diagram.nodes[arrow.start].label} {sign} {diagram.nodes[arrow.end].label}{label}"


def _neighbours(diagram: Diagram, question: str) -> list[str]:
    """What stands before and after a shape that the question names."""
    said = []
    for place, node in enumerate(diagram.nodes):
        if not re.search(rf"\b{re.escape(node.label)}\b", question, re.I):
            continue
        after = [diagram.nodes[arrow.end].label for arrow in diagram.arrows if arrow.directed and arrow.start == place]
        before = [diagram.nodes[arrow.start].label for arrow in diagram.arrows if arrow.directed and arrow.end == place]
        said.append(
            f"{node.label} leads to {listed(after) if after else 'nothing'}"
            f" and is reached from {listed(before).rstrip('.') if before else 'nothing'}."
        )
    return said
