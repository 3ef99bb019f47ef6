"""Changes to a search that say nothing but a condition: "make that this week", "change it to June"."""

from __future__ import annotations

import re
from typing import Any

from graphs.clock import Clock
from graphs.local_planner.filtering import narrow
from graphs.local_planner.filtering.days import MONTH
from graphs.local_planner.language.filler import NARROWS, without_filler

MADE = re.compile(
    r"^(?:(?:ok|no|nope|nah|and|actually|sorry|hm+|rather|wait|oops|maybe|then|now|or|well)[\s,.]+)*"
    r"(?:(?:make|change|switch|set|turn|limit|restrict|narrow|move|extend|widen|expand|shift|keep|do|try|use)\b"
    r"(?: (?:it|that|this|them|those|these|the (?:date|time|period|range|year|month|week|search|filter)s?))?"
    r"(?: (?:down|back|only|just|to|into|be|for|from|with|out))*|i (?:meant|mean)|should be|let us say|"
    r"what about|how about|same but|same thing but|same for)[\s,]+(?=\w)"
)


def made(simple: str, clock: Clock) -> str:
    """The condition alone; empty where more than one is said, or none."""
    said = MADE.sub("", simple)
    if said == simple:
        return ""
    left = narrow(f"from {said}" if re.fullmatch(MONTH, said) else said, clock)
    return said if (left.filters or left.limit) and not without_filler(NARROWS.sub(" ", left.text)) else ""


def with_dates(before: dict[str, Any], filters: dict[str, Any]) -> dict[str, Any]:
    """Filters with later ones on top. "Before June", after a search in June, leaves none of what was asked first."""
    both = {**before, **filters}
    if both.get("after") and both.get("before") and str(both["after"]) >= str(both["before"]):
        both = {name: value for name, value in both.items() if name in filters or name not in ("after", "before")}
    return both
