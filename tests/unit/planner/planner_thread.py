"""A thread with the local planner, its tools always finding something: what the planner's tests talk to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from graphs.local_planner import LocalPlanner
from tools.backends.minilm import embed
from tools.kit import Embeddings, Evidence, ImageRef, discover

NOW = datetime(2026, 11, 24, 15, 30)
NAMES = sorted(discover())

Made = list[tuple[str, dict[str, Any]]]


class MiniLmHere:
    """The real `TextEncoder`, in this process."""

    def __init__(self, models: Path) -> None:
        self.models = models
        self.asked: list[int] = []
        """How many sentences each call brought."""

    async def texts(self, texts: Any) -> Embeddings:
        self.asked.append(len(texts))
        return embed(self.models, list(texts))


def schemas(*names: str) -> list[dict[str, Any]]:
    return [{"type": "function", "function": {"name": name, "description": "", "parameters": {}}} for name in names]


HITS = [{"rank": rank, "id": f"id-{rank}", "name": f"IMG_{rank}.jpg"} for rank in (1, 2, 3)]
FOUND = {"search": Evidence(said="Found 3 images.", facts={"hits": HITS})}
"""What a search of a thread comes to."""


class Thread:
    """Messages as the graph would keep them."""

    def __init__(
        self,
        encoder: MiniLmHere,
        found: Mapping[str, Evidence | Exception] | None = None,
        now: datetime = NOW,
        **told: str,
    ) -> None:
        """now: when everything is said. told: what every message tells beside its words, such as the asker's `zone`."""
        self.planner = LocalPlanner(encoder, now=lambda: now)
        self.told = told
        self.found = found or {}
        self.messages: list[BaseMessage] = []
        self.images = 0
        self.last = AIMessage("")

    async def say(self, text: str, *, post: int = 0, name: str = "", pages: bool = False) -> Made:
        """Say something, let the tools run, and return the calls made; the answer is in `last`.

        `pages`: what is posted are the pages of one PDF.
        """
        of = post if pages else 0
        images = [self._image(self.images + index, name, index, of) for index in range(1, post + 1)]
        self.images += post
        self.messages.append(HumanMessage(text, additional_kwargs={"images": images, **self.told}))
        made: Made = []
        while True:
            self.last = await self.planner.bind_tools(schemas(*NAMES)).ainvoke(self.messages)
            self.messages.append(self.last)
            if not self.last.tool_calls:
                return made
            made += [(call["name"], _without_question(call["args"])) for call in self.last.tool_calls]
            self.messages += [self._result(call) for call in self.last.tool_calls]

    @property
    def asked(self) -> list[str]:
        """The questions that tools were given, in order."""
        calls = [call for message in self.messages if isinstance(message, AIMessage) for call in message.tool_calls]
        return [str(call["args"]["question"]) for call in calls if "question" in call["args"]]

    @property
    def status(self) -> str:
        return str(self.last.additional_kwargs["status"])

    def _image(self, number: int, name: str, page: int = 0, pages: int = 0) -> dict[str, Any]:
        ref = ImageRef(
            handle=f"image {number}",
            sha256=f"{pages or number:064}",
            mime="application/pdf" if pages else "image/png",
            width=640,
            height=480,
            name=name or f"IMG_{number}.png",
            page=page if pages else None,
            pages=pages or 1,
        )
        return ref.model_dump(mode="json")

    def _result(self, call: Any) -> ToolMessage:
        found = self.found.get(call["name"], Evidence(said=f"The {call['name']} finding.", sure=0.8))
        if isinstance(found, Exception):
            kind = "ask" if type(found).__name__ == "AskAgain" else "cannot"
            return ToolMessage(str(found), tool_call_id=call["id"], status="error", additional_kwargs={"kind": kind})
        artifact = found.model_copy(update={"tool": call["name"], "arguments": call["args"]})
        return ToolMessage(found.said, tool_call_id=call["id"], artifact=artifact.model_dump(mode="json"))


def _without_question(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name != "question"}
