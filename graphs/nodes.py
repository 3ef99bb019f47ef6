"""What happens in each node of the agent. Nodes return changes; `agent.py` says what follows what."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any, cast

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.runnables import Runnable
from langgraph.runtime import Runtime

from graphs import prompts
from graphs.manners import Manner, wished
from graphs.memory import evidence_of, failures, newly_posted, trim, wanted_call, wanted_tools, without_rejected
from graphs.state import Step, Surroundings, ThreadState, deleted, refs
from graphs.steps import title_of
from tools.kit import CannotDo, Evidence, Spoken, Verdict
from tools.kit.providers import provider_failure
from tools.kit.toolbox import TurnToolbox

log = logging.getLogger(__name__)

ROUNDS = 6
"""Planner calls a turn before the tools are withdrawn: small models repeat a call for ever."""
DRAFTS = 3
"""Rejected drafts before we give up."""
CALLS = 16
"""Tool calls of one round that are run; a model that asks for more is told so."""
NO_TOOL: dict[str, Any] = {"anthropic-chat": {"type": "none"}, "openai-chat": "none"}
"""How each kind of chat model is told not to call a tool, by its LangChain type."""
STATUSES = ("answered", "asked", "refused")
GIVEN_UP = (
    "I could not put an answer together that holds up to my checks, so I would rather say nothing than something wrong."
)


def at_start(state: ThreadState) -> str:
    return "decline" if state.get("problems") and not refs(state) else "think"


async def decline(state: ThreadState) -> dict[str, Any]:
    """Nothing to look at: say which file could not be opened, and why."""
    draft = "\n".join(state["problems"])
    return {"turn": [*state["turn"], AIMessage(draft)], "draft": draft, "status": "refused"}


async def think(state: ThreadState, runtime: Runtime[Surroundings]) -> dict[str, Any]:
    """Ask the planner what to do next: call tools, or draft an answer. A question that asks for a call gets that."""
    around = runtime.context
    rounds = state.get("rounds", 0) + 1
    if wanted := wanted_call(state["turn"]):
        return {"turn": [*state["turn"], wanted], "rounds": rounds, "draft": "", "status": status_of(wanted)}
    planner = _with_tools(around) if rounds < ROUNDS else _without_tools(around)
    history = state.get("history", [])
    messages: list[AnyMessage] = [
        prompts.system(refs(state), newly_posted(state["turn"]), state.get("problems", [])),
        *history,
        *prompts.wish(wished(around.manner or Manner(), history, state["turn"][0].text)),
        *state["turn"],
    ]
    reply = await _ask(planner, messages, around)
    if rounds >= ROUNDS and reply.tool_calls:
        reply = AIMessage("I cannot tell: I ran out of steps before I had an answer.")
    return {
        "turn": [*state["turn"], reply],
        "rounds": rounds,
        "draft": text_of(reply),
        "status": status_of(reply),
    }


def _with_tools(around: Surroundings) -> Runnable[LanguageModelInput, AIMessage]:
    return around.planner.bind_tools([tool.schema for tool in around.tools.values()])


def _without_tools(around: Surroundings) -> Runnable[LanguageModelInput, AIMessage]:
    """Providers refuse a history of tool calls without the tools: there they stay known and may not be called."""
    choice = NO_TOOL.get(around.planner._llm_type)
    if choice is None:
        return around.planner
    return around.planner.bind_tools([tool.schema for tool in around.tools.values()], tool_choice=choice)


async def _ask(
    planner: Runnable[LanguageModelInput, AIMessage], messages: list[AnyMessage], around: Surroundings
) -> AIMessage:
    """Raises: CannotDo when the model's provider fails, with what to do about it."""
    try:
        return await planner.ainvoke(messages)
    except Exception as error:
        if failure := provider_failure(error, around.planner_name):
            raise failure from error
        raise


def after_think(state: ThreadState) -> str:
    return "act" if wanted_tools(state["turn"]) else "check"


async def act(state: ThreadState, runtime: Runtime[Surroundings]) -> dict[str, Any]:
    """Run the tools the planner asked for, all at once, each under its deadline."""
    around = runtime.context
    toolbox = TurnToolbox(
        around.tools,
        around.lend,
        refs(state),
        fetch=around.fetch,
        deadline=around.tool_seconds,
        deleted=deleted(state),
    )
    calls = cast(AIMessage, state["turn"][-1]).tool_calls
    results = await asyncio.gather(*(_run(call, toolbox, around) for call in calls[:CALLS]))
    return {"turn": [*state["turn"], *results, *(_too_many(call) for call in calls[CALLS:])]}


def _too_many(call: ToolCall) -> ToolMessage:
    sentence = f"Not run: {CALLS} tool calls at once are the most. Ask for the rest in the next step."
    return ToolMessage(
        sentence, tool_call_id=call["id"], name=call["name"], status="error", additional_kwargs={"kind": "ask"}
    )


async def _run(call: ToolCall, toolbox: TurnToolbox, around: Surroundings) -> ToolMessage:
    name = call["name"]
    title = around.gate.clean(title_of(call, around.tools.get(name)))
    await _show(around, Step(title, "running", name))
    try:
        evidence = await toolbox.use(name, call["args"])
    except Spoken as error:
        await _show(around, Step(title, "failed", name))
        kind = "cannot" if isinstance(error, CannotDo) else "ask"
        return ToolMessage(
            str(error), tool_call_id=call["id"], name=name, status="error", additional_kwargs={"kind": kind}
        )
    except Exception:
        log.exception("The tool %s failed.", name)
        await _show(around, Step(title, "failed", name))
        sentence = f"{name} failed here with an error that is ours, not yours; it has been logged."
        return ToolMessage(
            sentence, tool_call_id=call["id"], name=name, status="error", additional_kwargs={"kind": "cannot"}
        )
    await _show(around, Step(title, "done", name))
    return ToolMessage(_told(evidence), tool_call_id=call["id"], name=name, artifact=evidence.model_dump(mode="json"))


async def _show(around: Surroundings, step: Step) -> None:
    if around.step:
        await around.step(step)


def _told(evidence: Evidence) -> str:
    """What the planner is told of a result: the sentence, and the facts as JSON."""
    facts = json.dumps(evidence.facts, ensure_ascii=False)
    told = evidence.said if len(facts) > 8_000 else f"{evidence.said}\n{facts}"
    return f"Seen by the vision model: {told}" if evidence.source == "model" else told


async def check(state: ThreadState, runtime: Runtime[Surroundings]) -> dict[str, Any]:
    """Judge the draft. A rejected one goes back with the reasons, and with a mended text where a rule can offer one."""
    around = runtime.context
    draft = with_problems(state)
    evidence = evidence_of([*state.get("history", []), *state["turn"]])
    # judged in a thread: a long answer against many rules must not hold up other threads
    verdicts = await asyncio.to_thread(
        around.gate.judge,
        draft,
        evidence,
        surface="answer",
        question=said_by_people(state),
        images=refs(state),
        told=failures(state["turn"]),
        looked=any(each.source == "model" for each in evidence_of(state["turn"])),
    )
    changes: dict[str, Any] = {"checks": [verdict.model_dump(mode="json") for verdict in verdicts], "draft": draft}
    broken = [verdict for verdict in verdicts if not verdict]
    if not broken:
        return changes
    changes["attempts"] = state.get("attempts", 0) + 1
    changes["turn"] = [*state["turn"][:-1], _rejection(draft, broken, around)]
    return changes


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
    turn = without_rejected(state["turn"])
    if turn and isinstance(turn[-1], AIMessage) and not turn[-1].tool_calls:
        turn = turn[:-1]
    history = [*state.get("history", []), *turn, AIMessage(said, additional_kwargs={"status": status})]
    return {
        "answer": said,
        "status": status,
        "draft": "",
        "history": trim(history, around.thread_messages),
        "turn": turn,
    }


def text_of(reply: AIMessage) -> str:
    """The words of a reply, whatever blocks the provider split it into."""
    return reply.text.strip() if isinstance(reply.text, str) else str(reply.content).strip()


def status_of(reply: AIMessage) -> str:
    """The local planner says how it ended; of a model's draft, one that only asks counts as asked."""
    told = reply.additional_kwargs.get("status")
    if told in STATUSES:
        return cast(str, told)
    text = text_of(reply)
    return "asked" if text.endswith("?") and text.count(".") <= 1 else "answered"


def with_problems(state: ThreadState) -> str:
    """The draft, preceded by what could not be opened unless the draft says it already."""
    draft = state["draft"]
    missing = [problem for problem in state.get("problems", []) if problem not in draft]
    return "\n".join([*missing, draft]) if missing else draft


def said_by_people(state: ThreadState) -> str:
    """The words of the people in this thread: what they said may be repeated to them."""
    messages = [*state.get("history", []), *state["turn"]]
    words = [str(m.content) for m in messages if isinstance(m, HumanMessage) and m.name != "check"]
    return "\n".join([*words, *state.get("problems", [])])
