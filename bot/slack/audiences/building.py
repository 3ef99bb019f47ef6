"""The audiences of one workspace, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

from bot import models
from bot.settings import Settings
from bot.slack.audiences.audiences import Audiences
from bot.slack.audiences.changes import Changes
from bot.slack.audiences.directs import Directs
from bot.slack.audiences.roster import Roster
from bot.slack.audiences.staying import Staying
from bot.slack.events import Identity
from bot.slack.people import People
from bot.slack.storage.tables import Database
from bot.slack.web import Web
from tools.kit import Archive, Upkeep


def build_audiences(
    web: Web,
    bot: Identity,
    *,
    settings: Settings,
    db: Database,
    people: People,
    archive: Callable[[], Awaitable[Archive]],
) -> Audiences:
    """`web`: by the token of the workspace. db: whose connections an event can wait for."""
    changes = Changes(db, bot.team, settings.slack_membership_seconds)

    async def archived() -> list[str]:
        return await cast(Upkeep, await archive()).audiences(bot.team)

    return Audiences(
        *(bot, Roster(web, people, changes), Directs(db, bot.team), changes, archived),
        Staying(db, bot.team, frozenset(settings.local_only_channels)).among,
        public=settings.archive_public,
        leaves=not (models.plans_here(settings) and models.looks_here(settings)),
    )
