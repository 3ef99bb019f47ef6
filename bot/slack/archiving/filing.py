"""Images of a turn -> the archive of their channel, so that they are found there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.archiving.candidates import posting_of
from bot.slack.archiving.filling import Filling
from bot.slack.archiving.postings import Posting
from bot.slack.archiving.register import Register, want
from bot.slack.storage.preferences import Archives, Preferences
from bot.slack.storage.records import Taken, holding
from bot.slack.storage.tables import Database
from bot.storage.database import Connection


class Filing:
    """Puts what Spyglass was asked about into the archive, once a posting. What is deleted meanwhile stays out."""

    def __init__(self, db: Database, register: Register, filling: Filling, preferences: Preferences) -> None:
        self._db, self._register, self._filling, self._preferences = db, register, filling, preferences

    async def put(self, taken: Sequence[Taken]) -> int:
        """Returns how many are in it by now that were not. What fails is tried again later: the answer does not depend
        on it. Of a channel that keeps no archive nothing is filed. Raises: DatabaseAway."""
        readable = [one for one in taken if one.sha256 is not None]
        if not readable:
            return 0
        place = readable[0].message
        if await self._preferences.archives(place.team, place.channel) is Archives.OFF:
            return 0
        claimed = await self._register.claim_these(await self._wanted(readable))
        return await self._filling.shelve(claimed) if claimed else 0

    async def _wanted(self, taken: Sequence[Taken]) -> list[Posting]:
        """Those that are still there, written down as wanted: who deletes one meanwhile finds it there, too."""

        async def want_held(db: Connection) -> list[Posting]:
            async with db.transaction():
                postings = [_posting(one) for one in await holding(db, taken)]
                await want(db, postings)
                return postings

        return await self._db.patiently(want_held)


def _posting(taken: Taken) -> Posting:
    return posting_of(taken.message, taken.file, asked=True, sha256=taken.sha256)
