"""What an event means for the archive: written down before it is acknowledged, in a statement or two."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.slack.archiving.candidates import postings_of
from bot.slack.archiving.changes import Changes
from bot.slack.archiving.places import Places
from bot.slack.archiving.register import Register
from bot.slack.archiving.telling.announcements import Announcements
from bot.slack.events import (
    BotJoined,
    ChannelGone,
    Deletion,
    Edit,
    FileChanged,
    FileDeleted,
    Identity,
    Message,
    Renamed,
)
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.leaving import forget_channel, let_go, let_go_unseen
from bot.slack.storage.preferences import Archives, Preferences
from bot.slack.storage.tables import Database
from bot.storage.database import Connection

LATELY = 600.0
"""Seconds: an edit may come before the message; what is older was said before the channel opted in, or is known."""


def _nobody(joined: BotJoined) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True)
class Following:
    """Of one workspace."""

    bot: Identity
    db: Database
    preferences: Preferences
    places: Places
    erasing: Erasing
    wake: Callable[[], None]
    """There is something to do for the archive."""
    check: Callable[[str], None]
    """Have a file looked at again: it may be called otherwise, or shared elsewhere."""
    joined: Callable[[BotJoined], None] = field(default=_nobody)
    """Told of channels the app was added to."""
    _told: set[tuple[str, str]] = field(default_factory=set)
    """Channels that are archived by a setting, and of which it is written down that they are told so."""

    async def said(self, message: Message) -> None:
        """Everything posted in a channel that chose so is wanted."""
        if message.is_direct or not message.files:
            return
        postings = postings_of(message, self.bot)
        if postings and await self._archives(message) is Archives.ALL:
            await Register(self.db).want(postings)
            await self._announce(message.team, message.channel)
            self.wake()

    async def edited(self, edit: Edit) -> None:
        message = edit.message
        if edit.gone:
            await self._let_go(message, edit.gone)
        if message.files and message.text != edit.before.text:
            if time.time() - float(message.ts) < LATELY:
                await self.said(message)
            await Changes(self.db).reword(message.team, message.channel, message.ts, message.text)
            self.wake()

    async def deleted(self, deletion: Deletion) -> None:
        message = deletion.message
        place = {"team": message.team, "channel": message.channel, "ts": message.ts}
        async with self.db.transaction() as db:
            await let_go(db, "p.team = %(team)s and p.channel = %(channel)s and p.ts = %(ts)s", place)
        if deletion.files:
            await self._let_go(message, deletion.files)
        self.erasing.wake()

    async def _let_go(self, message: Message, files: tuple[str, ...]) -> None:
        """What comes late brings none of them back."""
        unseen = await self._archives(message) is Archives.ALL
        place = {"team": message.team, "channel": message.channel, "ts": message.ts, "files": list(files)}
        async with self.db.transaction() as db:
            await let_go(
                db,
                "p.team = %(team)s and p.channel = %(channel)s and p.ts = %(ts)s and p.file = any(%(files)s)",
                place,
            )
            if unseen:
                await let_go_unseen(db, message.team, message.channel, message.ts, files)
        self.erasing.wake()

    async def file_deleted(self, gone: FileDeleted) -> None:
        async with self.db.transaction() as db:
            await let_go(db, "p.team = %(team)s and p.file = %(file)s", {"team": gone.team, "file": gone.file})
        self.erasing.wake()

    async def file_changed(self, changed: FileChanged) -> None:
        if await Changes(self.db).of_file(changed.team, changed.file):
            self.check(changed.file)

    async def channel_gone(self, gone: ChannelGone) -> None:
        """Deleted, or we are in it no more: what happens there cannot be followed, so nothing of it stays. Who adds us
        again chooses again; where we hear of that choice first, it stands, with what was posted or found since."""
        async with self.db.transaction() as db:
            if gone.ts and await _chosen_since(db, gone):
                await forget_channel(db, gone.team, gone.channel, until=gone.ts)
            else:
                await self._forget(db, gone)
        self.erasing.wake()

    async def _forget(self, db: Connection, gone: ChannelGone) -> None:
        await forget_channel(db, gone.team, gone.channel)
        await db.execute(
            """
            update channels set archive = null, opted = now(), keep_days = null, keep_chosen = null
            where (team, channel) = (%s, %s)
            """,
            [gone.team, gone.channel],
        )
        await db.execute(
            "delete from archive_announcements where (team, channel) = (%s, %s)", [gone.team, gone.channel]
        )
        self._told.discard((gone.team, gone.channel))

    async def renamed(self, renamed: Renamed) -> None:
        changes = Changes(self.db)
        if renamed.channel:
            self.places.renamed(renamed.channel, renamed.name)
            await changes.rename_channel(renamed.team, renamed.channel, renamed.name)
        else:
            await changes.rename_user(renamed.team, renamed.user, renamed.name)
        self.wake()

    async def bot_joined(self, joined: BotJoined) -> None:
        if await self.preferences.archives(joined.team, joined.channel) is Archives.ALL:
            await self._announce(joined.team, joined.channel)
            self.wake()
        else:
            self.joined(joined)

    async def _archives(self, message: Message) -> Archives:
        return await self.preferences.archives(message.team, message.channel)

    async def _announce(self, team: str, channel: str) -> None:
        """That it is archived because that is set up so is said once; who opts in is announced as it is chosen."""
        if (team, channel) not in self._told:
            if (await self.preferences.of(team, channel)).archive is None:
                await Announcements(self.db).want(team, channel)
            self._told.add((team, channel))


async def _chosen_since(db: Connection, gone: ChannelGone) -> bool:
    """Whether somebody has turned the archive on after that: events come in any order."""
    found = await db.execute(
        """
        select from channels
        where (team, channel) = (%s, %s) and archive is not null and opted > to_timestamp(%s::double precision)
        """,
        [gone.team, gone.channel, gone.ts],
    )
    return found.rowcount > 0
