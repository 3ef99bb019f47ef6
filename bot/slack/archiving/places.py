"""What channels are called, and the addresses of messages, as Slack says and as it is remembered for a while."""

from __future__ import annotations

import asyncio

from bot.slack.listening.access import Recent
from bot.slack.web import Refused, Unsure, Web
from bot.slack.words import one_line

REMEMBERED = 600.0
"""Seconds; a channel that is renamed is told of."""
PATIENCE = 10.0


class Places:
    """Of one workspace."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._names: Recent[str, tuple[float, str]] = Recent()
        self._address = ""

    async def name(self, channel: str) -> str:
        """Without "#"; empty where it has none, or Slack does not tell."""
        if channel.startswith("D"):
            return ""
        now = asyncio.get_running_loop().time()
        asked, name = self._names.get(channel, (-REMEMBERED, ""))
        if now - asked >= REMEMBERED:
            try:
                told = await self._web.call(self._web.client.conversations_info, patience=PATIENCE, channel=channel)
            except (Refused, Unsure):
                return name
            name = one_line(str(told["channel"].get("name") or ""))
            self._names[channel] = now, name
        return name

    def renamed(self, channel: str, name: str) -> None:
        self._names[channel] = asyncio.get_running_loop().time(), one_line(name)

    async def permalink(self, channel: str, ts: str, thread_ts: str) -> str:
        """Of a message, as chat.getPermalink gives it. Raises: Refused; Unsure, while the workspace is not known."""
        if not self._address:
            told = await self._web.call(self._web.client.auth_test, patience=PATIENCE)
            self._address = str(told["url"]).rstrip("/")
        address = f"{self._address}/archives/{channel}/p{ts.replace('.', '')}"
        return address if thread_ts == ts else f"{address}?thread_ts={thread_ts}&cid={channel}"
