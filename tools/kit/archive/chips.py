"""What a search is narrowed by, one condition each, so that people see it and can take one away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from tools.kit.archive.filters import Excluded, Filters
from tools.kit.types import Json

KINDS = {"photo": "photos", "screenshot": "screenshots", "document": "documents", "drawing": "drawings"}
MIMES = {"image/": "images", "application/pdf": "PDFs", "image/jpeg": "JPEGs", "image/png": "PNGs", "image/gif": "GIFs"}
WORDED = {
    "name_contains": 'named "{}"',
    "folder": "in the folder {}",
    "with_text": 'with the text "{}"',
    "min_width": "at least {} pixels wide",
    "min_height": "at least {} pixels high",
    "orientation": "{}",
    "thread": "in {} thread",
}
NOT = "excluding."
"""Before the key of a condition that leaves out."""
DAY = "day"
"""Key of the one condition that ``after`` and ``before`` are where they are the ends of a day, a month or a year."""


@dataclass(frozen=True)
class Chip:
    key: str
    """Of `Filters`, or of `Excluded` after ``excluding.``, or `DAY`, or another argument of a search: ``within``,
    ``order``."""
    value: Json
    """As it was said: what `without` takes out."""
    label: str
    """For people: ``from Anna Berg``. Names are other people's: untrusted."""

    @property
    def fact(self) -> dict[str, Json]:
        return {"key": self.key, "value": self.value, "label": self.label}


def chips_of(said: Filters, called: Mapping[str, str], narrowed: Filters, zone: tzinfo) -> tuple[Chip, ...]:
    """called: what each name that was said stands for. narrowed: the same filters, with times of a zone."""
    return *_conditions(said, called), *_times(said, narrowed, zone), *_excluded(said.excluding, called)


def _conditions(said: Filters | Excluded, called: Mapping[str, str]) -> Iterator[Chip]:
    for person in said.posted_by:
        name = called.get(person, person)
        yield Chip("posted_by", person, f"from {name}")
    for channel in said.channels:
        yield Chip("channels", channel, f"in {called.get(channel, channel)}")
    for kind in said.kinds:
        yield Chip("kinds", kind, KINDS[kind])
    for colour in said.colours:
        yield Chip("colours", colour, colour)
    if said.mime:
        yield Chip("mime", said.mime, MIMES.get(said.mime, said.mime))
    for key, words in WORDED.items():
        if value := getattr(said, key, None):
            yield Chip(key, value, words.format(value))


def _times(said: Filters, narrowed: Filters, zone: tzinfo) -> Iterator[Chip]:
    if said.after and narrowed.after and narrowed.before and (span := _span(narrowed.after, narrowed.before, zone)):
        yield Chip(DAY, said.after.isoformat(), span)
        return
    if said.after and narrowed.after:
        yield Chip("after", said.after.isoformat(), f"since {_time_of(narrowed.after, zone)}")
    if said.before and narrowed.before:
        ends = narrowed.before.astimezone(zone).time() == time()
        last = narrowed.before - timedelta(seconds=1) if ends else narrowed.before
        yield Chip("before", said.before.isoformat(), f"{'until' if ends else 'before'} {_time_of(last, zone)}")


def _span(after: datetime, before: datetime, zone: tzinfo) -> str:
    """ "on 3 March 2026", "in March 2026" or "in 2026", where the times are the ends of one; seconds before its end
    count as that."""
    begins, ends = after.astimezone(zone), (before + timedelta(seconds=1)).astimezone(zone)
    if begins.time() != time() or ends.time() > time(0, 0, 1):
        return ""
    if ends.date() == begins.date() + timedelta(days=1):
        return f"on {day_of(after, zone)}"
    months = 12 * (ends.year - begins.year) + ends.month - begins.month if begins.day == ends.day == 1 else 0
    if months == 12 and begins.month == 1:
        return f"in {begins:%Y}"
    return f"in {begins:%B %Y}" if months == 1 else ""


def _excluded(excluded: Excluded | None, called: Mapping[str, str]) -> Iterator[Chip]:
    for chip in _conditions(excluded, called) if excluded else ():
        yield Chip(NOT + chip.key, chip.value, f"not {chip.label}")


def day_of(moment: datetime, zone: tzinfo) -> str:
    """ "3 March 2026"."""
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B %Y}"


def _time_of(moment: datetime, zone: tzinfo) -> str:
    """The same, with the time where it is not the beginning or end of a day."""
    local = moment.astimezone(zone)
    at = "" if local.time().replace(second=0, microsecond=0) in (time(), time(23, 59)) else f" {local:%H:%M}"
    return f"{day_of(moment, zone)}{at}"


def without(arguments: Mapping[str, Json], key: str, value: Json) -> dict[str, Json]:
    """The arguments of the same search without one condition."""
    left: dict[str, Any] = dict(arguments)
    if key in ("within", "order"):
        left.pop(key, None)
        return left
    filters = dict(left.pop("filters", None) or {})
    if key.startswith(NOT):
        filters["excluding"] = _taken(dict(filters.get("excluding") or {}), key.removeprefix(NOT), value)
    elif key == DAY:
        filters = {name: kept for name, kept in filters.items() if name not in ("after", "before")}
    else:
        filters = _taken(filters, key, value)
    filters = {name: kept for name, kept in filters.items() if kept not in (None, (), [], {})}
    return {**left, "filters": filters} if filters else left


def _taken(filters: dict[str, Any], key: str, value: Json) -> dict[str, Any]:
    known = filters.pop(key, None)
    if isinstance(known, list | tuple) and (others := [each for each in known if each != value]):
        filters[key] = others
    return filters
