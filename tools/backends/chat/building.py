"""What the backends of providers share when they are built."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from langchain_core.language_models import BaseChatModel

from tools.backends.catalogue import card_of
from tools.backends.chat.breaker import breaker_of
from tools.backends.chat.called import CalledModel
from tools.backends.chat.patience import Patience
from tools.backends.chat.vendor import Vendor
from tools.kit.errors import AskAgain
from tools.kit.parts import Parts


def called(vendor: Vendor, provider: str, name: str, parts: Parts, *, where: str) -> CalledModel:
    """The model of that provider, called with all care. `where` is its base URL: models there rest together."""
    patience = Patience.of(parts.options)
    breaker = breaker_of(provider, where, failures=patience.breaker_failures, seconds=patience.breaker_seconds)
    return CalledModel(vendor, card_of(provider, name), patience=patience, breaker=breaker, ledger=parts.ledger)


def named(rest: str, provider: str) -> str:
    """Raises: AskAgain when no model is named."""
    if not rest:
        raise AskAgain(f"Name the model, as in {provider}:MODEL (`spyglass models {provider}` lists them).")
    return rest


def key_of(parts: Parts, provider: str, model: str, variable: str) -> str:
    """Raises: AskAgain naming the variable when there is no key."""
    key = parts.options.get(f"{provider}_api_key")
    if not key:
        raise AskAgain(f"{provider}:{model} needs a key: set {variable}, or choose another model.")
    return key


class ToolForms:
    """Schemas of tools as the provider wants them, converted once for each set of tools."""

    def __init__(self, chat: BaseChatModel) -> None:
        self._chat = chat
        self._convert = lru_cache(maxsize=64)(self._converted)

    def __call__(self, tools: Sequence[Mapping[str, Any]]) -> list[Any]:
        return self._convert(json.dumps(tools))

    def _converted(self, tools: str) -> list[Any]:
        bound: Any = self._chat.bind_tools(json.loads(tools))
        return list(bound.kwargs["tools"])
