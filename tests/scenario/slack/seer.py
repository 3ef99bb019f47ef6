"""A model behind a provider's wire that plans a look at every image and sees the same in all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr

from tests.provider import Call, Heard, Provider, calls, opened, says, says_json
from tests.provider.script import Answer

SPEC = "anthropic:claude-haiku-4-5"
"""Of a model whose price is known."""
SEES = "A red square."
SAYS = "According to the vision model, image 1 shows a red square."


@asynccontextmanager
async def seer() -> AsyncIterator[Provider]:
    """On a free port of the loopback interface; `Provider.requests` is all that came over the wire."""
    async with opened(reply) as provider:
        yield provider


def settings(provider: Provider, **chosen: Any) -> dict[str, Any]:
    """Those of a bot that plans and sees with it."""
    key = SecretStr("a-key-of-tests")
    return {"model": SPEC, "vision": SPEC, "anthropic_api_key": key, "anthropic_base_url": provider.url, **chosen}


async def reply(heard: Heard) -> Answer:
    """What it says to a request."""
    if heard.prompt.schema is not None:
        return says_json(_filled(heard.prompt.schema, heard.prompt.schema))
    if not heard.prompt.may_call or any(piece.kind == "result" for piece in heard.prompt.pieces):
        return says(SAYS)
    return calls(Call("look", {"images": ["image 1"], "question": "What is to be seen?"}))


def _filled(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Any:
    """The least that fits a JSON schema, with what it sees in the place of every text."""
    if "$ref" in schema:
        return _filled(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    if "enum" in schema or "const" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    if "anyOf" in schema:
        return _filled(schema["anyOf"][-1], whole)
    match schema.get("type"):
        case "object":
            return {name: _filled(part, whole) for name, part in schema.get("properties", {}).items()}
        case "array":
            return []
        case "boolean":
            return False
        case "number" | "integer":
            return schema.get("minimum", 0) if schema["type"] == "integer" else schema.get("maximum", 0.9)
        case "null":
            return None
    return SEES
