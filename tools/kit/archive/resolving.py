"""What people say in filters -> what an archive takes: ids, times with an offset, names of colours it knows.

Nobody and nothing is named to the asker that they may not know of: names are those of the images in their scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta, tzinfo
from typing import Any, TypeVar

from tools.kit.archive.chips import Chip, chips_of, day_of
from tools.kit.archive.colour_words import colour_named
from tools.kit.archive.filters import Excluded, Filters
from tools.kit.archive.item import Scope
from tools.kit.archive.naming import Called, channel_called, person_called
from tools.kit.archive.place import Place
from tools.kit.archive.port import Archive, Directory
from tools.kit.errors import AskAgain

F = TypeVar("F", Filters, Excluded)

HERE = "here"
"""The channel that is asked in, where it has no id: at a terminal."""
MOST = 2_000
"""People or channels that are told apart by name."""


@dataclass(frozen=True)
class Resolved:
    filters: Filters | None
    """As `Archive` takes them; None where nothing narrows."""
    chips: tuple[Chip, ...] = ()
    """What it is narrowed by, one a condition."""


async def resolve(
    filters: Filters | None, archive: Archive, scope: Scope, directory: Directory, place: Place | None = None
) -> Resolved:
    """place: where it is asked.

    Raises: AskAgain for a name that nobody has or several have, a colour nobody knows, times that cannot be, and "this
    thread" where there is none.
    """
    if filters is None or filters == Filters():
        return Resolved(None)
    names = _Names(archive, scope, directory)
    people = await names.people(_said(filters, "posted_by"))
    channels = await names.channels(_said(filters, "channels"))
    zone = directory.zone
    narrowed = _with_ids(filters, people, channels).model_copy(
        update={"after": _zoned(filters.after, zone), "before": _zoned(filters.before, zone)}
    )
    if narrowed.excluding:
        narrowed = narrowed.model_copy(update={"excluding": _with_ids(narrowed.excluding, people, channels)})
    _possible(narrowed, zone)
    if narrowed.thread:
        narrowed = await _in_thread(narrowed, archive, scope, place)
    called = {said: each.name for said, each in (people | channels).items()}
    return Resolved(narrowed, chips_of(filters, called, narrowed, zone))


async def _in_thread(filters: Filters, archive: Archive, scope: Scope, place: Place | None) -> Filters:
    """The same with the ids of what was posted in the thread: nothing in it is older than its first message.

    Raises: AskAgain where there is no thread.
    """
    if place is None:
        raise AskAgain('What is in the archive was not posted in this thread: ask without "in this thread".')
    began = datetime.fromtimestamp(float(place.thread_ts), UTC)
    around = Filters(after=began, channels=(place.channel,), ids=filters.ids)
    ids = [
        item.id
        async for item in archive.scan(scope, around)
        if item.post and place.holds(item.audience, item.post.ts, item.post.thread_ts)
    ]
    return filters.model_copy(update={"thread": None}).among(ids)


def _said(filters: Filters, name: str) -> tuple[str, ...]:
    excluded = getattr(filters.excluding, name) if filters.excluding else ()
    return tuple(dict.fromkeys((*getattr(filters, name), *excluded)))


def _with_ids(filters: F, people: dict[str, Called], channels: dict[str, Called]) -> F:
    """Each name's id in its place."""
    changed: dict[str, Any] = {
        "posted_by": tuple(dict.fromkeys(people[said].id for said in filters.posted_by)),
        "channels": tuple(dict.fromkeys(channels[said].id for said in filters.channels)),
        "colours": tuple(dict.fromkeys(colour_named(said) for said in filters.colours)),
    }
    return filters.model_copy(update=changed)


@dataclass(frozen=True)
class _Names:
    archive: Archive
    scope: Scope
    directory: Directory

    async def people(self, said: Sequence[str]) -> dict[str, Called]:
        if not said:
            return {}
        tallied = await self.archive.tally(self.scope, "people", limit=MOST)
        now = await self.directory.people([each.value for each in tallied])
        known = [Called(each.value, now.get(each.value) or each.name, each.name) for each in tallied]
        return {name: person_called(name, known, self.directory.me) for name in said}

    async def channels(self, said: Sequence[str]) -> dict[str, Called]:
        if not said:
            return {}
        if any(name.strip("# ").casefold() == HERE for name in said):
            raise AskAgain('This is no channel, so "here" is none: name one, as in "#design".')
        tallied = await self.archive.tally(self.scope, "channels", limit=MOST)
        now = await self.directory.channels([each.value for each in tallied])
        known = [Called(each.value, now.get(each.value) or each.name, each.name) for each in tallied]
        return {name: channel_called(name, known) for name in said}


def _zoned(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """A time without offset is one of the asker's own.

    Raises: AskAgain for one in a year whose days are in no other zone's calendar.
    """
    if moment and moment.year in (MINYEAR, MAXYEAR):
        raise AskAgain(f"No image is from the year {moment.year}: say another day.")
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=zone)


def _possible(filters: Filters, zone: tzinfo) -> None:
    """Raises: AskAgain."""
    after, before = filters.after, filters.before
    if after and before and before <= after:
        last = before - timedelta(seconds=1)
        raise AskAgain(
            f"Nothing can be from {day_of(after, zone)} on and until {day_of(last, zone)}: say the earlier day first."
        )
    if after and after > datetime.now(zone):
        raise AskAgain(f"{day_of(after, zone)} has not come yet: say a day in the past.")
