"""Questions that were heard are announced while they are recorded: nobody waits for it, least of all Slack."""

from __future__ import annotations

import asyncio

from bot.slack.background import Background
from bot.slack.events import Message
from bot.slack.replying.showing import announce
from bot.slack.web import Web

AT_ONCE = 4
"""When many questions come at the same time, recording them goes before."""


class Announcing:
    """Of one workspace."""

    def __init__(self, web: Web, background: Background) -> None:
        self._web, self._background = web, background
        self._turns = asyncio.Semaphore(AT_ONCE)

    def heard(self, question: Message) -> None:
        """Announce it soon."""
        self._background.start(self._announced(question))

    async def _announced(self, question: Message) -> None:
        async with self._turns:
            await announce(self._web, question)
