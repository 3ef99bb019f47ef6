"""A channel is told that it is archived: what is kept, for how long, who sees it, how to stop it and how to have it
deleted."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.slack.archiving.telling import sentences
from bot.slack.archiving.telling.announcements import Announcement, Announcements
from bot.slack.archiving.telling.labels import BACKFILL, TURN_OFF
from bot.slack.events import Identity
from bot.slack.replying.parts import CLOSED, GONE_MESSAGE
from bot.slack.storage.preferences import Preferences
from bot.slack.surface.blocks import Block, button, buttons, mention, text
from bot.slack.web import RATE_LIMITED, Refused, Unsure, Web

log = logging.getLogger(__name__)

METADATA = "spyglass_archive"
"""`event_type` of the metadata by which an announcement is recognised."""
LOOKED_THROUGH = 100
"""Messages of the channel among which one is looked for that may have been said."""


class Announcing:
    """Works for one workspace."""

    def __init__(
        self, web: Web, bot: Identity, announcements: Announcements, preferences: Preferences, *, public: bool
    ) -> None:
        """public: members of the workspace see what is posted in public channels."""
        self._web, self._bot, self._announcements = web, bot, announcements
        self._preferences, self._public = preferences, public

    async def go_on(self, one: Announcement) -> None:
        """Say it, or take it back. What Slack does not take now is tried again later."""
        try:
            await (self._end(one) if one.state == "ending" else self._say(one))
        except (Refused, Unsure) as error:
            if isinstance(error, Refused) and error.error != RATE_LIMITED:
                log.warning("It cannot be announced in %s that it is archived: %s", one.channel, error)
                await self._announcements.over(one, "ended" if one.state == "ending" else "refused")
            else:
                await self._announcements.later(one)

    async def _say(self, one: Announcement) -> None:
        """Once: one that an earlier attempt may have said is looked for first. Raises: Refused; Unsure."""
        said = await self._found(one) if one.failures else None
        if said is None:
            await self._announcements.later(one)  # whoever comes after a crash looks first
            first, blocks = await self._told(one)
            told = await self._web.call(
                self._web.client.chat_postMessage,
                once=True,
                channel=one.channel,
                text=first,
                blocks=blocks,
                metadata={"event_type": METADATA, "event_payload": {"act": str(one.act)}},
                parse="none",
                link_names=False,
                unfurl_links=False,
            )
            said = str(told["ts"])
        await self._announcements.said(one, said)

    async def _found(self, one: Announcement) -> str | None:
        """Raises: Refused; Unsure."""
        told = await self._web.call(
            self._web.client.conversations_history,
            channel=one.channel,
            limit=LOOKED_THROUGH,
            include_all_metadata=True,
        )
        return next((str(each["ts"]) for each in told["messages"] if _act(each) == str(one.act)), None)

    async def _end(self, one: Announcement) -> None:
        """Raises: Refused; Unsure."""
        try:
            await self._web.call(
                self._web.client.chat_update,
                channel=one.channel,
                ts=one.ts,
                text=sentences.ENDED,
                blocks=[text(sentences.ENDED)],
            )
        except Refused as refused:
            if refused.error not in CLOSED | GONE_MESSAGE:
                raise
        await self._announcements.over(one, "ended")

    async def _told(self, one: Announcement) -> tuple[str, list[Block]]:
        """Its text, and its blocks."""
        days = await self._preferences.keeps(one.team, one.channel)
        if one.about == "period":
            said = sentences.chosen_period(mention(one.user) if one.user else "", days)
            return said, [text(said), text(sentences.CHANGE_PERIOD)]
        first = sentences.OPTED_IN.format(who=mention(one.user)) if one.user else sentences.SET_UP
        lines = [
            sentences.KEPT.format(days=sentences.KEPT_DAYS.format(days=sentences.in_days(days)) if days else ""),
            sentences.SEEN_BY_ALL if self._public else sentences.SEEN_BY_MEMBERS,
            sentences.STOP_IT,
            sentences.DELETE_IT,
        ]
        return first, [
            text(first),
            text("\n".join(f"• {line}" for line in lines)),
            buttons(button(BACKFILL, sentences.BACKFILL), button(TURN_OFF, sentences.TURN_OFF)),
        ]


def _act(message: Mapping[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("act") or "") if metadata.get("event_type") == METADATA else ""
