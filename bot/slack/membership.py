"""Which channels somebody is in, as users.conversations says: who is not in a channel sees nothing of it through us."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

from bot.slack.web import Refused, Unsure, Web

log = logging.getLogger(__name__)

PATIENCE = 60.0
PAGE = 200
PAGES = 10
"""Pages of a person's channels that are looked through."""


class Membership:
    """Asks Slack."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def is_in(self, user: str, places: set[str], *, patience: float = PATIENCE) -> bool:
        """Whether the person is in one of these channels; False too when Slack does not tell. A direct message is not
        among the channels that Slack tells of."""
        try:
            async for channel in self.channels(user, patience=patience):
                if channel["id"] in places:
                    return True
        except (Refused, Unsure) as error:
            log.warning("It is not known where %s is: %s", user, error)
        return False

    async def channels(self, user: str, *, patience: float = PATIENCE) -> AsyncIterator[dict[str, Any]]:
        """The channels the person is in as Slack describes them, of those we may know of. Raises: Refused; Unsure."""
        cursor = ""
        for _ in range(PAGES):
            told = await self._web.call(
                self._web.client.users_conversations,
                patience=patience,
                user=user,
                types="public_channel,private_channel,mpim",  # what the manifest is compared with
                limit=PAGE,
                cursor=cursor,
            )
            for channel in told["channels"]:
                yield channel
            cursor = str((told.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
