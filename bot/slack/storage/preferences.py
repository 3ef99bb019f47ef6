"""What each channel chose."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.slack.addressing import Answers
from bot.slack.storage.tables import Database

LONGEST_STYLE = 200
"""Characters."""
DAY = 86_400.0
MOST = 10_000
"""Channels whose choice is remembered."""


class Archives(StrEnum):
    """What of a channel goes into the archive."""

    OFF = "off"
    ASKED = "asked"
    """What Spyglass was asked about."""
    ALL = "all"
    """Everything posted."""


@dataclass(frozen=True)
class Choice:
    """What is answered in a channel and how, and who chose so; nobody where it is the default."""

    answers: Answers
    by: str | None = None
    style: str | None = None
    """How answers are written, in the words of who chose it; at most LONGEST_STYLE characters."""
    language: str | None = None
    """The language of answers, a BCP 47 tag; None: that of the question."""
    local_only: bool = False
    """Whether nothing said or shown there leaves the machine."""
    archive: Archives | None = None
    """What of it goes into the archive; None: as it is set up."""
    keep_days: int | None = None
    """Days after which what was posted leaves the archive; None: as it is set up, and never more than that."""

    def says_the_same(self, other: Choice) -> bool:
        """Whoever chose it."""
        return replace(self, by=None) == replace(other, by=None)


class Preferences:
    """The table of channels. Every member of a channel but guests may change it, as its topic: it says who did."""

    def __init__(
        self,
        db: Database,
        default: Answers,
        *,
        remembered: float = 0.0,
        local_only: Collection[str] = (),
        archives: Archives = Archives.ASKED,
        keep_days: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """remembered: seconds after which it is noticed what was chosen elsewhere than through this object; then the
        database is not asked for every message. local_only: channels that are so whatever they choose. archives: what
        goes into the archive where nobody chose. keep_days: for how long it stays there at most; 0 for ever."""
        self._db, self._default, self._local_only = db, default, frozenset(local_only)
        self._archives, self.keep_days = archives, keep_days
        self._remembered, self._clock = remembered, clock
        self._known: dict[tuple[str, str], tuple[float, Choice]] = {}
        self._changes = 0
        self._asking: dict[tuple[str, str, int], asyncio.Task[Choice]] = {}

    async def of(self, team: str, channel: str) -> Choice:
        asked, choice = self._known.get((team, channel), (-math.inf, None))
        if choice is not None and self._clock() - asked < self._remembered:
            return choice
        now, changes = self._clock(), self._changes
        choice = await self._asked_once(team, channel)
        if changes == self._changes:
            self._know((team, channel), now, choice)
        return choice

    async def _asked_once(self, team: str, channel: str) -> Choice:
        """Many messages at once ask the database together."""
        place = (team, channel, self._changes)
        asking = self._asking.get(place)
        if asking is None:
            asking = self._asking[place] = asyncio.create_task(self._kept(team, channel))
            asking.add_done_callback(lambda _: self._asking.pop(place))
        return await asyncio.shield(asking)

    async def is_local_only(self, team: str, channel: str) -> bool:
        """Whether nothing said or shown there may leave the machine."""
        return self.is_fixed(channel) or (await self.of(team, channel)).local_only

    async def archives(self, team: str, channel: str) -> Archives:
        """What of a channel goes into the archive. A direct message is nobody's to opt in for others."""
        return self.archives_of(channel, await self.of(team, channel))

    def archives_of(self, channel: str, choice: Choice) -> Archives:
        """As `archives`, by a choice of the channel."""
        chosen = choice.archive or self._archives
        return Archives.ASKED if chosen is Archives.ALL and channel.startswith("D") else chosen

    async def keeps(self, team: str, channel: str) -> int:
        """Days after which what was posted in a channel leaves the archive; 0: never."""
        return self.keeps_by(await self.of(team, channel))

    def keeps_by(self, choice: Choice) -> int:
        """As `keeps`, by a choice of the channel: one that was made when more was set up does not lengthen it."""
        return min(filter(None, (choice.keep_days, self.keep_days)), default=0)

    async def oldest(self, team: str, channel: str) -> str:
        """The `ts` before which nothing posted in a channel is in the archive."""
        days = await self.keeps(team, channel)
        return f"{time.time() - days * DAY:.6f}" if days else "0"

    def is_fixed(self, channel: str) -> bool:
        """Whether it is local only by a setting, which nobody changes there."""
        return channel in self._local_only

    def _know(self, place: tuple[str, str], now: float, choice: Choice) -> None:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[place] = (now, choice)

    def _changed(self) -> None:
        """What was read before is old, also where it is only on its way."""
        self._changes += 1
        self._known.clear()

    async def _kept(self, team: str, channel: str) -> Choice:
        found = await self._db.row(
            """
            select answers, chosen_by, style, language, local_only, archive, keep_days from channels
            where (team, channel) = (%s, %s)
            """,
            [team, channel],
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
        self._changed()

    async def archive(self, team: str, channel: str, archive: Archives | None, *, by: str) -> None:
        """What goes into the archive; the rest stays as it is."""
        await self._db.rows(
            """
            insert into channels (team, channel, answers, chosen_by, archive, opted) values (%s, %s, %s, %s, %s, now())
            on conflict (team, channel) do update
                set archive = excluded.archive, chosen_by = excluded.chosen_by, chosen = now(),
                    opted = case when channels.archive is distinct from excluded.archive then now()
                        else channels.opted end
            """,
            [team, channel, self._default, by, archive],
        )
        self._changed()

    async def keep(self, team: str, channel: str, days: int | None, *, by: str) -> None:
        """For how long it stays there; the rest stays as it is."""
        await self._db.rows(
            """
            insert into channels (team, channel, answers, chosen_by, keep_days, keep_chosen)
            values (%s, %s, %s, %s, %s, now())
            on conflict (team, channel) do update
                set keep_days = excluded.keep_days, chosen_by = excluded.chosen_by, chosen = now(),
                    keep_chosen = case when channels.keep_days is distinct from excluded.keep_days then now()
                        else channels.keep_chosen end
            """,
            [team, channel, self._default, by, days],
        )
        self._changed()

    async def replace(self, team: str, channel: str, before: Choice, after: Choice) -> Choice:
        """Put one choice in the place of another, unless somebody chose meanwhile. Returns what holds now."""
        changed = await self._db.row(
            """
            insert into channels
                (team, channel, answers, chosen_by, style, language, local_only, archive, keep_days, opted, keep_chosen)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, now(), case when %s::int is not null then now() end)
            on conflict (team, channel) do update
                set answers = excluded.answers, chosen_by = excluded.chosen_by, chosen = now(),
                    style = excluded.style, language = excluded.language, local_only = excluded.local_only,
                    archive = excluded.archive, keep_days = excluded.keep_days,
                    opted = case when channels.archive is distinct from excluded.archive then now()
                        else channels.opted end,
                    keep_chosen = case when channels.keep_days is distinct from excluded.keep_days then now()
                        else channels.keep_chosen end
                where (channels.answers, channels.chosen_by, channels.style, channels.language, channels.local_only,
                       channels.archive, channels.keep_days) is not distinct from (%s, %s, %s, %s, %s, %s, %s)
            returning answers, chosen_by, style, language, local_only, archive, keep_days
            """,
            [team, channel, *_columns(after), after.keep_days, *_columns(before)],
        )
        self._changed()
        return _choice(changed) if changed else await self.of(team, channel)


def _columns(choice: Choice) -> tuple[str | bool | int | None, ...]:
    how = choice.answers, choice.by, choice.style, choice.language, choice.local_only
    return *how, choice.archive, choice.keep_days


def _choice(found: dict[str, Any]) -> Choice:
    return Choice(
        Answers(found["answers"]),
        found["chosen_by"],
        found["style"],
        found["language"],
        found["local_only"],
        Archives(found["archive"]) if found["archive"] else None,
        found["keep_days"],
    )
