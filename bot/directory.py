"""Who asks at the terminal, and what they know: the machine's time zone, and nobody's names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfoNotFoundError

from tzlocal import get_localzone

from tools.kit import AT_TERMINAL, Scope


@dataclass(frozen=True)
class AtTerminal:
    """`tools.kit.Directory` where nobody is logged in."""

    me: str = ""

    @property
    def zone(self) -> tzinfo:
        """The machine's; UTC where that cannot be told."""
        try:
            return get_localzone()
        except (ZoneInfoNotFoundError, ValueError):
            return UTC

    async def people(self, ids: Collection[str]) -> Mapping[str, str]:
        return {}

    async def channels(self, ids: Collection[str]) -> Mapping[str, str]:
        return {}


HERE = AtTerminal()

OWNER = Scope(workspace="local", audiences=(AT_TERMINAL,))
"""Who asks there."""
