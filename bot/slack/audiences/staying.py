"""Channels of which nothing may leave the machine."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.slack.storage.tables import Database


@dataclass(frozen=True)
class Staying:
    """Those of one workspace, as their members or a setting say."""

    db: Database
    team: str
    fixed: frozenset[str]
    """By the setting."""

    async def among(self, channels: Collection[str]) -> frozenset[str]:
        rows = await self.db.rows(
            "select channel from channels where team = %s and local_only and channel = any(%s)",
            [self.team, list(channels)],
        )
        return self.fixed & frozenset(channels) | {row["channel"] for row in rows}
