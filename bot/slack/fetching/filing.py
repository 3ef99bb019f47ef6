"""Images of a turn -> the archive of their channel, so that they are found there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.archiving.candidates import posting_of
from bot.slack.archiving.filling import Filling
from bot.slack.archiving.register import Register
from bot.slack.storage.preferences import Archives, Preferences
from bot.slack.storage.records import Taken


class Filing:
    """Puts what Spyglass was asked about into the archive, once a posting. What is deleted meanwhile stays out."""

    def __init__(self, register: Register, filling: Filling, preferences: Preferences) -> None:
        self._register, self._filling, self._preferences = register, filling, preferences

    async def put(self, taken: Sequence[Taken]) -> int:
        """Returns how many are in it by now that were not. What fails is tried again later: the answer does not depend
        on it. Of a channel that keeps no archive nothing is filed. Raises: DatabaseAway."""
        postings = [
            posting_of(one.message, one.file, asked=True, sha256=one.sha256) for one in taken if one.sha256 is not None
        ]
        if not postings:
            return 0
        chosen = await self._preferences.archives(postings[0].team, postings[0].channel)
        if chosen is Archives.OFF:
            return 0
        await self._register.want(postings)
        claimed = await self._register.claim_these(postings)
        return await self._filling.shelve(claimed) if claimed else 0
