"""Answers held to a schema: by the provider where it can, validated in any case, and mended by the model."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, ValidationError

from tools.backends.chat.wording import failure
from tools.kit.models import Ask, Reply, Usage

MENDS = 2
"""How often the model is told what is wrong."""
FENCED = re.compile(r"```(?:json)?\s*\n(.*?)\n?```", re.DOTALL)
"""JSON as models like to wrap it."""


async def held_to_schema(ask: Ask, *, native: bool, call: Callable[[Ask], Awaitable[Reply]]) -> Reply:
    """`native`: the provider is told the schema by a parameter of its own; otherwise the words tell it.

    Raises: ProviderFailure of the kind ``invalid`` when the answer cannot be mended.
    """
    assert ask.schema is not None
    asked = worded(ask, native=native)
    spent = Usage()
    for _ in range(MENDS + 1):
        reply = await call(asked)
        spent += reply.usage
        if reply.stopped is not None:
            return replace(reply, usage=spent)
        try:
            return replace(reply, found=found_in(reply.message, ask.schema), usage=spent)
        except ValueError as error:
            wrong = [AIMessage(reply.message.text or "(nothing)"), HumanMessage(_why(error))]
            asked = replace(asked, messages=[*asked.messages, *wrong])
    raise failure("invalid", reply.model)


def worded(ask: Ask, *, native: bool) -> Ask:
    """With the schema told in words where the provider is not told it by a parameter."""
    return ask if native or ask.schema is None else replace(ask, messages=_told(ask.messages, ask.schema))


def _told(messages: object, schema: type[BaseModel]) -> list[BaseMessage]:
    told = (
        "Answer with one JSON object and nothing else: no words before or after it, no code fence. "
        f"It must be valid against this JSON schema:\n{json.dumps(schema.model_json_schema())}"
    )
    first, *rest = list(messages)  # type: ignore[call-overload]
    if isinstance(first, SystemMessage):
        return [SystemMessage(f"{first.text}\n\n{told}"), *rest]
    return [SystemMessage(told), first, *rest]


def found_in(message: AIMessage, schema: type[BaseModel]) -> BaseModel:
    """The answer it holds. Raises: ValueError (pydantic's, or that there is no JSON)."""
    text = message.text.strip()
    if fenced := FENCED.search(text):
        text = fenced[1]
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise ValueError("There is no JSON object in it.")
    return _validated(text[start : end + 1], schema)


def _validated(answer: str, schema: type[BaseModel]) -> BaseModel:
    """Small models like to add keys nobody asked for: these are dropped, for whatever else is wrong they are asked."""
    try:
        return schema.model_validate_json(answer)
    except ValidationError as error:
        needless = [part["loc"] for part in error.errors() if part["type"] == "extra_forbidden"]
        if not needless:
            raise
    whole = json.loads(answer)
    for place in needless:
        _drop(whole, place)
    return schema.model_validate_json(json.dumps(whole))


def _drop(whole: Any, place: Sequence[int | str]) -> None:
    *path, name = place
    for part in path:
        whole = whole[part]
    del whole[name]


def _why(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return f"That was not what is asked for: {error} Answer again with the JSON object alone."
    parts = [f"{'.'.join(map(str, part['loc'])) or 'the whole'}: {part['msg']}" for part in error.errors()[:5]]
    return f"That was not valid: {'; '.join(parts)}. Answer again with the whole JSON object, mended, and nothing else."
