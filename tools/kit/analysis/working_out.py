"""Printed arithmetic and totals, worked out and checked."""

from __future__ import annotations

import re

from tools.kit.analysis.arithmetic import Sum, sums
from tools.kit.analysis.totals import Check, Text, checks
from tools.kit.analysis.work import Work
from tools.kit.types import Image, Json

DOUBTFUL = 0.7
"""Of the checks that fail on read receipts, most fail because of the reading."""
IN_QUESTION = re.compile(r"[\d(][\d\s.,+*/x×÷^()%=−-]*[\d)%]")


async def work_out(work: Work, question: str, *, loose: bool = True) -> bool:
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


async def add_up(work: Work) -> bool:
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
