"""What the configured vision model can do, from counting to diagrams, on pictures drawn here, whose truth is known."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from bot.evals.capabilities import Case, cases
from bot.evals.capabilities.case import Said
from bot.evals.report import Failure, Figure, Skipped
from bot.evals.running import used
from bot.evals.spent import Spent, Took, listening, together
from tools.kit import Absent, Evidence, Spoken, VisionModel

if TYPE_CHECKING:
    from bot.wiring import Wiring

SUITE = "seeing"
NONE = "no vision model is configured: set SPYGLASS_VISION"


@dataclass(frozen=True)
class Outcome:
    """How a case went."""

    case: Case
    wrong: str | None
    took: Took
    evidence: Evidence | None = None


async def evaluate(wiring: Wiring, data: Path) -> list[Figure]:
    """The share of right answers by capability, through `look` as people use it.

    Raises: Skipped without a vision model.
    """
    await require_vision(wiring)
    return figures(await run(wiring, cases(), await listening(wiring)))


async def require_vision(wiring: Wiring) -> None:
    """Raises: Skipped when there is none, or it is set up wrongly."""
    try:
        vision = await wiring.lend(VisionModel)
    except Spoken as error:
        raise Skipped(str(error)) from None
    if isinstance(vision, Absent):
        raise Skipped(NONE)


async def run(wiring: Wiring, chosen: Sequence[Case], spent: Spent) -> list[Outcome]:
    """Every case, one after the other: so a case's seconds are its own."""
    with tempfile.TemporaryDirectory() as folder:
        return [await _run(wiring, case, Path(folder), number, spent) for number, case in enumerate(chosen)]


async def _run(wiring: Wiring, case: Case, folder: Path, number: int, spent: Spent) -> Outcome:
    file = folder / f"{number}.png"  # a name that gives nothing away
    case.draw().save(file)
    with spent.case() as took:
        try:
            evidence = await used(wiring, "look", [file], question=case.question)
        except Spoken as error:
            return Outcome(case, f"there was no answer: {error}", took)
    return Outcome(case, case.judge(Said.of(evidence)), took, evidence)


def figures(outcomes: Sequence[Outcome]) -> list[Figure]:
    """A figure a capability, and one of all."""
    by_capability = sorted(outcomes, key=lambda outcome: outcome.case.capability)
    groups = [(name, list(group)) for name, group in groupby(by_capability, lambda outcome: outcome.case.capability)]
    found = [_figure(name, group) for name, group in groups]
    return [*found, _figure("all", outcomes)] if len(found) > 1 else found


def _figure(what: str, outcomes: Sequence[Outcome]) -> Figure:
    cost, calls = together([outcome.took for outcome in outcomes])
    right = sum(outcome.wrong is None for outcome in outcomes)
    return Figure(
        SUITE,
        what,
        right / len(outcomes),
        len(outcomes),
        cost=cost,
        calls=calls,
        seconds=tuple(outcome.took.seconds for outcome in outcomes),
        failures=tuple(Failure(each.case.name, each.wrong) for each in outcomes if each.wrong) if what != "all" else (),
    )
