"""What an event sets off, until it may be acknowledged: a few statements in the database, and nothing slow."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from bot.logs import note
from bot.slack import messages
from bot.slack.addressing import Answers, Speaking, is_for_us, is_own
from bot.slack.archiving.following import Following
from bot.slack.background import Background
from bot.slack.events import (
    BotJoined,
    ChannelGone,
    Deletion,
    Edit,
    Event,
    FileChanged,
    FileDeleted,
    HomeOpened,
    Identity,
    Message,
    Renamed,
    Revoked,
    StopAsked,
)
from bot.slack.listening.access import Access
from bot.slack.listening.notes import Notes
from bot.slack.listening.overheard import Overheard
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.inbox import Inbox
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.records import Records

log = logging.getLogger(__name__)


def _nothing(event: Message | HomeOpened) -> None:
    """Nobody wants to know."""


async def _not_followed(event: Revoked | StopAsked) -> None:
    """Nobody has anything to do for it."""


@dataclass(frozen=True)
class Hearing:
    """Decides what each event means for us, and records it."""

    bot: Identity
    inbox: Inbox
    records: Records
    preferences: Preferences
    access: Access
    erasing: Erasing
    notes: Notes
    background: Background
    other_bots: bool = False
    asked: Callable[[Message], None] = field(default=_nothing)
    """Told of every new question, once it is recorded."""
    home: Callable[[HomeOpened], None] = field(default=_nothing)
    """Told who looks at their home tab."""
    left: Callable[[Revoked], Awaitable[None]] = field(default=_not_followed)
    """Told when the app was taken out of the workspace."""
    stop: Callable[[StopAsked], Awaitable[None]] = field(default=_not_followed)
    """Told when somebody presses Slack's own stop button."""
    archive: Following | None = None
    """Follows what is posted and changed into the archive; None where there is none."""
    overheard: Overheard = field(default_factory=Overheard)
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    """Gone with the last event that waits for it."""

    async def take(self, event: Event) -> None:
        """Record an event; it may be acknowledged when this returns, and must come again when this raises."""
        await self._taken(event)
        if self.archive:  # afterwards: what a turn files meanwhile is looked for once more where it was taken in
            await self._archived(event, self.archive)

    async def _taken(self, event: Event) -> None:
        match event:
            case Message():
                async with self._turn_of(event):
                    await self._said(event)
            case Edit():
                async with self._turn_of(event.message):
                    await self._edited(event)
            case Deletion():
                async with self._turn_of(event.message):
                    await self._deleted(event)
            case FileDeleted():
                await self.records.delete_file(event)
                self.erasing.wake()
            case HomeOpened(tab="home"):
                self.home(event)
            case HomeOpened():
                self.background.start(self.notes.suggest(event))
            case StopAsked():
                await self.stop(event)
            case Revoked():
                log.error("Slack says %s: the workspace is left; install the app again to come back.", event.why)
                await self.left(event)

    async def _archived(self, event: Event, archive: Following) -> None:
        match event:
            case Message():
                await archive.said(event)
            case Edit() if event.changes:
                await archive.edited(event)
            case Deletion():
                await archive.deleted(event)
            case FileDeleted():
                await archive.file_deleted(event)
            case FileChanged():
                await archive.file_changed(event)
            case ChannelGone():
                await archive.channel_gone(event)
            case BotJoined():
                await archive.bot_joined(event)
            case Renamed():
                await archive.renamed(event)

    def _turn_of(self, message: Message) -> asyncio.Lock:
        """Events of one thread are taken one after the other, as they come: each is judged by what came before it."""
        return self._locks.setdefault(message.thread, asyncio.Lock())

    async def _said(self, message: Message) -> None:
        called = message.is_direct or message.mentioned
        if is_own(message, self.bot) or not (called or message.is_reply):
            return
        answers = Answers.ALWAYS if message.is_direct else await self._answers(message)
        if not called:  # before it is judged: a question recorded meanwhile finds it here
            self.overheard.keep(message)
        before = Speaking.NOBODY if called else await self.records.speaking(message)
        if is_for_us(message, self.bot, answers=answers, before=before, other_bots=self.other_bots):
            await self._question(message)
        elif message.mentioned and answers is Answers.OFF and not message.is_bot:
            self._refuse_once(message, "off", messages.OFF)
        elif before is not Speaking.NOBODY:  # people talk in a thread of ours: it may hold files for the next question
            await self.inbox.hear(message.wordless(), for_us=False)

    async def _question(self, message: Message) -> None:
        if refusal := self.access.at_the_door(message):
            note(log, "refused", why=refusal.value, channel=message.channel, user=message.user, ts=message.ts)
            self._refuse_once(message, refusal.value, messages.refused(refusal))
            return
        heard = await self.inbox.hear(message, for_us=True)
        if heard.new:
            note(log, "asked", turn=str(heard.row.run), channel=message.channel, user=message.user, ts=message.ts)
            self.asked(message)
            await self._judge_again(message)

    async def _judge_again(self, question: Message) -> None:
        """What came before the question it follows. (An edit that asks comes late by itself.)"""
        for message in () if question.edited else self.overheard.after(question):
            await self._said(message)

    def _refuse_once(self, message: Message, why: str, sentence: str) -> None:
        if not message.is_bot and self.access.tells(message, why):
            self.background.start(self.notes.tell(message, sentence))

    async def _edited(self, edit: Edit) -> None:
        if is_own(edit.message, self.bot) or not edit.changes:
            return
        self.overheard.change(edit.message)
        known = await self.records.edit(edit)
        self.erasing.wake()
        if edit.message.mentioned and not (known and known.message.deleted):
            await self._said(edit.message)  # it asks, once: what was answered before stays answered

    async def _deleted(self, deletion: Deletion) -> None:
        self.overheard.drop(deletion.message.key)
        await self.records.delete(deletion)
        self.erasing.wake()

    async def _answers(self, message: Message) -> Answers:
        return (await self.preferences.of(message.team, message.channel)).answers
