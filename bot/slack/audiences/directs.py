"""Which channel holds somebody's direct messages with us."""

from __future__ import annotations

from dataclasses import dataclass

from bot.slack.storage.tables import Database


@dataclass(frozen=True)
class Directs:
    """The table of direct messages of one workspace."""

    db: Database
    team: str

    async def keep(self, user: str, channel: str) -> None:
        """As Slack said."""
        await self.db.rows(
            """
            insert into direct_messages (team, user_id, channel) values (%s, %s, %s)
            on conflict (team, user_id) do update set channel = excluded.channel
                where direct_messages.channel <> excluded.channel
            """,
            [self.team, user, channel],
        )

    async def of(self, user: str) -> str | None:
        row = await self.db.row(
            "select channel from direct_messages where (team, user_id) = (%s, %s)", [self.team, user]
        )
        return str(row["channel"]) if row else None
