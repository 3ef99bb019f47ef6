"""A request that is taken apart piece by piece."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Narrowed:
    """A search request taken apart: what is left of the sentence, and what narrows it."""

    text: str
    filters: dict[str, Any] = field(default_factory=dict)
    limit: int | None = None

    def take(self, pattern: str, use: Callable[[re.Match[str]], bool | None]) -> None:
        """Cut out every match that `use` accepts (does not call False)."""
        text = re.sub(pattern, lambda match: match[0] if use(match) is False else " ", self.text, flags=re.IGNORECASE)
        self.text = re.sub(r"\s+", " ", text).strip()
