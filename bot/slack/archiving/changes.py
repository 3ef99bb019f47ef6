"""What people change about postings that are in the archive: written down, and carried out by whoever works."""

from __future__ import annotations

import json
from typing import LiteralString

from bot.slack.archiving.postings import Posting, posting_of_row
from bot.slack.storage.tables import Database

CHANGE: LiteralString = """
    update archive_postings set pending = coalesce(pending, '{}') || %s::jsonb,
        due = case when state = 'wanted' then due else now() end, failures = 0, has_words = coalesce(%s, has_words)
    where"""

WORDLESS: LiteralString = """
    update archive_postings p set pending = coalesce(pending, '{}') || '{"text": ""}', has_words = false, failures = 0,
        due = case when state = 'wanted' then due else now() end
    from (
        select team, channel, ts, file from archive_postings
        where team = any(%s) and ts < %s and asked and has_words and state in ('wanted', 'shelved', 'done') limit %s
    ) old
    where (p.team, p.channel, p.ts, p.file) = (old.team, old.channel, old.ts, old.file) returning p.file
"""


class Changes:
    """Writes in the table `archive_postings`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def reword(self, team: str, channel: str, ts: str, text: str) -> None:
        """The message says something else."""
        await self._db.rows(
            f"{CHANGE} (team, channel, ts) = (%s, %s, %s) and state in ('wanted', 'shelved', 'done')",
            [json.dumps({"text": text}), bool(text), team, channel, ts],
        )

    async def rename_channel(self, team: str, channel: str, name: str) -> None:
        await self._db.rows(
            f"{CHANGE} (team, channel) = (%s, %s) and state in ('shelved', 'done')",
            [json.dumps({"channel": name}), None, team, channel],
        )

    async def rename_user(self, team: str, user: str, name: str) -> None:
        """Slack tells of every change to a person: only those whose name it is, and who posted something, count."""
        renamed = await self._db.row(
            "update archive_people set name = %s where (team, user_id) = (%s, %s) and name <> %s returning user_id",
            [name, team, user, name],
        )
        if renamed:
            await self._db.rows(
                f"{CHANGE} (team, user_id) = (%s, %s) and state in ('shelved', 'done')",
                [json.dumps({"name": name}), None, team, user],
            )

    async def forget_words(self, teams: list[str], before: str, most: int) -> int:
        """What was said with postings that Spyglass was asked about, before that `ts`, leaves the archive, for `most`
        postings at a time. Returns how many."""
        rows = await self._db.rows(WORDLESS, [teams, before, most])
        return len(rows)

    async def rename_file(self, team: str, file: str, name: str) -> None:
        await self._db.rows(
            f"{CHANGE} (team, file) = (%s, %s) and state in ('shelved', 'done')",
            [json.dumps({"file": name}), None, team, file],
        )

    async def of_file(self, team: str, file: str) -> list[Posting]:
        """Where a file was posted."""
        rows = await self._db.rows(
            "select * from archive_postings where (team, file) = (%s, %s) and state <> 'gone'", [team, file]
        )
        return [posting_of_row(row) for row in rows]
