"""Whether what an answer was taken from may still be seen where it is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from bot.slack.scopes import Shown
from bot.turns.running import Answer

LinksShown = Callable[[str, str, Collection[str]], Awaitable[Collection[str]]]
"""Which files that links opened may be shown in a channel (its id) to somebody (their id)."""


@dataclass(frozen=True)
class Telling:
    """Asks anew each time."""

    shown: Shown
    links: LinksShown

    async def may(self, channel: str, user: str, answer: Answer) -> bool:
        """Whether all of it may be seen by that person in that channel now. Raises: Unsure."""
        if answer.sight and not answer.is_within(await self.shown(channel, user)):
            return False
        return not answer.links or set(answer.links) <= set(await self.links(channel, user, answer.links))
