"""Taking things out of a thread's memory: pure functions from its state to what changes in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from graphs.memory import SIGHT, adopted, pointed_at, sight_of, tombstone, turns_of, with_changes
from graphs.planning import LOCAL
from graphs.state import ThreadState, summary_of
from tools.kit import Evidence
from tools.kit.toolbox import HANDLE

GONE = "What was said here is gone: {} was deleted."
OUT_OF_SIGHT = "What was found here is gone: who may see it has changed since."


def finished_turn(state: ThreadState, turn: str) -> list[AnyMessage] | None:
    """The messages of the turn with that id, if it was finished here and is still remembered."""
    return next((messages for messages in turns_of(state.get("history", [])) if messages[0].id == turn), None)


def is_latest(state: ThreadState, turn: str) -> bool:
    turns = turns_of(state.get("history", []))
    return bool(turns) and turns[-1][0].id == turn


def reworded(state: ThreadState, turn: str, words: str) -> ThreadState | None:
    """A person edited the question of that turn; None when it is not remembered."""
    if finished_turn(state, turn) is None:
        return _summary_gone(state, turns=[turn]) or None
    left = [_asked(messages, words, turn) for messages in turns_of(state["history"])]
    return {**_remembered(state, left), **_summary_gone(state, turns=[turn])}


def _asked(messages: list[AnyMessage], words: str, turn: str) -> list[AnyMessage]:
    if messages[0].id != turn:
        return messages
    return [messages[0].model_copy(update={"content": words}), *messages[1:]]


def without_turn(state: ThreadState, turn: str) -> ThreadState | None:
    """The question of that turn was deleted: it, its answer, its evidence and its images go. None when not remembered.

    What later turns found out about its images, or said without evidence of their own, goes as well.
    """
    messages = finished_turn(state, turn)
    without_summary = _summary_gone(state, turns=[turn])
    if messages is None:
        return without_summary or None
    handles = [str(image["handle"]) for image in _posted(messages[0])]
    left = [kept for kept in _turns_without(state, handles, tainted_by=turn) if kept[0].id != turn]
    return {**_remembered(state, left), **without_summary, "images": [tombstone(handle) for handle in handles]}


def without_images(state: ThreadState, handles: Collection[str], original: str = "") -> ThreadState | None:
    """Images were deleted: so is what was found out about them, and what may have been said of it.

    original: their SHA-256, by which searches found them. None when the thread knows nothing of them.
    """
    left = _turns_without(state, handles, original=original)
    without_summary = _summary_gone(state, handles=handles, original=original)
    if not handles and not without_summary and left == turns_of(state.get("history", [])):
        return None
    return {**_remembered(state, left), **without_summary, "images": [tombstone(handle) for handle in handles]}


def within(state: ThreadState, audiences: Collection[str], gone: Collection[str] = ()) -> ThreadState | None:
    """The thread is shown no more than these audiences' images: what turns found elsewhere goes, and what was said of
    it from memory since. So do the images of the handles `gone`, which are not deleted: it is said so, and the
    questions they came with, in which a link reads as the name of the file, say their handles. None when nothing
    changes."""
    turns, summary = turns_of(state.get("history", [])), summary_of(state)
    names = {image["handle"]: str(image.get("name") or "") for image in state.get("images", [])}
    called = {handle: names[handle] for handle in gone if names.get(handle)}
    unseen = summary is not None and not set(summary.sight) <= set(audiences)
    # the turn that brought an image may be forgotten by now
    tainted = unseen or not set(gone) <= {handle for turn in turns for handle in _brought(turn)}
    far, kept = set[str](), []
    for messages in turns:
        beyond = not set(sight_of(messages)) <= set(audiences) or any(_is_about(each, gone) for each in messages)
        if beyond or (tainted and draws_on_memory(messages)):
            far.add(str(messages[0].id))
            messages = _redacted(messages, gone, OUT_OF_SIGHT)
        tainted = tainted or beyond
        kept.append(_unnamed(messages, called))
    if not (far or gone or unseen):
        return None
    drawn: ThreadState = {"summary": None} if unseen else _summary_gone(state, turns=far, handles=gone)
    return {**_remembered(state, kept), **drawn, "images": [tombstone(handle, hidden=True) for handle in gone]}


def _unnamed(turn: list[AnyMessage], called: Mapping[str, str]) -> list[AnyMessage]:
    """called: names by handle."""
    question, said = turn[0], str(turn[0].content)
    for handle, name in called.items():
        said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", handle, said)
    return turn if said == question.content else [question.model_copy(update={"content": said}), *turn[1:]]


def without_words(state: ThreadState, turns: Collection[str]) -> ThreadState | None:
    """These turns are too old to be kept: what was said and found out in them goes, the images stay. None when none of
    them is remembered."""
    before = turns_of(state.get("history", []))
    left = [messages for messages in before if messages[0].id not in turns]
    without_summary = _summary_gone(state, turns=turns)
    if len(left) == len(before):
        return without_summary or None
    return {**_remembered(state, left), **without_summary}


def _summary_gone(
    state: ThreadState, *, turns: Collection[str] = (), handles: Collection[str] = (), original: str = ""
) -> ThreadState:
    """What changes when the summary draws on any of these: it goes, and is made again from what is left."""
    summary = summary_of(state)
    drawn = summary and {*summary.turns, *summary.handles, *summary.originals} & {*turns, *handles, original}
    return {"summary": None} if drawn else {}


def changed(state: ThreadState, changes: ThreadState) -> ThreadState:
    """The state with those changes."""
    images = with_changes(state.get("images", []), changes.get("images", []))
    return {**state, **changes, "images": images}


def pictures_gone(before: ThreadState, after: ThreadState) -> set[str]:
    """Paths of pictures that tools drew of what is no longer remembered."""
    return _pictures(before) - _pictures(after)


def _pictures(state: ThreadState) -> set[str]:
    told = [*state.get("history", []), *state.get("turn", [])]
    return {picture.path for message in told if (found := _evidence(message)) for picture in found.shows}


def _remembered(state: ThreadState, turns: list[list[AnyMessage]]) -> ThreadState:
    """The state after its finished turns became those; the last one is kept apart from its answer as well."""
    changes: ThreadState = {"history": [message for messages in turns for message in messages]}
    if turns_of(state.get("history", []))[-1:] == turns[-1:]:
        return changes
    last = turns[-1] if turns else []
    return {**changes, "turn": last[:-1], "answer": str(last[-1].content) if last else "", "checks": [], "problems": []}


def _turns_without(
    state: ThreadState, handles: Collection[str], *, tainted_by: str | None = None, original: str = ""
) -> list[list[AnyMessage]]:
    """Turns without what is known of those images.

    After the first that knew of them, or was `tainted_by`, an answer without evidence of its own was drawn from memory
    and may repeat it.
    """
    kept, tainted = [], False
    for messages in turns_of(state.get("history", [])):
        touched = any(_is_about(message, handles) or _found(message, original) for message in messages)
        tainted = tainted or touched or messages[0].id == tainted_by
        from_memory = tainted and _without_evidence(messages)
        kept.append(_redacted(messages, handles) if touched or from_memory else messages)
    return kept


def _brought(turn: Sequence[AnyMessage]) -> set[str]:
    """Handles of the images that came with it, or were hits before it."""
    hits = {image.handle for message in turn for image in adopted(message).values()}
    return hits | {str(image["handle"]) for image in _posted(turn[0])}


def draws_on_memory(turn: Sequence[AnyMessage]) -> bool:
    """Whether its answer may repeat what was said before it: one without evidence of its own, and whatever a model
    says, which was told all of it."""
    return _without_evidence(turn) or bool(turn[-1].additional_kwargs.get("planner", LOCAL) != LOCAL)


def _without_evidence(turn: Sequence[AnyMessage]) -> bool:
    return not any(_evidence(message) for message in turn)


def _is_about(message: AnyMessage, handles: Collection[str]) -> bool:
    if isinstance(message, HumanMessage):
        return any(image["handle"] in handles for image in _posted(message))
    if isinstance(message, AIMessage):
        named = {handle for call in message.tool_calls for handle in _handles(call["args"])}
        said = str(message.content)
        return any(handle in named or re.search(rf"\b{handle}\b", said) for handle in handles)
    found = _evidence(message)
    return found is not None and any(region.handle in handles for region in found.about)


def _found(message: AnyMessage, original: str) -> bool:
    """Whether it tells of a search that found an image of that SHA-256."""
    found = _evidence(message) if original else None
    return found is not None and any(hit.get("sha256") == original for hit in found.facts.get("hits") or ())


def _redacted(messages: list[AnyMessage], handles: Collection[str], why: str = "") -> list[AnyMessage]:
    """The question as it was, and that the answer is gone."""
    question, answer = messages[0], messages[-1]
    images = [image for image in _posted(question) if image["handle"] not in handles]
    told = {**question.additional_kwargs, "images": images}
    if pointed := pointed_at(question):
        told["pointed"] = [handle for handle in pointed if handle not in handles]
    asked = question.model_copy(update={"additional_kwargs": told})
    told.pop(SIGHT, None)
    gone = why or GONE.format(" and ".join(handles) or "what it was about")
    said = AIMessage(gone, additional_kwargs=answer.additional_kwargs)
    return [asked, said] if len(messages) > 1 else [asked]


def _posted(message: AnyMessage) -> list[dict[str, Any]]:
    images: list[dict[str, Any]] = message.additional_kwargs.get("images") or []
    return images


def _evidence(message: AnyMessage) -> Evidence | None:
    if isinstance(message, ToolMessage) and message.artifact:
        return Evidence.model_validate(message.artifact)
    return None


def _handles(value: Any) -> Iterator[str]:
    """Whatever in the arguments of a call may name an image, as a handle."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _handles(inner)
    elif isinstance(value, str) and (named := HANDLE.fullmatch(value)):
        yield f"image {int(named[1])}"
