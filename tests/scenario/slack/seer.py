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
        return says_json(filled(heard.prompt.schema, SEES))
    if not heard.prompt.may_call or any(piece.kind == "result" for piece in heard.prompt.pieces):
        return says(SAYS)
    return calls(Call("look", {"images": ["image 1"], "question": "What is to be seen?"}))


def filled(schema: Mapping[str, Any], text: str) -> Any:
    """The least that fits a JSON schema, with this text in the place of every text."""

    def fill(part: Mapping[str, Any]) -> Any:
        if "$ref" in part:
            return fill(schema["$defs"][part["$ref"].rpartition("/")[2]])
        if "enum" in part or "const" in part:
            return part["const"] if "const" in part else part["enum"][0]
        if "anyOf" in part:
            return fill(part["anyOf"][-1])
        match part.get("type"):
            case "object":
                return {name: fill(inner) for name, inner in part.get("properties", {}).items()}
            case "array":
                return []
            case "boolean":
                return False
            case "number":
                return part.get("maximum", 0.9)
            case "integer":
                return part.get("minimum", 0)
            case "null":
                return None
        return text

    return fill(schema)
