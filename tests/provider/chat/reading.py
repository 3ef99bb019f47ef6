"""A request of Chat Completions as a `Prompt`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.provider.chat.pictures import picture, picture_tokens
from tests.provider.prompt import Piece, Prompt, Role
from tests.provider.shelf import Shelf

Block = Mapping[str, Any]
ROLES: dict[str, Role] = {"developer": "system", "system": "system", "function": "tool"}


def prompt(body: Block, shelf: Shelf) -> Prompt:
    """Raises: Refusal for an image that is not taken."""
    functions = [tool["function"] for tool in body.get("tools") or () if tool["type"] == "function"]
    tools = {function["name"]: function.get("parameters", {}) for function in functions}
    choice = body.get("tool_choice") or "auto"
    wanted = body.get("response_format") or {"type": "text"}
    return Prompt(
        tuple(_pieces(body, functions, shelf)),
        tools,
        wanted["json_schema"].get("schema") if wanted["type"] == "json_schema" else None,
        forced(choice),
        may_call=bool(tools) and choice != "none",
        parallel=body.get("parallel_tool_calls") is not False,
        model=body["model"],
        stream=bool(body.get("stream")),
        most=body.get("max_completion_tokens") or body.get("max_tokens"),
    )


def forced(choice: Any) -> str | None:
    """The tool that must be called by `tool_choice`; "" for any."""
    if isinstance(choice, str):
        return "" if choice == "required" else None
    name: str | None = choice.get("name") or choice.get("function", {}).get("name")
    return name


def _pieces(body: Block, functions: list[Block], shelf: Shelf) -> Iterator[Piece]:
    for function in functions:
        yield Piece("system", "tools", json.dumps(function), name=function["name"])
    for turn, message in enumerate(body["messages"]):
        role = ROLES.get(message["role"], message["role"])
        content = message.get("content") or []
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        for number, block in enumerate(blocks):
            where = f"messages[{turn}].content[{number}].image_url"
            if block["type"] == "image_url":
                sent = block["image_url"]
                image = picture(sent["url"], None, sent.get("detail"), f"{where}.url", shelf)
                yield Piece(role, "image", "", turn, image=image, tokens=picture_tokens(image, body["model"]))
            elif block["type"] == "text":
                kind: Any = "result" if role == "tool" else "text"
                yield Piece(role, kind, block["text"], turn, id=message.get("tool_call_id", ""))
        for call in message.get("tool_calls") or ():
            called = call["function"]
            yield Piece(role, "call", called["arguments"], turn, called["name"], call["id"])
