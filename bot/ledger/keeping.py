"""How long it is kept what models took and said."""

from __future__ import annotations

from bot.storage.tables import Database

EVERY = 3600.0
"""Seconds between two looks for what has become too old."""
MOST_ANSWERS = 20_000
"""Of a workspace; the oldest beyond that are dropped."""


async def tidy(db: Database, *, calls: int, answers: int) -> None:
    """Drop what is too old. calls, answers: days for which each is kept; calls for ever when 0, answers not at all.

    A day's spending is kept until that day is over everywhere.
    """
    await db.rows("delete from model_spending where day < (now() at time zone 'UTC')::date - 1")
    await db.rows("delete from model_calls where %s > 0 and at < now() - make_interval(days => %s)", [calls, calls])
    await db.rows("delete from model_answers where at < now() - make_interval(days => %s)", [answers])
    await db.rows(
        """
        delete from model_answers using (
            select team, name, row_number() over (partition by team order by at desc) as number from model_answers
        ) as each
        where (model_answers.team, model_answers.name) = (each.team, each.name) and number > %s
        """,
        [MOST_ANSWERS],
    )
