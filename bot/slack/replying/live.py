"""A reply in the making: the steps while it works, and the whole answer once it holds.

No draft is ever shown: what was streamed cannot be unsaid.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

from bot.slack.events import Identity, Message
from bot.slack.replying.parts import CLOSED, GONE_THREAD, Parts
from bot.slack.replying.pictures import share
from bot.slack.replying.progress import Chunk, closing, with_plan
from bot.slack.replying.replies import Attached, Replies, Reply
from bot.slack.replying.showing import PACE, PATIENCE, STOP_AFTER, Mode, Showing, announce
from bot.slack.storage.outbox import Intent, Outbox, Progress
from bot.slack.web import RATE_LIMITED, Refused, Unsure, Web
from graphs.state import Step

log = logging.getLogger(__name__)

__all__ = ["Delivered", "Live", "announce"]


@dataclass(frozen=True)
class Delivered:
    """What became of a reply."""

    state: Literal["done", "gone", "failed"]
    """Said; left unsaid because the thread is no longer there; or not possible."""
    reason: str = ""
    """Slack's code."""


class Live:
    """The reply to one question: ``async with Live(...) as live``, `step` as often as there is something to show, and
    `finish` once. A reply that an earlier attempt began is gone on with."""

    def __init__(
        self,
        web: Web,
        outbox: Outbox,
        question: Message,
        bot: Identity,
        *,
        announced: bool = False,
        pace: float = PACE,
        stop_after: float = STOP_AFTER,
    ) -> None:
        """announced: `announce` was called for this question not long ago. pace: seconds between two calls that show
        progress. stop_after: seconds after which a stream gets a button to stop the work."""
        self._web, self._question = web, question
        self.parts = Parts(web, outbox, question, bot)
        """For `pictures.show`."""
        self._showing = Showing(self.parts, announced=announced, pace=pace, stop_after=stop_after)

    async def __aenter__(self) -> Live:
        self._showing.begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._showing.end()

    async def step(self, step: Step) -> None:
        """Show that. Comes back at once; several steps in a burst are shown together."""
        self._showing.note(step)

    async def finish(self, replies: Replies, *, unfinished: str = "done") -> Delivered:
        """Say all of it, in order, each part once. `unfinished`: how steps ended that nobody told the end of.

        Raises: Unsure when Slack does not answer, or wants to be left alone for long: what has not been said is said
        when this is called again, by this process or another. CardsRefused: so it is with the same without cards.
        """
        await self._showing.end()
        self._showing.steps.end(unfinished)
        try:
            for part, reply in enumerate(replies):
                await self._say(part, reply)
        except Refused as refused:
            if refused.error == RATE_LIMITED:  # for longer than we wait here
                raise Unsure(str(refused)) from refused
            return self._undelivered(refused)
        if not self.parts.made:  # all of it had been said before
            await announce(self._web, self._question, "")
        return Delivered("done")

    async def finish_otherwise(self, replies: Replies) -> Delivered:
        """As `finish`, where others were refused for their cards: those of them that are said now say these.

        Raises: Unsure.
        """
        changed = [part for part, reply in enumerate(replies) if isinstance(reply, Reply)]
        await self.parts.outbox.reopen(self._question.key, changed)
        return await self.finish(replies)

    async def hush(self) -> None:
        """There is nothing to say after all, as when the question was deleted: what shows that we are at it goes.

        Raises: Unsure.
        """
        await self._showing.end()
        await announce(self._web, self._question, "")
        for intent in await self.parts.outbox.open_intents(self._question.key):
            await self._withdraw(intent)

    async def _withdraw(self, intent: Intent) -> None:
        try:
            made = await self.parts.find(intent) if intent.must_look else intent
            if made and made.ts:
                await self._web.call(self._web.client.chat_delete, channel=self._question.channel, ts=made.ts)
        except Refused as refused:
            log.info("%s is not taken back: %s", intent.ts, refused)
        await self.parts.outbox.failed(intent, "withdrawn")

    async def _say(self, part: int, reply: Reply | Attached) -> None:
        if isinstance(reply, Attached):
            await share(self.parts, part, reply)
        elif part:
            await self.parts.post(part, reply)
        else:
            await self._first(reply)

    def _undelivered(self, refused: Refused) -> Delivered:
        """The rule: where the thread is gone nobody waits for an answer; anything else is worth a line in the log."""
        if refused.error in GONE_THREAD:
            return Delivered("gone", refused.error)
        log.warning("The reply to %s cannot be said: %s", self._question.key, refused)
        return Delivered("failed", refused.error)

    async def _first(self, reply: Reply) -> None:
        """The part in whose place the steps were shown."""
        # only once: after a failure what is saved knows better than we do
        known, self._showing.intent = self._showing.intent, None
        intent = known or await self.parts.intend(0, "message")
        if intent.progress is Progress.SENT or intent.ts is None:
            await self.parts.say(intent, reply)
            return
        streamed = self._showing.mode is not Mode.EDITS and await self._stopped(intent, reply)
        if not streamed:
            intent = await self.parts.update(intent, self._with_steps(reply))
        elif self._showing.stop_shown or intent.before:
            await self._tidy(intent, reply)
        await self.parts.outbox.sent(intent)

    async def _stopped(self, intent: Intent, reply: Reply) -> bool:
        """The stream ends with the answer. False when it is over already, or none: then the message is changed."""
        steps = self._showing.steps
        chunks = [*steps.take(), *closing(steps)]
        try:
            await self.parts.accepted(reply, lambda reply: self._stop(intent, chunks, reply))
        except Refused as refused:
            if refused.error in CLOSED | GONE_THREAD:
                raise
            log.info("The stream %s does not end with the answer (%s): it is changed.", intent.ts, refused.error)
            return False
        return True

    async def _stop(self, intent: Intent, chunks: list[Chunk], reply: Reply) -> None:
        await self._web.call(
            self._web.client.chat_stopStream,
            channel=self._question.channel,
            ts=intent.ts,
            chunks=chunks or None,
            blocks=list(reply.blocks),
            metadata=intent.metadata,
        )

    async def _tidy(self, intent: Intent, reply: Reply) -> None:
        """The answer is said; the button to stop the work goes, and steps of an attempt that died."""
        try:
            await self.parts.change(intent, self._with_steps(reply), patience=PATIENCE)
        except (Refused, Unsure) as error:
            log.debug("What was streamed stays: %s", error)

    def _with_steps(self, reply: Reply) -> Reply:
        return with_plan(self._showing.steps, reply) if self._showing.mode is Mode.STREAM else reply
