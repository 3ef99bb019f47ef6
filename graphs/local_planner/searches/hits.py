"""Hits of the latest search, called by their order: "more like the second one", "like number 3 but at night"."""

from __future__ import annotations

import re
from typing import Any

from graphs.local_planner.filtering import narrow
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.pointing.pointers import NUMBER, ORDINAL, ORDINALS, number
from graphs.local_planner.pointing.references import find
from graphs.local_planner.searches.queries import twist
from graphs.local_planner.searches.refining import Planned, search_for
from graphs.local_planner.turn import Call, Exchange, Turn

HIT = r"(?:hits?|results?|match(?:es)?|finds?)"
NAMED = re.compile(
    rf"\b(?:(?:the )?(?P<nth>(?:{ORDINAL}|last)(?! (?:\d|few|year|month|week|summer|winter|spring|autumn))|(?:top|best)"
    rf"(?= (?:{HIT}|one)\b))(?: (?:{HIT}|ones?|pics?|photos?|pictures?|images?))?\b(?: there)?"
    rf"|(?P<kind>hit|result|match|images?|photo|picture|pic)?\s*(?:#|\b(?:number|no\.?|nr\.?)\s*)?"
    rf"(?P<number>{NUMBER})\b)",
    re.I,
)
LIKE = re.compile(
    r"\b(?:like|similar(?: to)?|resembl\w+|same as|along the lines of|in the style of|"
    r"close to|lookalikes? of|(?:of )?(?:its|that|the same) kind|"
    r"(?:others?|more|something|anything|ones) (?:from|of|in|at) (?:that|it|this|there|the same)|(?:hit|result|"
    r"match)(?: \d+)?,? but|(?:number \d+|(?:"
    rf"{ORDINAL}|last)(?: one)?),? but (?=(?:at|in|with|without|on|more|less|from)\b))\b",
    re.I,
)
SAME_KIND = re.compile(
    r"\bof (?:its|that|the same) kind\b|\b(?:others?|more|something|anything|ones) (?:from|of|in|at) (?:that|it|"
    r"this|there|"
    r"the same)(?: (?:spot|place|series|kind|sort|set|one|day|shoot))?\b",
    re.I,
)
FEWER = re.compile(rf"^(?:fewer|less|maybe|perhaps|just|only)\b.*\b{NUMBER}\W*$", re.I)
""" "Fewer, like 3" is how many, not which."""
AND = re.compile(r"^(?:and|also|plus|then|now)\b", re.I)


def like_a_hit(text: str, turn: Turn) -> Planned | None:
    """A search with the picture of a hit, when the talk is of what a search found; None for anything else."""
    if turn.now.posted or not turn.last or not LIKE.search(text) or FEWER.match(text):
        return None
    search = turn.searched or _latest_search(turn.last)
    found = _found(search)
    if not search or not found or (_by_an_image(search) and _names_an_image(turn.last, turn) and AND.match(text)):
        return None
    text = SAME_KIND.sub("like it", text)
    named = _named(text, len(found), turn)
    if not named or not named[2]:
        return None
    start, end, rank = named
    left = narrow(plain(f"{text[:start]}this{text[end:]}"), turn.clock)
    said: dict[str, Any] = {"like": found[rank - 1], "query": twist(left.text), "filters": left.filters}
    return search_for({**said, "limit": left.limit})


def _latest_search(exchange: Exchange) -> Call | None:
    return next((call for call in reversed(exchange.calls) if call.tool == "search"), None)


def _found(search: Call | None) -> list[str]:
    """Ids of the hits of a search, best first."""
    return [str(hit["id"]) for hit in search.hits] if search else []


def _by_an_image(search: Call) -> bool:
    return bool(search.arguments.get("image"))


def _names_an_image(exchange: Exchange, turn: Turn) -> bool:
    return find(exchange.text, turn).said


def _named(text: str, most: int, turn: Turn) -> tuple[int, int, int] | None:
    """Where a hit is named, and its rank (0: there is none of that rank)."""
    for match in NAMED.finditer(text):
        if (rank := _rank(match, most)) and not _is_image(match, turn):
            return (*match.span(), rank if rank <= most else 0)
    return None


def _rank(match: re.Match[str], most: int) -> int:
    before = match.string[: match.start()]
    if match["number"]:
        # "find 3 like it" counts hits, "number 3" and "like 3" name one
        named = match["kind"] or re.search(r"#|n", match[0][: -len(match["number"])], re.I)
        return number(match["number"]) if named or re.search(rf"{LIKE.pattern}\s*$", before, re.I) else 0
    word = match["nth"].lower()
    if word in ("top", "best"):
        return 1
    return most if word == "last" else ORDINALS.get(word) or int(re.sub(r"\D", "", word))


def _is_image(match: re.Match[str], turn: Turn) -> bool:
    """ "Image 2" is one of the thread, when the thread has it."""
    kind = (match["kind"] or "").lower()
    return kind.startswith(("image", "photo", "pic")) and f"image {match['number']}" in turn.handles
