"""A request of the Responses API as a `Prompt`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.provider.chat.pictures import picture, picture_tokens
from tests.provider.chat.reading import ROLES, forced
from tests.provider.prompt import Piece, Prompt, Role
from tests.provider.shelf import Shelf

Block = Mapping[str, Any]


def prompt(body: Block, items: Sequence[Block], shelf: Shelf) -> Prompt:
    """`items` are all of the conversation. Raises: Refusal for an image that is not taken."""
    functions = [tool for tool in body.get("tools") or () if tool["type"] == "function"]
    tools = {function["name"]: function.get("parameters") or {} for function in functions}
    choice = body.get("tool_choice") or "auto"
    wanted = (body.get("text") or {}).get("format") or {"type": "text"}
    return Prompt(
        tuple(_pieces(body, functions, items, shelf)),
        tools,
        wanted.get("schema"),
        forced(choice),
        may_call=bool(tools) and choice != "none",
        parallel=body.get("parallel_tool_calls") is not False,
        model=body["model"],
        stream=bool(body.get("stream")),
        most=body.get("max_output_tokens"),
    )


def conversation(body: Block, shelf: Shelf) -> list[Block]:
    """Items of the request, those before it included where it goes on from an earlier answer."""
    given = body.get("input") or []
    items = [{"role": "user", "content": given}] if isinstance(given, str) else list(given)
    before = shelf.conversations.get(body.get("previous_response_id") or "", [])
    return [*before, *items]


def _pieces(body: Block, functions: list[Block], items: Sequence[Block], shelf: Shelf) -> Iterator[Piece]:
    for function in functions:
        yield Piece("system", "tools", json.dumps(function), name=function["name"])
    if body.get("instructions"):
        yield Piece("system", "text", body["instructions"])
    for turn, item in enumerate(items):
        kind = item.get("type", "message")
        if kind == "message":
            role: Role = ROLES.get(item["role"]) or item["role"]
            yield from _content(item["content"], role, turn, "", body["model"], shelf)
        elif kind == "function_call":
            yield Piece("assistant", "call", item["arguments"], turn, item["name"], item["call_id"])
        elif kind == "function_call_output":
            yield from _content(item["output"], "tool", turn, item["call_id"], body["model"], shelf)
        elif kind == "reasoning":
            yield Piece("assistant", "thinking", "".join(part["text"] for part in item["summary"]), turn)


def _content(content: Any, role: Role, turn: int, call: str, model: str, shelf: Shelf) -> Iterator[Piece]:
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    for number, block in enumerate(blocks):
        if block["type"] == "input_image":
            where = f"input[{turn}].content[{number}].image_url"
            image = picture(block.get("image_url"), block.get("file_id"), block.get("detail"), where, shelf)
            yield Piece(role, "image", "", turn, id=call, image=image, tokens=picture_tokens(image, model))
        elif "text" in block or "refusal" in block:
            text = block.get("text") or block.get("refusal", "")
            yield Piece(role, "result" if role == "tool" else "text", text, turn, id=call)
