"""In which order hits are wanted ("newest first", "older ones"), and whether the nearest miss will do."""

from __future__ import annotations

import re

from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.wordings import PICS
from graphs.local_planner.pointing.pointers import NUMBER, number

NEW, OLD = r"(?:newest|latest|most recent|newer|more recent)", r"(?:oldest|earliest|older|less recent)"
ANY = rf"(?:(?P<new>{NEW})|(?P<old>{OLD}))"
THINGS = rf"(?:{PICS}|things?|stuff|uploads?|posts?|results?|hits?)"
SO_MANY = rf"(?:(?P<new>newest|latest|most recent|last(?= \w+ {THINGS}\b))|(?P<old>oldest|earliest))(?! one\b)"
NO_TIME = (
    r"(?!(?:minutes?|hours?|days?|weeks?|months?|quarters?|years?|weekends?|seasons?|of (?:them|those|these|it))\b)"
)
""" "The last 5 days" are when, the last 5 photos how many."""
NEAREST = (
    r"(?:(?:what is|what's|whats|show(?: me)?|give me|nothing closer\W+show(?: me)?) )?(?:the )?"
    r"(?:closest|nearest)(?: (?:miss|match|thing|one|hit|results?|ones))?(?: (?:you have|you've got|there is|"
    r"then|anyway|"
    r"please|to it))*(?:,? even if (?:it does|they do)(?:n't| not) (?:fit|match))?"
)


def order(left: Narrowed, *, follows: bool) -> None:
    """Cut the order out of a request. `follows`: it goes on from a search, so that a bare "newer" is one."""

    def put(match: re.Match[str]) -> None:
        left.order = "newest" if match["new"] else "oldest"

    def some(match: re.Match[str]) -> None:
        put(match)
        left.limit = number(match["n"])

    left.take(rf",?\s*\b(?:the )?{ANY}(?: ones| {THINGS})? (?:first|on top)\b", put)
    left.take(r",?\s*\b(?:sort(?:ed)?|order(?:ed)?) by (?:(?P<new>newest|date)|(?P<old>oldest))\b", put)
    left.take(rf"(?<!\bthan )\b(?:the )?{ANY}(?= {THINGS}\b)", put)
    left.take(rf",?\s*\b(?:(?:only|just|show|me|give|the) )*(?P<n>{NUMBER}) {SO_MANY}(?: ones)?\W*$", some)
    left.take(rf"\b(?:the )?{SO_MANY} (?P<n>{NUMBER})(?= {NO_TIME}\w|\W*$)", some)
    left.take(r"(?P<new>\b(?:the )?last(?= thing))(?P<old>)", put)
    if follows:
        left.take(
            rf"^(?:(?:and|now|ok|only|just|show|me|give|the|any|some|something|anything|rather|got|have|do we have|"
            rf"is there|are there|please)\s+)*{ANY}(?: please)?\W*$",
            put,
        )


def nearest(left: Narrowed) -> None:
    """Cut a wish for the nearest miss out of what follows a search."""

    def put(match: re.Match[str]) -> None:
        left.nearest = True

    left.take(rf"^(?:(?:ok|so|then|well|and|hm+|nothing closer)\W+)*{NEAREST}\W*$", put)
    left.take(r"^(?:show )?(?:them|it|those) (?:anyway|anyhow|all the same)\W*$", put)
