"""A draft of an answer: its words, how it ends the turn, and what of its thread it may draw on."""

from __future__ import annotations

from typing import cast

from langchain_core.messages import AIMessage, HumanMessage

from graphs.memory import evidence_of
from graphs.planning.declining import declines
from graphs.state import ThreadState, summary_of
from tools.kit import Evidence

STATUSES = ("answered", "asked", "refused")


def text_of(reply: AIMessage) -> str:
    """The words of a reply, whatever blocks the provider split it into."""
    return reply.text.strip() if isinstance(reply.text, str) else str(reply.content).strip()


def status_of(reply: AIMessage, *, found: bool = False) -> str:
    """The local planner says how it ended. Of a model's draft, one that declines counts as refused, one that only asks
    as asked. `found`: tools of this turn found something."""
    told = reply.additional_kwargs.get("status")
    if told in STATUSES:
        return cast(str, told)
    text = text_of(reply)
    if declines(text, found=found):
        return "refused"
    return "asked" if text.endswith("?") and text.count(".") <= 1 else "answered"


def with_problems(state: ThreadState) -> str:
    """The draft, preceded by what could not be opened unless the draft says it already."""
    draft = state["draft"]
    missing = [problem for problem in state.get("problems", []) if problem not in draft]
    return "\n".join([*missing, draft]) if missing else draft


def all_evidence(state: ThreadState) -> list[Evidence]:
    """Everything tools have found in this thread, as far as it is remembered: what answers may draw on."""
    summary = summary_of(state)
    return [*(summary.evidence if summary else ()), *evidence_of([*state.get("history", []), *state["turn"]])]


def said_by_people(state: ThreadState) -> str:
    """The words of the people in this thread: what they said may be repeated to them."""
    summary = summary_of(state)
    messages = [*state.get("history", []), *state["turn"]]
    words = [str(m.content) for m in messages if isinstance(m, HumanMessage) and m.name != "check"]
    return "\n".join([*(summary.words if summary else ()), *words, *state.get("problems", [])])
