"""Which channels are to be told that they are archived, and for how long, as it is kept: each once for every time it
opted in, and for every time it chose how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.slack.storage.tables import Database

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 3600.0
"""Seconds before one that could not be said is tried again."""


@dataclass(frozen=True)
class Announcement:
    team: str
    channel: str
    user: str
    """Who opted in; empty where that is set up."""
    act: UUID
    """Names it in the message's metadata."""
    state: str
    ts: str | None
    """Of the message, once it is known."""
    failures: int
    about: str = "archive"
    """Or ``period``: for how long what is posted stays in the archive."""
    days: int | None = None
    """The period that the channel chose; None where that is as it is set up."""


class Announcements:
    """The table `archive_announcements`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def want(self, team: str, channel: str) -> None:
        """The channel is archived because that is set up: it is told once."""
        await self._db.rows(
            "insert into archive_announcements (team, channel, user_id) values (%s, %s, '') on conflict do nothing",
            [team, channel],
        )

    async def next(self) -> Announcement | None:
        """Begin with the next that is to be said, or taken back."""
        await self._db.rows(OPTED)
        await self._db.rows(PERIODS)
        await self._db.rows(ENDED)
        return _announcement(await self._db.row(NEXT))

    async def of(self, team: str, channel: str) -> Announcement | None:
        """What was said in a channel of its being archived, and holds."""
        query = """
            select * from archive_announcements
            where (team, channel, about) = (%s, %s, 'archive') and state = 'said'
        """
        return _announcement(await self._db.row(query, [team, channel]))

    async def said(self, one: Announcement, ts: str) -> None:
        """Unless the channel has chosen anew meanwhile."""
        await self._set(one, "said", ts)

    async def over(self, one: Announcement, state: str) -> None:
        """It is taken back (`ended`), or Slack will not have it (`refused`)."""
        await self._set(one, state, one.ts)

    async def later(self, one: Announcement) -> None:
        pause = min(FIRST_PAUSE * 2.0 ** min(one.failures, 20), LONGEST_PAUSE)
        await self._db.rows(
            """
            update archive_announcements set failures = failures + 1, due = now() + make_interval(secs => %s)
            where (team, channel, act) = (%s, %s, %s)
            """,
            [pause, one.team, one.channel, one.act],
        )

    async def _set(self, one: Announcement, state: str, ts: str | None) -> None:
        await self._db.rows(
            """
            update archive_announcements set state = %s, ts = %s, failures = 0
            where (team, channel, act) = (%s, %s, %s)
            """,
            [state, ts, one.team, one.channel, one.act],
        )


OPTED = """
    insert into archive_announcements as a (team, channel, opted, user_id)
    select team, channel, opted, chosen_by from channels c where archive = 'all' and not exists (
        select from archive_announcements o
        where (o.team, o.channel, o.about) = (c.team, c.channel, 'archive') and o.opted is not distinct from c.opted
    )
    on conflict (team, channel, about) do update set opted = excluded.opted, user_id = excluded.user_id,
        act = gen_random_uuid(), state = 'wanted', ts = null, failures = 0, due = now()
    where a.opted is distinct from excluded.opted
"""
PERIODS = """
    insert into archive_announcements as a (team, channel, about, opted, user_id, days)
    select team, channel, 'period', keep_chosen, chosen_by, keep_days from channels c
    where keep_chosen is not null and not exists (
        select from archive_announcements o
        where (o.team, o.channel, o.about) = (c.team, c.channel, 'period') and o.opted = c.keep_chosen
    )
    on conflict (team, channel, about) do update set opted = excluded.opted, user_id = excluded.user_id,
        days = excluded.days, act = gen_random_uuid(), state = 'wanted', ts = null, failures = 0, due = now()
    where a.opted is distinct from excluded.opted
"""
ENDED = """
    update archive_announcements a set state = case when ts is null then 'ended' else 'ending' end, due = now()
    from channels c
    where (c.team, c.channel, 'archive') = (a.team, a.channel, a.about) and c.archive in ('off', 'asked')
        and a.state in ('wanted', 'said')
"""
NEXT = """
    update archive_announcements a set due = now() + interval '20 s'
    from (
        select team, channel, about from archive_announcements where state in ('wanted', 'ending') and due <= now()
        order by due limit 1 for update skip locked
    ) next
    where (a.team, a.channel, a.about) = (next.team, next.channel, next.about) returning a.*
"""


def _announcement(row: dict[str, Any] | None) -> Announcement | None:
    if row is None:
        return None
    names = ("team", "channel", "act", "state", "ts", "failures", "about", "days")
    return Announcement(user=row["user_id"], **{name: row[name] for name in names})
