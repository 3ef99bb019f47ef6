"""What differs between providers: how a request is put, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from tools.kit.models import Ask, ModelCard


@dataclass(frozen=True)
class Request:
    """What `BaseChatModel.astream` is given."""

    messages: Sequence[BaseMessage]
    arguments: Mapping[str, Any]
    early: bool = False
    """Whether the provider says something at once, before the model thinks: then a long silence is a failure."""
    closing: Callable[[], Awaitable[None]] | None = None
    """Awaited when no more is read, for an SDK that does not close what is left unread."""


class Vendor(Protocol):
    """A provider's chat model as LangChain has it, and how our requests are put to it."""

    @property
    def chat(self) -> BaseChatModel: ...

    def request(self, ask: Ask, card: ModelCard) -> Request: ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...
