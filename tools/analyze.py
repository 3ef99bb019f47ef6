"""Answer a question in steps, each with its tool and its finding."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tools.kit import AskAgain, Diagrams, Evidence, Image, Toolbox, tool
from tools.kit.analysis.asking import reckoning_of
from tools.kit.analysis.counting import count
from tools.kit.analysis.following import follow
from tools.kit.analysis.items import itemise, name_in, wanted_of
from tools.kit.analysis.looking import DIAGRAM, look
from tools.kit.analysis.questions import Aim, aims_of, things_counted
from tools.kit.analysis.reckoning import reckon
from tools.kit.analysis.structure import ASKED
from tools.kit.analysis.work import Work
from tools.kit.analysis.working_out import add_up, work_out
from tools.kit.seeing.asking import TaskName
from tools.kit.toolbox import listed

MOST = 8
SHOWN_IN_RECKONING = ("totals", "fields", "open")
"""What else is asked beside a reckoning and is answered by its figures: "the total of each, and which is higher"."""


@tool(doing="Analysing")
async def analyze(images: list[Image], question: str, *, toolbox: Toolbox, diagrams: Diagrams) -> Evidence:
    """Work a question out in steps: solve printed arithmetic, check totals, follow a diagram, count, compare; with a
    vision model also charts, mathematics, documents, damage and safety.

    Of several papers: which is the highest, what they come to together, in which order, which are from March. Of one:
    what it lists, the dearest item.

    The question is split into focused ones; each is answered with the tool that fits, and the findings put together.
    Facts: `steps` (`step`, `tool`, `finding`), `conclusion`, `unanswered` (what could not be done), and where they
    apply `arithmetic` (`printed`, `value`, `stated`, `correct`), `totals` (`image`, `what`, `holds`, `expected`,
    `printed`), `diagrams` (handle to `labels`, `connections`, `unclear`), `counts` (thing to handle to number),
    `reckoned` (`what`, `field`, `values` by handle, `missing`), `items` (handle to `name`, `quantity`, `amount` each),
    `structure` (handle to `starts`, `ends`, `order`, `loops`, `single_points`, `bottlenecks`), and where a vision model
    was asked `confidence` (`level`, `own`) and `disagreements`. A step has its `source` and what it is `about`.
    """
    if not images:
        raise AskAgain("There is no image to analyse yet; post one first.")
    if len(images) > MOST:
        raise AskAgain(f"At most {MOST} images can be analysed together; {len(images)} were given. Name fewer.")
    work = Work(images, toolbox, diagrams)
    reckoned = await _reckoned(work, question)
    for part, aim in aims_of(question):
        if not reckoned or (aim not in SHOWN_IN_RECKONING and not reckoning_of(part)):
            await HANDLERS[aim](work, part)
    return work.evidence()


async def _reckoned(work: Work, question: str) -> bool:
    """Whether the question sets papers against each other."""
    asked = reckoning_of(question) if len(work.images) > 1 and not wanted_of(question) else None
    if asked is None:
        return False
    if not await reckon(work, asked):
        handles = listed([image.handle for image in work.images])
        await _cannot(work, question, f"I found no {asked.field} on {handles}.")
    return True


async def _items(work: Work, question: str) -> None:
    wanted = wanted_of(question) or "all"
    if await itemise(work, wanted, name_in(question)) or (wanted == "count" and await count(work, "items")):
        return
    await _cannot(work, question, f"I could not read any items on {listed([image.handle for image in work.images])}.")


# --- what can be worked out -----------------------------------------------------------------------


async def _solve(work: Work, question: str) -> None:
    if not (await work_out(work, question) or await add_up(work)):
        await _cannot(work, question, "No arithmetic that I can work out is printed there.", "mathematics")


async def _totals(work: Work, question: str) -> None:
    if not await add_up(work):
        await _cannot(work, question, "I found no total together with the amounts it is made of.")


async def _diagram(work: Work, question: str) -> None:
    """What was measured of it answers what it shows; what would make it better is for eyes."""
    if not await follow(work, question):
        await _cannot(work, question, "I found no boxes joined by arrows or lines there.", "diagrams")
    elif ASKED.search(question):
        await look(work, DIAGRAM.format(question=question.rstrip(" ?.")), "diagrams")


async def _count(work: Work, question: str) -> None:
    things = things_counted(question) or "things"
    if not await count(work, things):
        await _cannot(work, question, f"Counting {things} takes a vision model.", "counting")


# --- what takes eyes ------------------------------------------------------------------------------


async def _chart(work: Work, question: str) -> None:
    await _cannot(work, question, "Reading a chart takes a vision model.", "charts")


async def _damage(work: Work, question: str) -> None:
    """Of the thing alone, where it stands out: what is around it must not speak for or against it."""
    if not await look(work, question, "damage", closely=True):
        work.unanswered.append("Judging damage or safety takes a vision model.")


async def _document(work: Work, question: str) -> None:
    if not await look(work, question, "documents"):
        await _read(work, question)


# --- other tools ----------------------------------------------------------------------------------


async def _compare(work: Work, question: str) -> None:
    found = await work.use(
        f"Compare {listed([image.handle for image in work.images])}",
        "compare",
        {"images": [image.handle for image in work.images], "question": question},
    )
    if found:
        work.conclusions.append(str(found.facts.get("recommendation") or found.said))
        _add_seen(work, found)
    else:
        work.unanswered.append(str(work.steps[-1]["finding"]))


async def _each(work: Work, step: str, name: str) -> None:
    """One tool on every image."""
    for image in work.images:
        found = await work.use(f"{step} {image.handle}", name, {"image": image.handle})
        (work.conclusions if found else work.unanswered).append(found.said if found else str(work.steps[-1]["finding"]))


def _add_seen(work: Work, found: Evidence) -> None:
    """What a model saw beside what was measured."""
    seen = found.facts.get("seen")
    if isinstance(seen, dict) and seen.get("seen"):
        work.seen.append(" ".join([f"Seen by model {seen['model']}: {seen['seen']}", *seen.get("disagreements", ())]))


async def _read(work: Work, question: str) -> None:
    await _each(work, "Read the text of", "read_text")


async def _fields(work: Work, question: str) -> None:
    await _each(work, "Take the fields from", "extract")


async def _kind(work: Work, question: str) -> None:
    await _each(work, "Say what kind of thing is in", "classify")


async def _describe(work: Work, question: str) -> None:
    await _each(work, "Describe", "describe")


async def _open(work: Work, question: str) -> None:
    """No step is named: whatever the images hold that can be worked out, then the vision model, then a description."""
    worked = await work_out(work, question, loose=False) or await add_up(work) or await _follow_arrows(work, question)
    if worked:
        return
    if len(work.images) > 1:
        await _compare(work, question)
    elif not await look(work, question):
        work.unanswered.append(f'Answering "{question}" takes a vision model; what can be measured is said instead.')
        await _describe(work, question)


async def _follow_arrows(work: Work, question: str) -> bool:
    """A diagram, when there are not only boxes (photos have those too) but connections."""
    drawn = [await work.diagram(image) for image in work.images]
    return any(diagram.arrows for diagram in drawn) and await follow(work, question)


async def _cannot(work: Work, question: str, sentence: str, task: TaskName | None = None) -> None:
    """What was asked for could not be measured: the vision model may know."""
    if not await look(work, question, task):
        work.unanswered.append(sentence)


HANDLERS: dict[Aim, Callable[[Work, str], Awaitable[None]]] = {
    "arithmetic": _solve,
    "totals": _totals,
    "diagram": _diagram,
    "chart": _chart,
    "damage": _damage,
    "document": _document,
    "count": _count,
    "items": _items,
    "compare": _compare,
    "read": _read,
    "fields": _fields,
    "kind": _kind,
    "describe": _describe,
    "open": _open,
}
