"""Answers of generateContent and the chunks of streamGenerateContent: ai.google.dev/api/generate-content."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.provider.generate.checks import SIGNED
from tests.provider.heard import Heard
from tests.provider.script import Call, End, Says, Tokens
from tests.provider.shelf import Shelf
from tests.provider.wire import chunks, event

ENDS: dict[End, str] = {"end": "STOP", "length": "MAX_TOKENS", "filter": "SAFETY", "context": "MAX_TOKENS"}
"""A refusal has no reason of its own: the prompt is blocked."""


def whole(says: Says, heard: Heard, tokens: Tokens, shelf: Shelf) -> dict[str, Any]:
    return _response(_parts(says, heard, shelf), says, heard, tokens, shelf.new("r"), last=True)


def events(says: Says, heard: Heard, tokens: Tokens, shelf: Shelf) -> Iterator[bytes]:
    name = shelf.new("r")
    pieces = [piece for part in _parts(says, heard, shelf) for piece in _pieces(part)]
    if not pieces:
        yield event(_response([], says, heard, tokens, name, last=True))
    for number, part in enumerate(pieces):
        yield event(_response([part], says, heard, tokens, name, last=number == len(pieces) - 1))


def _pieces(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "text" not in part:
        yield part
        return
    for text in chunks(part["text"]):
        yield {**part, "text": text}


def _response(
    parts: list[dict[str, Any]], says: Says, heard: Heard, tokens: Tokens, name: str, *, last: bool
) -> dict[str, Any]:
    about = {"usageMetadata": _usage(tokens, last), "modelVersion": heard.model, "responseId": name}
    if says.end == "refusal":
        return {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, **about}
    candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}, "index": 0}
    if last:
        candidate["finishReason"] = "MALFORMED_FUNCTION_CALL" if _malformed(says.calls) else ENDS[says.end]
    return {"candidates": [candidate], **about}


def _parts(says: Says, heard: Heard, shelf: Shelf) -> list[dict[str, Any]]:
    if _malformed(says.calls) or says.end == "refusal":
        return []
    parts: list[dict[str, Any]] = []
    thinking = (heard.body.get("generationConfig") or {}).get("thinkingConfig") or {}
    if says.thinking and (thinking.get("includeThoughts") or thinking.get("include_thoughts")):
        parts.append({"text": says.thinking, "thought": True})
    if says.text:
        parts.append({"text": says.text})
    for number, call in enumerate(says.calls):
        called = {"name": call.tool, "args": call.object, "id": call.id or shelf.new("fc")}
        signed = {"thoughtSignature": SIGNED} if number == 0 and heard.model.startswith("gemini-3") else {}
        parts.append({"functionCall": called, **signed})
    return parts


def _malformed(calls: tuple[Call, ...]) -> bool:
    """Arguments that are no JSON object never leave the API: the finish reason says so."""
    for call in calls:
        try:
            if not isinstance(json.loads(call.text), dict):
                return True
        except json.JSONDecodeError:
            return True
    return False


def _usage(tokens: Tokens, last: bool) -> dict[str, Any]:
    shown = tokens.output - tokens.thinking if last else 1
    usage = {
        "promptTokenCount": tokens.input,
        "candidatesTokenCount": shown,
        "totalTokenCount": tokens.input + tokens.thinking + shown,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens.input}],
    }
    if tokens.cached:
        usage["cachedContentTokenCount"] = tokens.cached
    if tokens.thinking:
        usage["thoughtsTokenCount"] = tokens.thinking
    return usage
