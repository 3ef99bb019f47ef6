"""One turn: a recorded message -> an answer (`thinking`) -> the reply. Whatever dies in between, it is gone on with.

What must not happen twice is saved before it happens: the files that are taken in, the answer, each part of the reply.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from bot import logs
from bot.slack import messages
from bot.slack.archiving.filing import Filing
from bot.slack.asides import Asides
from bot.slack.audiences import Audiences
from bot.slack.bulk.beginning import Beginning
from bot.slack.events import Identity, Message
from bot.slack.listening.access import Access
from bot.slack.listening.notes import Notes
from bot.slack.replying import labels
from bot.slack.replying.cards import Sources
from bot.slack.replying.grids import wants_csv
from bot.slack.replying.hits import searches, sheets
from bot.slack.replying.intro import PART, intro
from bot.slack.replying.live import Delivered, Live, announce
from bot.slack.replying.parts import CardsRefused, Parts
from bot.slack.replying.pictures import show
from bot.slack.replying.replies import Replies, render, sentence
from bot.slack.replying.sourcing import Sourcing
from bot.slack.stopwatch import Stopwatch
from bot.slack.storage.inbox import Inbox, Row, State
from bot.slack.storage.outbox import Outbox
from bot.slack.storage.records import Records
from bot.slack.thinking import Thinking
from bot.slack.web import Refused, Unsure, Web
from bot.storage.database import DatabaseAway
from bot.turns.running import Answer
from tools.kit import Gate, Spoken
from tools.kit.tracing import Span, span

T = TypeVar("T")
log = logging.getLogger(__name__)

TRIES = 4
"""How often a turn is begun before its failure is told."""
LAST = 8
"""A turn that was begun so often and came to no end has taken the process with it: it is only told so. (The queue drops
a message without a word after ten.)"""
LONGEST_TITLE = 60
"""Characters of the title of a conversation."""
MOST_PARTS = 100
"""Of a reply; it has fewer."""
LOOK = 0.5
"""Seconds between two looks whether somebody has stopped the turn."""
ENDS = {"done": State.DONE, "gone": State.SILENT, "failed": State.FAILED}


class Stopped(Exception):
    """Somebody stopped the turn."""


@dataclass(frozen=True)
class Answering:
    """Works on messages. Everything it needs is lent to it by `serving`."""

    bot: Identity
    web: Web
    inbox: Inbox
    outbox: Outbox
    access: Access
    notes: Notes
    thinking: Thinking
    records: Records
    filing: Filing
    sourcing: Sourcing
    audiences: Audiences
    asides: Asides
    gate: Gate
    beginning: Beginning
    hosts: tuple[str, ...]
    """Where links of ours may lead."""

    async def work(self, thread: str) -> None:
        """Answer the oldest message of the thread that has no answer yet, if there is one."""
        row = await self.inbox.begin(thread)
        if row is None:
            return
        with logs.turn(str(row.run)), _traced(row) as trace:
            watch = Stopwatch()
            state, reason = await self._worked(row, watch)
            trace.set({"spyglass.state": state.value})
            await self.inbox.finish(row.key, state, reason)
            waited = time.time() - row.created.timestamp()
            seconds: dict[str, object] = {"since_asked": round(waited, 3), **watch.seconds()}
            logs.note(log, "turn", state=state.value, reason=reason, attempts=row.attempts, seconds=seconds)

    async def _worked(self, row: Row, watch: Stopwatch) -> tuple[State, str]:
        """How the turn ended, and why so when it did not end well."""
        if refusal := await self.access.of_person(row.message):
            await announce(self.web, row.message, "")
            if self.access.tells(row.message, refusal):
                await self.notes.tell(row.message, messages.refused(refusal))
            return State.SILENT, refusal.value
        await self._introduce(row.message)
        announced = row.attempts == 1 and not row.message.once  # an introduction has taken it away
        async with Live(self.web, self.outbox, row.message, self.bot, announced=announced) as live:
            try:
                if row.attempts > LAST and row.answer is None:
                    return await self._failed(live, messages.WENT_WRONG)
                return await self._said(row, live, watch)
            except Stopped:
                return await self._stopped(row, live)
            except (DatabaseAway, Unsure):
                raise
            except Spoken as said:
                return await self._failed(live, str(said))
            except Exception:
                if row.attempts < TRIES:
                    raise
                log.exception("A turn failed for good.")
                return await self._failed(live, messages.WENT_WRONG)

    async def _introduce(self, asked: Message) -> None:
        """What nobody wrote in the thread is said there first, and by whom it was asked. Raises: Unsure."""
        if not asked.once:
            return
        names = await self.thinking.pointed_at(asked)
        reply = intro(asked.user, await self.thinking.words(asked), names, self.gate)
        try:
            await Parts(self.web, self.outbox, asked, self.bot).post(PART, reply)
        except Refused as refused:  # the reply will not be taken either, and then it is told why
            log.info("%s is not introduced: %s", asked.key, refused)

    async def _said(self, row: Row, live: Live, watch: Stopwatch) -> tuple[State, str]:
        if (replies := await self.beginning.begin(row)) is not None:
            delivered = await live.finish(replies)
            return ENDS[delivered.state], delivered.reason or "bulk"
        answer = await self._answer(row, live, watch)
        with watch.measured("reply"), span("reply"):
            delivered = await self._delivered(row, answer, live)
        with watch.measured("filing"):
            await self._file(row.message)
        with watch.measured("aside"):
            await self._aside(row.message, answer)
        return ENDS[delivered.state], delivered.reason

    # --- the answer -------------------------------------------------------------------------------

    async def _answer(self, row: Row, live: Live, watch: Stopwatch) -> Answer:
        """One that was saved before is said, not thought again, unless who may see it has changed."""
        if row.answer is not None:
            saved = Answer.model_validate(row.answer)
            if await self.thinking.may_be_told(row.message, saved):
                return saved
            await live.parts.outbox.reopen(row.key, range(MOST_PARTS))
            await self.thinking.take_back(row, saved)
        elif row.cancelled_by or row.message.deleted:  # while it was worked on by a process that died
            raise Stopped
        answer = await self._unless_stopped(row, self.thinking.answer(row, live, watch))
        shown = [search.kept() for search in searches(answer)]
        if not await self.inbox.keep_answer(row.key, answer.model_dump(mode="json"), shown):
            await self.thinking.forget(row)
            raise Stopped
        return answer

    async def _unless_stopped(self, row: Row, work: Awaitable[T]) -> T:
        """Raises: Stopped, once the work has ended without a trace."""
        working = asyncio.ensure_future(work)
        try:
            while not (await asyncio.wait([working], timeout=LOOK))[0]:
                if await self.inbox.is_cancelled(row.key):
                    raise Stopped
            return working.result()
        finally:
            working.cancel()
            await asyncio.wait([working])

    # --- the reply --------------------------------------------------------------------------------

    async def _delivered(self, row: Row, answer: Answer, live: Live) -> Delivered:
        cards = await self.sourcing.of(row.message, answer, live.parts)
        try:
            return await live.finish(await self._replies(row, answer, live, cards))
        except CardsRefused as refused:
            self.sourcing.note_refused(refused)
            return await live.finish_otherwise(await self._replies(row, answer, live, None))

    async def _replies(self, row: Row, answer: Answer, live: Live, cards: Sources | None) -> Replies:
        needless = set() if cards is None else sheets(answer)
        pictures = await show(live.parts, answer.pictures, but=needless)
        rendered = partial(render, answer, run=str(row.run), gate=self.gate, pictures=pictures, hosts=self.hosts)
        return await asyncio.to_thread(rendered, as_file=wants_csv(row.message.text), cards=cards)

    async def _file(self, question: Message) -> None:
        """What the turn took in can be found from now on, and a conversation has a title. The answer stands anyway."""
        try:
            await self.filing.put(await self.records.posted(question))
            await self.notes.name(question, self.thinking.title(await self.thinking.words(question), LONGEST_TITLE))
        except DatabaseAway:
            raise
        except Exception:
            log.exception("The images of a turn are not in the archive.")

    async def _aside(self, question: Message, answer: Answer) -> None:
        """The answer stands anyway."""
        if not answer.sight:
            return
        sight = await self.audiences.sight(question.channel, question.user)
        if sight.alone:
            await self.asides.tell(question, answer, sight, await self.thinking.directory(question, sight.alone))

    async def _stopped(self, row: Row, live: Live) -> tuple[State, str]:
        by = await self.inbox.row(row.key)
        who = by.cancelled_by if by else None
        if by is None or by.message.deleted:
            await live.hush()
            return State.STOPPED, "deleted"
        await live.finish([sentence(labels.STOPPED, self.gate)], unfinished="failed")
        return State.STOPPED, f"stopped by {who}"

    async def _failed(self, live: Live, said: str) -> tuple[State, str]:
        delivered: Delivered = await live.finish([sentence(said, self.gate)], unfinished="failed")
        return State.FAILED, delivered.reason or said


def _traced(row: Row) -> AbstractContextManager[Span]:
    """The whole turn, from here on: it may have waited before."""
    return span(
        "turn",
        {
            "spyglass.turn": str(row.run),
            "spyglass.workspace": row.key.team,
            "spyglass.channel": row.key.channel,
            "spyglass.attempt": row.attempts,
            "spyglass.waited_seconds": round(time.time() - row.created.timestamp(), 3),
        },
    )
