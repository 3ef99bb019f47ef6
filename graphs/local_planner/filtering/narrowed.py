"""A request that is taken apart piece by piece."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphs.local_planner.language.patterns import compiled


@dataclass
class Narrowed:
    """A search request taken apart: what is left of the sentence, and what narrows it."""

    text: str
    filters: dict[str, Any] = field(default_factory=dict)
    limit: int | None = None
    order: str = ""
    """"newest" or "oldest", where the request says so."""
    sought: bool = False
    """Whether the request is one for images even where no condition tells so: "who posted the logo?"."""
    nearest: bool = False
    """Whether hits under the cutoff are asked for too."""
    to_come: str = ""
    """The words for a time that has not begun."""
    impossible: str = ""
    """A sentence about a day that does not exist."""

    def take(self, pattern: str | re.Pattern[str], use: Callable[[re.Match[str]], bool | None]) -> None:
        """Cut out every match that `use` accepts (does not call False). The case of letters in a `str` is ignored."""
        pattern = compiled(pattern) if isinstance(pattern, str) else pattern
        text = pattern.sub(lambda match: match[0] if use(match) is False else " ", self.text)
        self.text = re.sub(r"\s+", " ", text).strip()

    def put(self, name: str, values: Sequence[str] | str, *, without: bool = False) -> None:
        """One more condition; several values of a name add up. `without`: what no hit may have."""
        filters = self.filters.setdefault("excluding", {}) if without else self.filters
        if isinstance(values, str):
            filters[name] = values
        else:
            filters[name] = list(dict.fromkeys([*filters.get(name, ()), *values]))
