"""A file of which Slack only says that something about it changed: it is asked what."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.slack.archiving.changes import Changes
from bot.slack.background import Background
from bot.slack.events import Identity
from bot.slack.fetching.downloads import Unreadable
from bot.slack.fetching.files import Files, name_of, places_of
from bot.slack.storage.erasing import Erasing
from bot.slack.storage.leaving import let_go
from bot.slack.storage.tables import Database

log = logging.getLogger(__name__)

GONE = {"tombstone", "gone"}
"""Why a file cannot be had any more: keys of `messages.UNREADABLE`."""


class Checking:
    """Of one workspace."""

    def __init__(
        self,
        db: Database,
        files: Files,
        background: Background,
        erasing: Erasing,
        wake: Callable[[], None],
        bot: Identity,
    ) -> None:
        self._db, self._files, self._background = db, files, background
        self._erasing, self._wake, self._bot = erasing, wake, bot

    def check(self, file: str) -> None:
        """Look at it again, soon."""
        self._background.start(self._check(file))

    async def _check(self, file: str) -> None:
        """What is no longer shared in a channel leaves its archive; what is called otherwise is so there too."""
        team, changes = self._bot.team, Changes(self._db)
        try:
            told = await self._files.info(file)
        except Unreadable as unreadable:
            if unreadable.why in GONE:
                await self._let_go(team, file, [])
            log.info("A file that changed is not looked at: %s", unreadable)
            return
        await self._let_go(team, file, sorted(places_of(told)))
        if any(name_of(known.object) != name_of(told) for known in await changes.of_file(team, file)):
            await changes.rename_file(team, file, name_of(told))
            self._wake()

    async def _let_go(self, team: str, file: str, shared: list[str]) -> None:
        async with self._db.transaction() as db:
            await let_go(
                db,
                "p.team = %(team)s and p.file = %(file)s and p.channel <> all(%(shared)s::text[])",
                {"team": team, "file": file, "shared": shared},
            )
        self._erasing.wake()
