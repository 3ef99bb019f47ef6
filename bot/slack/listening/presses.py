"""What somebody pressed, read from Slack's payload, and what they alone are told or shown for it.

A payload is as old as the message it comes from: whatever is missing in it reads as empty.
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.slack.replying import labels
from bot.slack.replying.mrkdwn import escape
from bot.slack.surface.blocks import notice
from bot.slack.surface.screens import Screens
from bot.slack.web import Refused, Unsure, Web
from bot.slack.words import keepable

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds; whoever pressed a button is waiting."""
STRANGER = "user_not_in_channel"
"""Messages for one person alone are for members: others may see and press what stands in a public channel."""


def value_of(body: Mapping[str, Any]) -> str:
    """What the button holds."""
    return keepable(str(_action(body).get("value") or ""))


def pressed_at(body: Mapping[str, Any]) -> str:
    """When that was, by Slack's clock, as a `ts`; where it does not say, not before the message was posted."""
    return keepable(str(_action(body).get("action_ts") or body.get("action_ts") or "")) or message_of(body)


def channel_of(body: Mapping[str, Any]) -> str:
    """Where the message of the button is."""
    place = body.get("container") or {}
    return keepable(str(place.get("channel_id") or (body.get("channel") or {}).get("id") or ""))


def thread_of(body: Mapping[str, Any]) -> str | None:
    """The thread of that message, when it is in one."""
    place = body.get("container") or {}
    return place.get("thread_ts") or (body.get("message") or {}).get("thread_ts")


def message_of(body: Mapping[str, Any]) -> str:
    """The `ts` of that message."""
    place = body.get("container") or {}
    return keepable(str(place.get("message_ts") or (body.get("message") or {}).get("ts") or ""))


def _action(body: Mapping[str, Any]) -> Mapping[str, Any]:
    actions = body.get("actions") or [{}]
    return actions[0] or {}


class Desk:
    """Answers whoever pressed, and nobody else."""

    def __init__(self, web: Web) -> None:
        self._web, self._screens = web, Screens(web)

    async def tell(
        self,
        body: Mapping[str, Any],
        sentence: str,
        blocks: list[dict[str, Any]] | None = None,
        *,
        mrkdwn: bool = False,
    ) -> None:
        """Say something: below the message, or in a modal where they are no member of the channel. Never raises.
        mrkdwn: the sentence is written so; else its signs mean nothing."""
        try:
            await self._web.call(
                self._web.client.chat_postEphemeral,
                patience=PATIENCE,
                channel=channel_of(body),
                user=body["user"]["id"],
                thread_ts=thread_of(body),
                text=sentence if mrkdwn else escape(sentence),
                blocks=blocks,
            )
        except (Refused, Unsure) as error:
            stranger = isinstance(error, Refused) and error.error == STRANGER
            if not (stranger and await self.open(body, notice(labels.NAME, sentence))):
                log.info("%s cannot be told: %s", body["user"]["id"], error)

    async def open(self, body: Mapping[str, Any], view: dict[str, Any]) -> bool:
        """Open a modal; False where that is not possible (any more)."""
        return bool(await self._screens.open(body, view))
