"""Answers of Chat Completions, whole and as the chunks of a stream.

Source: developers.openai.com/api/reference/resources/chat/subresources/completions/streaming-events.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from tests.provider.heard import Heard
from tests.provider.script import Call, End, Says, Tokens
from tests.provider.shelf import Shelf
from tests.provider.wire import chunks, event

ENDS: dict[End, str] = {
    "end": "stop",
    "length": "length",
    "refusal": "stop",
    "filter": "content_filter",
    "context": "length",
}


def whole(says: Says, heard: Heard, tokens: Tokens, shelf: Shelf) -> dict[str, Any]:
    refused = says.end == "refusal"
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if refused or (says.calls and not says.text) else says.text,
        "refusal": says.text if refused else None,
        "annotations": [],
    }
    if says.calls:
        message["tool_calls"] = [_call(call, shelf) for call in says.calls]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _reason(says)}
    return {**_head(heard, shelf, "chat.completion"), "choices": [choice], "usage": usage(tokens)}


def events(says: Says, heard: Heard, tokens: Tokens, shelf: Shelf) -> Iterator[bytes]:
    head = _head(heard, shelf, "chat.completion.chunk")
    counted = bool((heard.body.get("stream_options") or {}).get("include_usage"))

    def chunk(delta: dict[str, Any], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return event({**head, "choices": [choice], **({"usage": None} if counted else {})})

    told = "refusal" if says.end == "refusal" else "content"
    yield chunk({"role": "assistant", "content": None if says.calls and not says.text else "", "refusal": None})
    for part in chunks(says.text):
        yield chunk({told: part})
    for index, call in enumerate(says.calls):
        made = _call(call, shelf)
        function = {"name": call.tool, "arguments": ""}
        yield chunk({"tool_calls": [{"index": index, "id": made["id"], "type": "function", "function": function}]})
        for part in chunks(call.text):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": part}}]})
    yield chunk({}, _reason(says))
    if counted:
        yield event({**head, "choices": [], "usage": usage(tokens)})
    yield event("[DONE]")


def usage(tokens: Tokens) -> dict[str, Any]:
    return {
        "prompt_tokens": tokens.input,
        "completion_tokens": tokens.output,
        "total_tokens": tokens.input + tokens.output,
        "prompt_tokens_details": {"cached_tokens": tokens.cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": tokens.thinking,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _head(heard: Heard, shelf: Shelf, kind: str) -> dict[str, Any]:
    return {
        "id": shelf.new("chatcmpl-"),
        "object": kind,
        "created": int(time.time()),
        "model": heard.model,
        "service_tier": "default",
        "system_fingerprint": "fp_local",
    }


def _call(call: Call, shelf: Shelf) -> dict[str, Any]:
    function = {"name": call.tool, "arguments": call.text}
    return {"id": call.id or shelf.new("call_"), "type": "function", "function": function}


def _reason(says: Says) -> str:
    return "tool_calls" if says.calls and says.end == "end" else ENDS[says.end]
