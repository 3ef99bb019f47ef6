"""How far the archive of a channel is."""

from __future__ import annotations

from dataclasses import dataclass

from bot.slack.storage.tables import Database


@dataclass(frozen=True)
class Tally:
    """How far the archive of a channel is, in files."""

    archived: int = 0
    waiting: int = 0
    failing: int = 0
    """Among those that wait: tried before, and tried again."""
    left_out: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    """Why some are not in it, and how many, the most frequent first."""


async def tally_of(db: Database, team: str, channel: str) -> Tally:
    found = await db.row(TALLY, [team, channel])
    assert found
    why = await db.rows(REASONS, [team, channel])
    return Tally(**found, reasons=tuple((row["reason"], row["number"]) for row in why))


async def older_than(db: Database, team: str, channel: str, ts: str) -> int:
    """How many files of its archive were posted before that."""
    found = await db.row(
        """
        select count(*) as number from archive_postings
        where (team, channel) = (%s, %s) and ts < %s and state in ('shelved', 'done')
        """,
        [team, channel, ts],
    )
    return int(found["number"]) if found else 0


TALLY = """
    select count(*) filter (where state in ('shelved', 'done')) as archived,
        count(*) filter (where state = 'wanted') as waiting,
        count(*) filter (where state = 'wanted' and failures > 0) as failing,
        count(*) filter (where state = 'left_out') as left_out
    from archive_postings where (team, channel) = (%s, %s)
"""
REASONS = """
    select reason, count(*) as number from archive_postings
    where (team, channel) = (%s, %s) and reason <> '' and state in ('wanted', 'left_out')
    group by reason order by number desc, reason limit 5
"""
