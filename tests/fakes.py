"""Stand-ins that keep the ports' promises: small, deterministic, in memory."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from pydantic import BaseModel

from bot.ledger.budgets import Budgets
from tools.kit import Evidence, Image, Json, Seen, Verdict
from tools.kit.models import Account, Ask, Entry, ImageRules, ModelCard, Reply, Usage
from tools.kit.seeing import GENERAL, Task
from tools.kit.seeing.regions import region_of


class ScriptedPlanner(BaseChatModel):
    """A chat model that says its lines in order and remembers what it was told."""

    lines: list[AIMessage]
    heard: list[list[BaseMessage]] = []
    offered: list[list[str]] = []
    """Names of the tools it could call, one list a turn."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self.bind(tools=list(tools))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.heard.append(messages)
        self.offered.append([tool["function"]["name"] for tool in kwargs.get("tools", [])])
        line = self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]
        return ChatResult(generations=[ChatGeneration(message=line)])


def calls(*named: tuple[str, dict[str, Any]]) -> AIMessage:
    """A planner's line that calls tools."""
    return AIMessage(
        "", tool_calls=[{"name": name, "args": args, "id": f"call-{n}"} for n, (name, args) in enumerate(named)]
    )


class WordGate:
    """A gate with one rule: some words may not be said."""

    def __init__(self, *banned: str) -> None:
        self.banned = banned

    def judge(self, text: str, evidence: Sequence[Evidence] = (), **context: Any) -> list[Verdict]:
        said = [word for word in self.banned if word.lower() in text.lower()]
        return [Verdict(rule="banned_brands", broken=f"Do not say {', '.join(said)}." if said else None)]

    def clean(self, text: str) -> str:
        for word in self.banned:
            text = text.replace(word, "▇▇▇")
        return text


def lender(**ports: Any) -> Callable[[type], Any]:
    """Lends by the port's name."""
    return lambda port: ports[port.__name__]


class MemoryLedger:
    """The ledger of one process that writes nothing down; `noted` is what it was told."""

    def __init__(
        self, limits: Mapping[str, float] | None = None, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.noted: list[tuple[Account, Entry]] = []
        chosen: Any = limits or {}
        self._budgets = Budgets(chosen, self._read, clock)

    async def allow(self, account: Account, *, expected: float | None = None) -> None:
        await self._budgets.allow(account, expected=expected)

    async def note(self, account: Account, entry: Entry) -> None:
        self.noted.append((account, entry))
        if entry.outcome != "cached":
            self._budgets.noted(account, entry.cost)

    async def _read(self, workspace: str, day: date, whose: Collection[str]) -> dict[str, float]:
        return {}


class MemoryAnswers:
    """Answers of one process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, tuple[str, ...], str], Json] = {}
        self._looks: dict[tuple[str, tuple[str, ...], str], int] = {}

    async def get(self, workspace: str, images: Sequence[str], key: str) -> Json | None:
        return self._kept.get((workspace, tuple(images), key))

    async def near(self, workspace: str, looks: int, key: str, within: int) -> Json | None:
        apart = [
            ((kept ^ looks).bit_count(), name)
            for name, kept in self._looks.items()
            if (name[0], name[2]) == (workspace, key) and (kept ^ looks).bit_count() <= within
        ]
        return self._kept[min(apart)[1]] if apart else None

    async def put(
        self, workspace: str, images: Sequence[str], key: str, answer: Json, *, looks: int | None = None
    ) -> None:
        name = (workspace, tuple(images), key)
        self._kept[name] = answer
        if looks is not None:
            self._looks[name] = looks

    async def forget(self, workspace: str, sha256: str) -> None:
        for name in [name for name in self._kept if name[0] == workspace and sha256 in name[1]]:
            del self._kept[name]
            self._looks.pop(name, None)


class ScriptedModel:
    """`ChatModel` that gives its lines in order (the last for ever) and remembers what it was asked.

    A line is the object the schema asks for, a text, a message, a reply, an error to raise, or a function of the
    request that gives one. Text comes a character at a time, for whoever watches.
    """

    def __init__(self, *lines: Any, spec: str = "anthropic:scripted", **card: Any) -> None:
        provider, _, name = spec.partition(":")
        known = {"context": 200_000, "output": 8_000, "structured": True, "images": ImageRules(most=100), **card}
        self.card = ModelCard(spec=spec, provider=provider, name=name, **known)
        self.lines = list(lines)
        self.asked: list[Ask] = []

    async def reply(self, ask: Ask) -> Reply:
        self.asked.append(ask)
        line = self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]
        said = line(ask) if callable(line) and not isinstance(line, BaseModel) else line
        said = await said if inspect.isawaitable(said) else said
        if isinstance(said, Exception):
            raise said
        if isinstance(said, Reply):
            return said
        if isinstance(said, BaseModel) and not isinstance(said, AIMessage):
            return Reply(AIMessage(said.model_dump_json()), said, Usage(calls=1), self.card.spec)
        message = AIMessage(said) if isinstance(said, str) else said
        for end in range(1, len(message.text) + 1):
            if stopped := ask.watch(message.text[:end]) if ask.watch else None:
                return Reply(AIMessage(message.text[:end]), None, Usage(calls=1), self.card.spec, stopped)
        return Reply(message, None, Usage(calls=1), self.card.spec)


class ScriptedVision:
    """`VisionModel` that says what it was told to, by task or by words in the question, and remembers what it heard.

    A sight is a Seen, its text, the fields of a Sight (then `answer` is the text), or an error to raise.
    """

    def __init__(self, sights: Mapping[str, Any] | None = None, *, model: str = "fake:eyes") -> None:
        self.sights = dict(sights or {})
        self.model = model
        self.asked: list[tuple[str, str, list[Image]]] = []
        """Task, question and images of each call."""

    async def look(self, images: Sequence[Image], question: str, *, task: Task = GENERAL) -> Seen:
        self.asked.append((task.name, question, list(images)))
        named = [sight for words, sight in self.sights.items() if words in question]
        sight = next(iter(named), self.sights.get(task.name, "Something."))
        if isinstance(sight, Exception):
            raise sight
        if isinstance(sight, Seen):
            return sight
        if isinstance(sight, str):
            return Seen(text=sight, model=self.model)
        fields = {"answer": "", "confidence": 0.9, "cannot_determine": False, "regions": [], **sight}
        found = task.schema.model_validate(fields)
        shown = [replace(image, part=None) for image in images]
        regions = [region_of(each.model_dump(), shown) for each in found.regions]
        return Seen(
            text=found.answer,
            model=self.model,
            sure=found.confidence,
            cannot_determine=found.cannot_determine,
            regions=tuple(region for region in regions if region),
            found=found.model_dump(mode="json"),
        )
