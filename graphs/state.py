"""What a thread remembers: references and messages, never bytes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AnyMessage

from graphs.manners import Manner
from graphs.memory import sight_of, turns_of, with_changes
from graphs.planning import Planner, Summary
from tools.kit import Gate, ImageRef, Tool
from tools.kit.toolbox import Fetch, Lend


class ThreadState(TypedDict, total=False):
    """Checkpointed after every step. LangChain messages and JSON only, so that nothing unsafe is ever rebuilt."""

    images: Annotated[list[dict[str, Any]], with_changes]
    """`ImageRef` dicts of the whole thread in the order they were posted: handles are stable. See `tombstone`."""
    history: list[AnyMessage]
    """Finished turns, oldest first, trimmed."""
    turn: list[AnyMessage]
    """The running turn: the question, tool calls and results, rejected drafts."""
    problems: list[str]
    """Sentences about files of this turn that could not be opened."""
    rounds: int
    """How often the planner has been asked in this turn."""
    attempts: int
    """How many drafts the checks have rejected in this turn."""
    draft: str
    """What would be said, not yet checked."""
    status: str
    """How the turn ends: answered, asked, withheld, gave_up or refused."""
    answer: str
    """What was said: every rule held."""
    checks: list[dict[str, Any]]
    """`Verdict` dicts of the last check."""
    planner: str
    """Who planned in this turn: ``local``, or the spec of a model."""
    degraded: list[str]
    """Sentences for people about what was not as it should be in this turn. They have passed the gate."""
    summary: dict[str, Any] | None
    """A `Summary` of turns before those of the history, where a planner needs one."""


@dataclass(frozen=True)
class Surroundings:
    """What a turn is lent. Passed at run time, never checkpointed."""

    planner: Planner
    tools: dict[str, Tool]
    lend: Lend
    fetch: Fetch
    gate: Gate
    tool_seconds: float = 60.0
    thread_messages: int = 60
    step: Callable[[Step], Awaitable[None]] | None = None
    manner: Manner | None = None
    """How answers are to be worded where the messages do not wish otherwise."""

    async def show(self, step: Step) -> None:
        """To whoever watches."""
        if self.step:
            await self.step(step)


@dataclass(frozen=True)
class Step:
    """One visible step of the work, for whoever shows progress. Its title has passed the gate."""

    title: str
    state: str
    """``running``, ``done`` or ``failed``."""
    tool: str = ""


def refs(state: ThreadState) -> list[ImageRef]:
    """The thread's images as references, without deleted ones."""
    return [ImageRef.model_validate(ref) for ref in state.get("images", []) if not ref.get("deleted")]


def deleted(state: ThreadState) -> list[str]:
    """Handles of the thread's images that were deleted, or may not be shown in it any more."""
    return [ref["handle"] for ref in state.get("images", []) if ref.get("deleted")]


def hidden(state: ThreadState) -> list[str]:
    """Handles of those that may not be shown in the thread any more."""
    return [ref["handle"] for ref in state.get("images", []) if ref.get("hidden")]


def summary_of(state: ThreadState) -> Summary | None:
    """What is left of turns that planners are no longer told word for word."""
    kept = state.get("summary")
    return Summary.model_validate(kept) if kept else None


def seen(state: ThreadState) -> set[str]:
    """The audiences whose images anything that is remembered may tell of."""
    summary, turns = summary_of(state), turns_of(state.get("history", []))
    return {*(summary.sight if summary else ()), *(audience for turn in turns for audience in sight_of(turn))}
