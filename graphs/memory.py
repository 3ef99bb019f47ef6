"""Thread ids, image handles and trimming."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage, ToolMessage

from graphs.clock import clock_of
from tools.kit import Evidence, ImageRef, Opened
from tools.kit.originals import ref_of

FINDING = ("search", "posted_before")
"""Tools that find images in the archive."""
SIGHT = "sight"
"""Where the question of a turn keeps the audiences whose images its answer may tell of."""
REPEATED = "repeated"
"""The kind of a call that was made before."""


def thread_key(team: str, channel: str, thread_ts: str) -> str:
    """The id under which a thread is remembered: the workspace comes first in every key."""
    return f"{team}:{channel}:{thread_ts}"


def with_handles(opened: Iterable[tuple[str, Opened]], already: int) -> list[ImageRef]:
    """Give newly posted images (name, page) the thread's next handles: the first one ever is ``image 1``."""
    return [ref_of(page, f"image {number}", name) for number, (name, page) in enumerate(opened, already + 1)]


def with_changes(images: list[dict[str, Any]], changed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A thread's images after some were posted or deleted: each keeps its handle and its place."""
    return list({image["handle"]: image for image in [*images, *changed]}.values())


def tombstone(handle: str, *, hidden: bool = False) -> dict[str, Any]:
    """What is left of a deleted image, so that the others keep their handles. hidden: it is not deleted, but may not be
    shown in the thread any more."""
    return {"handle": handle, "deleted": True, **({"hidden": True} if hidden else {})}


def trim(history: Sequence[AnyMessage], keep: int) -> list[AnyMessage]:
    """The last whole turns that fit into `keep` messages; at least one turn, whatever its length."""
    starts = [index for index, message in enumerate(history) if isinstance(message, HumanMessage)]
    fitting = [start for start in starts if len(history) - start <= keep]
    return list(history[fitting[0] :]) if fitting else list(history[starts[-1] :]) if starts else []


def turns_of(history: Sequence[AnyMessage]) -> list[list[AnyMessage]]:
    """Finished turns, each from its question to its answer."""
    turns: list[list[AnyMessage]] = []
    for message in history:
        if isinstance(message, HumanMessage) and not is_check(message):
            turns.append([])
        if turns:
            turns[-1].append(message)
    return turns


def as_remembered(turn: Sequence[AnyMessage]) -> list[AnyMessage]:
    """A finished turn as it is remembered, with an id, and without what was not checked: rejected drafts and what the
    checks said of them, and what a model said beside its tool calls or in a form that only its provider reads."""
    kept = [message for message in turn if not is_check(message)]
    if kept and isinstance(kept[-1], AIMessage) and not kept[-1].tool_calls:
        kept = kept[:-1]
    question = kept[0].model_copy(update={"id": kept[0].id or uuid.uuid4().hex})
    return [question, *(_plain(message) for message in kept[1:])]


def _plain(message: AnyMessage) -> AnyMessage:
    return AIMessage("", tool_calls=message.tool_calls) if isinstance(message, AIMessage) else message


def is_check(message: AnyMessage) -> bool:
    return isinstance(message, HumanMessage) and message.name == "check"


def is_repeated(result: ToolMessage) -> bool:
    """Whether the call was not run, because the same one had been made before in that turn."""
    return result.additional_kwargs.get("kind") == REPEATED


def sight_of(turn: Sequence[AnyMessage]) -> list[str]:
    """The audiences that a turn could find images of, if it looked for any, or repeat what was found of them."""
    return list(turn[0].additional_kwargs.get(SIGHT) or ())


def evidence_of(messages: Iterable[AnyMessage]) -> list[Evidence]:
    """All evidence in messages, oldest first."""
    return [
        Evidence.model_validate(message.artifact)
        for message in messages
        if isinstance(message, ToolMessage) and message.artifact
    ]


def names_hits(tool: str, facts: Mapping[str, Any]) -> bool:
    """Whether "hit 3" is one of what a tool found: a search, or a look for copies that found some. Whoever asks after
    the posting of a hit still speaks of the search."""
    return tool in FINDING and bool(tool == "search" or (facts.get("hits") and "itself" not in facts))


def hits_in(messages: Iterable[AnyMessage]) -> list[str]:
    """Archive ids of the hits of the latest search (or look for copies that found some), as ranked; none where nothing
    was found."""
    for found in reversed(evidence_of(messages)):
        if names_hits(found.tool, found.facts):
            hits = found.facts.get("hits")
            return [str(hit["id"]) for hit in hits] if isinstance(hits, list) else []
    return []


def failures(turn: Iterable[AnyMessage]) -> list[str]:
    """What the tools of a turn said when they could not do their work: no evidence, but it may be repeated."""
    return [str(m.content) for m in turn if isinstance(m, ToolMessage) and m.status == "error"]


def calls_in(turn: Iterable[AnyMessage]) -> list[dict[str, Any]]:
    """What a turn's calls asked for: arguments by the name of the tool."""
    return [{call["name"]: call["args"]} for m in turn if isinstance(m, AIMessage) for call in m.tool_calls]


def newly_posted(turn: Sequence[AnyMessage]) -> set[str]:
    """Handles of the images that the message of this turn points at, or else of those that came with it."""
    return {handle for message in turn[:1] for handle in pointed_at(message) or _posted_with(message)}


def pointed_at(message: BaseMessage) -> tuple[str, ...]:
    """Handles of the images that a message points at without naming them, whenever they were posted."""
    return tuple(message.additional_kwargs.get("pointed") or ())


def today_of(question: BaseMessage) -> date:
    """The day in the time zone of whoever asks."""
    return clock_of(datetime.now(UTC), str(question.additional_kwargs.get("zone") or "")).today


def adopted(message: BaseMessage) -> dict[str, ImageRef]:
    """The hits that a tool call has made images of the thread, by what they were called ("hit 3")."""
    return {
        said: ImageRef.model_validate(image) for said, image in (message.additional_kwargs.get("adopted") or {}).items()
    }


def wanted_call(turn: Sequence[BaseMessage]) -> AIMessage | None:
    """The tool call that the question of a turn asks for itself, as long as nothing was done in that turn."""
    call = turn[0].additional_kwargs.get("call") if len(turn) == 1 else None
    return AIMessage("", tool_calls=[{**call, "id": f"call_{uuid.uuid4().hex}"}]) if call else None


def _posted_with(message: AnyMessage) -> list[str]:
    return [image["handle"] for image in message.additional_kwargs.get("images", [])]


def wanted_tools(turn: Sequence[AnyMessage]) -> bool:
    """Whether the planner's last word was a tool call."""
    return bool(turn) and isinstance(turn[-1], AIMessage) and bool(turn[-1].tool_calls)
