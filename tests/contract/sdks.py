"""The providers' own SDKs, each behind one way of asking, so that a test holds for all of them."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import anthropic
import openai
import pytest
from google import genai
from google.genai import types as google
from PIL import Image as Pillow

from tests.provider import Provider

SCHEMA = {
    "type": "object",
    "properties": {"count": {"type": "integer"}},
    "required": ["count"],
    "additionalProperties": False,
}
LOOK = {
    "type": "object",
    "properties": {"question": {"type": "string"}},
    "required": ["question"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Said:
    """What came back, in the same words for all."""

    text: str
    calls: list[tuple[str, Any]] = field(default_factory=list)
    """Name and arguments; text where they are no JSON."""
    thinking: str = ""
    reason: str = ""
    tokens: tuple[int, int, int] = (0, 0, 0)
    """In, out, and read from the cache."""


@dataclass(frozen=True)
class Asked:
    stream: bool = False
    question: str = "How many cups?"
    image: bytes | None = None
    tools: bool = False
    structured: bool = False
    thinking: bool = False
    seconds: float = 30.0
    key: str = "key"
    more: Mapping[str, Any] | None = None


def picture(width: int = 300, height: int = 200, kind: str = "JPEG") -> bytes:
    held = io.BytesIO()
    Pillow.new("RGB", (width, height), (200, 30, 30)).save(held, kind)
    return held.getvalue()


def encoded(image: bytes) -> str:
    return base64.b64encode(image).decode()


def parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def claude(provider: Provider, **wanted: Any) -> Said:
    asked = Asked(**wanted)
    content: list[Any] = [{"type": "text", "text": asked.question}]
    if asked.image is not None:
        source = {"type": "base64", "media_type": "image/jpeg", "data": encoded(asked.image)}
        content.insert(0, {"type": "image", "source": source})
    request: dict[str, Any] = {
        "model": "claude-haiku-4-5",
        "max_tokens": 2000,
        "messages": [{"role": "user", "content": content}],
    }
    if asked.tools:
        request["tools"] = [{"name": "look", "description": "Look.", "input_schema": LOOK}]
    if asked.structured:
        request["output_config"] = {"format": {"type": "json_schema", "schema": SCHEMA}}
    if asked.thinking:
        request["thinking"] = {"type": "enabled", "budget_tokens": 1024}
    request |= asked.more or {}
    made = anthropic.Anthropic(api_key=asked.key, base_url=provider.url, max_retries=0, timeout=asked.seconds)
    with made as client:
        if asked.stream:
            with client.messages.stream(**request) as events:
                message: Any = events.get_final_message()
        else:
            message = client.messages.create(**request)
    blocks = message.content
    usage = message.usage
    read, written = usage.cache_read_input_tokens, usage.cache_creation_input_tokens
    return Said(
        "".join(block.text for block in blocks if block.type == "text"),
        [(block.name, block.input) for block in blocks if block.type == "tool_use"],
        "".join(block.thinking for block in blocks if block.type == "thinking"),
        message.stop_reason,
        (usage.input_tokens + read + written, usage.output_tokens, read),
    )


def chat(provider: Provider, **wanted: Any) -> Said:
    asked = Asked(**wanted)
    content: list[Any] = [{"type": "text", "text": asked.question}]
    if asked.image is not None:
        content.append({"type": "image_url", "image_url": {"url": data_url(asked.image)}})
    request: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": content}]}
    if asked.tools:
        function = {"name": "look", "parameters": LOOK, "strict": True}
        request["tools"] = [{"type": "function", "function": function}]
    if asked.structured:
        held = {"name": "counted", "schema": SCHEMA, "strict": True}
        request["response_format"] = {"type": "json_schema", "json_schema": held}
    request |= asked.more or {}
    with _openai(provider, asked) as client:
        if not asked.stream:
            answer = client.chat.completions.create(**request)
            message = answer.choices[0].message
            called = [(call.function.name, parsed(call.function.arguments)) for call in message.tool_calls or ()]
            text = message.content or message.refusal or ""
            return Said(text, called, "", answer.choices[0].finish_reason, _counted(answer.usage))
        chunks = client.chat.completions.create(**request, stream=True, stream_options={"include_usage": True})
        return _joined([*chunks])


def _joined(chunks: Iterable[Any]) -> Said:
    text, reason, usage = "", "", None
    called: dict[int, list[str]] = {}
    for chunk in chunks:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or choice.delta.refusal or ""
            reason = choice.finish_reason or reason
            for call in choice.delta.tool_calls or ():
                held = called.setdefault(call.index, ["", ""])
                held[0] += call.function.name or ""
                held[1] += call.function.arguments or ""
    return Said(text, [(name, parsed(told)) for name, told in called.values()], "", reason, _counted(usage))


def _counted(usage: Any) -> tuple[int, int, int]:
    return usage.prompt_tokens, usage.completion_tokens, usage.prompt_tokens_details.cached_tokens


def responses(provider: Provider, **wanted: Any) -> Said:
    asked = Asked(**wanted)
    content: list[Any] = [{"type": "input_text", "text": asked.question}]
    if asked.image is not None:
        content.append({"type": "input_image", "image_url": data_url(asked.image), "detail": "high"})
    request: dict[str, Any] = {"model": "gpt-5.5", "input": [{"role": "user", "content": content}]}
    if asked.tools:
        request["tools"] = [{"type": "function", "name": "look", "parameters": LOOK, "strict": True}]
    if asked.structured:
        held = {"type": "json_schema", "name": "counted", "schema": SCHEMA, "strict": True}
        request["text"] = {"format": held}
    if asked.thinking:
        request["reasoning"] = {"effort": "low", "summary": "auto"}
    request |= asked.more or {}
    with _openai(provider, asked) as client:
        if asked.stream:
            events: list[Any] = [*client.responses.create(**request, stream=True)]
            response = next(event.response for event in reversed(events) if hasattr(event, "response"))
        else:
            response = client.responses.create(**request)
    parts = [part for item in response.output if item.type == "message" for part in item.content]
    return Said(
        "".join(part.refusal if part.type == "refusal" else part.text for part in parts),
        [(item.name, parsed(item.arguments)) for item in response.output if item.type == "function_call"],
        "".join(part.text for item in response.output if item.type == "reasoning" for part in item.summary),
        response.incomplete_details.reason if response.incomplete_details else response.status,
        (
            response.usage.input_tokens,
            response.usage.output_tokens,
            response.usage.input_tokens_details.cached_tokens,
        ),
    )


def _openai(provider: Provider, asked: Asked) -> openai.OpenAI:
    return openai.OpenAI(api_key=asked.key, base_url=provider.openai_url, max_retries=0, timeout=asked.seconds)


def gemini(provider: Provider, **wanted: Any) -> Said:
    asked = Asked(**wanted)
    parts = [google.Part(text=asked.question)]
    if asked.image is not None:
        parts.append(google.Part.from_bytes(data=asked.image, mime_type="image/jpeg"))
    config: dict[str, Any] = {}
    if asked.tools:
        look = google.FunctionDeclaration(name="look", description="Look.", parameters_json_schema=LOOK)
        config["tools"] = [google.Tool(function_declarations=[look])]
        config["automatic_function_calling"] = {"disable": True}
    if asked.structured:
        config |= {"response_mime_type": "application/json", "response_json_schema": SCHEMA}
    if asked.thinking:
        config["thinking_config"] = {"include_thoughts": True, "thinking_budget": 1000}
    config |= asked.more or {}
    request: dict[str, Any] = {
        "model": "gemini-2.5-flash",
        "contents": [google.Content(role="user", parts=parts)],
        "config": google.GenerateContentConfig(**config),
    }
    options = google.HttpOptions(base_url=provider.url, timeout=int(asked.seconds * 1000))
    with genai.Client(api_key=asked.key, http_options=options) as client:
        if asked.stream:
            answers = [*client.models.generate_content_stream(**request)]
        else:
            answers = [client.models.generate_content(**request)]
    candidates: list[Any] = [one for each in answers for one in each.candidates or ()]
    found = [part for one in candidates for part in one.content.parts or ()]
    last: Any = answers[-1]
    blocked = last.prompt_feedback.block_reason if last.prompt_feedback else None
    usage = last.usage_metadata
    out = usage.candidates_token_count + (usage.thoughts_token_count or 0)
    return Said(
        "".join(part.text for part in found if part.text and not part.thought),
        [(part.function_call.name, part.function_call.args) for part in found if part.function_call],
        "".join(part.text for part in found if part.text and part.thought),
        (blocked or last.candidates[0].finish_reason).value,
        (usage.prompt_token_count, out, usage.cached_content_token_count or 0),
    )


def data_url(image: bytes) -> str:
    return f"data:image/jpeg;base64,{encoded(image)}"


Speaker = Callable[..., Said]
"""Takes the provider and the fields of `Asked`."""
SPEAKERS: Mapping[str, Speaker] = {
    "claude": claude,
    "chat": chat,
    "responses": responses,
    "gemini": gemini,
}
speakers = pytest.mark.parametrize("speaker", [pytest.param(each, id=name) for name, each in SPEAKERS.items()])
streams = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


def name_of(speaker: Speaker) -> str:
    return next(name for name, each in SPEAKERS.items() if each is speaker)
