"""What people think of answers: one verdict a person and run; a new one replaces the old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.slack.storage.tables import Database


@dataclass(frozen=True)
class Verdict:
    run: UUID
    user: str
    verdict: str
    """``good`` or ``bad``."""
    reason: str
    at: datetime


class Feedback:
    """The feedback table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def give(self, run: UUID, team: str, user: str, verdict: str) -> None:
        """Keep the verdict. The reason of an earlier one stays only when the verdict does."""
        await self._db.rows(
            """
            insert into feedback (run, team, user_id, verdict) values (%s, %s, %s, %s)
            on conflict (run, user_id) do update set verdict = excluded.verdict, at = now(),
                reason = case when feedback.verdict = excluded.verdict then feedback.reason else '' end
            """,
            [run, team, user, verdict],
        )

    async def explain(self, run: UUID, user: str, reason: str) -> bool:
        """Keep the reason of a person's verdict; False when there is no such verdict."""
        found = await self._db.row(
            "update feedback set reason = %s where run = %s and user_id = %s returning run", [reason, run, user]
        )
        return found is not None

    async def of(self, run: UUID) -> list[Verdict]:
        """Every verdict on a run, oldest first."""
        rows = await self._db.rows("select * from feedback where run = %s order by at", [run])
        return [Verdict(row["run"], row["user_id"], row["verdict"], row["reason"], row["at"]) for row in rows]
