"""Routing: the planner on blind cases, with tools that always find something, so that follow-ups can follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage

from bot.evals.planned import evaluate_model
from bot.evals.replaying import NOW, adopt, adopted_in, found, said
from bot.evals.report import Figure
from bot.evals.scoring import CASES, Call, Case, Turn, load, score
from graphs.local_planner import LocalPlanner
from graphs.planning import LOCAL
from tools.kit import TextEncoder, discover

if TYPE_CHECKING:
    from bot.wiring import Wiring

TOOLS = [
    {"type": "function", "function": {"name": name, "description": name, "parameters": {}}}
    for name in sorted(discover())
]

MESSAGES = (
    "routing",
    "routing_fresh",
    "practice_a",
    "practice_b",
    "practice_c",
    "practice_d",
    "practice_f",
    "practice_g",
    "searching",
    "searching_slack",
    "searching_office",
    "searching_counts",
)
THREADS = (
    "followups",
    "followups_fresh",
    "practice_threads_a",
    "practice_threads_b",
    "practice_threads_c",
    "practice_threads_d",
    "practice_threads_e",
    "practice_threads_f",
    "practice_threads_g",
    "practice_threads_h",
    "practice_threads_i",
    "practice_threads_j",
    "searching_threads",
    "searching_slack_threads",
    "searching_office_threads",
    "searching_counts_threads",
)
TARGETS = {"routing": (0.95, 0.90), "followups": (0.95, 0.95)}
"""Right tools and right arguments on the held halves. Every other figure is reported, not judged."""


@dataclass(frozen=True)
class Outcome:
    """How one turn of a case went."""

    case: Case
    turn: Turn
    calls: tuple[Call, ...]
    status: str
    tools_right: bool
    arguments_right: bool
    """Implies `tools_right`."""

    @property
    def status_right(self) -> bool:
        return self.status in self.turn.status


async def run(planner: BaseChatModel, cases: Sequence[Case]) -> list[Outcome]:
    """Every turn of every case, threads replayed with the planner's own calls."""
    bound = planner.bind_tools(TOOLS)
    return [outcome for case in cases for outcome in await _thread(bound, case)]


async def _thread(bound: Any, case: Case) -> list[Outcome]:
    messages: list[BaseMessage] = []
    outcomes = []
    known = 0
    for turn in case.turns:
        if earlier := turn.images - turn.posted - known:
            messages += [said("", known + 1, earlier), AIMessage("Seen.", additional_kwargs={"status": "answered"})]
        messages.append(said(turn.text, turn.images - turn.posted + 1, turn.posted))
        known = turn.images
        reply: AIMessage = await bound.ainvoke(messages)
        calls = tuple(Call(call["name"], call["args"]) for call in reply.tool_calls)
        if calls:
            results = [found(call) for call in reply.tool_calls]
            adopt(results, known + len(adopted_in(messages)))
            messages += [reply, *results]
            reply = await bound.ainvoke(messages)
        messages.append(reply)
        right = score(turn.accept, calls)
        outcomes.append(Outcome(case, turn, calls, reply.additional_kwargs.get("status", ""), *right))
    return outcomes


def figures(outcomes: Sequence[Outcome], name: str, targets: tuple[float, float] | None = None) -> list[Figure]:
    """Right tools, arguments and statuses by half. Only a held half is judged, and only against `targets`: the build
    half may have been read while building the planner."""
    found = []
    for half in sorted({outcome.case.half for outcome in outcomes}):
        of_half = [outcome for outcome in outcomes if outcome.case.half == half]
        judged = targets if targets and half == "held" else (None, None)
        shares = (
            ("right tools", _share([outcome.tools_right for outcome in of_half]), judged[0]),
            ("right arguments", _share([outcome.arguments_right for outcome in of_half]), judged[1]),
            ("right status", _share([outcome.status_right for outcome in of_half]), None),
        )
        found += [
            Figure("routing", f"{name}, {half} half: {what}", value, len(of_half), target)
            for what, value, target in shares
        ]
    return found


def kinds(outcomes: Sequence[Outcome]) -> str:
    """Shares of right tools, arguments and statuses by half and kind, a line each."""
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        for kind in ("all", outcome.case.kind):
            groups[outcome.case.half, kind].append(outcome)
    lines = [f"{'half':6} {'kind':18} {'turns':>5} {'tools':>6} {'args':>6} {'status':>6}"]
    for (half, kind), group in sorted(groups.items()):
        rights = zip(*((one.tools_right, one.arguments_right, one.status_right) for one in group), strict=True)
        lines.append(f"{half:6} {kind:18} {len(group):5} {' '.join(f'{_share(right):6.3f}' for right in rights)}")
    return "\n".join(lines)


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 1.0


async def evaluate(wiring: Wiring, data: Path) -> list[Figure]:
    """The planner that is configured; of a thread only what follows its first message counts as a follow-up.

    The local planner on every case file, a model on the held halves alone (`planned`).
    """
    if wiring.settings.model != LOCAL:
        return await evaluate_model(wiring)
    planner = LocalPlanner(await wiring.lend(TextEncoder), now=lambda: NOW)
    found: list[Figure] = []
    for file in MESSAGES:
        found += figures(await run(planner, load(CASES / f"{file}.jsonl")), file, TARGETS.get(file))
    for file in THREADS:
        outcomes = await run(planner, load(CASES / f"{file}.jsonl"))
        later = [outcome for outcome in outcomes if outcome.turn is not outcome.case.turns[0]]
        found += figures(later, file, TARGETS.get(file))
    return found
