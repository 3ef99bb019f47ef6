"""What each channel chose."""

from __future__ import annotations

from dataclasses import dataclass

from bot.slack.events import Answers
from bot.slack.storage.tables import Database


@dataclass(frozen=True)
class Choice:
    """What is answered in a channel, and who chose so; nobody where it is the default."""

    answers: Answers
    by: str | None = None


class Preferences:
    """The table of channels. Every member of a channel but guests may change it, as its topic: it says who did."""

    def __init__(self, db: Database, default: Answers) -> None:
        self._db = db
        self._default = default

    async def of(self, team: str, channel: str) -> Choice:
        found = await self._db.row(
            "select answers, chosen_by from channels where (team, channel) = (%s, %s)", [team, channel]
        )
        return Choice(Answers(found["answers"]), found["chosen_by"]) if found else Choice(self._default)

    async def choose(self, team: str, channel: str, answers: Answers, *, by: str) -> None:
        await self._db.rows(
            """
            insert into channels (team, channel, answers, chosen_by) values (%s, %s, %s, %s)
            on conflict (team, channel) do update
                set answers = excluded.answers, chosen_by = excluded.chosen_by, chosen = now()
            """,
            [team, channel, answers, by],
        )
