"""Somebody else than the one just searched for: "sorry, kofi not jonas", "i meant kofi", "kofi instead of jonas"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from graphs.local_planner.filtering.names import several, split
from graphs.local_planner.turn import Call

LEAD = (
    r"(?:(?:no|nope|nah|not that|sorry|oops|ops|whoops|wait|hm+|ah|oh|ok|my bad|actually|rather|typo|i mean|"
    r"i meant|meant|it was|that was|make (?:it|that)|should be|should have been|try)[\s,.!-]+)"
)
BY = r"(?:(?:posted |shared )?(?:from|by) )?"
NAME = r"(?:@?[^\W\d_][\w.'-]*|<@\w+>)"
ENDS = r"(?:'s)?(?: (?:please|ones?|then))*\W*"


def corrected(said: str, before: Call) -> list[str]:
    """Who is meant rather than who was searched for; empty where nobody is."""
    asked = (before.arguments.get("filters") or {}).get("posted_by")
    if not asked:
        return []
    was = "|".join(re.escape(str(name)) for name in asked)
    said = said.strip()
    replaced = _replacing(rf"@?(?:{was})") if re.search(was, said, re.IGNORECASE) else ()
    for pattern in (*replaced, *_instead()):
        if match := pattern.fullmatch(said):
            return split(match["who"])
    return []


def _replacing(gone: str) -> Iterator[re.Pattern[str]]:
    """Sentences that name who was searched for, a pattern of them, and who is meant."""
    any_name = rf"(?P<who>(?!(?:but|only|just|any|all)\b|{LEAD}){NAME})"
    for pattern in (
        rf"{LEAD}*{BY}{any_name},? (?:and )?(?:not|instead of|rather than|in place of|over) {BY}{gone}{ENDS}",
        rf"{LEAD}*(?:not|instead of|rather than) {BY}{gone}[,;.]* (?:but |rather |it (?:was|is) )?{BY}{any_name}{ENDS}",
        rf"(?:please )?(?:swap|change|replace|switch) {gone} (?:for|to|with|by|out for) {any_name}{ENDS}",
        rf"{gone} ?(?:->|=>|→) ?{any_name}{ENDS}",
    ):
        yield re.compile(pattern, re.IGNORECASE)


@cache
def _instead() -> tuple[re.Pattern[str], ...]:
    """Sentences that only name who is meant, who is sure to be somebody."""
    sure = rf"(?P<who>{several('(?:me|mine)')})"
    patterns = (rf"{LEAD}+{BY}{sure}{ENDS}", rf"{LEAD}*{BY}{sure},? instead{ENDS}")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
