"""Small things that are said beside the replies: notes only one person sees, prompts, titles. None is vital."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.slack import messages
from bot.slack.events import HomeOpened, Message
from bot.slack.web import Refused, Unsure, Web

log = logging.getLogger(__name__)

PATIENCE = 30.0


class Notes:
    """Says them; what Slack refuses is logged."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def tell(self, message: Message, sentence: str, blocks: list[dict[str, Any]] | None = None) -> None:
        """A sentence in mrkdwn to the author of a message, where it was said, that nobody else sees."""
        await self._say(
            self._web.client.chat_postEphemeral,
            channel=message.channel,
            user=message.user,
            text=sentence,
            **({"blocks": blocks} if blocks else {}),
            **({"thread_ts": message.thread_ts} if message.is_reply else {}),
        )

    async def suggest(self, opened: HomeOpened) -> None:
        """Prompts in the agent view."""
        await self._say(
            self._web.client.assistant_threads_setSuggestedPrompts,
            channel_id=opened.channel,
            title=messages.PROMPTS_TITLE,
            prompts=[{"title": title, "message": message} for title, message in messages.PROMPTS],
        )

    async def name(self, message: Message, title: str) -> None:
        """The title of a conversation in the agent view: its first words, short and clean by the gate."""
        if message.is_direct and not message.is_reply and title:
            await self._say(
                self._web.client.assistant_threads_setTitle,
                channel_id=message.channel,
                thread_ts=message.thread_ts,
                title=title,
            )

    async def _say(self, method: Callable[..., Awaitable[Any]], **arguments: Any) -> None:
        try:
            await self._web.call(method, patience=PATIENCE, **arguments)
        except (Refused, Unsure) as error:
            log.info("Not said: %s", error)
