"""Run a planner over the routing cases and score it, by half and by kind.

    python -m bot.evals.routing [routing.jsonl followups.jsonl]

The tools are stubbed: each call gets plausible evidence, so that follow-ups have something to follow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from bot.evals.scoring import TODAY, Call, Case, Turn, load, score
from graphs.local_planner import LocalPlanner
from tools.kit import Evidence, ImageRef, TextEncoder

NAMES = ("analyze", "classify", "compare", "describe", "extract", "look", "read_text", "search")
TOOLS = [{"type": "function", "function": {"name": name, "description": name, "parameters": {}}} for name in NAMES]


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
            messages += [_said("", known + 1, earlier), AIMessage("Seen.", additional_kwargs={"status": "answered"})]
        messages.append(_said(turn.text, turn.images - turn.posted + 1, turn.posted))
        known = turn.images
        reply: AIMessage = await bound.ainvoke(messages)
        calls = tuple(Call(call["name"], call["args"]) for call in reply.tool_calls)
        if calls:
            messages += [reply, *[_found(call) for call in reply.tool_calls]]
            reply = await bound.ainvoke(messages)
        messages.append(reply)
        right = score(turn.accept, calls)
        outcomes.append(Outcome(case, turn, calls, reply.additional_kwargs.get("status", ""), *right))
    return outcomes


def _said(text: str, first: int, posted: int) -> HumanMessage:
    images = [_image(number).model_dump(mode="json") for number in range(first, first + posted)]
    return HumanMessage(text, additional_kwargs={"images": images})


def _image(number: int) -> ImageRef:
    name = f"IMG_{1000 + number}.jpg"
    return ImageRef(
        handle=f"image {number}", sha256=f"{number:064x}", mime="image/jpeg", width=1200, height=900, name=name
    )


def _found(call: Any) -> ToolMessage:
    said = f"The finding of {call['name']}."
    evidence = Evidence(said=said, sure=0.8, tool=call["name"], arguments=call["args"])
    return ToolMessage(said, artifact=evidence.model_dump(mode="json"), tool_call_id=call["id"], status="success")


@dataclass
class Tally:
    turns: int = 0
    tools: int = 0
    arguments: int = 0
    status: int = 0

    def add(self, outcome: Outcome) -> None:
        self.turns += 1
        self.tools += outcome.tools_right
        self.arguments += outcome.arguments_right
        self.status += outcome.status_right


def tallies(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], Tally]:
    """By (half, kind); kind "all" sums a half up."""
    counted: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for outcome in outcomes:
        for kind in ("all", outcome.case.kind):
            counted[outcome.case.half, kind].add(outcome)
    return dict(sorted(counted.items()))


def report(outcomes: Sequence[Outcome]) -> str:
    lines = [f"{'half':6} {'kind':18} {'turns':>5} {'tools':>6} {'args':>6} {'status':>6}"]
    for (half, kind), tally in tallies(outcomes).items():
        shares = (count / tally.turns for count in (tally.tools, tally.arguments, tally.status))
        lines.append(f"{half:6} {kind:18} {tally.turns:5} {' '.join(f'{share:6.3f}' for share in shares)}")
    return "\n".join(lines)


async def evaluate(meaning: TextEncoder, files: Sequence[Path]) -> list[Outcome]:
    """The local planner on the cases of some files."""
    planner = LocalPlanner(meaning, today=TODAY.date)
    return [outcome for file in files for outcome in await run(planner, load(file))]
