"""How a model is asked, whoever provides it: the port behind which retries, budgets, ledger and traces are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from pydantic import BaseModel

from tools.kit.models.card import ModelCard
from tools.kit.models.usage import Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage

CUT_OFF = "cut off"
"""``error`` of an invalid tool call that the model did not get to the end of."""


@dataclass(frozen=True)
class Ask:
    """One request."""

    messages: Sequence[BaseMessage]
    """Of a system message in several blocks, the first is the same from request to request: it is worth caching."""
    tools: Sequence[Mapping[str, Any]] = ()
    """Schemas of tools in OpenAI's form, as `Tool.schema` gives them."""
    tool_choice: Literal["auto", "none", "any"] = "auto"
    schema: type[BaseModel] | None = None
    """What the answer must be."""
    watch: Callable[[str], str | None] | None = None
    """Given the text so far, why the model is to be stopped, or None. It sees what nobody else does."""
    thinking: bool = False
    """Extended thinking, where the model offers it."""
    most_tokens: int | None = None
    """Of the answer."""
    purpose: str = "plan"
    """For the ledger and traces: plan, look, summarise, ..."""
    images: int = 0
    image_bytes: int = 0
    """How many images go along, and how many bytes: for the ledger."""


@dataclass(frozen=True)
class Reply:
    message: AIMessage
    found: BaseModel | None
    """The answer as `Ask.schema` says, validated."""
    usage: Usage
    model: str
    """Spec of the model that answered."""
    stopped: str | None = None
    """Why `Ask.watch` stopped it; `message` holds what had come by then."""
    degraded: tuple[str, ...] = ()
    """Sentences for people: which model stood in for which, and why."""


@runtime_checkable
class ChatModel(Protocol):
    """A chat model behind a provider, or a chain of them."""

    @property
    def card(self) -> ModelCard: ...

    async def reply(self, ask: Ask) -> Reply:
        """Raises: ProviderFailure when no answer came, after retries; AskAgain when it is set up wrongly."""
        ...
