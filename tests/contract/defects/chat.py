"""Of Chat Completions."""

from __future__ import annotations

from typing import Any

from tests.contract.defects.claude import SMALL, claude_image
from tests.contract.defects.making import Body, Change, Defect, at, both, put, without
from tests.contract.sdks import LOOK, SCHEMA, data_url, encoded, picture

PATH = "/v1/chat/completions"
HEADERS = {"authorization": "Bearer key"}
HI: Body = {"role": "user", "content": "Hi"}
CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
ASSISTANT = {"role": "assistant", "content": None, "tool_calls": [CALL]}
TOOL = {"role": "tool", "tool_call_id": "call_1", "content": "A cup."}


def request() -> Body:
    tools = [{"type": "function", "function": {"name": "look", "parameters": LOOK, "strict": True}}]
    return {"model": "gpt-4o", "messages": [HI], "tools": tools}


def chat_says(*messages: Body) -> Change:
    return at("messages", value=[*messages])


def chat_sees(url: str, **more: Any) -> Change:
    return chat_says({"role": "user", "content": [{"type": "image_url", "image_url": {"url": url, **more}}]})


def held_to(schema: Any, *, strict: bool = True) -> Change:
    held = {"name": "counted", "schema": schema, "strict": strict}
    return at("response_format", value={"type": "json_schema", "json_schema": held})


DEFECTS: dict[str, Defect] = {
    "no messages at all": (without("messages"), "Missing required parameter: 'messages'."),
    "empty messages": (at("messages", value=[]), "Invalid 'messages': empty array"),
    "an unknown parameter": (at("thinking", value=True), "Unknown parameter: 'thinking'."),
    "an unknown parameter below": (at("messages", 0, "cache_control", value={}), "'messages[0].cache_control'"),
    "temperature as text": (at("temperature", value="hot"), "Invalid type for 'temperature': expected a decimal"),
    "temperature too high": (at("temperature", value=3), "above maximum value"),
    "temperature of a reasoning model": (
        put(model="gpt-5-mini", temperature=0.2),
        "Unsupported value: 'temperature'",
    ),
    "max_tokens of a reasoning model": (
        put(model="gpt-5-mini", max_tokens=20),
        "Use 'max_completion_tokens' instead.",
    ),
    "too many max_tokens": (at("max_tokens", value=10**6), "max_tokens is too large: 1000000"),
    "a call without a result": (chat_says(HI, ASSISTANT, HI), "did not have response messages: call_1"),
    "half of the results": (
        chat_says(HI, {**ASSISTANT, "tool_calls": [CALL, {**CALL, "id": "call_2"}]}, TOOL),
        "did not have response messages: call_2",
    ),
    "a result without a call": (chat_says(HI, TOOL), "must be a response to a preceeding message"),
    "no calls in a list": (chat_says({"role": "assistant", "content": "Hi", "tool_calls": []}), "empty array"),
    "an assistant with nothing": (chat_says(HI, {"role": "assistant", "content": None}), "got null"),
    "an id that is too long": (
        chat_says(HI, {**ASSISTANT, "tool_calls": [{**CALL, "id": "c" * 41}]}),
        "Invalid 'messages[1].tool_calls[0].id': string too long",
    ),
    "an empty list of tools": (at("tools", value=[]), "Invalid 'tools': empty array"),
    "a tool's name with a space": (at("tools", 0, "function", "name", value="look at"), "does not match pattern"),
    "a tool whose arguments are no object": (
        at("tools", 0, "function", value={"name": "look", "parameters": {"type": "string"}}),
        "Invalid schema for function 'look'",
    ),
    "a tool with a choice of arguments": (
        at("tools", 0, "function", value={"name": "look", "parameters": {"type": "object", "anyOf": [LOOK]}}),
        "at the top level",
    ),
    "a strict tool with an optional argument": (
        at("tools", 0, "function", "parameters", value={**LOOK, "required": []}),
        "array including every key in properties. Missing 'question'",
    ),
    "a choice without tools": (
        both(without("tools"), put(tool_choice="auto")),
        "'tool_choice' is only allowed when 'tools' are specified",
    ),
    "a choice of no tool": (
        at("tool_choice", value={"type": "function", "function": {"name": "see"}}),
        "Tool choice 'see' not found",
    ),
    "a loose schema": (
        held_to({**SCHEMA, "additionalProperties": True}),
        "Invalid schema for response_format 'counted': In context=(), 'additionalProperties' is required",
    ),
    "a schema with a default": (
        held_to({**SCHEMA, "properties": {"count": {"type": "integer", "default": 1}}}),
        "In context=('properties', 'count'), 'default' is not permitted",
    ),
    "a schema that is a list": (held_to({"type": "array", "items": SCHEMA}), "schema must be a JSON Schema of"),
    "a model without schemas": (
        both(held_to(SCHEMA), put(model="gpt-4-turbo")),
        "'json_schema' is not supported with this model",
    ),
    "JSON that is not spoken of": (
        at("response_format", value={"type": "json_object"}),
        "must contain the word 'json'",
    ),
    "options of a stream without one": (
        at("stream_options", value={"include_usage": True}),
        "only allowed when 'stream'",
    ),
    "an image that is a path": (chat_sees("photos/a.jpg"), "Expected a valid URL"),
    "an image that is no base64": (chat_sees("data:image/jpeg;base64,!!"), "invalid base64-encoded value"),
    "an image as a text": (chat_sees("data:text/plain;base64,aGk="), "invalid base64-encoded value"),
    "bytes that are no image": (chat_sees(f"data:image/jpeg;base64,{encoded(b'hello')}"), "image is valid"),
    "an image nobody takes": (
        chat_sees(f"data:image/bmp;base64,{encoded(picture(9, 9, 'BMP'))}"),
        "one the following formats: ['png', 'jpeg', 'gif', 'webp']",
    ),
    "too many images": (
        chat_says({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a/b"}}] * 501}),
        "Too many images",
    ),
    "a detail nobody knows": (
        chat_sees(data_url(picture()), detail="medium"),
        "messages[0].content[0].image_url.detail",
    ),
    "a Claude image": (chat_says({"role": "user", "content": [claude_image(SMALL)]}), "messages[0].content[0]"),
    "an image in a tool's result": (
        chat_says(HI, ASSISTANT, {**TOOL, "content": [{"type": "image_url", "image_url": {"url": "x"}}]}),
        "messages[2].content",
    ),
    "a model that cannot see": (
        both(chat_sees(data_url(picture())), put(model="gpt-3.5-turbo")),
        "image_url is only supported by certain models",
    ),
    "more than the context": (chat_says({**HI, "content": "word " * 200_000}), "maximum context length is 128000"),
}
