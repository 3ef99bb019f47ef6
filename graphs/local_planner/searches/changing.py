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
    r"(?:go |going )?back to|(?:scratch|strike|scrap|cancel|undo) (?:that|it)|"
    r"on second thoughts?|i take (?:that|it) back|no wait|"
    r"what about|how about|same but|same thing but|same for)[\s,]+(?=\w)"
)


A_MONTH = re.compile(
    r"^(?:(?:only|just|and|or|ok|now|maybe|rather|but|no|nope|sorry|actually|say|the|of|for|photos|pics|ones)[\s,]+)*"
    rf"(?P<month>{MONTH})(?:,? (?:only|then|please|instead|too|alone|maybe|ones|photos|pics))*\W*$"
)


def made(simple: str, clock: Clock) -> str:
    """The condition alone; empty where more than one is said, or none."""
    said = MADE.sub("", simple)
    if said == simple:
        return ""
    left = narrow(dated(said), clock)
    return said if (left.filters or left.limit) and not without_filler(NARROWS.sub(" ", left.text)) else ""


def dated(said: str) -> str:
    """A month alone is when, not what: "only April"."""
    return A_MONTH.sub(r"from \g<month>", said)


def with_dates(before: dict[str, Any], filters: dict[str, Any]) -> dict[str, Any]:
    """Filters with later ones on top. "Before June", after a search in June, leaves none of what was asked first."""
    both = {**before, **filters}
    if both.get("after") and both.get("before") and str(both["after"]) >= str(both["before"]):
        both = {name: value for name, value in both.items() if name in filters or name not in ("after", "before")}
    return both
