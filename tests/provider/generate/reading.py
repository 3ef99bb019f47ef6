"""A request of generateContent as a `Prompt`."""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.provider.images import NotAnImage, SentImage, decode, gemini_tokens
from tests.provider.prompt import Piece, Prompt, Role
from tests.provider.refusal import Refusal

Block = Mapping[str, Any]
TAKEN = ("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif")
NEW_IMAGE = 1120
"""Tokens of an image for Gemini 3 at its default resolution: ai.google.dev/gemini-api/docs/media-resolution."""


def camel(value: Any) -> Any:
    """The request with names in camel case and without nulls: JSON for protocol buffers takes both."""
    if isinstance(value, list):
        return [camel(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for key, each in value.items():
        if each is None:
            continue
        head, *rest = key.split("_")
        name = head + "".join(part.title() for part in rest)
        made[name] = each if name in ("args", "response", "properties", "responseJsonSchema") else camel(each)
    return made


def prompt(body: Block, model: str, stream: bool) -> Prompt:
    """`body` in camel case; calls without ids are given some. Raises: Refusal for an image that is not taken."""
    functions = [each for tool in body.get("tools") or () for each in tool.get("functionDeclarations") or ()]
    tools = {each["name"]: each.get("parametersJsonSchema") or each.get("parameters") or {} for each in functions}
    calling = (body.get("toolConfig") or {}).get("functionCallingConfig") or {}
    settings = body.get("generationConfig") or {}
    allowed = calling.get("allowedFunctionNames") or []
    only = allowed[0] if len(allowed) == 1 else ""
    return Prompt(
        tuple(_pieces(body, functions, model)),
        tools,
        settings.get("responseJsonSchema") or settings.get("responseSchema"),
        only if calling.get("mode") == "ANY" else None,
        may_call=bool(tools) and calling.get("mode") != "NONE",
        model=model,
        stream=stream,
        most=settings.get("maxOutputTokens"),
    )


def _pieces(body: Block, functions: list[Block], model: str) -> Iterator[Piece]:
    for function in functions:
        yield Piece("system", "tools", json.dumps(function), name=function["name"])
    for part in (body.get("systemInstruction") or {}).get("parts") or ():
        yield Piece("system", "text", part.get("text", ""))
    for turn, content in enumerate(body["contents"]):
        role: Role = "assistant" if content.get("role") == "model" else "user"
        met: Counter[str] = Counter()
        for number, part in enumerate(content["parts"]):
            for kind, asked in (("functionCall", turn), ("functionResponse", turn - 1)):
                if kind in part:
                    name = part[kind]["name"]
                    met[name] += 1
                    part = {**part, kind: {"id": f"{name}-{asked}-{met[name]}", **part[kind]}}
            yield from _part(part, role, turn, f"contents[{turn}].parts[{number}]", model)


def _part(part: Block, role: Role, turn: int, where: str, model: str) -> Iterator[Piece]:
    if "inlineData" in part:
        image = _image(part["inlineData"], f"{where}.inline_data")
        yield Piece(role, "image", "", turn, image=image, tokens=image_tokens(image.size, model))
    elif "functionCall" in part:
        call = part["functionCall"]
        yield Piece(role, "call", json.dumps(call.get("args") or {}), turn, call["name"], call["id"])
    elif "functionResponse" in part:
        said = part["functionResponse"]
        told = said.get("response") or {}
        text = told["output"] if set(told) == {"output"} and isinstance(told["output"], str) else json.dumps(told)
        yield Piece("tool", "result", text, turn, id=said["id"])
        for number, more in enumerate(said.get("parts") or ()):
            yield from _part(more, "tool", turn, f"{where}.function_response.parts[{number}]", model)
    elif "text" in part:
        yield Piece(role, "thinking" if part.get("thought") else "text", part["text"], turn)


def image_tokens(size: tuple[int, int], model: str) -> int:
    """As Google counts it for the model."""
    return gemini_tokens(*size) if model.startswith("gemini-2") else NEW_IMAGE


def _image(blob: Block, where: str) -> SentImage:
    media = blob.get("mimeType", "")
    if media not in TAKEN:
        raise Refusal(f"Unsupported MIME type: {media}", where=where)
    if not blob.get("data"):
        raise Refusal(f"{where}.data: required oneof field 'data' must have one initialized field", where=where)
    text = blob["data"].replace("-", "+").replace("_", "/")
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Refusal(f"Invalid value at '{where}.data' (TYPE_BYTES), Base64 decoding failed") from error
    try:
        return decode(data, media, where)
    except NotAnImage as error:
        raise Refusal("Unable to process input image. Please retry or report in the forum.") from error
