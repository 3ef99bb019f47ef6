"""Answers of the Messages API, whole and as the events of a stream.

Source: platform.claude.com/docs/en/build-with-claude/streaming.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.provider.heard import Heard
from tests.provider.messages.signing import signature
from tests.provider.script import End, Says, Tokens
from tests.provider.shelf import Shelf
from tests.provider.wire import chunks, event

ENDS: dict[End, str] = {
    "end": "end_turn",
    "length": "max_tokens",
    "refusal": "refusal",
    "filter": "refusal",
    "context": "model_context_window_exceeded",
}


def whole(says: Says, heard: Heard, tokens: Tokens, shelf: Shelf) -> dict[str, Any]:
    return {
        "id": shelf.new("msg_"),
        "type": "message",
        "role": "assistant",
        "model": heard.model,
        "content": _content(says, heard, shelf),
        "stop_reason": _reason(says),
        "stop_sequence": None,
        "stop_details": _details(says),
        "usage": _usage(tokens),
    }


def events(says: Says, heard: Heard, tokens: Tokens, shelf: Shelf) -> Iterator[bytes]:
    message = whole(says, heard, tokens, shelf)
    told = [each.text for each in says.calls]
    empty = {**message, "content": [], "stop_reason": None, "usage": {**message["usage"], "output_tokens": 1}}
    yield event({"type": "message_start", "message": empty}, "message_start")
    for index, block in enumerate(message["content"]):
        started = {**block, **{key: "" for key in ("text", "thinking", "signature") if key in block}}
        if block["type"] == "tool_use":
            started["input"] = {}
        start = {"type": "content_block_start", "index": index, "content_block": started}
        yield event(start, "content_block_start")
        if index == 0:
            yield event({"type": "ping"}, "ping")
        for delta in _deltas(block, told):
            yield event({"type": "content_block_delta", "index": index, "delta": delta}, "content_block_delta")
        yield event({"type": "content_block_stop", "index": index}, "content_block_stop")
    delta = {key: message[key] for key in ("stop_reason", "stop_sequence", "stop_details")}
    yield event({"type": "message_delta", "delta": delta, "usage": message["usage"]}, "message_delta")
    yield event({"type": "message_stop"}, "message_stop")


def _deltas(block: dict[str, Any], told: list[str]) -> Iterator[dict[str, Any]]:
    if block["type"] == "text":
        for part in chunks(block["text"]):
            yield {"type": "text_delta", "text": part}
    elif block["type"] == "thinking":
        for part in chunks(block["thinking"]):
            yield {"type": "thinking_delta", "thinking": part}
        yield {"type": "signature_delta", "signature": block["signature"]}
    else:
        yield {"type": "input_json_delta", "partial_json": ""}
        for part in chunks(told.pop(0)):
            yield {"type": "input_json_delta", "partial_json": part}


def _content(says: Says, heard: Heard, shelf: Shelf) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = []
    thinks = (heard.body.get("thinking") or {}).get("type") in ("enabled", "adaptive")
    if says.thinking and thinks:
        content.append({"type": "thinking", "thinking": says.thinking, "signature": signature(says.thinking)})
    if says.text:
        content.append({"type": "text", "text": says.text, "citations": None})
    for call in says.calls:
        named = call.id or shelf.new("toolu_")
        content.append({"type": "tool_use", "id": named, "name": call.tool, "input": call.object})
    return content


def _reason(says: Says) -> str:
    return "tool_use" if says.calls and says.end == "end" else ENDS[says.end]


def _details(says: Says) -> dict[str, Any] | None:
    if says.end not in ("refusal", "filter"):
        return None
    return {"type": "refusal", "category": None, "explanation": None}


def _usage(tokens: Tokens) -> dict[str, Any]:
    return {
        "input_tokens": tokens.input - tokens.cached - tokens.written,
        "cache_creation_input_tokens": tokens.written,
        "cache_read_input_tokens": tokens.cached,
        "cache_creation": {"ephemeral_5m_input_tokens": tokens.written, "ephemeral_1h_input_tokens": 0},
        "output_tokens": tokens.output,
        "output_tokens_details": {"thinking_tokens": tokens.thinking},
        "service_tier": "standard",
    }
