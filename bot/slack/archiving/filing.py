"""Images of a turn -> the archive of their channel, so that they are found there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.archiving.candidates import posting_of
from bot.slack.archiving.filling import Filling
from bot.slack.archiving.postings import Posting
from bot.slack.archiving.register import Register
from bot.slack.storage.preferences import Archives, Preferences
from bot.slack.storage.records import Records, Taken


class Filing:
    """Puts what Spyglass was asked about into the archive, once a posting. What is deleted meanwhile stays out."""

    def __init__(self, register: Register, filling: Filling, preferences: Preferences, records: Records) -> None:
        self._register, self._filling = register, filling
        self._preferences, self._records = preferences, records

    async def put(self, taken: Sequence[Taken]) -> int:
        """Returns how many are in it by now that were not. What fails is tried again later: the answer does not depend
        on it. Of a channel that keeps no archive nothing is filed. Raises: DatabaseAway."""
        postings = [_posting(one) for one in taken if one.sha256 is not None]
        if not postings:
            return 0
        chosen = await self._preferences.archives(postings[0].team, postings[0].channel)
        if chosen is Archives.OFF:
            return 0
        await self._register.want(postings)
        # a deletion that came before they were wanted is seen here, one that comes later finds them
        held = {(one.message.ts, one.file["id"]) for one in await self._records.holding(taken)}
        await self._register.drop([one for one in postings if (one.ts, one.file) not in held])
        claimed = await self._register.claim_these([one for one in postings if (one.ts, one.file) in held])
        return await self._filling.shelve(claimed) if claimed else 0


def _posting(taken: Taken) -> Posting:
    return posting_of(taken.message, taken.file, asked=True, sha256=taken.sha256)
