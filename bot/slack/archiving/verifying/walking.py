"""Everything that was said in a channel as Slack has it now: its history with all threads, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from bot.slack.events import Identity, Message
from bot.slack.payloads import read_message
from bot.slack.web import Web

PAGE = 200
PACE = 1.2
"""Seconds between two looks at Slack."""
PATIENCE = 600.0
"""Seconds for which one look is tried."""


@dataclass
class Walk:
    """Through one channel."""

    web: Web
    bot: Identity
    channel: str
    pace: float = PACE
    oldest: str = ""
    """The `ts` of the oldest message that was shown."""
    limited: bool = False
    """Slack hides what is older, by the workspace's plan."""

    async def messages(self) -> AsyncIterator[Message]:
        """Raises: Refused; Unsure."""
        cursor = ""
        while True:
            told = await self._told("history", limit=PAGE, cursor=cursor)
            self.limited = self.limited or bool(told.get("is_limited"))
            for each in told["messages"]:
                self.oldest = min(self.oldest or each["ts"], each["ts"])
                async for message in self._thread(each) if each.get("reply_count") else self._alone(each):
                    yield message
            cursor = str((told.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    async def _alone(self, told: dict[str, Any]) -> AsyncIterator[Message]:
        if message := read_message(told, self.bot, self.channel):
            yield message

    async def _thread(self, root: dict[str, Any]) -> AsyncIterator[Message]:
        cursor = ""
        while True:
            told = await self._told("replies", ts=root["ts"], limit=PAGE, cursor=cursor)
            for each in told["messages"]:
                if not cursor or each["ts"] != root["ts"]:
                    async for message in self._alone(each):
                        yield message
            cursor = str((told.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    async def _told(self, what: str, **arguments: Any) -> dict[str, Any]:
        method = getattr(self.web.client, f"conversations_{what}")
        told = await self.web.call(method, patience=PATIENCE, channel=self.channel, **arguments)
        await asyncio.sleep(self.pace)
        return told
