"""What happens in each node of the agent. Nodes return changes; `agent.py` says what follows what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.runtime import Runtime

from graphs import prompts
from graphs.acting import notes_of, results_of
from graphs.drafts import all_evidence, said_by_people, status_of, text_of, with_problems
from graphs.manners import Manner, wished
from graphs.memory import (
    as_remembered,
    calls_in,
    evidence_of,
    failures,
    hits_in,
    is_check,
    newly_posted,
    today_of,
    trim,
    wanted_call,
    wanted_tools,
)
from graphs.planning import LOCAL, Request
from graphs.planning.declining import unmarked
from graphs.state import Step, Surroundings, ThreadState, deleted, hidden, refs, summary_of
from tools.kit import Gate, Verdict
from tools.kit.adopting import Hits
from tools.kit.seeing.claims import looked
from tools.kit.toolbox import TurnToolbox
from tools.kit.tracing import span

ROUNDS = 6
"""Planner calls a turn before the tools are withdrawn: small models repeat a call for ever."""
DRAFTS = 3
"""Rejected drafts before we give up."""
PLANNING = "Planning"
ANSWERING = "Putting the findings together"
MENDING = "Mending the answer"
"""What people see while a slow planner is at work: at first, with results of tools, and with a rejected draft."""
GIVEN_UP = (
    "I could not put an answer together that holds up to my checks, so I would rather say nothing than something wrong."
)


def at_start(state: ThreadState) -> str:
    return "decline" if state.get("problems") and not refs(state) else "think"


async def decline(state: ThreadState) -> dict[str, Any]:
    """Nothing to look at: say which file could not be opened, and why."""
    draft = "\n".join(state["problems"])
    told = {"planner": LOCAL, "degraded": []}
    return {"turn": [*state["turn"], AIMessage(draft)], "draft": draft, "status": "refused", **told}


async def think(state: ThreadState, runtime: Runtime[Surroundings]) -> dict[str, Any]:
    """Ask the planner what to do next: call tools, or draft an answer. A question that asks for a call gets that."""
    around = runtime.context
    rounds = state.get("rounds", 0) + 1
    if wanted := wanted_call(state["turn"]):
        changes = {"draft": "", "status": status_of(wanted), "planner": around.planner.name, "degraded": []}
        return {"turn": [*state["turn"], wanted], "rounds": rounds, **changes}
    with span("plan", {"spyglass.round": rounds, "spyglass.prompt": prompts.VERSION}) as planning:
        async with _shown(around, _doing(state)):
            planned = await around.planner.plan(_request(state, around, may_call=rounds < ROUNDS))
        planning.set({"spyglass.planner": planned.planner})
    reply = planned.reply
    if rounds >= ROUNDS and reply.tool_calls:
        reply = AIMessage("I cannot tell: I ran out of steps before I had an answer.")
    summary = {"summary": planned.summary.model_dump(mode="json")} if planned.summary else {}
    return {
        "turn": [*state["turn"], reply],
        "rounds": rounds,
        "draft": unmarked(text_of(reply)),
        "status": status_of(reply, found=bool(evidence_of(state["turn"]))),
        "planner": planned.planner,
        "degraded": _with(state, planned.degraded, around.gate),
        **summary,
    }


def _request(state: ThreadState, around: Surroundings, *, may_call: bool) -> Request:
    history = state.get("history", [])
    return Request(
        prompts.system(
            refs(state),
            newly_posted(state["turn"]),
            state.get("problems", []),
            today_of(state["turn"][0]),
            hidden=hidden(state),
        ),
        history,
        state["turn"],
        around.gate,
        tools=[tool.schema for tool in around.tools.values()],
        may_call=may_call,
        wish=prompts.wish(wished(around.manner or Manner(), history, state["turn"][0].text)),
        summary=summary_of(state),
        keep=around.thread_messages,
        fallen=state.get("rounds", 0) > 0 and state.get("planner") == LOCAL,
    )


def _doing(state: ThreadState) -> str:
    """What the planner is at, for people who wait."""
    if is_check(state["turn"][-1]):
        return MENDING
    return PLANNING if len(state["turn"]) == 1 else ANSWERING


@asynccontextmanager
async def _shown(around: Surroundings, title: str) -> AsyncIterator[None]:
    """A step that people see while a slow planner is at work."""
    if not around.planner.slow:
        yield
        return
    await around.show(Step(title, "running"))
    try:
        yield
    except Exception:
        await around.show(Step(title, "failed"))
        raise
    await around.show(Step(title, "done"))


def _with(state: ThreadState, degraded: Iterable[str], gate: Gate) -> list[str]:
    """What is degraded in this turn, each once."""
    before = state.get("degraded", []) if state.get("rounds") else []
    return list(dict.fromkeys([*before, *(gate.clean(sentence) for sentence in degraded)]))


def after_think(state: ThreadState) -> str:
    return "act" if wanted_tools(state["turn"]) else "check"


async def act(state: ThreadState, runtime: Runtime[Surroundings]) -> dict[str, Any]:
    """Run the tools the planner asked for, all at once, each under its deadline."""
    around, images, gone = runtime.context, refs(state), deleted(state)
    toolbox = TurnToolbox(
        around.tools,
        around.lend,
        images,
        fetch=around.fetch,
        deadline=around.tool_seconds,
        deleted=gone,
        hidden=hidden(state),
        hits=Hits(images, gone, hits_in([*state.get("history", []), *state["turn"]])),
    )
    results = await results_of(state["turn"], toolbox, around)
    adopted = {"images": [ref.model_dump(mode="json") for ref in toolbox.adopted]} if toolbox.adopted else {}
    return {"turn": [*state["turn"], *results], "degraded": _with(state, notes_of(results), around.gate), **adopted}


async def check(state: ThreadState, runtime: Runtime[Surroundings]) -> dict[str, Any]:
    """Judge the draft. A rejected one goes back with the reasons, and with a mended text where a rule can offer one."""
    around = runtime.context
    draft = with_problems(state)
    evidence = all_evidence(state)
    # judged in a thread: a long answer against many rules must not hold up other threads
    with span("check") as checking:
        verdicts = await asyncio.to_thread(
            around.gate.judge,
            draft,
            evidence,
            surface="answer",
            question=said_by_people(state),
            images=refs(state),
            told=failures(state["turn"]),
            asked=calls_in(state["turn"]),
            looked=any(map(looked, evidence_of(state["turn"]))),
        )
        verdicts += _unfinished(state["turn"][-1], verdicts)
        checking.set({"spyglass.broken": [verdict.rule for verdict in verdicts if not verdict]})
    changes: dict[str, Any] = {"checks": [verdict.model_dump(mode="json") for verdict in verdicts], "draft": draft}
    broken = [verdict for verdict in verdicts if not verdict]
    if not broken:
        return changes
    changes["attempts"] = state.get("attempts", 0) + 1
    changes["turn"] = [*state["turn"][:-1], _rejection(draft, broken, around)]
    return changes


def _unfinished(reply: AnyMessage, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """A reply that was stopped halfway is no answer, even where every rule holds for its part."""
    stopped = reply.additional_kwargs.get("stopped")
    return [Verdict(rule="unfinished", broken=stopped)] if stopped and all(verdicts) else []


def _rejection(draft: str, broken: list[Verdict], around: Surroundings) -> HumanMessage:
    reasons = "\n".join(verdict.broken or "" for verdict in broken)
    mend = getattr(around.gate, "mend", None)
    return HumanMessage(
        f"Your draft was not sent. Write it again so that it holds:\n{reasons}\n\nThe draft was:\n{draft}",
        name="check",
        additional_kwargs={"draft": draft, "mended": mend(draft, broken) if mend else None},
    )


def after_check(state: ThreadState) -> str:
    if all(verdict["broken"] is None for verdict in state["checks"]):
        return "answer"
    return "give_up" if state["attempts"] >= DRAFTS else "think"


async def answer(state: ThreadState, runtime: Runtime[Surroundings]) -> dict[str, Any]:
    """Say the draft, and remember the turn."""
    return _finished(state, runtime.context, state["draft"], state.get("status", "answered"))


async def give_up(state: ThreadState, runtime: Runtime[Surroundings]) -> dict[str, Any]:
    """No draft held: say so honestly, with a fixed sentence that holds under every rule."""
    broken = [verdict for verdict in state["checks"] if verdict["broken"]]
    status = "withheld" if any(verdict["rule"] == "banned_brands" for verdict in broken) else "gave_up"
    return _finished(state, runtime.context, GIVEN_UP, status)


def _finished(state: ThreadState, around: Surroundings, said: str, status: str) -> dict[str, Any]:
    turn = as_remembered(state["turn"])
    kept = {"status": status, "planner": state.get("planner") or LOCAL}
    told = [*state.get("history", []), *turn, AIMessage(said, additional_kwargs=kept)]
    history = trim(told, around.thread_messages)
    changes: dict[str, Any] = {"answer": said, "status": status, "draft": "", "history": history, "turn": turn}
    if summary := summary_of(state):
        changes["summary"] = summary.with_gone(told[: len(told) - len(history)]).model_dump(mode="json")
    return changes
