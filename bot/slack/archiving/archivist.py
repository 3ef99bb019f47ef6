"""Who fills the archive of one workspace: its parts, as the rounds ask for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.slack.archiving.describing import Describing
from bot.slack.archiving.filling import Filling
from bot.slack.archiving.history.backfilling import Backfilling
from bot.slack.archiving.history.backfills import Backfill, Backfills
from bot.slack.archiving.history.board import Board
from bot.slack.archiving.opening import Opening
from bot.slack.archiving.places import Places
from bot.slack.archiving.postings import Posting
from bot.slack.archiving.register import Register
from bot.slack.archiving.studying import Studying
from bot.slack.archiving.telling.announcements import Announcement, Announcements
from bot.slack.archiving.telling.announcing import Announcing
from bot.slack.events import Identity
from bot.slack.fetching.files import Files
from bot.slack.people import People
from bot.slack.storage.outbox import Outbox
from bot.slack.storage.preferences import Preferences
from bot.slack.storage.tables import Database
from bot.slack.web import Web
from bot.wiring import Wiring


@dataclass(frozen=True)
class WorkspaceArchivist:
    """`rounds.Archivist`."""

    filling: Filling
    studying: Studying
    announcing: Announcing
    backfilling: Backfilling

    async def shelve(self, postings: list[Posting]) -> int:
        return await self.filling.shelve(postings)

    async def rewrite(self, postings: list[Posting]) -> None:
        await self.studying.rewrite(postings)

    async def enrich(self, posting: Posting) -> None:
        await self.studying.enrich(posting)

    async def announce(self, one: Announcement) -> None:
        await self.announcing.go_on(one)

    async def look_back(self, one: Backfill) -> None:
        await self.backfilling.go_on(one)


def build_archivist(
    web: Web,
    bot: Identity,
    db: Database,
    *,
    wiring: Wiring,
    files: Files,
    people: People,
    places: Places,
    preferences: Preferences,
    give_way: Callable[[], Awaitable[None]],
) -> WorkspaceArchivist:
    """give_way: called between two pages that are looked at closely."""
    register, announcements = Register(db), Announcements(db)
    opening, describing = Opening(wiring, files), Describing(people, places, bot)
    return WorkspaceArchivist(
        Filling(wiring, register, opening, describing, preferences),
        Studying(wiring, register, opening, describing, preferences, give_way),
        Announcing(web, bot, announcements, preferences, public=wiring.settings.archive_public),
        Backfilling(bot, web, Backfills(db), announcements, Board(web, Outbox(db), announcements, bot), preferences),
    )
