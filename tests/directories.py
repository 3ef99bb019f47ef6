"""Names of people and channels for tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo


@dataclass(frozen=True)
class Names:
    """`Directory` of names that are given."""

    me: str = ""
    zone: tzinfo = UTC
    of_people: Mapping[str, str] = field(default_factory=dict)
    of_channels: Mapping[str, str] = field(default_factory=dict)

    async def people(self, ids: Collection[str]) -> Mapping[str, str]:
        return {key: name for key, name in self.of_people.items() if key in ids}

    async def channels(self, ids: Collection[str]) -> Mapping[str, str]:
        return {key: name for key, name in self.of_channels.items() if key in ids}
