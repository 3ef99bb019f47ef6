"""The search before once more: more of its hits, the ones after them, or those of an earlier or a later time."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any

from graphs.local_planner.turn import Call, Turn
from tools.kit.ranking.request import MOST

MORE_HITS = re.compile(
    r"^(?:and )?(?:the )?(?:next (?:page|(?:\d+ )?(?:results?|hits?|ones|few))|keep going|load more|"
    r"the rest of (?:them|the "
    r"(?:hits|results)))[.!?]*$|^(?:(?:and|show|give|get|find|me|us|i want|some|a few|any|can i see|see|a bit|"
    r"please)\s+)*more(?: (?:results?|hits?|photos?|images?|pictures?|please|of (?:them|those|these)|"
    r"like that))*[?.!]*$"
)
OTHERS = re.compile(
    r"(?:(?:no|nope|hm+|ok|and|show|me|are there|is there|do we have|give|the)\W+)*(?:none of (?:these|those|them)|"
    r"not (?:these|those|them|any of (?:these|those|them))|(?:anything|something|what) else(?: is there)?|next|"
    r"(?:any |some )?others?(?: ones)?|other (?:hits|results|ones)|keep looking|try (?:again|harder))\W*"
)
""" "None of these": the hits after those that were shown."""
ALL = re.compile(
    r"(?:(?:and|ok|now|please|just|show|list|give|get|see|display|can|could|may|i|we|you|me|us|want to|would like to|"
    r"lets|let us)\W+)*(?:(?:them|those|these) all|all(?: of)?(?: (?:them|those|these|the ones|(?:of )?the (?:hits|"
    r"results|matches)|hits|results|matches))?|every (?:one|single one)(?: of (?:them|those|these))?)(?:\W+please)?\W*"
)
""" "All of them": as many of the hits as one page takes."""
HOW_MANY = re.compile(
    r"(?:(?:so|and|ok)\W+)*how many(?: (?:hits|results|images|pictures|photos|of them|of those))?"
    r"(?: (?:are there|are they|did you find|do we have|is that|were there))?(?: in total| altogether| overall)?\W*"
)
THAN_THAT = re.compile(
    r"(?:(?:and|or|anything|something|some|any|show|me|find|ones|images|pictures|photos|a bit|from|posted)\s+)*"
    r"(?:(?P<old>older|earlier|before)|(?:newer|later|after|more recent|since))(?: than)? "
    r"(?:that|this|those|these|then|it|them)\W*"
)
""" "Older than that"."""


def shown(turn: Turn) -> list[str]:
    """Ids of the hits of the latest search."""
    return [str(hit["id"]) for hit in turn.searched.hits] if turn.searched else []


def seen(search: Call, turn: Turn) -> list[str]:
    """Ids of the hits of the latest search, and of those that it left out because they were shown before."""
    return list(dict.fromkeys([*(search.arguments.get("without") or ()), *shown(turn)]))


def more(before: dict[str, Any], seen: list[str]) -> dict[str, Any]:
    """The search before for twice as many hits; where a page does not take more, for those after the ones seen."""
    limit = int(before.get("limit") or 5)
    return {**before, "limit": min(2 * limit, MOST)} if limit < MOST else {**before, "without": seen}


def beyond(before: dict[str, Any], *, older: bool) -> dict[str, Any]:
    """The search before what was found, or after it: beyond its dates, else the oldest or the newest first."""
    filters = dict(before.get("filters", {}))
    ends = [filters.pop(name, None) for name in ("after", "before")]
    edge = next((end for end in (ends if older else reversed(ends)) if end), None)
    if not edge:
        return {**before, "order": "oldest" if older else "newest"}
    return {**before, "filters": {**filters, "before" if older else "after": edge}}


EARLIER = re.compile(
    r"\b(?:the )?(?P<unit>day|week|month|year) before\b(?! yesterday)|\ba (?P<a>day|week|month|year) earlier\b"
)


def moved_back(filters: dict[str, Any], unit: str) -> dict[str, Any]:
    """The dates of a search, a day, week, month or year earlier; empty when it has none."""
    moved = {name: _back(str(day), unit) for name, day in filters.items() if name in ("after", "before")}
    return {**filters, **moved} if moved else {}


def _back(day: str, unit: str) -> str:
    at = datetime.fromisoformat(day)
    if unit in ("day", "week"):
        return (at - timedelta(days=7 if unit == "week" else 1)).isoformat(timespec="seconds")
    months = at.year * 12 + at.month - 1 - (12 if unit == "year" else 1)
    last = monthrange(months // 12, months % 12 + 1)[1]
    moved = at.replace(year=months // 12, month=months % 12 + 1, day=min(at.day, last))
    return moved.isoformat(timespec="seconds")
