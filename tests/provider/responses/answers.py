"""Answers of the Responses API, whole and as the events of a stream.

Source: developers.openai.com/api/reference/resources/responses/streaming-events.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.provider.heard import Heard
from tests.provider.models import profile
from tests.provider.responses.reading import conversation
from tests.provider.script import End, Says, Tokens
from tests.provider.shelf import Shelf
from tests.provider.wire import chunks, event

INCOMPLETE: dict[End, str] = {
    "length": "max_output_tokens",
    "context": "max_output_tokens",
    "filter": "content_filter",
}
Item = dict[str, Any]
Told = Callable[..., bytes]


def whole(says: Says, heard: Heard, tokens: Tokens, shelf: Shelf) -> dict[str, Any]:
    body = heard.body
    output = _output(says, heard, shelf)
    made = _head(heard, shelf)
    if body.get("store") is not False:
        shelf.conversations[made["id"]] = [*conversation(body, shelf), *output]
        shelf.kept |= {item["id"] for item in output}
    reason = INCOMPLETE.get(says.end)
    return {
        **made,
        "status": "incomplete" if reason else "completed",
        "incomplete_details": {"reason": reason} if reason else None,
        "output": output,
        "usage": _usage(tokens),
    }


def events(says: Says, heard: Heard, tokens: Tokens, shelf: Shelf) -> Iterator[bytes]:
    response = whole(says, heard, tokens, shelf)
    number = -1

    def told(kind: str, **fields: Any) -> bytes:
        nonlocal number
        number += 1
        return event({"type": kind, "sequence_number": number, **fields}, kind)

    started = {**response, "status": "in_progress", "output": [], "usage": None, "incomplete_details": None}
    yield told("response.created", response=started)
    yield told("response.in_progress", response=started)
    for index, item in enumerate(response["output"]):
        begun = {**item, **{key: [] for key in ("content", "summary") if key in item}, "status": "in_progress"}
        if item["type"] == "function_call":
            begun["arguments"] = ""
        yield told("response.output_item.added", output_index=index, item=begun)
        yield from _item(item, index, told)
        yield told("response.output_item.done", output_index=index, item=item)
    yield told(f"response.{response['status']}", response=response)


def broken() -> bytes:
    words = "The server had an error while processing your request. Sorry about that!"
    return event(
        {"type": "error", "code": "server_error", "message": words, "param": None, "sequence_number": 99}, "error"
    )


def _item(item: Item, index: int, told: Told) -> Iterator[bytes]:
    at = {"item_id": item["id"], "output_index": index}
    if item["type"] == "function_call":
        for part in chunks(item["arguments"]):
            yield told("response.function_call_arguments.delta", **at, delta=part)
        yield told("response.function_call_arguments.done", **at, arguments=item["arguments"])
    elif item["type"] == "reasoning":
        for number, part in enumerate(item["summary"]):
            here = {**at, "summary_index": number}
            yield told("response.reasoning_summary_part.added", **here, part={**part, "text": ""})
            for piece in chunks(part["text"]):
                yield told("response.reasoning_summary_text.delta", **here, delta=piece)
            yield told("response.reasoning_summary_text.done", **here, text=part["text"])
            yield told("response.reasoning_summary_part.done", **here, part=part)
    else:
        for number, part in enumerate(item["content"]):
            yield from _part(part, {**at, "content_index": number}, told)


def _part(part: Item, at: Item, told: Told) -> Iterator[bytes]:
    kind, key = ("refusal", "refusal") if part["type"] == "refusal" else ("output_text", "text")
    more: Item = {} if kind == "refusal" else {"logprobs": []}
    yield told("response.content_part.added", **at, part={**part, key: ""})
    for piece in chunks(part[key]):
        yield told(f"response.{kind}.delta", **at, delta=piece, **more)
    yield told(f"response.{kind}.done", **at, **{key: part[key]}, **more)
    yield told("response.content_part.done", **at, part=part)


def _output(says: Says, heard: Heard, shelf: Shelf) -> list[Item]:
    output: list[Item] = []
    reasons = heard.body.get("reasoning") is not None or profile("openai", heard.model).get("reasoning_output")
    if says.thinking and reasons:
        summary = [{"type": "summary_text", "text": says.thinking}]
        shown = bool((heard.body.get("reasoning") or {}).get("summary"))
        item: Item = {"id": shelf.new("rs_"), "type": "reasoning", "summary": summary if shown else []}
        if "reasoning.encrypted_content" in (heard.body.get("include") or ()):
            item["encrypted_content"] = "gAAAAABlocal"
        output.append(item)
    if says.text or not says.calls:
        refused = says.end == "refusal"
        part: Item = {"type": "refusal", "refusal": says.text}
        if not refused:
            part = {"type": "output_text", "text": says.text, "annotations": [], "logprobs": []}
        status = "incomplete" if says.end in INCOMPLETE else "completed"
        message = {"type": "message", "status": status, "role": "assistant", "content": [part]}
        output.append({"id": shelf.new("msg_"), **message})
    for call in says.calls:
        named = {"id": shelf.new("fc_"), "call_id": call.id or shelf.new("call_")}
        called = {"name": call.tool, "arguments": call.text, "status": "completed"}
        output.append({**named, "type": "function_call", **called})
    if output[0]["type"] == "reasoning":
        shelf.follows |= {item["id"]: output[0]["id"] for item in output[1:]}
    return output


def _head(heard: Heard, shelf: Shelf) -> dict[str, Any]:
    body = heard.body
    asked = ("instructions", "max_output_tokens", "metadata", "previous_response_id", "temperature", "top_p", "text")
    return {
        "id": shelf.new("resp_"),
        "object": "response",
        "created_at": int(time.time()),
        "error": None,
        "model": heard.model,
        "parallel_tool_calls": body.get("parallel_tool_calls") is not False,
        "reasoning": body.get("reasoning") or {"effort": None, "summary": None},
        "service_tier": "default",
        "store": body.get("store") is not False,
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": [{"strict": None, **tool} for tool in body.get("tools") or ()],
        "truncation": body.get("truncation") or "disabled",
        **{key: body.get(key) for key in asked},
    }


def _usage(tokens: Tokens) -> dict[str, Any]:
    return {
        "input_tokens": tokens.input,
        "input_tokens_details": {"cached_tokens": tokens.cached, "cache_write_tokens": tokens.written},
        "output_tokens": tokens.output,
        "output_tokens_details": {"reasoning_tokens": tokens.thinking},
        "total_tokens": tokens.input + tokens.output,
    }
