"""What a question's thread shows while the work goes on: a status at once, then the steps.

Steps go into a native stream; where there is none, into a message that is edited; where Slack wants fewer calls, into
the status line. All of it is ornament: it never holds up the answer, and never fails it.
https://docs.slack.dev/reference/methods/chat.startStream and assistant.threads.setStatus
"""

from __future__ import annotations

import asyncio
import logging
from enum import Enum

from bot.slack.events import Message
from bot.slack.replying import labels
from bot.slack.replying.parts import CLOSED, GONE_MESSAGE, GONE_THREAD, Parts
from bot.slack.replying.progress import TASK_MODE, Chunk, Steps, as_reply, opening, stop_chunk
from bot.slack.replying.replies import Reply
from bot.slack.storage.outbox import Intent, Progress
from bot.slack.web import RATE_LIMITED, Refused, Unsure, Web
from bot.uninterrupted import within
from graphs.state import Step

log = logging.getLogger(__name__)

PACE = 1.0
"""Seconds between two calls that show progress: bursts of steps are one call."""
RENEW = 90.0
"""Seconds after which a status is set again; Slack clears it after two minutes."""
STOP_AFTER = 2.0
"""Seconds of work after which a button to stop it is worth its place."""
STOP_SHOWN = "stop"
"""In the body of an intent: its stream holds that button, or may do so."""
PATIENCE = 5.0
"""Seconds for which a call that only shows progress is tried."""


class Mode(Enum):
    """Where the steps are shown."""

    NOWHERE = "nothing is there yet"
    STREAM = "a stream"
    EDITS = "a message that is edited"
    STATUS = "the status line"
    CLOSED = "nowhere: nothing can be said here"


async def announce(web: Web, question: Message, status: str = labels.WORKING) -> None:
    """Show that a question was heard, at once; an empty status takes it back. Never raises: not every place has one."""
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


class Showing:
    """Shows the steps of one question's turn, from `begin` to `end`."""

    def __init__(self, parts: Parts, *, announced: bool, pace: float, stop_after: float) -> None:
        self._parts, self._pace, self._stop_after = parts, pace, stop_after
        self._began = asyncio.get_running_loop().time()
        self._status_at = self._began if announced else None
        self._news, self._closing = asyncio.Event(), asyncio.Event()
        self._working: asyncio.Task[None] | None = None
        self.steps, self.mode = Steps(), Mode.NOWHERE
        self.intent: Intent | None = None
        """Of the message the steps are shown in, once one was to be made and as long as we know what became of it."""
        self.stop_shown = False
        """A stream holds the button that stops the work."""

    def begin(self) -> None:
        self._working = asyncio.create_task(self._work())

    def note(self, step: Step) -> None:
        self.steps.note(step)
        self._news.set()

    async def end(self) -> None:
        """No more of it. A call under way is waited for: the `ts` it gives must not be lost."""
        self._closing.set()
        self._news.set()
        if self._working:
            await self._working

    async def _work(self) -> None:
        while not self._closing.is_set():
            try:
                await self._show()
            except (Refused, Unsure) as error:
                self._give_way(error)
            except Exception:
                log.exception("The progress of %s cannot be shown.", self._parts.question.key)
                self.mode, self.intent = Mode.CLOSED, None
            await self._pause()

    async def _pause(self) -> None:
        """Until there is something new, but not shorter than the pace once something is shown."""
        if self.mode is not Mode.NOWHERE:
            await within(self._pace, self._closing.wait())
        await within(self._next_by_itself(), self._news.wait())
        self._news.clear()

    def _next_by_itself(self) -> float:
        """Seconds after which there is something to show without any news."""
        now = asyncio.get_running_loop().time()
        if self.mode is Mode.STREAM and not self.stop_shown:
            return max(self._began + self._stop_after - now, 0.01)
        return max((self._status_at or now) + RENEW - now, 0.01)

    def _give_way(self, error: Refused | Unsure) -> None:
        """Slack will not show it so. Where it is not sure what Slack did, what is saved is asked again at the end."""
        closed = isinstance(error, Refused) and error.error in CLOSED | GONE_THREAD
        self.mode = Mode.CLOSED if closed else Mode.STATUS
        if isinstance(error, Unsure):
            self.intent = None
        log.info("Progress is no longer shown as it was: %s", error)

    async def _show(self) -> None:
        match self.mode:
            case Mode.NOWHERE if self.steps.tasks:
                await self._open()
            case Mode.NOWHERE | Mode.STATUS:
                await self._set_status()
            case Mode.STREAM:
                await self._append()
            case Mode.EDITS if self.steps.changed:
                await self._edit()

    async def _set_status(self) -> None:
        now = asyncio.get_running_loop().time()
        due = self._status_at is None or now >= self._status_at + RENEW
        if self.steps.take() or due:
            self._status_at = now
            await announce(self._parts.web, self._parts.question, self.steps.status)

    # --- in a message -----------------------------------------------------------------------------

    async def _open(self) -> None:
        """The first steps are there: show them in a message, a new one or the one an earlier attempt began."""
        self.intent = await self._parts.intend(0, "stream")
        if self.intent.progress is Progress.SENT:
            self.mode = Mode.CLOSED
        elif self.intent.ts is None:
            await self._make(self.intent)
        else:
            self.mode, self.stop_shown = Mode.STREAM, STOP_SHOWN in self.intent.body
            await self._append()

    async def _make(self, intent: Intent) -> None:
        """Start a stream; where there are none, post a message that is edited."""
        chunks = [*opening(), *self.steps.take()]
        try:
            self.intent = await self._parts.once(intent, lambda: self._start(chunks))
            self.mode = Mode.STREAM
        except Refused as refused:
            self.steps.put_back(chunks)
            if refused.error in CLOSED | GONE_THREAD | {RATE_LIMITED}:
                raise
            log.info("No stream here (%s): the steps are shown by editing.", refused.error)
            self.intent = await self._parts.posted(intent, self._as_reply(), patience=PATIENCE)
            self.mode = Mode.EDITS

    async def _start(self, chunks: list[Chunk]) -> str:
        question = self._parts.question
        told = await self._parts.web.call(
            self._parts.web.client.chat_startStream,
            once=True,
            patience=0,  # few streams may be started a minute: an answer does not wait for one
            channel=question.channel,
            thread_ts=question.thread_ts,
            recipient_team_id=question.user_team or question.team,
            recipient_user_id=question.user,
            task_display_mode=TASK_MODE,
            chunks=chunks,
        )
        return str(told["ts"])

    async def _append(self) -> None:
        chunks, stop = self.steps.take(), self._stop_due()
        if not chunks and not stop:
            return
        if stop and self.intent:
            self.intent = await self._parts.outbox.note(self.intent, {STOP_SHOWN: True})
            self.stop_shown = True
        try:
            await self._parts.web.call(
                self._parts.web.client.chat_appendStream,
                once=bool(stop),  # a second button would stay there
                patience=PATIENCE,
                channel=self._parts.question.channel,
                ts=self.intent and self.intent.ts,
                chunks=[*chunks, *stop],
            )
        except Refused as refused:
            self.steps.put_back(chunks)
            await self._out_of_stream(refused)

    async def _out_of_stream(self, refused: Refused) -> None:
        """Streams end after five minutes: from then on the message is edited."""
        if refused.error == RATE_LIMITED:
            return
        if refused.error in CLOSED | GONE_THREAD | GONE_MESSAGE:
            raise refused
        self.mode = Mode.EDITS
        await self._edit()

    def _stop_due(self) -> list[Chunk]:
        now = asyncio.get_running_loop().time()
        due = not self.stop_shown and now >= self._began + self._stop_after
        return [stop_chunk(self._parts.question.ts)] if due else []

    async def _edit(self) -> None:
        if self.intent:
            self.steps.take()
            await self._parts.change(self.intent, self._as_reply(), patience=PATIENCE)

    def _as_reply(self) -> Reply:
        return as_reply(self.steps, self._parts.question.ts)
