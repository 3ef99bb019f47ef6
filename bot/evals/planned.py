"""Routing by a model: the same cases as for the local planner, with the real tools' schemas and instructions.

Only the held halves, and no practice: every turn costs two calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

from bot.evals.capabilities.case import short
from bot.evals.replaying import NOW, adopt, adopted_in, found, said
from bot.evals.report import Failure, Figure
from bot.evals.scoring import CASES, Call, Case, Turn, load, score
from bot.evals.spent import Spent, Took, listening, together
from graphs import prompts
from graphs.drafts import status_of
from graphs.planning import Request
from graphs.planning.declining import unmarked
from tools.kit import Gate, ImageRef, Spoken, discover

if TYPE_CHECKING:
    from bot.wiring import Wiring
    from graphs.planning import Planned, Planner

FILES = ("routing", "followups", "routing_fresh", "followups_fresh", "searching", "searching_threads")
HELD = "held"


@dataclass(frozen=True)
class Planning:
    """How one turn of a case went."""

    case: Case
    turn: Turn
    calls: tuple[Call, ...]
    tools_right: bool
    arguments_right: bool
    status_right: bool
    took: Took
    failed: str = ""
    """Why the model did not plan it."""

    @property
    def wrong(self) -> str:
        made = ", ".join(f"{call.tool}({short(str(call.arguments), 60)})" for call in self.calls) or "no call"
        return self.failed or f'"{short(self.turn.text, 80)}": {made}'


async def evaluate_model(wiring: Wiring) -> list[Figure]:
    """Right tools, arguments and statuses of the configured planner; reported, not judged."""
    planner, gate, spent = await wiring.planner(), await wiring.lend(Gate), await listening(wiring)
    figures: list[Figure] = []
    for file in FILES:
        cases = [case for case in load(CASES / f"{file}.jsonl") if case.half == HELD]
        plannings = [each for case in cases for each in await of_case(planner, gate, case, spent)]
        if file in ("followups", "followups_fresh", "searching_threads"):
            plannings = [each for each in plannings if each.turn is not each.case.turns[0]]
        figures += figures_of(file, planner.name, plannings) if plannings else []
    return figures


async def of_case(planner: Planner, gate: Gate, case: Case, spent: Spent) -> list[Planning]:
    """Every turn of a thread, each after what the planner itself has called and said before."""
    history: list[AnyMessage] = []
    plannings, known = [], 0
    for turn in case.turns:
        if earlier := turn.images - turn.posted - known:
            history += [said("", known + 1, earlier), AIMessage("Seen.", additional_kwargs={"status": "answered"})]
        asked = said(turn.text, turn.images - turn.posted + 1, turn.posted)
        known = turn.images
        with spent.case() as took:
            planning, messages = await _turn(planner, gate, case, turn, history, asked, took)
        plannings.append(planning)
        history += messages
    return plannings


async def _turn(
    planner: Planner, gate: Gate, case: Case, turn: Turn, history: Sequence[AnyMessage], asked: HumanMessage, took: Took
) -> tuple[Planning, list[AnyMessage]]:
    """The calls of the first plan, then what is said of their results."""
    messages: list[AnyMessage] = [asked]
    try:
        first = await _plan(planner, gate, history, messages)
        calls = tuple(Call(call["name"], call["args"]) for call in first.reply.tool_calls)
        last = first
        if calls:
            results = [found(call) for call in first.reply.tool_calls]
            adopt(results, turn.images + len(adopted_in([*history, *messages])))
            messages += [first.reply, *results]
            last = await _plan(planner, gate, history, messages)
    except Spoken as error:
        return Planning(case, turn, (), False, False, False, took, str(error)), messages
    failed = " ".join(dict.fromkeys([*first.degraded, *last.degraded]))
    right = (False, False) if failed else score(turn.accept, calls)
    status = status_of(last.reply, found=bool(calls))
    end = AIMessage(unmarked(last.reply.text) or "Done.", additional_kwargs={"status": status})
    return Planning(case, turn, calls, *right, status in turn.status and not failed, took, failed), [*messages, end]


async def _plan(planner: Planner, gate: Gate, history: Sequence[AnyMessage], turn: Sequence[AnyMessage]) -> Planned:
    posted = [message for message in [*history, *turn] if isinstance(message, HumanMessage)]
    refs = [ImageRef.model_validate(image) for message in posted for image in message.additional_kwargs["images"]]
    refs += adopted_in([*history, *turn])
    new = {str(image["handle"]) for image in turn[0].additional_kwargs["images"]}
    schemas = [tool.schema for tool in discover().values()]
    system = prompts.system(refs, new, [], NOW.date())
    return await planner.plan(Request(system, history, turn, gate, schemas))


def figures_of(file: str, name: str, plannings: Sequence[Planning]) -> list[Figure]:
    cost, calls = together([each.took for each in plannings])
    seconds = tuple(each.took.seconds for each in plannings)
    shares = (
        ("right tools", [each.tools_right for each in plannings]),
        ("right arguments", [each.arguments_right for each in plannings]),
        ("right status", [each.status_right for each in plannings]),
    )
    figures = []
    for what, right in shares:
        wrong = [each for each, fine in zip(plannings, right, strict=True) if not fine]
        failures = tuple(Failure(each.case.id, each.wrong) for each in wrong)
        figures.append(
            Figure(
                "routing",
                f"{file}, {HELD} half: {what}",
                sum(right) / len(right),
                len(right),
                note=f"by {name}" if what == "right tools" else "",
                cost=cost if what == "right tools" else None,
                calls=calls if what == "right tools" else 0,
                seconds=seconds if what == "right tools" else (),
                failures=failures,
            )
        )
    return figures
