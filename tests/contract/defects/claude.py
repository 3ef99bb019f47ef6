"""Of the Messages API."""

from __future__ import annotations

from typing import Any

from tests.contract.defects.making import Body, Change, Defect, at, both, put, without
from tests.contract.sdks import LOOK, encoded, picture

PATH = "/v1/messages"
HEADERS = {"x-api-key": "key", "anthropic-version": "2026-10-21"}
HI: Body = {"role": "user", "content": "Hi"}
USE = {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "A cup."}
MARK = {"cache_control": {"type": "ephemeral"}}
SMALL = encoded(picture(10, 10))


def request() -> Body:
    tools = [{"name": "look", "input_schema": LOOK}]
    return {"model": "claude-haiku-4-5", "max_tokens": 2000, "messages": [HI], "tools": tools}


def claude_image(data: str, media: str = "image/jpeg") -> Body:
    return {"type": "image", "source": {"type": "base64", "media_type": media, "data": data}}


def claude_says(*messages: tuple[str, Any]) -> Change:
    return at("messages", value=[{"role": role, "content": content} for role, content in messages])


def claude_sees(*images: Body) -> Change:
    return claude_says(("user", list(images)))


DEFECTS: dict[str, Defect] = {
    "no max_tokens": (without("max_tokens"), "max_tokens: Field required"),
    "too many max_tokens": (at("max_tokens", value=10**6), "max_tokens: 1000000 > 64000"),
    "max_tokens as text": (at("max_tokens", value="9"), "max_tokens: Input should be a valid integer"),
    "no model": (without("model"), "model: Field required"),
    "no messages": (at("messages", value=[]), "at least one message"),
    "an unknown parameter": (at("max_completion_tokens", value=5), "max_completion_tokens: Extra inputs"),
    "temperature": (at("temperature", value=0.5), "temperature: Extra inputs are not permitted"),
    "the assistant first": (claude_says(("assistant", "Hi"), ("user", "Hi")), 'first message must use the "user" role'),
    "a system message": (claude_says(("system", "Be kind."), ("user", "Hi")), 'Unexpected role "system"'),
    "a role of another provider": (claude_says(("tool", "Hi")), "messages.0"),
    "empty text": (claude_says(("user", [{"type": "text", "text": ""}])), "must be non-empty"),
    "blank text": (claude_says(("user", "Hi"), ("assistant", " "), ("user", "Hi")), "non-whitespace"),
    "empty content": (claude_says(("user", [])), "messages.0: all messages must have non-empty content"),
    "an OpenAI image": (claude_sees({"type": "image_url", "image_url": {"url": "x"}}), "Input tag 'image_url'"),
    "a media type nobody takes": (
        claude_sees(claude_image(SMALL, "image/bmp")),
        "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg'",
    ),
    "a wrong media type": (claude_sees(claude_image(SMALL, "image/png")), "appears to be a image/jpeg image"),
    "a data URL for base64": (claude_sees(claude_image(f"data:image/jpeg;base64,{SMALL}")), "invalid base64 data"),
    "bytes that are no image": (claude_sees(claude_image(encoded(b"hello"))), "Could not process image"),
    "half an image": (claude_sees(claude_image(encoded(picture(900, 900)[:900]))), "Could not process image"),
    "an image of too many bytes": (claude_sees(claude_image("A" * 5_242_884)), "exceeds 5 MB maximum: 5242884 bytes"),
    "an image of too many pixels": (claude_sees(claude_image(encoded(picture(8001, 9)))), "max allowed size: 8000"),
    "many large images": (
        claude_sees(*[claude_image(encoded(picture(2001, 9)))] * 21),
        "many-image requests: 2000 pixels",
    ),
    "too many images": (claude_sees(*[claude_image(SMALL)] * 101), "101 images > 100"),
    "a call without a result": (
        claude_says(("user", "Hi"), ("assistant", [USE]), ("user", "And?")),
        "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1",
    ),
    "a call at the end": (claude_says(("user", "Hi"), ("assistant", [USE])), "`tool_use` ids were found without"),
    "a result after words": (
        claude_says(("user", "Hi"), ("assistant", [USE]), ("user", [{"type": "text", "text": "So:"}, RESULT])),
        "`tool_use` ids were found without",
    ),
    "a result without a call": (claude_says(("user", [RESULT])), "unexpected `tool_use_id` found"),
    "tools used but not offered": (
        both(claude_says(("user", "Hi"), ("assistant", [USE]), ("user", [RESULT])), without("tools")),
        "must define tools",
    ),
    "two tools of one name": (lambda body: body["tools"].append(body["tools"][0]), "Tool names must be unique"),
    "a tool's name with a space": (at("tools", 0, "name", value="look at"), "String should match pattern"),
    "a tool with a choice of arguments": (
        at("tools", 0, "input_schema", value={"type": "object", "anyOf": [LOOK]}),
        "does not support oneOf, allOf, or anyOf at the top level",
    ),
    "a tool whose schema is none": (
        at("tools", 0, "input_schema", value={"type": "object", "properties": {"question": {"type": "words"}}}),
        "JSON schema is invalid",
    ),
    "a choice of no tool": (at("tool_choice", value={"type": "tool", "name": "see"}), "not found in provided tools"),
    "a choice without tools": (
        both(without("tools"), put(tool_choice={"type": "any"})),
        "may only be specified while providing tools",
    ),
    "five cache breakpoints": (
        at("system", value=[{"type": "text", "text": "Hi", **MARK}] * 5),
        "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    ),
    "thinking longer than the answer": (
        at("thinking", value={"type": "enabled", "budget_tokens": 2000}),
        "`max_tokens` must be greater than `thinking.budget_tokens`",
    ),
    "thinking too short": (
        at("thinking", value={"type": "enabled", "budget_tokens": 10}),
        "greater than or equal to 1024",
    ),
    "thinking as of old": (
        put(model="claude-opus-5-5", thinking={"type": "enabled", "budget_tokens": 1024}),
        '"thinking.type.enabled" is not supported',
    ),
    "a beginning of the answer": (
        both(put(model="claude-opus-5-5"), claude_says(("user", "Hi"), ("assistant", "I"))),
        "does not support assistant message prefill",
    ),
    "a made-up thought": (
        claude_says(
            ("user", "Hi"),
            ("assistant", [{"type": "thinking", "thinking": "Hm", "signature": "me"}, {"type": "text", "text": "Hi"}]),
            ("user", "So?"),
        ),
        "Invalid `signature` in `thinking` block",
    ),
    "a loose schema": (
        at("output_config", value={"format": {"type": "json_schema", "schema": {"type": "object"}}}),
        "'additionalProperties' must be explicitly set to false",
    ),
    "a schema with bounds": (
        at("output_config", value={"format": {"type": "json_schema", "schema": {"type": "integer", "minimum": 0}}}),
        "For 'integer' type, properties minimum are not supported",
    ),
    "a file nobody uploaded": (
        claude_sees({"type": "image", "source": {"type": "file", "file_id": "file_9"}}),
        "File not found: file_9",
    ),
    "more than the context": (claude_says(("user", "word " * 200_000)), "prompt is too long: "),
}
