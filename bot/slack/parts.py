"""The parts of a reply, each said once whatever dies in between.

An intent is saved before each call that makes something people see, and its `ts` right after. An intent found without
a `ts` may have been carried out: then the thread is looked at, and what is there is adopted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

from bot.slack.events import Identity, Message
from bot.slack.outbox import Intent, Outbox
from bot.slack.replies import Reply, simpler
from bot.slack.web import PATIENCE, Refused, Unsure, Web

log = logging.getLogger(__name__)

EVENT = "spyglass_reply"
"""Type of the metadata that tells which part of which reply a message is."""
TRIES = 4
GONE_MESSAGE = {"message_not_found", "cant_update_message", "edit_window_closed", "cannot_edit_message"}
"""The message cannot be changed any more: somebody deleted it, or it has become too old."""
GONE_THREAD = {"thread_not_found", "cannot_reply_to_message"}
PAGE = 100
BAD_BLOCKS = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "only_one_table_allowed"}
Found = dict[str, Any]
T = TypeVar("T")


class Parts:
    """The parts of the reply to one question, in its thread."""

    def __init__(self, web: Web, outbox: Outbox, question: Message, bot: Identity) -> None:
        self.web, self.outbox, self.question, self.bot = web, outbox, question, bot

    async def saved(self, part: int, kind: str) -> Intent:
        """The part's intent as it is kept."""
        question = self.question
        return await self.outbox.intend(question.key, thread_ts=question.thread_ts, part=part, kind=kind)

    async def intend(self, part: int, kind: str) -> Intent:
        """The part's intent; when an earlier attempt may have carried it out, with the `ts` of what it made.

        Raises: Refused; Unsure.
        """
        intent = await self.saved(part, kind)
        if intent.new or intent.ts or intent.state == "sent":
            return intent
        found = await self.find(part)
        return await self.outbox.started(intent, found) if found else intent

    async def post(self, part: int, reply: Reply) -> None:
        """Say this part by chat.postMessage, or make what is there say it. Raises: Refused; Unsure."""
        await self.say(await self.intend(part, "message"), reply)

    async def say(self, intent: Intent, reply: Reply) -> None:
        """As `post`, for an intent that is saved. Raises: Refused; Unsure."""
        if intent.state == "sent":
            return
        if intent.ts is None:
            intent = await self.outbox.started(intent, await self.posted(intent.part, reply))
        else:
            intent = await self.update(intent, reply)
        await self.outbox.sent(intent)

    async def update(self, intent: Intent, reply: Reply) -> Intent:
        """Make the message of this intent say the reply; a new one when somebody has deleted it meanwhile.

        Raises: Refused; Unsure.
        """
        try:
            await self.change(intent.part, intent.ts or "", reply)
        except Refused as refused:
            if refused.error not in GONE_MESSAGE:
                raise
            log.info("The message %s is gone: the reply is posted anew.", intent.ts)
            intent = await self.outbox.again(intent)
            return await self.outbox.started(intent, await self.posted(intent.part, reply))
        return intent

    async def change(self, part: int, ts: str, reply: Reply, *, patience: float = PATIENCE) -> None:
        """chat.update: to say the same again changes nothing. Raises: Refused; Unsure."""

        async def change(reply: Reply) -> None:
            await self.web.call(
                self.web.client.chat_update,
                patience=patience,
                channel=self.question.channel,
                ts=ts,
                text=reply.text,
                blocks=list(reply.blocks),
                metadata=self.metadata(part),
                parse="none",
                link_names=False,
            )

        await self.accepted(reply, change)

    async def posted(self, part: int, reply: Reply, *, patience: float = PATIENCE) -> str:
        """The `ts` of a new message. Raises: Refused; Unsure."""

        async def post(reply: Reply) -> str:
            told = await self.web.call(
                self.web.client.chat_postMessage,
                once=True,
                patience=patience,
                channel=self.question.channel,
                thread_ts=self.question.thread_ts,
                text=reply.text,
                blocks=list(reply.blocks),
                metadata=self.metadata(part),
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(told["ts"])

        return await self.accepted(reply, lambda reply: self.once(part, lambda: post(reply)))

    async def accepted(self, reply: Reply, say: Callable[[Reply], Awaitable[T]]) -> T:
        """Say it; without its pictures, tables and buttons when Slack will not have them. Raises: Refused; Unsure."""
        try:
            return await say(reply)
        except Refused as refused:
            if refused.error not in BAD_BLOCKS:
                raise
            log.error("Slack refuses blocks of ours: %s", refused.told)
            return await say(simpler(reply))

    async def once(self, part: int, make: Callable[[], Awaitable[str]]) -> str:
        """Make the message of this part and give its `ts`; without an answer, look whether it is there before another
        try. Raises: Refused; Unsure."""
        for attempt in range(1, TRIES):
            try:
                return await make()
            except Unsure:
                await asyncio.sleep(attempt)  # what Slack is still busy with would not be found yet
                if found := await self.find(part):
                    return found
        return await make()

    async def find(self, part: int) -> str | None:
        """The `ts` of this part's message in the thread, when there is one. Raises: Refused; Unsure."""
        known = await self.outbox.known(self.question.team, self.question.channel, self.question.thread_ts)
        async for message in self._thread():
            if message["ts"] not in known and self._is_part(message, part):
                return str(message["ts"])
        return None

    def _is_part(self, message: Found, part: int) -> bool:
        """A message of ours after the question. The first part may be a stream, which has no metadata until it ends."""
        if message.get("user") != self.bot.user or message["ts"] <= self.question.ts or message.get("files"):
            return False
        metadata = message.get("metadata") or {}
        if metadata.get("event_type") != EVENT:
            return part == 0
        return bool(metadata.get("event_payload") == self.metadata(part)["event_payload"])

    async def _thread(self) -> AsyncIterator[Found]:
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
            for message in told["messages"]:
                yield message
            cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def metadata(self, part: int) -> dict[str, Any]:
        return {"event_type": EVENT, "event_payload": {"question_ts": self.question.ts, "part": part}}
