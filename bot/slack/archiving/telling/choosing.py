"""What people choose about the archive of a channel, and what they read about it. Answers are in mrkdwn."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from bot.logs import note
from bot.slack.archiving.history.backfills import Backfills
from bot.slack.archiving.places import Places
from bot.slack.archiving.telling import labels, sentences
from bot.slack.archiving.telling.announcements import Announcements
from bot.slack.archiving.telling.tallying import Tally, older_than, tally_of
from bot.slack.events import Identity
from bot.slack.messages import COMMAND, STALE
from bot.slack.replying.mrkdwn import escape
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.leaving import forget_channel
from bot.slack.storage.preferences import Archives, Choice, Preferences
from bot.slack.storage.tables import Database
from bot.slack.surface.blocks import Block, button, buttons, text
from bot.slack.web import Refused, Unsure

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """For whoever asked, and nobody else."""

    text: str
    blocks: list[Block] | None = None


class Rights(Protocol):
    """Who may change what is done in a channel: `ChannelSettings`."""

    async def refusal(self, user: str, channel: str) -> str: ...

    async def not_in(self, user: str, channel: str) -> str: ...


class Choosing:
    """Of one workspace."""

    def __init__(
        self,
        bot: Identity,
        db: Database,
        preferences: Preferences,
        rights: Rights,
        places: Places,
        erasing: Erasing,
        wake: Callable[[], None],
    ) -> None:
        """wake: there is something to do for the archive."""
        self._bot, self._db, self._preferences, self._rights = bot, db, preferences, rights
        self._places, self._erasing, self._wake = places, erasing, wake

    async def choose(self, user: str, channel: str, wanted: Archives) -> Answer:
        """What goes into the archive from now on. What is in it already is asked about where less does."""
        if refusal := await self._may_not(user, channel):
            return Answer(refusal)
        before = await self._preferences.archives(self._bot.team, channel)
        if before is wanted:
            return _answer(sentences.ALREADY.format(where=_named(channel)))
        await self._preferences.archive(self._bot.team, channel, wanted, by=user)
        note(log, "set", channel=channel, by=user, archive=wanted.value)
        self._wake()
        return _answer(
            sentences.CHOSEN[wanted].format(where=_named(channel)), await self.left(channel, user, before, wanted)
        )

    async def keep(self, user: str, channel: str, days: int | None) -> Answer:
        """For how long what is posted stays in the archive. None: as it is set up."""
        if refusal := await self._may_not(user, channel):
            return Answer(refusal)
        most, team = self._preferences.keep_days, self._bot.team
        if days and most and days > most:
            return Answer(sentences.TOO_LONG.format(days=sentences.in_days(most), command=COMMAND))
        if (await self._preferences.of(team, channel)).keep_days == days:
            return _answer(sentences.ALREADY.format(where=_named(channel)))
        await self._preferences.keep(team, channel, days, by=user)
        note(log, "set", channel=channel, by=user, keep_days=days or 0)
        self._wake()
        return _answer(" ".join(await self._kept(channel)))

    async def _kept(self, channel: str) -> list[str]:
        """What a period that was just chosen means."""
        days = await self._preferences.keeps(self._bot.team, channel)
        if not days:
            return [sentences.CHOSEN_FOR_EVER.format(where=_named(channel))]
        said = sentences.CHOSEN_PERIOD.format(where=_named(channel), days=sentences.in_days(days))
        oldest = await self._preferences.oldest(self._bot.team, channel)
        older = await older_than(self._db, self._bot.team, channel, oldest)
        return [said, *([sentences.OLDER.format(files=sentences.files(older))] if older else [])]

    async def left(self, channel: str, user: str, before: Archives, after: Archives) -> Sequence[Block]:
        """The question whether what is there goes as well, where less is kept from now on."""
        if after is Archives.ALL or before is Archives.OFF or before is after:
            return []
        tally = await tally_of(self._db, self._bot.team, channel)
        if not tally.archived:
            return []
        value = json.dumps({"by": user, "channel": channel})
        return [
            text(sentences.ASK_TO_ERASE.format(files=sentences.files(tally.archived))),
            buttons(
                button(labels.ERASE, sentences.ERASE, value, style="danger"),
                button(labels.KEEP, sentences.KEEP, value),
            ),
        ]

    async def left_by(self, channel: str, user: str, before: Choice, after: Choice) -> Sequence[Block]:
        """As `left`, of two choices in the settings' form; and what another period means."""
        known = self._preferences
        self._wake()
        kept = [] if before.keep_days == after.keep_days else [text(" ".join(await self._kept(channel)))]
        left = await self.left(channel, user, known.archives_of(channel, before), known.archives_of(channel, after))
        return [*kept, *left]

    async def erase(self, user: str, asked: str) -> Answer:
        """What the button of that value asks for."""
        channel = _asked(asked, user)
        if not channel:
            return Answer(STALE)
        if refusal := await self._may_not(user, channel):
            return Answer(refusal)
        tally = await tally_of(self._db, self._bot.team, channel)
        async with self._db.transaction() as db:
            await forget_channel(db, self._bot.team, channel)
        self._erasing.wake()
        note(log, "archive_erased", channel=channel, by=user, files=tally.archived)
        if not tally.archived:
            return Answer(sentences.NOTHING_TO_ERASE)
        return Answer(sentences.ERASED.format(files=sentences.files(tally.archived)))

    async def backfill(self, user: str, channel: str) -> Answer:
        """Look through what was posted before."""
        if refusal := await self._may_not(user, channel):
            return Answer(refusal)
        if await self._preferences.archives(self._bot.team, channel) is not Archives.ALL:
            return Answer(sentences.NOT_ON)
        if not await Backfills(self._db).begin(self._bot.team, channel, user, f"{time.time():.6f}"):
            return _answer(await self._under_way(channel), [_stop(channel)])
        note(log, "backfill_begun", channel=channel, by=user)
        self._wake()
        return Answer(sentences.BEGUN.format(where=await self._told_in(channel)))

    async def stop(self, user: str, channel: str) -> Answer:
        if refusal := await self._may_not(user, channel):
            return Answer(refusal)
        stopping = await Backfills(self._db).stop(self._bot.team, channel, user)
        self._wake()
        return Answer(sentences.STOPPING if stopping else sentences.NOTHING_TO_STOP)

    async def status(self, user: str, channel: str) -> Answer:
        """For members of the channel."""
        if channel.startswith("D"):
            return Answer(sentences.DIRECT)
        if stranger := await self._rights.not_in(user, channel):
            return Answer(stranger)
        chosen = await self._preferences.archives(self._bot.team, channel)
        choice = await self._preferences.of(self._bot.team, channel)
        by = sentences.BY.format(user=escape(choice.by)) if choice.by and choice.archive else ""
        first = sentences.STATUS[chosen].format(where=_named(channel), by=by)
        lines = [first, self._keeps(choice), *_counted(await tally_of(self._db, self._bot.team, channel))]
        if under_way := await self._under_way(channel):
            lines.append(under_way)
        return _answer("\n".join(lines), [self._offers(channel, chosen, under_way=bool(under_way))])

    async def _under_way(self, channel: str) -> str:
        """How far its history is looked through; empty where it is not."""
        one = await Backfills(self._db).of(self._bot.team, channel)
        if one is None or one.state != "open":
            return ""
        numbers = {"messages": sentences.messages(one.messages), "files": sentences.files(one.files)}
        return sentences.UNDER_WAY.format(where=await self._told_in(channel), **numbers)

    async def _told_in(self, channel: str) -> str:
        """Where that is told, with a link once something was said there and the workspace's address is known."""
        said = await Announcements(self._db).of(self._bot.team, channel)
        thread = sentences.THREAD
        if said and said.ts:
            with suppress(Refused, Unsure):
                thread = sentences.LINKED.format(link=await self._places.permalink(channel, said.ts, said.ts))
        return sentences.SAID_IN.format(thread=thread)

    def _keeps(self, choice: Choice) -> str:
        days = self._preferences.keeps_by(choice)
        if not days:
            return sentences.KEEPS_FOR_EVER
        why = sentences.ITS_OWN_PERIOD if days == choice.keep_days else ""
        return sentences.KEEPS.format(days=sentences.in_days(days), why=why)

    def _offers(self, channel: str, chosen: Archives, *, under_way: bool) -> Block:
        if chosen is not Archives.ALL:
            return buttons(button(labels.TURN_ON, sentences.TURN_ON, channel, style="primary"))
        first = button(labels.STOP, sentences.STOP, channel) if under_way else _looks_back(channel)
        return buttons(first, button(labels.TURN_OFF, sentences.TURN_OFF, channel))

    async def _may_not(self, user: str, channel: str) -> str:
        """Why somebody may not change it, in mrkdwn; empty when they may."""
        if channel.startswith("D"):
            return sentences.DIRECT
        return await self._rights.refusal(user, channel) or await self._rights.not_in(user, channel)


def _counted(tally: Tally) -> list[str]:
    lines = [sentences.ARCHIVED.format(files=sentences.files(tally.archived))]
    if tally.waiting:
        lines.append(sentences.WAITING.format(files=sentences.files(tally.waiting)))
    if tally.failing:
        lines.append(sentences.FAILING.format(files=sentences.files(tally.failing)))
    if tally.left_out:
        lines.append(sentences.LEFT_OUT.format(files=sentences.files(tally.left_out)))
    return lines + [sentences.REASON.format(number=number, reason=escape(why)) for why, number in tally.reasons]


def _answer(said: str, more: Sequence[Block] = ()) -> Answer:
    return Answer(said, [text(said), *more])


def _stop(channel: str) -> Block:
    return buttons(button(labels.STOP, sentences.STOP, channel))


def _looks_back(channel: str) -> Block:
    return button(labels.BACKFILL, sentences.BACKFILL, channel)


def _named(channel: str) -> str:
    return f"<#{escape(channel)}>"


def _asked(value: str, user: str) -> str:
    """The channel a question was about; empty when it was put to somebody else."""
    try:
        asked = json.loads(value)
        return str(asked["channel"]) if asked["by"] == user else ""
    except (ValueError, KeyError, TypeError):
        return ""
