"""The channels that both a person and the bot are in: what the person may search and set from a form."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from bot.slack.events import Identity
from bot.slack.membership import Membership
from bot.slack.web import Refused, Unsure
from bot.slack.words import one_line

log = logging.getLogger(__name__)

PATIENCE = 15.0


@dataclass(frozen=True)
class Channel:
    id: str
    name: str
    """On one short line."""


class Channels:
    """Asks Slack."""

    def __init__(self, bot: Identity, membership: Membership) -> None:
        self._bot, self._membership = bot, membership

    async def shared(self, user: str) -> list[Channel]:
        """By name; none where Slack does not tell."""
        try:
            theirs, ours = await asyncio.gather(self._of(user), self._of(self._bot.user))
        except (Refused, Unsure) as error:
            log.warning("It is not known which channels %s shares with us: %s", user, error)
            return []
        both = [Channel(key, name) for key, name in theirs.items() if key in ours]
        return sorted(both, key=lambda channel: channel.name.casefold())

    async def _of(self, user: str) -> dict[str, str]:
        found = self._membership.channels(user, patience=PATIENCE)
        return {str(each["id"]): one_line(str(each.get("name") or each["id"])) async for each in found}
