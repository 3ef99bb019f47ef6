"""What people searched for in the search form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.slack.storage.tables import Database

KEPT = 20
"""Searches of a person; older ones are dropped."""


@dataclass(frozen=True)
class Past:
    """One of them."""

    channel: str
    asked: dict[str, Any]


class Searches:
    """The table of searches. A person's are shown to nobody else."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def keep(self, team: str, user: str, past: Past) -> None:
        """Remember a search as the latest."""
        await self._db.rows(
            """
            insert into searches (team, user_id, channel, asked) values (%s, %s, %s, %s::jsonb)
            on conflict (team, user_id, channel, asked) do update set at = now()
            """,
            [team, user, past.channel, json.dumps(past.asked)],
        )
        await self._db.rows(
            """
            delete from searches where (team, user_id) = (%s, %s) and at <= (
                select at from searches where (team, user_id) = (%s, %s) order by at desc offset %s limit 1
            )
            """,
            [team, user, team, user, KEPT],
        )

    async def latest(self, team: str, user: str, most: int) -> list[Past]:
        """The latest first."""
        rows = await self._db.rows(
            "select channel, asked from searches where (team, user_id) = (%s, %s) order by at desc limit %s",
            [team, user, most],
        )
        return [Past(**row) for row in rows]
