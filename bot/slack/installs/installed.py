"""The workspaces that installed the app themselves: kept in PostgreSQL, their tokens encrypted."""

from __future__ import annotations

from typing import Any

from bot.slack.events import Identity
from bot.slack.installs.installation import Installation
from bot.slack.installs.sealing import Sealer
from bot.slack.storage.tables import Database


class Installed:
    """The table of installations, which is asked each time: another process may have changed it."""

    def __init__(self, db: Database, sealer: Sealer) -> None:
        self._db, self._sealer = db, sealer

    async def of(self, team: str) -> Installation | None:
        """Raises: CannotDo when no key opens its token."""
        found = await self._db.row("select * from installations where team = %s", [team])
        return self._installation(found) if found else None

    async def keep(self, installation: Installation, name: str) -> None:
        """Add it, or put its new token in the place of the old one. `name`: how people call the workspace."""
        bot = installation.bot
        await self._db.rows(
            """
            insert into installations (team, name, bot_user, bot_id, token) values (%s, %s, %s, %s, %s)
            on conflict (team) do update set name = excluded.name, bot_user = excluded.bot_user,
                bot_id = excluded.bot_id, token = excluded.token, at = now()
            """,
            [bot.team, name, bot.user, bot.bot_id, self._sealer.seal(installation.token)],
        )

    async def remove(self, team: str) -> None:
        await self._db.rows("delete from installations where team = %s", [team])

    async def teams(self) -> list[str]:
        """All of them; the one that is here longest comes first."""
        return [row["team"] for row in await self._db.rows("select team from installations order by at, team")]

    async def reseal(self) -> int:
        """Encrypt with the first key whatever is not: then the others are needed no more. Returns how many there are.

        Raises: CannotDo when no key opens one of them.
        """
        rows = await self._db.rows("select team, token from installations")
        for row in rows:
            if not self._sealer.is_current(row["token"]):
                await self._reseal(row["team"], row["token"])
        return len(rows)

    async def _reseal(self, team: str, sealed: bytes) -> None:
        again = self._sealer.seal(self._sealer.unseal(sealed))
        await self._db.rows("update installations set token = %s where (team, token) = (%s, %s)", [again, team, sealed])

    def _installation(self, row: dict[str, Any]) -> Installation:
        bot = Identity(team=row["team"], user=row["bot_user"], bot_id=row["bot_id"])
        return Installation(bot, self._sealer.unseal(row["token"]), row["at"].timestamp())
