"""What ids mean to somebody who asks in Slack. A channel whose images they are not shown is not named to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.slack.people import People
from tools.kit import Scope


@dataclass(frozen=True)
class SlackDirectory:
    """`tools.kit.Directory` for one turn."""

    me: str
    zone: tzinfo
    scope: Scope
    """What the turn may see."""
    names: Callable[[Collection[str]], Awaitable[Mapping[str, str]]]
    """Of channels, whoever may see them."""
    known: People

    async def people(self, ids: Collection[str]) -> Mapping[str, str]:
        return await self.known.names(ids)

    async def channels(self, ids: Collection[str]) -> Mapping[str, str]:
        return await self.names(set(ids) & set(self.scope.audiences))


async def directory_for(
    user: str, scope: Scope, people: People, names: Callable[[Collection[str]], Awaitable[Mapping[str, str]]]
) -> SlackDirectory:
    """user: who asks; empty where nobody knows."""
    zone = (await people.person(user)).zone if user else ""
    return SlackDirectory(user, zone_of(zone), scope, names, people)


def zone_of(name: str) -> tzinfo:
    """The time zone of that name (IANA); UTC for what is none."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
