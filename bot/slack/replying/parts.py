"""The parts of a reply, each said once whatever dies in between.

An intent is saved before each call that makes something people see, and its `ts` right after. An intent found without
a `ts` may have been carried out: then the thread is looked at, and what is there is adopted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from bot.slack.events import Identity, Message
from bot.slack.replying.replies import Reply, simpler
from bot.slack.storage.outbox import Intent, Outbox, Progress
from bot.slack.web import Refused, Unsure, Web

log = logging.getLogger(__name__)

TRIES = 4
GONE_MESSAGE = {"message_not_found", "cant_update_message", "edit_window_closed", "cannot_edit_message"}
"""The message cannot be changed any more: somebody deleted it, or it has become too old."""
GONE_THREAD = {"thread_not_found", "cannot_reply_to_message"}
PAGE = 100
BUSY = 1.0
"""Seconds until it is looked for what a call may have made; longer after every try."""
STREAMING = "streaming_state_conflict"
CLOSED = {
    *("is_archived", "is_inactive", "not_in_channel", "channel_not_found", "token_revoked", "token_expired"),
    *("account_inactive", "invalid_auth", "not_authed", "missing_scope", "no_permission", "messages_tab_disabled"),
    *("restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel"),
    *("restricted_action_thread_locked", "user_disabled", "cannot_dm_bot", "ekm_access_denied", "org_login_required"),
    "team_access_not_granted",
}
"""Nothing can be said here, however it is tried."""
BAD_BLOCKS = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "only_one_table_allowed"}
T = TypeVar("T")


class CardsRefused(Exception):
    """Slack will not have a reply with cards in it: it is to be said without them."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(str(refused))
        self.refused = refused


class Parts:
    """The parts of the reply to one question, in its thread."""

    def __init__(self, web: Web, outbox: Outbox, question: Message, bot: Identity) -> None:
        self.web, self.outbox, self.question, self.bot = web, outbox, question, bot
        self.made = False
        """Whether a message was made in this attempt: with one, Slack takes the status away."""

    async def saved(self, part: int, kind: str) -> Intent:
        """The part's intent as it is kept."""
        return await self.outbox.intend(self.question.key, self.question.thread_ts, part, kind, {})

    async def intend(self, part: int, kind: str) -> Intent:
        """The part's intent; when an earlier attempt may have carried it out, with the `ts` of what it made.

        Raises: Refused; Unsure.
        """
        intent = await self.saved(part, kind)
        return await self.find(intent) or intent if intent.must_look else intent

    async def started(self, intent: Intent, ts: str) -> Intent:
        """Save the `ts` of what an intent has made."""
        self.made = True
        await self.outbox.started(intent, ts)
        return replace(intent, ts=ts, progress=Progress.STARTED)

    async def post(self, part: int, reply: Reply) -> None:
        """Say this part by chat.postMessage, or make what is there say it. Raises: Refused; Unsure."""
        await self.say(await self.intend(part, "message"), reply)

    async def say(self, intent: Intent, reply: Reply) -> None:
        """As `post`, for an intent that is saved. Raises: Refused; Unsure."""
        if intent.progress is Progress.SENT:
            return
        intent = await (self.posted(intent, reply) if intent.ts is None else self.update(intent, reply))
        await self.outbox.sent(intent)

    async def update(self, intent: Intent, reply: Reply) -> Intent:
        """Make the message of this intent say the reply; a new one when somebody has deleted it meanwhile.

        Raises: Refused; Unsure.
        """
        try:
            await self.change(intent, reply)
        except Refused as refused:
            if refused.error not in GONE_MESSAGE:
                raise
            log.info("The message %s is gone: the reply is posted anew.", intent.ts)
            return await self.posted(await self.outbox.again(intent), reply)
        return intent

    async def change(self, intent: Intent, reply: Reply, *, patience: float | None = None) -> None:
        """chat.update: to say the same again changes nothing. Raises: Refused; Unsure."""

        async def change(reply: Reply) -> None:
            await self.web.call(
                self.web.client.chat_update,
                patience=patience,
                channel=self.question.channel,
                ts=intent.ts,
                text=reply.text,
                blocks=list(reply.blocks),
                metadata=intent.metadata,
                parse="none",
                link_names=False,
            )

        try:
            await self.accepted(reply, change)
        except Refused as refused:
            if refused.error != STREAMING:
                raise
            await self._end_stream(intent)
            await self.accepted(reply, change)

    async def _end_stream(self, intent: Intent) -> None:
        """A message that still streams cannot be changed."""
        await self.web.call(self.web.client.chat_stopStream, channel=self.question.channel, ts=intent.ts)

    async def posted(self, intent: Intent, reply: Reply, *, patience: float | None = None) -> Intent:
        """A new message for this intent. Raises: Refused; Unsure."""

        async def post(reply: Reply) -> str:
            told = await self.web.call(
                self.web.client.chat_postMessage,
                once=True,
                patience=patience,
                channel=self.question.channel,
                thread_ts=self.question.thread_ts,
                text=reply.text,
                blocks=list(reply.blocks),
                metadata=intent.metadata,
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(told["ts"])

        return await self.accepted(reply, lambda reply: self.once(intent, lambda: post(reply)))

    async def once(self, intent: Intent, make: Callable[[], Awaitable[str]]) -> Intent:
        """Make this intent's message, which gives its `ts`, and save that; without an answer, look whether the message
        is there before another try. Raises: Refused; Unsure."""
        for attempt in range(1, TRIES):
            try:
                return await self.started(intent, await make())
            except Unsure:
                await asyncio.sleep(BUSY * attempt)  # what Slack is still busy with would not be found yet
                if found := await self.find(intent):
                    return found
        return await self.started(intent, await make())

    async def find(self, intent: Intent) -> Intent | None:
        """The intent with the message it made, when there is one in the thread. Raises: Refused; Unsure."""
        adopted = await self.outbox.adopt(self.question.key, await self._thread(), self.bot)
        return next((other for other in adopted if other.id == intent.id), None)

    async def _thread(self) -> list[dict[str, Any]]:
        """What was posted in the thread since the question."""
        messages: list[dict[str, Any]] = []
        cursor = ""
        while True:
            told = await self.web.call(
                self.web.client.conversations_replies,
                channel=self.question.channel,
                ts=self.question.thread_ts,
                oldest=self.question.ts,
                include_all_metadata=True,
                limit=PAGE,
                cursor=cursor,
            )
            messages += told["messages"]
            cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return messages

    async def accepted(self, reply: Reply, say: Callable[[Reply], Awaitable[T]]) -> T:
        """Say it; without its pictures, tables and buttons when Slack will not have them.

        Raises: Refused; CardsRefused; Unsure.
        """
        try:
            return await say(reply)
        except Refused as refused:
            if refused.error not in BAD_BLOCKS:
                raise
            if reply.has_cards:
                raise CardsRefused(refused) from refused
            log.error("Slack refuses blocks of ours: %s", refused.told)
            return await say(simpler(reply))
