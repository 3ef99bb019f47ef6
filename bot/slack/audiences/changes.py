"""That something about channels and people changed, told to all processes through the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.storage.tables import Database

EVERYTHING = ""
"""All that is remembered of the workspace."""
PEOPLE = "people"
"""Who is a member and who a guest."""
MOVED = {"member_joined_channel", "member_left_channel"}
PERSON = {"team_join", "user_change"}
RESTRICTED = ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted")
CHANNEL = {
    *("channel_archive", "channel_deleted", "channel_id_changed", "channel_left", "channel_rename"),
    *("channel_shared", "channel_unarchive", "channel_unshared"),
    *("group_archive", "group_deleted", "group_left", "group_rename", "group_unarchive"),
}
"""Events about a channel as a whole: https://docs.slack.dev/reference/events"""
HEARD = MOVED | PERSON | CHANNEL
SUBTYPES = {
    *("channel_convert_to_private", "channel_convert_to_public", "channel_archive", "channel_unarchive"),
    *("group_archive", "group_unarchive", "channel_join", "channel_leave", "group_join", "group_leave"),
}
"""Messages that Slack posts when a channel changes."""

Marks = Mapping[str, int]
"""How often each subject changed, of those that did lately."""


def subjects_of(event: Mapping[str, Any], bot: str) -> frozenset[str]:
    """What an event of the Events API makes old: ids of channels and people, `PEOPLE` or `EVERYTHING`. bot: its user.

    Of changes to people only those to less than a full member count: Slack tells of every new status.
    """
    kind, subtype, user = str(event.get("type")), str(event.get("subtype")), event.get("user")
    if kind in MOVED:
        return frozenset([EVERYTHING] if _id(user) == bot else filter(None, (_id(user), _id(event.get("channel")))))
    if kind in CHANNEL or (kind == "message" and subtype in SUBTYPES):
        return frozenset([EVERYTHING])
    if kind in PERSON and isinstance(user, Mapping):
        return frozenset([_id(user), PEOPLE] if any(user.get(name) for name in RESTRICTED) else [])
    return frozenset()


def _id(told: object) -> str:
    return str(told.get("id") or "") if isinstance(told, Mapping) else str(told or "")


@dataclass(frozen=True)
class Changes:
    """The table of changes of one workspace."""

    db: Database
    team: str
    seconds: float
    """For which anything is remembered: what changed before that is of no interest."""

    async def note(self, subjects: Collection[str]) -> None:
        """They changed. What was asked about them before this is old afterwards, in every process."""
        await self.db.rows(
            """
            with old as (
                delete from audience_changes
                where team = %s and at < now() - make_interval(secs => %s) and subject <> all(%s)
            )
            insert into audience_changes (team, subject) select %s, unnest(%s::text[])
            on conflict (team, subject) do update set changes = audience_changes.changes + 1, at = now()
            """,
            [self.team, 2 * self.seconds + 3600, list(subjects), self.team, sorted(subjects)],
        )

    async def lately(self) -> Marks:
        """An answer of Slack's to which these marks applied before it was asked for is good as long as they do."""
        rows = await self.db.rows(
            "select subject, changes from audience_changes where team = %s and at > now() - make_interval(secs => %s)",
            [self.team, self.seconds + 1],
        )
        return {row["subject"]: row["changes"] for row in rows}
