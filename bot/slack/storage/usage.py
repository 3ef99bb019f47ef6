"""What one person asked this month, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.slack.storage.tables import Database


@dataclass(frozen=True)
class Usage:
    """Of one person in one workspace."""

    questions: int
    """That were for us, in this calendar month (UTC)."""
    images: int
    """That they posted, whenever, and that threads remember."""
    tools: Mapping[str, int]
    """How often each tool brought something for an answer to them this month, the most used first."""


async def usage_of(db: Database, team: str, user: str) -> Usage:
    """Counted from the record of turns: what was forgotten does not count."""
    counted = await db.row(
        """
        select
            (select count(*) from inbox
                where (team, user_id) = (%s, %s) and state <> 'heard' and created >= date_trunc('month', now(), 'UTC')
            ) as questions,
            (select count(distinct sha256) from thread_files where (team, user_id) = (%s, %s)) as images
        """,
        [team, user, team, user],
    )
    tools = await db.rows(
        """
        select tool ->> 'name' as name, count(*) as times
        from inbox cross join json_array_elements(answer -> 'tools') as tool
        where (team, user_id) = (%s, %s) and created >= date_trunc('month', now(), 'UTC')
            and tool ->> 'evidence' is not null
        group by name order by times desc, name
        """,
        [team, user],
    )
    assert counted
    return Usage(counted["questions"], counted["images"], {row["name"]: row["times"] for row in tools})
