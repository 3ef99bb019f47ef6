"""A request the real provider would not take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """`message` is in the provider's words; `where` names the field (`param` at OpenAI), `details` are Anthropic's."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        code: str | None = None,
        where: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.where = where
        self.details = details
