"""A reply in the making: a status at once, the steps while it works, and the whole answer once it holds.

No draft is ever shown: what was streamed cannot be unsaid. Steps go into a native stream; where there is none, into a
message that is edited; where Slack wants fewer calls, into the status line.
https://docs.slack.dev/reference/methods/chat.startStream and assistant.threads.setStatus
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Any, Literal

from bot.slack import labels
from bot.slack.events import Identity, Message
from bot.slack.outbox import Intent, Outbox
from bot.slack.parts import GONE_MESSAGE, GONE_THREAD, Parts
from bot.slack.pictures import share
from bot.slack.progress import TASK_MODE, Chunk, Progress, as_reply, closing, opening, stop_chunk, with_plan
from bot.slack.replies import Attached, Replies, Reply
from bot.slack.web import RATE_LIMITED, Refused, Unsure, Web
from graphs.state import Step

log = logging.getLogger(__name__)

PACE = 1.0
"""Seconds between two calls that show progress: bursts of steps are one call."""
RENEW = 90.0
"""Seconds after which a status is set again; Slack clears it after two minutes."""
STOP_AFTER = 2.0
"""Seconds of work after which a button to stop it is worth its place."""
ORNAMENT = 5.0
"""Seconds for which a call that only shows progress is tried."""
CLOSED = {
    *("is_archived", "not_in_channel", "channel_not_found", "token_revoked", "token_expired", "account_inactive"),
    *("invalid_auth", "not_authed", "missing_scope", "no_permission", "restricted_action", "messages_tab_disabled"),
    *("restricted_action_read_only_channel", "restricted_action_thread_only_channel", "team_access_not_granted"),
    *("restricted_action_thread_locked", "user_disabled", "cannot_dm_bot", "ekm_access_denied", "org_login_required"),
}
"""Slack's codes for places where we cannot say anything, however we try."""


class Mode(Enum):
    """Where the steps are shown."""

    NOWHERE = "nothing is there yet"
    STREAM = "a stream"
    EDITS = "a message that is edited"
    STATUS = "the status line"
    CLOSED = "nowhere: nothing can be said here"


@dataclass(frozen=True)
class Delivered:
    """What became of a reply."""

    state: Literal["done", "gone", "failed"]
    """Said; silent because the thread is no longer there; or not possible."""
    reason: str = ""
    """Slack's code."""


async def announce(web: Web, question: Message, status: str = labels.WORKING) -> None:
    """Show that a question was heard, at once. Never raises: not every place has a status."""
    try:
        await web.call(
            web.client.assistant_threads_setStatus,
            patience=0,
            channel_id=question.channel,
            thread_ts=question.thread_ts,
            status=status,
            loading_messages=labels.LOADING if status == labels.WORKING else None,
        )
    except (Refused, Unsure) as error:
        log.debug("No status: %s", error)


class Live:
    """The reply to one question: ``async with Live(...) as live``, `step` as often as there is something to show, and
    `finish` once. A reply that an earlier attempt began is gone on with."""

    def __init__(
        self, web: Web, outbox: Outbox, question: Message, bot: Identity, *, announced: bool = False, pace: float = PACE
    ) -> None:
        """announced: `announce` has been called for this question, not long ago."""
        self._web, self._question, self._pace = web, question, pace
        self._parts = Parts(web, outbox, question, bot)
        self._progress, self._mode = Progress(), Mode.NOWHERE
        self._intent: Intent | None = None
        self._news, self._closing = asyncio.Event(), asyncio.Event()
        self._began = asyncio.get_running_loop().time()
        self._status_at = self._began if announced else 0.0
        self._stop_shown = False
        self._showing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Live:
        self._showing = asyncio.create_task(self._show_all())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._quiet()

    async def step(self, step: Step) -> None:
        """Show that. Comes back at once; several steps in a burst are shown together."""
        self._progress.note(step)
        self._news.set()

    async def finish(self, replies: Replies) -> Delivered:
        """Say all of it, in order, each part once.

        Raises: Unsure when Slack does not answer: what has not been said is said when this is called again, by this
        process or another.
        """
        await self._quiet()
        self._progress.end()
        try:
            for part, reply in enumerate(replies):
                await self._say(part, reply)
        except Refused as refused:
            return self._undelivered(refused)
        return Delivered("done")

    async def _say(self, part: int, reply: Reply | Attached) -> None:
        if isinstance(reply, Attached):
            await share(self._parts, part, reply)
        elif part:
            await self._parts.post(part, reply)
        else:
            await self._first(reply)

    def _undelivered(self, refused: Refused) -> Delivered:
        """The rule: where the thread is gone nobody waits for an answer; anything else is worth a line in the log."""
        if refused.error in GONE_THREAD:
            return Delivered("gone", refused.error)
        log.warning("The reply to %s cannot be said: %s", self._question.key, refused)
        return Delivered("failed", refused.error)

    # --- the answer -------------------------------------------------------------------------------

    async def _first(self, reply: Reply) -> None:
        """The part in place of which the steps were shown."""
        intent = self._intent or await self._parts.intend(0, "message")
        if intent.state == "sent":
            return
        if intent.ts is None:
            await self._parts.say(intent, reply)
            return
        streamed = self._mode is not Mode.EDITS and await self._stopped(intent.ts, reply)
        if not streamed:
            intent = await self._parts.update(intent, self._with_steps(reply))
        await self._parts.outbox.sent(intent)
        if streamed and self._stop_shown:
            await self._tidy(intent.ts, reply)

    async def _stopped(self, ts: str, reply: Reply) -> bool:
        """The stream ends with the answer. False when it is over already, or none: then the message is changed."""
        try:
            await self._parts.accepted(reply, lambda reply: self._stop(ts, reply))
        except Refused as refused:
            if refused.error in CLOSED | GONE_THREAD:
                raise
            log.info("The stream %s cannot be ended (%s): its message is changed.", ts, refused.error)
            return False
        return True

    async def _stop(self, ts: str, reply: Reply) -> None:
        await self._web.call(
            self._web.client.chat_stopStream,
            channel=self._question.channel,
            ts=ts,
            chunks=[*self._progress.take(), *closing(self._progress)],
            blocks=list(reply.blocks),
            metadata=self._parts.metadata(0),
        )

    async def _tidy(self, ts: str, reply: Reply) -> None:
        """The answer is said; the button to stop the work goes."""
        try:
            await self._parts.change(0, ts, self._with_steps(reply), patience=ORNAMENT)
        except (Refused, Unsure) as error:
            log.debug("The stop button stays: %s", error)

    def _with_steps(self, reply: Reply) -> Reply:
        return with_plan(self._progress, reply) if self._mode is Mode.STREAM else reply

    # --- while it works ---------------------------------------------------------------------------

    async def _quiet(self) -> None:
        """Progress ends. A call under way is waited for: its `ts` must not be lost."""
        self._closing.set()
        self._news.set()
        if self._showing:
            await self._showing

    async def _show_all(self) -> None:
        while not self._closing.is_set():
            try:
                await self._show()
            except (Refused, Unsure) as error:
                self._give_way(error)
            except Exception:
                log.exception("The progress of %s cannot be shown.", self._question.key)
                self._mode = Mode.CLOSED
            await self._pause()

    async def _pause(self) -> None:
        """Until there is something new, but not shorter than the pace; a closing reply does not wait."""
        await _within(self._closing.wait(), self._pace if self._visible else 0)
        await _within(self._news.wait(), self._next_by_itself())
        self._news.clear()

    @property
    def _visible(self) -> bool:
        return self._mode is not Mode.NOWHERE

    def _next_by_itself(self) -> float:
        """Seconds after which there is something to show without any news."""
        now = asyncio.get_running_loop().time()
        stop_due = self._mode is Mode.STREAM and not self._stop_shown
        return max((self._began + STOP_AFTER if stop_due else self._status_at + RENEW) - now, 0.05)

    def _give_way(self, error: Refused | Unsure) -> None:
        """What to do for progress when Slack will not show it so."""
        code = error.error if isinstance(error, Refused) else ""
        closed = code in CLOSED | GONE_THREAD
        self._mode = Mode.CLOSED if closed else Mode.STATUS
        log.info("Progress is no longer shown as it was: %s", error)

    async def _show(self) -> None:
        match self._mode:
            case Mode.NOWHERE if self._progress.tasks:
                await self._open()
            case Mode.STREAM:
                await self._append()
            case Mode.EDITS if self._progress.changed:
                await self._edit()
            case Mode.NOWHERE | Mode.STATUS:
                await self._set_status()

    async def _set_status(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._progress.take() or now >= self._status_at + RENEW or not self._status_at:
            self._status_at = now
            await announce(self._web, self._question, self._progress.status)

    async def _open(self) -> None:
        """The first steps are there: show them in a message, a new one or the one an earlier attempt began."""
        self._intent = await self._parts.intend(0, "stream")
        if self._intent.state == "sent":
            self._mode = Mode.CLOSED
        elif self._intent.ts is None:
            await self._begin(self._intent)
        else:
            self._mode = Mode.STREAM
            await self._append()

    async def _begin(self, intent: Intent) -> None:
        """Start a stream; where there are none, post a message that is edited."""
        chunks = [*opening(), *self._progress.take()]
        try:
            ts, mode = await self._parts.once(0, lambda: self._start(chunks)), Mode.STREAM
        except Refused as refused:
            self._progress.put_back(chunks)
            if refused.error in CLOSED | GONE_THREAD | {RATE_LIMITED}:
                raise
            log.info("No stream here (%s): the steps are shown by editing.", refused.error)
            shown = as_reply(self._progress, self._question.ts)
            ts, mode = await self._parts.posted(0, shown, patience=ORNAMENT), Mode.EDITS
        self._intent, self._mode = await self._parts.outbox.started(intent, ts), mode

    async def _start(self, chunks: list[Chunk]) -> str:
        told = await self._web.call(
            self._web.client.chat_startStream,
            once=True,
            patience=0,  # few streams may be started a minute: an answer does not wait for one
            channel=self._question.channel,
            thread_ts=self._question.thread_ts,
            recipient_team_id=self._question.user_team or self._question.team,
            recipient_user_id=self._question.user,
            task_display_mode=TASK_MODE,
            chunks=chunks,
        )
        return str(told["ts"])

    async def _append(self) -> None:
        chunks, stop = self._progress.take(), self._stop_due()
        if not chunks and not stop:
            return
        try:
            await self._web.call(
                self._web.client.chat_appendStream,
                patience=ORNAMENT,
                channel=self._question.channel,
                ts=self._ts,
                chunks=[*chunks, *stop],
            )
        except Refused as refused:
            self._progress.put_back(chunks)
            await self._out_of_stream(refused)
        self._stop_shown = self._stop_shown or bool(stop)

    async def _out_of_stream(self, refused: Refused) -> None:
        """Streams end after five minutes: from then on the message is edited."""
        if refused.error == RATE_LIMITED:
            return
        if refused.error in CLOSED | GONE_THREAD | GONE_MESSAGE:
            raise refused
        self._mode = Mode.EDITS
        await self._edit()

    def _stop_due(self) -> list[Chunk]:
        now = asyncio.get_running_loop().time()
        due = not self._stop_shown and now >= self._began + STOP_AFTER
        return [stop_chunk(self._question.ts)] if due else []

    async def _edit(self) -> None:
        self._progress.take()
        await self._parts.change(0, self._ts, as_reply(self._progress, self._question.ts), patience=ORNAMENT)

    @property
    def _ts(self) -> str:
        """Of the message the steps are shown in."""
        return (self._intent and self._intent.ts) or ""


async def _within(something: Coroutine[Any, Any, Any], seconds: float) -> None:
    """Wait for it, but not longer."""
    with suppress(TimeoutError):
        await asyncio.wait_for(something, seconds)
