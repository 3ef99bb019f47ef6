"""What leaves the archive of images: written down with the change that makes it so, for `Erasing` to carry out.

Of a posting that is gone its place is kept and nothing else, so that whatever comes late does not bring it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, LiteralString

from bot.slack.storage.erasures import Erasure, Gone, insert
from bot.storage.database import Connection

AT_ONCE = 500
"""Postings of one erasure."""
GO: LiteralString = """
    with leaving as (
        select team, channel, ts, file, sha256, pages from archive_postings p
        where state <> 'gone' and ({condition}) {most} for update
    ), gone as (
        update archive_postings p set state = 'gone', object = '{{}}', pending = null, user_id = '', sha256 = null,
            pages = 0, reason = '', due = now()
        from leaving l where (p.team, p.channel, p.ts, p.file) = (l.team, l.channel, l.ts, l.file)
    )
    select * from leaving order by team, channel, ts, file
"""


async def let_go(
    db: Connection, condition: LiteralString, parameters: Mapping[str, Any], *, most: int | None = None
) -> int:
    """Postings of which the condition holds (`p` in it) leave the archive; `most` of them at a time.

    In the transaction that makes it so. Returns how many there were.
    """
    limit: LiteralString = "limit %(most)s" if most else ""
    found = await db.execute(GO.format(condition=condition, most=limit), {**parameters, "most": most})
    rows = await found.fetchall()
    await insert(db, _erasures(rows))
    return len(rows)


async def let_go_unseen(db: Connection, team: str, channel: str, ts: str, files: Iterable[str]) -> None:
    """These files of a message are gone, whether we knew of them or not: nothing that is on its way brings them in."""
    await let_go(
        db,
        "p.team = %(team)s and p.channel = %(channel)s and p.ts = %(ts)s and p.file = any(%(files)s)",
        {"team": team, "channel": channel, "ts": ts, "files": [*files]},
    )
    for file in files:
        await db.execute(
            """
            insert into archive_postings (team, channel, ts, file, thread_ts, user_id, asked, state, object)
            values (%s, %s, %s, %s, %s, '', false, 'gone', '{}') on conflict do nothing
            """,
            [team, channel, ts, file, ts],
        )


async def forget_channel(db: Connection, team: str, channel: str, until: str | None = None) -> None:
    """All of a channel leaves, what is wanted of it too, and may be wanted again.

    until: a `ts`; what was posted or found after that stays, and the backfill that was begun after it.
    """
    place = {"team": team, "channel": channel, "until": until}
    await let_go(db, POSTED, place)
    for statement in EMPTY:
        await db.execute(statement, place)
    if until is None:
        await insert(db, [Erasure(team=team, channel=channel, whole=True)])


MOMENT: LiteralString = "coalesce(to_timestamp(%(until)s::double precision), 'infinity')"
POSTED: LiteralString = f"""
    p.team = %(team)s and p.channel = %(channel)s
    and (p.created <= {MOMENT} or (p.ts < %(until)s::text and not (p.late or p.asked)))
"""
EMPTY: tuple[LiteralString, ...] = (
    f"delete from archive_postings p where {POSTED}",  # noqa: S608  all ours
    f"delete from archive_backfills where team = %(team)s and channel = %(channel)s and began <= {MOMENT}",  # noqa: S608
    """
    delete from archive_threads t where team = %(team)s and channel = %(channel)s and not exists (
        select from archive_backfills b where (b.team, b.channel) = (t.team, t.channel)
    )
    """,
    """
    delete from archive_people a where team = %(team)s and not exists (
        select from archive_postings p where (p.team, p.user_id) = (a.team, a.user_id)
    )
    """,
)
"""The last: names of people of whom nothing is in any archive."""


def _erasures(rows: Sequence[Mapping[str, Any]]) -> Iterable[Erasure]:
    """Of postings that had come as far as the archive, or may have."""
    for (team, channel), of_channel in groupby(rows, lambda row: (row["team"], row["channel"])):
        there = [
            Gone(ts=row["ts"], file=row["file"], sha256=row["sha256"], pages=row["pages"])
            for row in of_channel
            if row["sha256"]
        ]
        for start in range(0, len(there), AT_ONCE):
            yield Erasure(team=team, channel=channel, postings=tuple(there[start : start + AT_ONCE]))
