"""The local provider in a process of its own, so that what it does is no part of what is measured."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from tests.provider import Call, Heard, Says, calls, opened, says, says_json, slowly
from tests.provider.script import Answer

READ, WRITTEN = 0.1, 1.25
"""Prices of tokens from and into the prompt cache, in those of fresh ones ("Pricing", platform.claude.com, 2026)."""


@dataclass(frozen=True)
class Tally:
    """What the provider was asked so far."""

    calls: int
    bytes: int
    input: int
    """Input tokens, those from and into the cache included."""
    cached: int
    written: int
    most_busy: int

    @property
    def paid(self) -> float:
        """Input tokens in fresh ones of the same price."""
        return self.input - self.cached - self.written + READ * self.cached + WRITTEN * self.written


@dataclass(frozen=True)
class Served:
    url: str
    _pipe: Connection

    def tally(self) -> Tally:
        self._pipe.send("tally")
        return Tally(**self._pipe.recv())

    def last(self) -> dict[str, Any]:
        """The body of the last request."""
        self._pipe.send("last")
        body: dict[str, Any] = self._pipe.recv()
        return body


@contextmanager
def served(*, first: float = 0.0) -> Iterator[Served]:
    """It looks when it is offered `look`, and gives every schema what fits it. `first`: seconds before each answer."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, first), daemon=True)
    process.start()
    try:
        yield Served(ours.recv(), ours)
    finally:
        ours.send("end")
        process.join()


def _serve(pipe: Connection, first: float) -> None:
    asyncio.run(_speak(pipe, first))


async def _speak(pipe: Connection, first: float) -> None:
    def answer(heard: Heard) -> Answer:
        return slowly(_answer(heard), first=first)

    async with opened(answer) as provider:
        pipe.send(provider.url)
        while (wanted := await asyncio.to_thread(pipe.recv)) != "end":
            if wanted == "last":
                pipe.send(provider.heard[-1].body)
                continue
            counted = [heard.tokens for heard in provider.heard if heard.tokens]
            pipe.send(
                {
                    "calls": len(provider.heard),
                    "bytes": sum(len(heard.raw) for heard in provider.heard),
                    "input": sum(tokens.input for tokens in counted),
                    "cached": sum(tokens.cached for tokens in counted),
                    "written": sum(tokens.written for tokens in counted),
                    "most_busy": provider.most_busy,
                }
            )


def _answer(heard: Heard) -> Says:
    prompt = heard.prompt
    if prompt.schema is not None:
        return says_json(filled(prompt.schema, prompt.schema.get("$defs", {})))
    if "look" in prompt.tools and not any(piece.kind == "result" for piece in prompt.pieces):
        return calls(Call("look", {"images": ["image 1"], "question": "What is it?", "task": "general"}))
    return says("According to the vision model, there are three cups on a table.")


def filled(schema: Any, definitions: Any) -> Any:
    """The least value a JSON schema takes."""
    if "$ref" in schema:
        return filled(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return filled(schema["anyOf"][-1], definitions)
    match schema.get("type"):
        case "object":
            return {name: filled(part, definitions) for name, part in schema.get("properties", {}).items()}
        case "array":
            return []
        case "number" | "integer":
            return schema.get("maximum", 1)
        case "boolean":
            return False
        case "null":
            return None
        case _:
            return "There are three cups on a table."
