"""What models took and said is not kept for ever, and names nobody who was forgotten while one was still at work."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from bot.ledger.keeping import EVERY, tidy
from bot.slack.storage.tables import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tidying:
    """Looks after it. Any number of processes may do so at once."""

    db: Database
    calls: int
    answers: int
    """Days, as `tidy` says."""

    async def work(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.tidy()
            except Exception:
                log.exception("What models took and said cannot be tidied; it is tried again.")
            await asyncio.sleep(EVERY)

    async def tidy(self) -> None:
        """Drop what is too old, and names that came after they were to be forgotten."""
        await tidy(self.db, calls=self.calls, answers=self.answers)
        await self.db.rows(
            """
            update model_calls set user_id = '', turn = '',
                channel = case when left(model_calls.channel, 1) = 'D' then '' else model_calls.channel end
            from inbox
            where inbox.run::text = model_calls.turn and inbox.team = model_calls.team
                and inbox.user_id = '' and model_calls.user_id <> ''
            """
        )
