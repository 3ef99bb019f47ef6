"""Answer a question in steps, each with its tool and its finding."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from tools.kit import AskAgain, Diagrams, Evidence, Image, Json, Toolbox, tool
from tools.kit.analysis.arithmetic import Sum, sums
from tools.kit.analysis.asking import reckoning_of
from tools.kit.analysis.counting import count
from tools.kit.analysis.following import follow
from tools.kit.analysis.items import itemise, name_in, wanted_of
from tools.kit.analysis.questions import Aim, aims_of, things_counted
from tools.kit.analysis.reckoning import reckon
from tools.kit.analysis.totals import Check, Text, checks
from tools.kit.analysis.work import Work
from tools.kit.toolbox import listed

MOST = 8
DOUBTFUL = 0.7
"""Of the checks that fail on read receipts, most fail because of the reading."""
SHOWN_IN_RECKONING = ("totals", "fields", "open")
"""What else is asked beside a reckoning and is answered by its figures: "the total of each, and which is higher"."""
IN_QUESTION = re.compile(r"[\d(][\d\s.,+*/x×÷^()%=−-]*[\d)%]")


@tool(doing="Analysing")
async def analyze(images: list[Image], question: str, *, toolbox: Toolbox, diagrams: Diagrams) -> Evidence:
    """Work a question out in steps: solve printed arithmetic, check totals, follow a diagram, count, compare.

    Of several papers: which is the highest, what they come to together, in which order, which are from March. Of one:
    what it lists, the dearest item.

    The question is split into focused ones; each is answered with the tool that fits, and the findings put together.
    Facts: `steps` (`step`, `tool`, `finding`), `conclusion`, `unanswered` (what could not be done), and where they
    apply `arithmetic` (`printed`, `value`, `stated`, `correct`), `totals` (`image`, `what`, `holds`, `expected`,
    `printed`), `diagrams` (handle to `labels`, `connections`, `unclear`), `counts` (thing to handle to number),
    `reckoned` (`what`, `field`, `values` by handle, `missing`), `items` (handle to `name`, `quantity`, `amount` each).
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


# --- several papers, and what one lists -----------------------------------------------------------


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


# --- arithmetic and totals ------------------------------------------------------------------------


async def _arithmetic(work: Work, question: str, *, loose: bool = True) -> bool:
    """Whether there was any."""
    asked = IN_QUESTION.search(question)
    found = sums([asked[0]], loose=True) if asked else []
    for image in [] if found else work.images:
        found += sums([line.text for line in await work.lines(image)], loose=loose)
    for each in found:
        work.note(f"Work out {each.printed}", "arithmetic", each.said())
    if not found:
        return False
    work.facts["arithmetic"] = [*work.facts.get("arithmetic", []), *map(_sum_fact, found)]
    stated = [each for each in found if each.correct is not None]
    if len(stated) > 1:
        right = sum(bool(each.correct) for each in stated)
        work.conclusions.append(f"{right} of {len(stated)} printed results are right.")
    work.conclusions += [each.said() for each in found if not each.correct or len(stated) < 2]
    return True


async def _solve(work: Work, question: str) -> None:
    if not (await _arithmetic(work, question) or await _add_up(work)):
        await _cannot(work, question, "No arithmetic that I can work out is printed there.")


async def _totals(work: Work, question: str) -> None:
    if not await _add_up(work):
        await _cannot(work, question, "I found no total together with the amounts it is made of.")


async def _add_up(work: Work) -> bool:
    """Whether there was anything to check."""
    any_found = False
    for image in work.images:
        texts = [Text(line.text, line.box) for line in await work.lines(image)]
        found = checks(texts, image.ref.width)
        for check in found:
            work.note(f"Check the amounts of {image.handle}", "totals", check.said())
        if not found:
            continue
        any_found = True
        work.facts["totals"] = [*work.facts.get("totals", []), *(_check_fact(image, check) for check in found)]
        broken = [check.said() for check in found if not check.holds]
        if broken:
            doubt = "an amount may be misread or missing"
            work.conclusions.append(
                f"{image.handle.capitalize()} does not add up as I read it ({doubt}). {' '.join(broken)}"
            )
            work.sures.append(DOUBTFUL)
        else:
            held = " ".join(check.said() for check in found)
            work.conclusions.append(f"{image.handle.capitalize()} adds up. {held}")
    return any_found


# --- diagrams and counts --------------------------------------------------------------------------


async def _diagram(work: Work, question: str) -> None:
    if not await follow(work, question):
        await _cannot(work, question, "I found no boxes joined by arrows or lines there.")


async def _count(work: Work, question: str) -> None:
    things = things_counted(question) or "things"
    if not await count(work, things):
        await _cannot(work, question, f"Counting {things} takes a vision model.")


# --- other tools ----------------------------------------------------------------------------------


async def _compare(work: Work, question: str) -> None:
    found = await work.use(
        f"Compare {listed([image.handle for image in work.images])}",
        "compare",
        {"images": [image.handle for image in work.images], "question": question},
    )
    if found:
        work.conclusions.append(str(found.facts.get("recommendation") or found.said))
    else:
        work.unanswered.append(str(work.steps[-1]["finding"]))


async def _each(work: Work, step: str, name: str) -> None:
    """One tool on every image."""
    for image in work.images:
        found = await work.use(f"{step} {image.handle}", name, {"image": image.handle})
        (work.conclusions if found else work.unanswered).append(found.said if found else str(work.steps[-1]["finding"]))


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
    worked = (
        await _arithmetic(work, question, loose=False) or await _add_up(work) or await _follow_arrows(work, question)
    )
    if worked:
        return
    if len(work.images) > 1:
        await _compare(work, question)
    elif not await _look(work, question):
        work.unanswered.append(f'Answering "{question}" takes a vision model; what can be measured is said instead.')
        await _describe(work, question)


async def _follow_arrows(work: Work, question: str) -> bool:
    """A diagram, when there are not only boxes (photos have those too) but connections."""
    drawn = [await work.diagram(image) for image in work.images]
    return any(diagram.arrows for diagram in drawn) and await follow(work, question)


async def _cannot(work: Work, question: str, sentence: str) -> None:
    """What was asked for could not be measured: the vision model may know."""
    if not await _look(work, question):
        work.unanswered.append(sentence)


async def _look(work: Work, question: str) -> bool:
    if work.blind or "look" not in work.toolbox.names():
        return False
    handles = [image.handle for image in work.images]
    found = await work.use(f"Look at {listed(handles)}", "look", {"images": handles, "question": question})
    work.blind = found is None
    if found:
        work.conclusions.append(found.said)
    return found is not None


HANDLERS: dict[Aim, Callable[[Work, str], Awaitable[None]]] = {
    "arithmetic": _solve,
    "totals": _totals,
    "diagram": _diagram,
    "count": _count,
    "items": _items,
    "compare": _compare,
    "read": _read,
    "fields": _fields,
    "kind": _kind,
    "describe": _describe,
    "open": _open,
}


# --- facts ----------------------------------------------------------------------------------------


def _sum_fact(found: Sum) -> dict[str, Json]:
    return {"printed": found.printed, "value": found.value, "stated": found.stated, "correct": found.correct}


def _check_fact(image: Image, check: Check) -> dict[str, Json]:
    return {
        "image": image.handle,
        "what": check.what,
        "holds": check.holds,
        "expected": str(check.expected),
        "printed": str(check.printed),
    }
