"""A search outside a conversation, of which only the asker sees anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from bot.slack.storage.origins import Origin, Origins
from bot.slack.surface import sentences
from bot.wiring import Wiring
from tools.kit import Archive, AskAgain, Filters, Item, Scope, TextEncoder
from tools.kit.ranking import Ranking, rank

PAGE = 5
"""Hits that are shown first, and with each "more"."""
MOST = 30
"""Three blocks a hit, and a view takes 100."""
USER_ID = re.compile(r"[UW][A-Z0-9]{5,}")
NARROWING = ("by", "looks", "kind", "colour", "written", "since", "until")


@dataclass(frozen=True)
class Search:
    """What somebody searches for, and how much of it they want to see."""

    channel: str
    """Empty: everywhere they may see."""
    query: str = ""
    kind: str = ""
    """Beginning of a MIME type."""
    by: str = ""
    """Who posted it: a user id."""
    since: str = ""
    until: str = ""
    """Days, as in 2026-11-27, both included."""
    looks: str = ""
    """Kind of picture; see `tools.kit.archive.Kind`."""
    colour: str = ""
    written: str = ""
    """Words that stand on it, one after another."""
    like: str = ""
    """Id of a hit of an earlier search, in place of words."""
    shown: int = PAGE

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Search | None:
        """As `asdict` wrote it; None for what is no search."""
        try:
            search = cls(**kept)
        except TypeError:
            return None
        told = asdict(search)
        shown = told.pop("shown")
        return search if type(shown) is int and all(isinstance(each, str) for each in told.values()) else None

    @classmethod
    def of_call(cls, arguments: Mapping[str, Any]) -> Search:
        """As near as a form comes to a search that an answer made, from that tool's arguments."""
        filters = arguments.get("filters")
        said = Filters.model_validate(filters) if filters else Filters()
        return cls(
            "",
            query=str(arguments.get("query") or ""),
            kind=said.mime or "",
            by=_only(tuple(each for each in said.posted_by if USER_ID.fullmatch(each))),
            since=said.after.date().isoformat() if said.after else "",
            until=(said.before - timedelta(microseconds=1)).date().isoformat() if said.before else "",
            looks=_only(said.kinds),
            colour=_only(said.colours),
            written=said.with_text or "",
            like=str(arguments.get("like") or ""),
        )

    @property
    def asked(self) -> dict[str, Any]:
        """What makes it another search than others, to be kept."""
        given = {name: value for name, value in asdict(self).items() if value}
        return {name: given[name] for name in ("query", *NARROWING) if name in given}

    @property
    def narrowed(self) -> dict[str, str]:
        """What narrows it, by name."""
        return {name: value for name in NARROWING if (value := getattr(self, name))}

    @property
    def goes_by_something(self) -> bool:
        """Whether it asks for anything but everything."""
        return bool(self.query or self.like or self.narrowed)

    def without(self, name: str) -> Search:
        """The same without one thing that narrows it, from its beginning."""
        return replace(self, shown=PAGE, **{name: ""}) if name in NARROWING else self

    @property
    def more(self) -> Search:
        return replace(self, shown=min(self.shown + PAGE, MOST))

    def filters(self, zone: tzinfo) -> Filters | None:
        """zone: of whoever chose the days. Raises: AskAgain for what cannot be chosen in the form."""
        try:
            return self._filters(zone)
        except (ValueError, OverflowError):
            raise AskAgain(sentences.ODD_CHOICE) from None

    def _filters(self, zone: tzinfo) -> Filters | None:
        since = _day(self.since, zone) if self.since else None
        until = _day(self.until, zone) + timedelta(days=1) if self.until else None
        some = {"posted_by": self.by, "kinds": self.looks, "colours": self.colour}
        several = {name: (value,) for name, value in some.items() if value}
        times = {"after": since, "before": until}
        given = Filters.model_validate(
            {"mime": self.kind or None, "with_text": self.written or None, **times, **several}
        )
        return None if given == Filters() else given


@dataclass(frozen=True)
class Found:
    """What a search found."""

    ranking: Ranking
    origins: Mapping[str, Origin]
    """Where it was posted, by the id of the hit."""


class Searching:
    """Searches the archive of one workspace."""

    def __init__(self, wiring: Wiring, team: str, origins: Origins) -> None:
        self._wiring, self._team, self._origins = wiring, team, origins

    async def find(self, search: Search, scope: Scope, zone: tzinfo = UTC) -> Found:
        """The best, one more than are to be shown where there are more.

        scope: what the person may see. zone: their time zone. Raises: Spoken.
        """
        (encoder, archive), filters = await self._wiring.pair(scope.workspace), search.filters(zone)
        if search.by and not await archive.count(scope, Filters(posted_by=(search.by,))):
            raise AskAgain(sentences.NOTHING_BY)
        ranking = await rank(
            search.query or None,
            filters=filters,
            limit=search.shown + 1,
            like=search.like or None,
            encoder=encoder,
            archive=archive,
            scope=scope,
            meaning=await self._wiring.lend(TextEncoder),
        )
        return Found(ranking, await self._posted([each.hit.item for each in ranking.ranked]))

    async def item(self, key: str, scope: Scope) -> Item | None:
        """A hit, as long as it is there and may be seen."""
        try:
            found = await (await self._wiring.lend(Archive)).get(scope, [key])
        except ValueError:
            return None
        return found[0] if found else None

    async def origin(self, item: Item) -> Origin | None:
        """How a hit came into Slack."""
        return (await self._posted([item])).get(item.id)

    async def _posted(self, items: Sequence[Item]) -> dict[str, Origin]:
        """What was archived before posts were kept with it is looked up."""
        known = {item.id: origin for item in items if (origin := _origin(item))}
        older = [item for item in items if item.id not in known]
        for channel in sorted({item.audience for item in older}):
            originals = [item.sha256 for item in older if item.audience == channel]
            taken = await self._origins.of(self._team, channel, originals)
            known |= {
                item.id: taken[item.sha256] for item in older if item.audience == channel and item.sha256 in taken
            }
        return known


def _origin(item: Item) -> Origin | None:
    post = item.post
    if post is None or not post.file:
        return None
    return Origin(item.sha256, post.file, item.name, post.user, post.ts, post.thread_ts or post.ts)


def _only(values: Sequence[str]) -> str:
    """A form takes one."""
    return values[0] if len(values) == 1 else ""


def _day(written: str, zone: tzinfo) -> datetime:
    return datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=zone)
