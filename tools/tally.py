"""Count images of the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Literal

from tools.kit import (
    Archive,
    CannotDo,
    Counted,
    Directory,
    Encoder,
    Evidence,
    Filters,
    Item,
    Json,
    Scope,
    Tallied,
    TextEncoder,
    tool,
)
from tools.kit.archive.chips import Chip
from tools.kit.archive.place import Place
from tools.kit.archive.resolving import MOST as MOST_NAMES
from tools.kit.archive.resolving import Resolved, resolve
from tools.kit.ranking.counting import relevant
from tools.kit.searching.telling import images, narrowed, shortened

By = Literal["person", "channel", "day", "month"]
TALLIES: dict[str, Tallied] = {"person": "people", "channel": "channels"}
SAID = 5
"""Persons, channels or days that are said; all are in the facts."""
MOST = 50
"""And so many are in the facts."""
SCANNED = 50_000
"""Images that are gone through for their days."""


@tool(doing="Counting in the archive")
async def tally(
    query: str | None = None,
    filters: Filters | None = None,
    by: By | None = None,
    *,
    encoder: Encoder,
    meaning: TextEncoder | None,
    archive: Archive,
    scope: Scope,
    directory: Directory,
    place: Place | None,
) -> Evidence:
    """Count images in the team's archive, of those that may be shown here: how many there are, or by whom, where or
    when most were posted. Without a query the count is exact; whether an image fits a query is judged by likeness, so
    that count is an estimate.

    query: what the images show or say, in a few words; leave it out to count by filters alone, or everything. filters:
    as in search. by: count by person, channel, day or month.

    Facts: number, exact (true or false), total (images that pass the filters), query, by, counts (the most first: name,
    number, and id of a person or channel), unnamed (how many are of nobody or nowhere that is known), cutoff (score
    from which looks alone make a hit), at_least (more may be relevant), chips (what it is narrowed by).
    """
    resolved = await resolve(filters, archive, scope, directory, place)
    words = " ".join((query or "").split())
    chips = resolved.chips
    facts: dict[str, Json] = {"query": words, "by": by, "chips": [chip.fact for chip in chips]}
    if not words:
        total = await archive.count(scope, resolved.filters)
        counts = await _counts(by, total, resolved, archive, scope, directory.zone) if by and total else []
        facts |= {"number": total, "exact": True, "total": total}
        said = f"{_are(total)} in the archive{narrowed(chips)}, of what may be shown here"
    else:
        found = await relevant(words, resolved.filters, encoder=encoder, archive=archive, scope=scope, meaning=meaning)
        total = len(found.items)
        counts = _counted(by, found.items, directory.zone) if by else []
        facts |= {"number": total, "exact": False, "total": found.total, "cutoff": round(found.cutoff, 4)}
        if not found.whole:
            facts["at_least"] = True
        said = _estimated(words, total, found.total, chips, whole=found.whole, judged=found.judged)
    if not by or not total:
        return Evidence(said=f"{said}.", facts=facts)
    named = await _named(by, counts, directory)
    facts["counts"] = [{"name": name, "number": each.number, **_id(by, each)} for each, name in named[:MOST]]
    unnamed = total - sum(each.number for each in counts)
    if unnamed > 0:
        facts["unnamed"] = unnamed
    return Evidence(said=f"{said}. {_told(by, named, unnamed)}", facts=facts)


async def _counts(
    by: By, total: int, resolved: Resolved, archive: Archive, scope: Scope, zone: tzinfo
) -> list[Counted]:
    """Of everything that passes the filters, `total` images."""
    if by in TALLIES:
        return await archive.tally(scope, TALLIES[by], filters=resolved.filters, limit=MOST_NAMES)
    if total > SCANNED:
        raise CannotDo(f"More than {SCANNED:,} images pass: name a channel, a person or a time to count by {by}.")
    return _counted(by, [item async for item in archive.scan(scope, resolved.filters)], zone)


def _counted(by: By, items: Sequence[Item], zone: tzinfo) -> list[Counted]:
    """The most first; what nobody posted has no person and no channel."""
    latest = sorted(items, key=lambda item: item.when)
    keys = [(_key(by, item, zone), item) for item in latest]
    names = {key: _name(by, item) for key, item in keys if key}
    numbers = Counter(key for key, _ in keys if key)
    ranked = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Counted(key, number, names[key]) for key, number in ranked]


def _key(by: By, item: Item, zone: tzinfo) -> str:
    if by == "person":
        return item.post.user if item.post else ""
    if by == "channel":
        return item.channel
    local = item.when.astimezone(zone)
    return local.date().isoformat() if by == "day" else f"{local:%Y-%m}-01"


def _name(by: By, item: Item) -> str:
    if item.post is None:
        return ""
    return {"person": item.post.name, "channel": item.post.channel}.get(by, "")


async def _named(by: By, counts: Sequence[Counted], directory: Directory) -> list[tuple[Counted, str]]:
    """Each with what it is called now, else was then."""
    if by == "person":
        people = await directory.people([each.value for each in counts])
        return [(each, people.get(each.value) or each.name or each.value) for each in counts]
    if by == "channel":
        channels = await directory.channels([each.value for each in counts])
        return [(each, f"#{channels.get(each.value) or each.name or each.value}") for each in counts]
    return [(each, _time(each.value, by)) for each in counts]


def _time(day: str, by: By) -> str:
    """ "3 March 2026", or "March 2026"."""
    began = date.fromisoformat(day)
    return f"{began.day} {began:%B %Y}" if by == "day" else f"{began:%B %Y}"


def _id(by: By, counted: Counted) -> dict[str, Json]:
    return {"id": counted.value} if by in TALLIES else {}


def _told(by: By, named: Sequence[tuple[Counted, str]], unnamed: int) -> str:
    if not named:
        return f"Of none of them I know the {by}."
    said = ", ".join(f"{name} {each.number}" for each, name in named[:SAID])
    more = f", and {len(named) - SAID} more" if len(named) > SAID else ""
    rest = f"; of {unnamed} I do not know it" if unnamed > 0 else ""
    return f"By {by} ({len(named)}), the most first: {said}{more}{rest}."


def _estimated(words: str, number: int, total: int, chips: Sequence[Chip], *, whole: bool, judged: bool) -> str:
    about = "About" if whole else "At least"
    among = f"the {images(total)} that may be shown here{narrowed(chips)}"
    blind = "" if judged else ", by the words that stand with them alone"
    if not number:
        return f'None of {among} seems to fit "{shortened(words)}"{blind}'
    fit = "seems to fit" if number == 1 else "seem to fit"
    return f'{about} {number} of {among} {fit} "{shortened(words)}"{blind}: an estimate, of what a search would show'


def _are(number: int) -> str:
    return f"{images(number)} {'is' if number == 1 else 'are'}"
