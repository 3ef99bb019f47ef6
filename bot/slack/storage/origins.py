"""Where the images of a channel were posted, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.slack.storage.tables import Database


@dataclass(frozen=True)
class Origin:
    """How an original came into a channel first."""

    sha256: str
    file: str
    """Id in Slack."""
    name: str
    """Untrusted."""
    user: str
    ts: str
    """Of the message that brought it."""
    thread_ts: str


class Origins:
    """Reads the table of files that turns took in."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, team: str, channel: str, originals: Sequence[str]) -> dict[str, Origin]:
        """By SHA-256."""
        rows = await self._db.rows(
            """
            select distinct on (sha256) sha256, file, name, user_id as user, ts, thread_ts from thread_files
            where (team, channel) = (%s, %s) and sha256 = any(%s) order by sha256, ts
            """,
            [team, channel, list(originals)],
        )
        return {row["sha256"]: Origin(**row) for row in rows}
