"""Requests with anything anywhere: the local provider takes or refuses them, and never breaks."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract.defects import WIRES, chat, claude, gemini, responses
from tests.contract.sdks import SCHEMA, data_url, picture
from tests.provider import opened, says

ODD: list[Any] = [None, True, -1, 1.5, "", "odd", [], {}, [None], {"type": "odd"}]
PICTURE = picture(8, 8)


def claude_request() -> Any:
    result = {**claude.RESULT, "content": [{"type": "text", "text": "A cup."}, claude.claude_image(claude.SMALL)]}
    return {
        **claude.request(),
        "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {"role": "user", "content": [claude.claude_image(claude.SMALL), {"type": "text", "text": "Hi"}]},
            {"role": "assistant", "content": [{"type": "text", "text": "Well"}, claude.USE]},
            {"role": "user", "content": [result]},
        ],
        "tool_choice": {"type": "auto"},
        "output_config": {"format": {"type": "json_schema", "schema": SCHEMA}},
        "stop_sequences": ["end"],
        "stream": False,
    }


def chat_request() -> Any:
    image = {"type": "image_url", "image_url": {"url": data_url(PICTURE), "detail": "low"}}
    held = {"name": "counted", "schema": SCHEMA, "strict": True}
    return {
        **chat.request(),
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [image, {"type": "text", "text": "Hi"}]},
            chat.ASSISTANT,
            chat.TOOL,
        ],
        "tool_choice": "auto",
        "response_format": {"type": "json_schema", "json_schema": held},
        "max_completion_tokens": 100,
        "stream": False,
    }


def responses_request() -> Any:
    image = {"type": "input_image", "image_url": data_url(PICTURE), "detail": "low"}
    tool = {"type": "function", "name": "look", "parameters": SCHEMA, "strict": True}
    return {
        **responses.request(),
        "instructions": "Be brief.",
        "input": [
            {"role": "user", "content": [image, {"type": "input_text", "text": "Hi"}]},
            {"role": "assistant", "content": [{"type": "output_text", "text": "Well"}]},
            responses.FUNCTION_CALL,
            responses.OUTPUT,
        ],
        "tools": [tool],
        "text": {"format": {"type": "json_schema", "name": "counted", "schema": SCHEMA, "strict": True}},
        "reasoning": {"effort": "low", "summary": "auto"},
        "stream": False,
    }


def gemini_request() -> Any:
    blob = {"inlineData": {"mimeType": "image/jpeg", "data": data_url(PICTURE).split(",")[1]}}
    return {
        **gemini.request(),
        "contents": [{"role": "user", "parts": [blob, {"text": "Hi"}]}, gemini.CALL, gemini.RESULT],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "toolConfig": {"functionCallingConfig": {"mode": "AUTO"}},
        "generationConfig": {"temperature": 0.5, "maxOutputTokens": 100, "stopSequences": ["end"]},
    }


REQUESTS = {"claude": claude_request, "chat": chat_request, "responses": responses_request, "gemini": gemini_request}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Of all values within a request."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from places(each, (*path, key))


def changed(body: Any, path: tuple[Any, ...], odd: Any) -> Any:
    made = copy.deepcopy(body)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return made


def shortened(body: Any, path: tuple[Any, ...]) -> Any:
    made = copy.deepcopy(body)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return made


@pytest.mark.parametrize("wire", WIRES)
async def test_whatever_is_sent_is_taken_or_refused(wire: str) -> None:
    body = REQUESTS[wire]()
    headers = {"content-type": "application/json", **WIRES[wire].HEADERS}
    sent = [body, *(shortened(body, path) for path in places(body))]
    sent += [changed(body, path, odd) for path in places(body) for odd in ODD]
    statuses = []
    async with (
        opened(says("Hello."), strict=False, keep_alive=True) as provider,
        httpx.AsyncClient(base_url=provider.url, headers=headers, timeout=30) as client,
    ):
        for each in sent:
            answer = await client.post(WIRES[wire].PATH, content=json.dumps(each).encode())
            statuses.append(answer.status_code)
    assert statuses[0] == 200
    assert set(statuses) <= {200, 400, 404}
    assert statuses.count(400) > len(statuses) / 2
