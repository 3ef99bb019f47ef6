"""Changes to the words of an earlier search: "not red ones", "no fog, in a storm", "stone instead"."""

from __future__ import annotations

import re

from graphs.local_planner.searches.queries import query
from graphs.local_planner.turn import Turn

NEGATIVE = re.compile(
    r"^(?:(?:but|and|just|only|please|show)\s+)*(?:not|no|non|without|minus|except(?: for)?|"
    r"nothing)[ -](?!the ones?\b|(?:i|we|you|wait|sorry|thanks?|problem|worries|need|before|after|older|"
    r"newer)\b)(?:any |the |an? |in )?"
    r"(?P<what>(?!that\b|this\b|it\b|the\b|more\b|need\b)[a-z][\w ]{1,25}?)(?: (?:ones?|versions?|photos|pictures|"
    r"pics))?"
    r"(?:,\s+(?:but )?(?P<instead>(?:in|at|on|with|during)\b.+))?\W*$"
)
"""What hits must not show."""
REPLACED = re.compile(
    r"(?:no |not |forget |drop |skip )(?P<old>(?!(?:at|in|on|with|from|by|of|to|for|the|an?|any)\b)[a-z]+),? "
    r"(?:but |rather )?(?P<new>[a-z]+)$"
)
INSTEAD = re.compile(
    r"^(?:(?:and|ok|now|maybe|try)\s+)*(?P<new>[\w ]+?),? instead\W*$|"
    r"^(?:(?:no|nope|rather|sorry|oops|wait|scratch (?:that|it)|(?:no,? )?i meant?|make (?:it|that)|actually)[\s,.!]+)+"
    r"(?P<other>(?!not\b|no\b|the\b|just\b|only\b)[a-z][\w ]{1,30}?)\W*$"
)
"""Takes the latest change of a search back for another one."""


def edited(simple: str, asked: str, turn: Turn) -> str:
    """What was `asked` as a plain sentence changes it; empty when it does not."""
    return _replaced(simple, asked) or _without(simple, asked) or _instead(simple, asked, turn)


def _replaced(simple: str, asked: str) -> str:
    """ "Forget wheat, corn": one word of the query for another."""
    match = REPLACED.match(simple)
    if not match or not re.search(rf"\b{match['old']}\b", asked, re.I):
        return ""
    return re.sub(rf"\b{match['old']}\b", match["new"], asked, flags=re.I)


def _without(simple: str, asked: str) -> str:
    """ "Not red ones": the query without what it must not show. "No fog, in a storm": something else in its place."""
    match = NEGATIVE.match(simple)
    gone = query(match["what"]) if match else ""
    if not match or not gone or not asked:
        return ""
    left = re.sub(
        rf"\s*\b(?:(?:with|in|at|on|of)\s+)?(?:an?\s+|the\s+)?{re.escape(gone)}\b", "", asked, flags=re.I
    ).strip()
    instead = f" {match['instead'].strip()}" if match["instead"] else ""
    return f"{left if left and left != asked else f'{asked} without {gone}'}{instead}"


def _instead(simple: str, asked: str, turn: Turn) -> str:
    """ "Stone instead" after "bridges" became "wooden bridges": the latest change made another one."""
    match = INSTEAD.match(simple)
    base = (_base(asked, turn) or _plain_base(match, asked)) if match else ""
    if not match or not base:
        return ""
    words = match["new"] or match["other"]
    if re.match(r"(?:in|at|on|with|from|during|under|by)\b", words):
        return f"{base} {words}"
    return f"{words} {base}" if len(words.split()) == 1 and not words.endswith("s") else ""


def _plain_base(match: re.Match[str], asked: str) -> str:
    """ "Nope, from the boat" adds to what was asked first."""
    return asked if re.match(r"(?:in|at|on|with|from|during|under)\b", match["new"] or match["other"] or "") else ""


def _base(asked: str, turn: Turn) -> str:
    """What was searched for before words were put before or after it."""
    queries = [str(c.arguments.get("query", "")) for e in reversed(turn.past) for c in e.calls if c.tool == "search"]
    grown = (one for one in queries if one and one != asked and re.search(rf"(?:^|\s){re.escape(one)}(?:\s|$)", asked))
    return next(grown, "")
