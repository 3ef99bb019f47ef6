"""What each channel chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.slack.events import Answers
from bot.slack.storage.tables import Database

LONGEST_STYLE = 200
"""Characters."""


@dataclass(frozen=True)
class Choice:
    """What is answered in a channel and how, and who chose so; nobody where it is the default."""

    answers: Answers
    by: str | None = None
    style: str | None = None
    """How answers are written, in the words of who chose it; at most LONGEST_STYLE characters."""
    language: str | None = None
    """The language of answers, a BCP 47 tag; None: that of the question."""

    def says_the_same(self, other: Choice) -> bool:
        """Whoever chose it."""
        return (self.answers, self.style, self.language) == (other.answers, other.style, other.language)


class Preferences:
    """The table of channels. Every member of a channel but guests may change it, as its topic: it says who did."""

    def __init__(self, db: Database, default: Answers) -> None:
        self._db = db
        self._default = default

    async def of(self, team: str, channel: str) -> Choice:
        found = await self._db.row(
            "select answers, chosen_by, style, language from channels where (team, channel) = (%s, %s)", [team, channel]
        )
        return _choice(found) if found else Choice(self._default)

    async def choose(self, team: str, channel: str, answers: Answers, *, by: str) -> None:
        """What is answered; how stays as it is."""
        await self._db.rows(
            """
            insert into channels (team, channel, answers, chosen_by) values (%s, %s, %s, %s)
            on conflict (team, channel) do update
                set answers = excluded.answers, chosen_by = excluded.chosen_by, chosen = now()
            """,
            [team, channel, answers, by],
        )

    async def replace(self, team: str, channel: str, before: Choice, after: Choice) -> Choice:
        """Put one choice in the place of another, unless somebody chose meanwhile. Returns what holds now."""
        changed = await self._db.row(
            """
            insert into channels (team, channel, answers, chosen_by, style, language) values (%s, %s, %s, %s, %s, %s)
            on conflict (team, channel) do update
                set answers = excluded.answers, chosen_by = excluded.chosen_by, chosen = now(),
                    style = excluded.style, language = excluded.language
                where (channels.answers, channels.chosen_by, channels.style, channels.language)
                    is not distinct from (%s, %s, %s, %s)
            returning answers, chosen_by, style, language
            """,
            [team, channel, *_columns(after), *_columns(before)],
        )
        return _choice(changed) if changed else await self.of(team, channel)


def _columns(choice: Choice) -> tuple[str | None, ...]:
    return choice.answers, choice.by, choice.style, choice.language


def _choice(found: dict[str, Any]) -> Choice:
    return Choice(Answers(found["answers"]), found["chosen_by"], found["style"], found["language"])
