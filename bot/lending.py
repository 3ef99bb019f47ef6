"""What the parts of the wiring ask of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from bot.settings import Settings
from tools.kit import Scope
from tools.kit.models import ChatModel
from tools.kit.parts import Parts

T = TypeVar("T")


class Lender(Protocol):
    """Lends ports and builds backends: `bot.wiring.Wiring`, whose methods say what each raises."""

    settings: Settings

    async def lend(self, port: type[T]) -> T: ...

    def lend_within(self, scope: Scope) -> Callable[[type], Any]: ...

    async def chat_model(self, spec: str) -> ChatModel: ...

    async def bound_encoder(self, workspace: str | None = None) -> str | None: ...

    async def backend(self, spec: str, **options: str) -> Any: ...

    async def parts(self, **options: str) -> Parts: ...

    def imported(self, backend: str) -> Any: ...
