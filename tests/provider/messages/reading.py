"""A request of the Messages API as a `Prompt`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from tests.provider.images import NotAnImage, SentImage, claude_tokens, decode, unbase64
from tests.provider.messages.blocks import Block, blocks_of
from tests.provider.messages.limits import BASE64_BYTES, wide
from tests.provider.prompt import Piece, Prompt, Role
from tests.provider.refusal import Refusal
from tests.provider.shelf import Shelf


def prompt(body: Block, shelf: Shelf) -> Prompt:
    """Raises: Refusal for an image nobody can read."""
    tools = {tool["name"]: tool.get("input_schema", {}) for tool in body.get("tools", ())}
    choice = body.get("tool_choice") or {"type": "auto"}
    schema = ((body.get("output_config") or {}).get("format") or {}).get("schema")
    return Prompt(
        tuple(_pieces(body, shelf)),
        tools,
        schema,
        {"any": "", "tool": choice.get("name", "")}.get(choice["type"]),
        may_call=bool(tools) and choice["type"] != "none",
        parallel=not choice.get("disable_parallel_tool_use", False),
        model=body["model"],
        stream=bool(body.get("stream")),
        most=body.get("max_tokens"),
    )


def _pieces(body: Block, shelf: Shelf) -> Iterator[Piece]:
    """In the order in which they are cached: tools, system, messages."""
    for tool in body.get("tools", ()):
        told = json.dumps({key: value for key, value in tool.items() if key != "cache_control"})
        yield Piece("system", "tools", told, name=tool["name"], mark=bool(tool.get("cache_control")))
    for block in blocks_of(body.get("system", [])):
        yield Piece("system", "text", block["text"], mark=bool(block.get("cache_control")))
    last = None
    for turn, message in enumerate(body["messages"]):
        for number, block in enumerate(blocks_of(message["content"])):
            where = f"messages.{turn}.content.{number}"
            for piece in _read(block, message["role"], turn, where, body["model"], shelf):
                if last is not None:
                    yield last
                last = piece
    if last is not None:
        yield replace(last, mark=last.mark or bool(body.get("cache_control")))


def _read(block: Block, role: Role, turn: int, where: str, model: str, shelf: Shelf) -> Iterator[Piece]:
    mark = bool(block.get("cache_control"))
    if block["type"] == "text":
        yield Piece(role, "text", block["text"], turn, mark=mark)
    elif block["type"] == "image":
        image = _image(block["source"], f"{where}.image.source", shelf)
        longest, most = wide(model)
        tokens = claude_tokens(*image.size, longest=longest, most=most) if image.width else 0
        yield Piece(role, "image", "", turn, image=image, tokens=tokens, mark=mark)
    elif block["type"] == "tool_use":
        yield Piece(role, "call", json.dumps(block["input"]), turn, block["name"], block["id"], mark=mark)
    elif block["type"] == "tool_result":
        content = blocks_of(block.get("content", []))
        yield Piece("tool", "result", "", turn, id=block["tool_use_id"], mark=mark and not content)
        for number, part in enumerate(content):
            for piece in _read(part, "tool", turn, f"{where}.content.{number}", model, shelf):
                done = mark and number == len(content) - 1
                yield replace(piece, id=block["tool_use_id"], mark=piece.mark or done)
    elif block["type"] == "thinking":
        yield Piece(role, "thinking", block["thinking"], turn)
    elif block["type"] == "document":
        yield Piece(role, "text", json.dumps(block["source"]), turn, mark=mark)


def _image(source: Block, where: str, shelf: Shelf) -> SentImage:
    if source["type"] == "url":
        return SentImage(source["url"].encode(), "", 0, 0, "", where)
    try:
        if source["type"] == "file":
            file = shelf.files.get(source["file_id"])
            if file is None:
                raise Refusal(f"File not found: {source['file_id']}", status=404)
            return decode(file.data, file.media, where, file_id=file.id)
        if len(source["data"]) > BASE64_BYTES:
            size = len(source["data"])
            raise Refusal(f"{where}.base64: image exceeds 5 MB maximum: {size} bytes > {BASE64_BYTES} bytes")
        data = unbase64(source["data"])
        image = decode(data, source["media_type"], where)
    except NotAnImage as error:
        if source["type"] == "base64" and "base64" in str(error):
            raise Refusal(f"{where}.base64: {error}") from error
        raise Refusal("Could not process image") from error
    if image.real != image.media:
        raise Refusal(
            f"{where}.base64.data: The image was specified using the {image.media} media type, but the image appears "
            f"to be a {image.real} image"
        )
    return image
