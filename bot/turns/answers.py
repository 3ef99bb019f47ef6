"""What a turn comes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from pydantic import BaseModel

from graphs.forgetting import finished_turn, is_latest
from graphs.memory import SIGHT, evidence_of, is_repeated
from graphs.state import ThreadState, refs, seen
from tools.kit import Evidence, Gate, Picture, Scope


class Answer(BaseModel):
    """What a turn comes to: this is the JSON of `spyglass ask --json`."""

    thread: str
    answer: str
    status: str
    """answered, asked, withheld, gave_up or refused."""
    tools: list[dict[str, Any]]
    """name, arguments, evidence (said, about, facts, sure, shows) or error."""
    checks: list[dict[str, Any]]
    """rule, kept, broken."""
    images: list[dict[str, Any]]
    """Every image of the thread: handle, sha256, mime, width, height, name, page, pages, notes."""
    problems: list[str]
    """Files of this message that could not be opened, and why."""
    pictures: list[dict[str, Any]]
    """Pictures the tools made: path, caption, mime."""
    planner: str
    seconds: float
    degraded: list[str] = []
    """Sentences about what was not to be had this time, such as a model, and what was done without it."""
    sight: list[str] = []
    """The audiences whose images it may tell of; empty at the terminal, and where the archive was not looked at."""

    @property
    def links(self) -> list[str]:
        """What links opened in the thread that may be shown there only for now, by its ids where it was posted."""
        return sorted({str(image["link"]) for image in self.images if image.get("link")})

    def is_within(self, scope: Scope) -> bool:
        """Whether it tells of nothing that the scope may not see."""
        return set(self.sight) <= set(scope.audiences)


def told(state: ThreadState, *, thread: str, planner: str, problems: list[str], seconds: float) -> dict[str, Any]:
    """The fields of the `Answer` with which the latest turn ended."""
    return {
        "thread": thread,
        "answer": state["answer"],
        "status": state["status"],
        "tools": tools_of(state["turn"]),
        "checks": [{"rule": c["rule"], "kept": c["broken"] is None, "broken": c["broken"]} for c in state["checks"]],
        "images": [ref.model_dump(mode="json") for ref in refs(state)],
        "problems": problems,
        "pictures": pictures_of(state["turn"]),
        "planner": state.get("planner") or planner,
        "seconds": round(seconds, 3),
        "degraded": _each_once(state.get("degraded", [])),
        "sight": sorted(seen(state)),
    }


def _each_once(sentences: Sequence[str]) -> list[str]:
    """Without those that another one holds, as where planner and tools lacked the same."""
    longest = sorted(set(sentences), key=len, reverse=True)
    kept = [one for number, one in enumerate(longest) if not any(one in other for other in longest[:number])]
    return sorted(kept, key=sentences.index)


def as_it_ended(state: ThreadState, turn: str) -> ThreadState | None:
    """The state as the turn with that id left it, if it was finished in this thread and is still remembered.

    Of an older turn than the latest the checks are not remembered.
    """
    messages = finished_turn(state, turn)
    if messages is None or is_latest(state, turn):
        return state if messages else None
    said = messages[-1]
    status = said.additional_kwargs.get("status", "answered")
    ended: Any = {"turn": messages[:-1], "answer": str(said.content), "status": status, "checks": [], "degraded": []}
    return {**state, **ended}


def problems_of(state: ThreadState) -> list[str]:
    """Sentences about files of the turn that could not be opened."""
    told = [message for message in state["turn"][:1] if isinstance(message, HumanMessage)]
    return [problem for message in told for problem in message.additional_kwargs.get("problems", [])]


def with_problems(state: ThreadState, sentences: Sequence[str]) -> ThreadState:
    """The state whose latest turn, which is finished, has these problems as well."""
    return _with_told(state, problems=[*problems_of(state), *sentences])


def with_sight(state: ThreadState, audiences: Sequence[str]) -> ThreadState:
    """The state whose latest turn, which is finished, may tell of images of these audiences."""
    return _with_told(state, **{SIGHT: list(audiences)})


def _with_told(state: ThreadState, **more: Any) -> ThreadState:
    asked = state["turn"][0]
    told = asked.model_copy(update={"additional_kwargs": {**asked.additional_kwargs, **more}})
    before, latest = state["history"][: -len(state["turn"]) - 1], state["history"][-len(state["turn"]) - 1 :]
    return {**state, "turn": [told, *state["turn"][1:]], "history": [*before, told, *latest[1:]]}


def redacted(told: dict[str, Any], gate: Gate) -> Answer:
    """The answer with every text in it passed by the gate."""
    from graphs.constraints import redact

    return Answer.model_validate(redact(told, gate))


def tools_of(turn: list[AnyMessage]) -> list[dict[str, Any]]:
    """Every tool call of the turn with what it gave, without those that only repeat another."""
    results = {m.tool_call_id: m for m in turn if isinstance(m, ToolMessage)}
    calls = [call for m in turn if isinstance(m, AIMessage) for call in m.tool_calls]
    told = [(call, results.get(call["id"] or "")) for call in calls]
    return [_tool(call, result) for call, result in told if not (result and is_repeated(result))]


def _tool(call: Any, result: Any) -> dict[str, Any]:
    told = {"name": call["name"], "arguments": call["args"]}
    if result is None or not result.artifact:
        return {**told, "evidence": None, "error": str(result.content) if result else "not run"}
    evidence = Evidence.model_validate(result.artifact)
    return {**told, "evidence": evidence.model_dump(mode="json", exclude={"tool", "arguments"})}


def pictures_of(turn: list[AnyMessage]) -> list[dict[str, Any]]:
    pictures: list[Picture] = [picture for one in evidence_of(turn) for picture in one.shows]
    return [picture.model_dump(mode="json") for picture in pictures]
