"""Steps in which the vision model is asked, and what is held against its word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tools.kit.analysis.arithmetic import sums
from tools.kit.analysis.work import Work
from tools.kit.seeing.agreeing import letters
from tools.kit.seeing.asking import TaskName
from tools.kit.toolbox import listed
from tools.kit.types import Evidence, Image, Json

Edge = tuple[str, str]

DIAGRAM = (
    "{question} (Name the components and connections, how data or work flows, bottlenecks, single points of failure, "
    "and improvements where they are asked for.)"
)


async def look(work: Work, question: str, task: TaskName | None = None, *, closely: bool = False) -> bool:
    """Ask the vision model; False when there is none or it does not answer. `closely`: only the subject is shown, so
    that the surroundings do not bias the judgement."""
    return await looked_at(work, question, task, closely=closely) is not None


async def looked_at(
    work: Work, question: str, task: TaskName | None = None, *, closely: bool = False
) -> Evidence | None:
    if work.blind or "look" not in work.toolbox.names():
        return None
    handles = [image.handle for image in work.images]
    arguments: dict[str, Json] = {"images": handles, "question": question}
    if task:
        arguments["task"] = task
    if closely:
        arguments["crop"] = "subject"
    found = await work.use(f"Look at {listed(handles)}", "look", arguments)
    work.blind = found is None
    if found:
        work.conclude(found.said, found)
        for sentence in _against(work, found) if found.source == "model" else ():
            work.note("Hold that against what was measured", "analyze", sentence)
            _disagree(work, sentence)
    return found


def _disagree(work: Work, sentence: str) -> None:
    """Said with the model's own words, as they are its claims."""
    told = work.facts.setdefault("disagreements", {"source": "model", "with_the_model": []})
    told["with_the_model"].append(sentence)
    work.steps[-1]["source"] = "model"
    work.seen[-1] = f"{work.seen[-1]} {sentence}"


def _against(work: Work, found: Evidence) -> Iterator[str]:
    data = found.facts.get("found")
    if isinstance(data, Mapping):
        yield from _wrong_sums(data)
        for image in work.images[: 1 if len(work.images) == 1 else 0]:
            yield from _other_connections(work, image, data)


def _wrong_sums(found: Mapping[str, Json]) -> Iterator[str]:
    """Lines of working that do not hold when they are worked out exactly."""
    lines = [
        str(step["equation"]) for step in found.get("steps") or () if isinstance(step, Mapping) and step["equation"]
    ]
    for line in lines:
        for each in sums([line], loose=True):
            if each.correct is False:
                yield f"The vision model says {each.printed}; worked out, {each.said()}"


def _other_connections(work: Work, image: Image, found: Mapping[str, Json]) -> Iterator[str]:
    """Connections that only one of the two has found, where a diagram was measured in which no line was left over."""
    diagram = work.drawn.get(image.handle)
    if not diagram or not diagram.arrows or "connections" not in found:
        return
    names = {letters(node.label): node.label for node in diagram.nodes}
    claimed = {
        (letters(str(each["start"])), letters(str(each["end"])))
        for each in found["connections"] or ()
        if isinstance(each, Mapping)
    }
    measured, either = set[Edge](), set[Edge]()
    for arrow in diagram.arrows:
        edge = letters(diagram.nodes[arrow.start].label), letters(diagram.nodes[arrow.end].label)
        measured.add(edge)
        either |= set() if arrow.directed else {edge, edge[::-1]}
    unmeasured = [_arrow(edge, names) for edge in sorted(claimed - measured - either) if set(edge) <= names.keys()]
    there = claimed | {edge[::-1] for edge in claimed & either}
    unseen = [_arrow(edge, names) for edge in sorted(measured - there)]
    if unmeasured:
        yield f"The vision model sees {listed(unmeasured)}, which was not measured."
    if unseen:
        yield f"The vision model does not see {listed(unseen)}, which was measured."


def _arrow(edge: tuple[str, str], names: Mapping[str, str]) -> str:
    return f"{names[edge[0]]} -> {names[edge[1]]}"
