"""One turn: a recorded message -> its files -> the agent -> the reply. Whatever dies in between, it is gone on with.

What must not happen twice is saved before it happens: the files that are taken in, the answer, each part of the reply.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from bot import logs
from bot.database import DatabaseAway
from bot.slack import messages
from bot.slack.asides import Asides
from bot.slack.audiences import Audiences
from bot.slack.bulk.beginning import Beginning
from bot.slack.directory import SlackDirectory, directory_for
from bot.slack.events import Identity, Message
from bot.slack.fetching.files import Fetched, Files
from bot.slack.fetching.filing import Filing
from bot.slack.fetching.gathering import Gathering
from bot.slack.listening.access import Access
from bot.slack.listening.notes import Notes
from bot.slack.people import People
from bot.slack.replying import labels
from bot.slack.replying.cards import Sources
from bot.slack.replying.grids import wants_csv
from bot.slack.replying.hits import searches, sheets
from bot.slack.replying.intro import PART, intro
from bot.slack.replying.live import Delivered, Live, announce
from bot.slack.replying.mrkdwn import title
from bot.slack.replying.parts import CardsRefused, Parts
from bot.slack.replying.pictures import show
from bot.slack.replying.replies import Replies, render, sentence
from bot.slack.replying.sourcing import Sourcing
from bot.slack.scopes import scope_of
from bot.slack.stopwatch import Stopwatch
from bot.slack.storage.inbox import Inbox, Row, State
from bot.slack.storage.outbox import Outbox
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.records import Records
from bot.slack.web import Refused, Unsure, Web
from bot.slack.words import mentions_of
from bot.turns import Answer, Turns
from graphs.manners import Manner
from graphs.state import Step
from tools.kit import Gate, Scope, Spoken
from tools.kit.archive.place import Place
from tools.kit.models import Account
from tools.kit.tracing import Span, span

T = TypeVar("T")
log = logging.getLogger(__name__)

TRIES = 4
"""How often a turn is begun before its failure is told."""
LAST = 8
"""A turn that was begun so often and came to no end has taken the process with it: it is only told so. (The queue drops
a message without a word after ten.)"""
LONGEST_TITLE, LONGEST_STEP = 60, 120
"""Characters of the title of a conversation, and of a step's."""
CHANGES = 2
"""How often an answer is thought while who may see what changes."""
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
    people: People
    notes: Notes
    preferences: Preferences
    gathering: Gathering
    files: Files
    records: Records
    filing: Filing
    sourcing: Sourcing
    audiences: Audiences
    asides: Asides
    turns: Turns
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
        reply = intro(asked.user, await self._words(asked), list(asked.about.values()), self.gate)
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
            if await self._may_be_told(row.message, saved):
                return saved
            await live.parts.outbox.reopen(row.key, range(MOST_PARTS))
            await self.turns.edit(row.thread, turn=row.key.ts, text=None)
        elif row.cancelled_by or row.message.deleted:  # while it was worked on by a process that died
            raise Stopped
        answer = await self._unless_stopped(row, self._thought_within(row, live, watch))
        shown = [search.kept() for search in searches(answer)]
        if not await self.inbox.keep_answer(row.key, answer.model_dump(mode="json"), shown):
            await self.turns.forget_words(row.thread, [row.key.ts])  # nobody will have heard it
            raise Stopped
        return answer

    async def _thought_within(self, row: Row, live: Live, watch: Stopwatch) -> Answer:
        """Thought again when who may see what changed meanwhile; in the end of what is the place's own."""
        for _ in range(CHANGES):
            answer = await self._thought(row, live, watch)
            if await self._may_be_told(row.message, answer):
                return answer
            await self.turns.edit(row.thread, turn=row.key.ts, text=None)
        return await self._thought(row, live, watch, scope_of(row.key.team, row.key.channel))

    async def _may_be_told(self, question: Message, answer: Answer) -> bool:
        return not answer.sight or answer.is_within(await self.audiences.shown(question.channel, question.user))

    async def _thought(self, row: Row, live: Live, watch: Stopwatch, scope: Scope | None = None) -> Answer:
        """scope: what may be shown; None for what may be by now."""
        with TemporaryDirectory(prefix="spyglass-") as folder:
            with watch.measured("files"), span("download"):
                gathered = await self.gathering.of(row.message)
                fetched = await self.files.fetch(gathered.wanted, Path(folder))
                fetched = fetched.without(await self.records.take(gathered.question, fetched.taken))

            async def step(step: Step) -> None:
                watch.step(step)
                await live.step(replace(step, title=self._title(step.title, LONGEST_STEP)))

            with watch.measured("sight"):
                scope = scope or await self.audiences.shown(row.key.channel, row.message.user)
                directory = await self._directory(row.message, scope)
            with watch.measured("agent"):
                return await self.turns.ask(
                    await self._words(gathered.question),
                    fetched.posted,
                    thread=row.thread,
                    scope=scope,
                    step=step,
                    turn=row.key.ts,
                    problems=[*gathered.problems, *fetched.problems],
                    about=await self.records.pointed_at(row.message),
                    call=row.message.call,
                    manner=await self._manner(row.message),
                    account=Account(row.key.team, row.key.channel, row.message.user, turn=str(row.run)),
                    local_only=await self.preferences.is_local_only(row.key.team, row.key.channel),
                    directory=directory,
                    place=Place(row.key.channel, row.message.thread_ts),
                    hits=_hits(row.message, fetched),
                )

    async def _directory(self, message: Message, scope: Scope) -> SlackDirectory:
        return await directory_for(message.user, scope, self.people, self.audiences.names)

    async def _manner(self, message: Message) -> Manner:
        """How answers are worded in the channel."""
        chosen = await self.preferences.of(message.team, message.channel)
        return Manner(chosen.style, chosen.language)

    async def _words(self, message: Message) -> str:
        """What was said, in plain words with people's names in place of their ids."""
        names = await self.people.names(mentions_of(message.text) - {self.bot.user})
        return message.for_planner(self.bot, names)

    def _title(self, words: str, most: int) -> str:
        """Outside words as a title. The gate looks at what is left of them: a word cut short can be another one."""
        return self.gate.clean(title(words, most))

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
            await self.notes.name(question, self._title(await self._words(question), LONGEST_TITLE))
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
            await self.asides.tell(question, answer, sight, await self._directory(question, sight.alone))

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


def _hits(question: Message, fetched: Fetched) -> dict[str, str]:
    """SHA-256 of each original that is a hit from elsewhere -> its id in the archive."""
    taken = ((str(one.file["id"]), one.sha256) for one in fetched.taken)
    return {sha256: question.hits[file] for file, sha256 in taken if sha256 and file in question.hits}


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
