"""Installations under way. What is sent to Slack and comes back proves that the same browser ends what it began.

https://datatracker.ietf.org/doc/html/rfc6749#section-10.12
"""

from __future__ import annotations

import logging
import secrets
from hashlib import sha256
from typing import Any

from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.slack.storage.tables import Database
from tools.kit import CannotDo

GOOD_FOR = 600
"""Seconds."""
MOST = 1_000
"""Installations under way at once: anybody may begin one."""
CROWDED = "Too many people are adding Spyglass at the moment: try it again in ten minutes."


class States(AsyncOAuthStateStore):
    """Each is good once. The database has only their hashes."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @property
    def logger(self) -> logging.Logger:
        return logging.getLogger(__name__)

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        """A new one; those nobody came back with are forgotten. Raises: CannotDo when there are too many."""
        state = secrets.token_urlsafe(32)
        await self._db.rows("delete from installing where expires < now()")
        issued = await self._db.row(
            """
            insert into installing (state, expires) select %s, now() + make_interval(secs => %s)
            where (select count(*) from installing) < %s on conflict do nothing returning state
            """,
            [_hash(state), GOOD_FOR, MOST],
        )
        if issued is None:
            raise CannotDo(CROWDED)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether it was good; it is not any more."""
        found = await self._db.row(
            "delete from installing where state = %s returning expires > now() as good", [_hash(state)]
        )
        return bool(found and found["good"])


def _hash(state: str) -> bytes:
    return sha256(state.encode(errors="surrogateescape")).digest()
