"""A model behind a provider's wire that says what a test tells it to, and only when the test lets it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.provider import Call, Heard, calls, opened, says, says_json
from tests.provider.script import Answer
from tests.scenario.slack.seer import filled


@dataclass(frozen=True)
class Use:
    """The model uses a tool."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Pause:
    """The model thinks until the test goes on."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def begun(self) -> None:
        async with asyncio.timeout(60):
            await self.reached.wait()

    def end(self) -> None:
        self.over.set()


Line = str | Use | Pause


@dataclass
class Model:
    """An OpenAI-compatible server. What it says to a question it has no lines for is that it has none."""

    url: str = ""
    lines: dict[str, list[Line]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    """All that each request told it of the conversation, newest last."""

    def answers(self, question: str, *lines: Line) -> None:
        """To whatever contains the question it says these lines in order, the last one for ever."""
        self.lines[question] = list(lines)

    async def reply(self, heard: Heard) -> Answer:
        self.told.append(json.dumps(heard.body["messages"], ensure_ascii=False))
        asked: dict[int, str] = {}
        for piece in heard.prompt.pieces:
            if piece.role == "user":
                asked[piece.turn] = asked.get(piece.turn, "") + piece.text
        line = await self._line([*asked.values()])
        if heard.prompt.schema is not None and isinstance(line, str):
            return says_json(filled(heard.prompt.schema, line))
        return says(line) if isinstance(line, str) else calls(Call(line.tool, line.arguments))

    async def _line(self, asked: list[str]) -> str | Use:
        known = (lines for said in reversed(asked) for key, lines in self.lines.items() if key in said)
        lines = next(known, ["I have no lines for that."])
        while isinstance(line := lines.pop(0) if len(lines) > 1 else lines[0], Pause):
            line.reached.set()
            await line.over.wait()
        return line


@asynccontextmanager
async def open_model() -> AsyncIterator[Model]:
    """On a free port of the loopback interface."""
    model = Model()
    async with opened(model.reply) as provider:
        model.url = provider.openai_url
        yield model
