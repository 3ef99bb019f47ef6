"""Tool calls as a model made them, put so that each can be answered: every call has an id of its own, and one that
cannot be run is told why."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage

from tools.kit.models import CUT_OFF

BY = "planner"
"""Where a reply says which model made it, for as long as its turn runs."""
NAMELESS = "Not run: the call names no tool. Call one of the tools by its name."
NO_JSON = "Not run: the arguments are no JSON ({}). Make the call again, with a JSON object that fits the tool."
CUT = "Not run: your reply was too long and ended within this call. Make it again by itself, and shorter."
NO_OBJECT = "Not run: the arguments are no JSON object. Make the call again, with one that fits the tool."


def ids_in(messages: Collection[AnyMessage]) -> set[str]:
    """Ids of the tool calls made so far."""
    return {call["id"] or "" for message in messages if isinstance(message, AIMessage) for call in message.tool_calls}


def mended(reply: AIMessage, taken: Collection[str]) -> AIMessage:
    """The reply with calls that providers and tools take; itself when there is nothing to mend.

    taken: ids of earlier calls. In ``additional_kwargs["malformed"]`` are the sentences for calls that cannot be run.
    """
    used = {*taken, ""}
    calls: list[dict[str, Any]] = []
    malformed: dict[str, str] = {}
    for call in [*reply.tool_calls, *reply.invalid_tool_calls]:
        name, arguments, made = call["name"] or "", call["args"], call["id"] or ""
        key = f"call_{uuid.uuid4().hex}" if made in used else made
        used.add(key)
        if wrong := CUT if call.get("error") == CUT_OFF else _wrong(name, arguments):
            malformed[key] = wrong
        calls.append({"name": name or "unknown", "args": arguments if isinstance(arguments, dict) else {}, "id": key})
    if not malformed and [call["id"] for call in calls] == [call["id"] for call in reply.tool_calls]:
        return reply
    told = {**reply.additional_kwargs, "malformed": malformed} if malformed else reply.additional_kwargs
    # as text and calls alone: what the provider made of them holds the calls as they came
    return AIMessage(reply.text, tool_calls=calls, additional_kwargs=told, response_metadata=reply.response_metadata)


def without_mistakes(turn: Sequence[AnyMessage]) -> list[AnyMessage]:
    """A turn as another planner goes on with it: of what models called, only what was run."""
    results = {message.tool_call_id: message for message in turn if isinstance(message, ToolMessage)}
    kept: list[AnyMessage] = []
    gone: set[str] = set()
    for message in turn:
        if isinstance(message, AIMessage) and BY in message.additional_kwargs:
            calls = [call for call in message.tool_calls if _was_run(results.get(call["id"] or ""))]
            gone |= {call["id"] or "" for call in message.tool_calls if call not in calls}
            if calls:
                kept.append(AIMessage("", tool_calls=calls))
        elif not (isinstance(message, ToolMessage) and message.tool_call_id in gone):
            kept.append(message)
    return kept


def _was_run(result: ToolMessage | None) -> bool:
    """Whether a tool gave a finding, or could not: anything else the model had to mend."""
    return result is not None and (result.status != "error" or result.additional_kwargs.get("kind") == "cannot")


def _wrong(name: str, arguments: Any) -> str | None:
    if not name:
        return NAMELESS
    if isinstance(arguments, dict):
        return None
    try:
        json.loads(arguments)
    except (json.JSONDecodeError, TypeError) as error:
        return NO_JSON.format(error if isinstance(error, json.JSONDecodeError) else "there are none")
    return NO_OBJECT
