"""The port of whoever plans: what it is told of a turn, and what it says to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage

from graphs.planning.summary import Summary
from tools.kit import Gate

LOCAL = "local"
"""The name of the planner that needs no model."""


@dataclass(frozen=True)
class Request:
    """A turn so far, for a planner to say what is next."""

    system: SystemMessage
    """The instructions and the list of images."""
    history: Sequence[AnyMessage]
    """Finished turns that are remembered word for word, oldest first."""
    turn: Sequence[AnyMessage]
    """The running turn: the question, tool calls and results, rejected drafts."""
    gate: Gate
    tools: Sequence[Mapping[str, Any]] = ()
    """Their schemas, as `Tool.schema` gives them."""
    may_call: bool = True
    """False when tools are withdrawn, so that the turn ends."""
    wish: Sequence[HumanMessage] = ()
    """How the answer is to be worded."""
    summary: Summary | None = None
    """What is left of earlier turns."""
    keep: int = 60
    """How many messages of finished turns are remembered word for word."""
    fallen: bool = False
    """Whether the planner has failed in this turn, and another one planned on."""

    @property
    def messages(self) -> list[AnyMessage]:
        """All of it, whatever its length."""
        return [self.system, *self.history, *self.wish, *self.turn]


@dataclass(frozen=True)
class Planned:
    """What is next: tool calls, or a draft of the answer."""

    reply: AIMessage
    """Its `additional_kwargs` may hold ``malformed`` (tool calls by id that cannot be run as they came, with what to do
    about it) and ``stopped`` (why it was stopped before it was whole)."""
    planner: str
    """Who said it: ``local``, or the spec of a model."""
    degraded: tuple[str, ...] = ()
    """Sentences for people about what is not as it should be."""
    summary: Summary | None = None
    """The new one, when it was made again."""


class Planner(Protocol):
    """Plans turns of many threads at the same time."""

    @property
    def name(self) -> str:
        """``local``, or the spec of the model."""
        ...

    @property
    def slow(self) -> bool:
        """Whether people should see that it is at work."""
        ...

    def expect(self, question: str) -> None:
        """This is soon to be planned: what can be done before its images are there may begin."""
        ...

    async def plan(self, request: Request) -> Planned:
        """Raises: CannotDo when nobody can plan."""
        ...
