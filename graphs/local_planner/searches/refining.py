"""Changes to an earlier search: "10 instead", "only from last year", "what about cats?", "but at night"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from graphs.clock import Clock
from graphs.local_planner.filtering import narrow
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.language.filler import NARROWS, without_filler
from graphs.local_planner.language.phrases import plain, tidy
from graphs.local_planner.searches import query_edits
from graphs.local_planner.searches.changing import dated, made, with_dates
from graphs.local_planner.searches.dropping import DROPS, without
from graphs.local_planner.searches.onwards import (
    ALL,
    EARLIER,
    HOW_MANY,
    MORE_HITS,
    OTHERS,
    THAN_THAT,
    beyond,
    more,
    moved_back,
    seen,
    shown,
)
from graphs.local_planner.searches.queries import query, twist
from graphs.local_planner.turn import Call, Turn
from tools.kit.ranking.request import MOST

CORRECTION = re.compile(
    r"\b(?:no|nope|not (?:that|this)|wrong|i mean(?:t)?|sorry|oops|rather|instead|actually)\b", re.I
)
BACK = re.compile(
    (
        r"^(?:(?:and|ok|now|so|going|go|let us go)\s+)*back to (?:the |my |plain |just |simply |"
        r"our )?(?P<topic>[\w ]+?)(?: (?:search|photos?|pictures?|pics|images|ones))?\s*(?:[:,;-]|"
        r"$)\s*(?P<rest>.*)$"
    ),
    re.I,
)
REFINES = re.compile(
    (
        r"^(?:(?:and|but|ok|now|also|maybe|please|so|same)\s+)*(?:(?:of|but|with|without|in|at|on|only|just|from|"
        r"where|during|taken|no|make (?:it|them))\b|(?:blue|red|green|black|white|smaller|bigger|darker|"
        r"brighter|older|newer)\b)"
    ),
    re.I,
)
ABOUT_ONES = re.compile(
    (
        r"^(?:(?:what about|how about|and|or|maybe|show(?: me)?|find|just|only)\s+)*(?:the )?(?:ones?|"
        r"some|those|them|it)\s+(?=(?:with|without|in|at|on|from|of)\b)"
    ),
    re.I,
)
OF_HITS = re.compile(r"^(?:(?:and|but|ok|now|please)\s+)*(?:only|just) (?:the ones?|those|them)\b", re.I)
"""Speaks of what a search found, however long ago that was."""
ADJECTIVE = re.compile(
    (
        r"^(?:(?:and|but|only|just|now|how about|what about|or|any|the|maybe|some|ok|make (?:it|"
        r"them))\s+)*(?P<word>[a-z]+) (?:ones?|versions?)\W*$"
    ),
    re.I,
)
NEW_TOPIC = re.compile(
    (
        r"^(?:(?:and|or|ok|now|also|what about|how about|then|maybe|try|rather|instead|no|sorry|i meant?|"
        r"make that|scrap that|forget that|change (?:that|it) to|switch to|narrow (?:it|that|"
        r"this)(?: down)? to|limit (?:it|that) to|(?:do )?(?:the )?same for|any|any of|some of|"
        r"actually|typo)[\s,]+)+(?:(?:of|some|any|for|with|the|photos? of|pictures? of|pics of|"
        r"images of)\s+)*(?P<topic>[^?.!]+)"
    ),
    re.I,
)
FOR_USE = re.compile(r"\s+for (?:the|our|my|a) (?:\w+ ){0,2}\w+$", re.I)
"""What pictures are wanted for says nothing of what they show: "vertical ones for the album cover"."""
COLOURS = re.compile(
    r"\b(?:red|blue|green|yellow|black|white|brown|gr[ae]y|orange|pink|purple|silver|golden?|beige)\s+", re.I
)
TINGED = re.compile(
    r"^(?:(?:more|a bit|slightly|very|rather|only|just|and|the|now|ok|make (?:it|them))[\s,]+)+|"
    r"(?:[\s,]+(?:only|ones?|please|instead|versions?|now|then|too))+\W*$",
    re.I,
)
""" "White only": the colour alone counts."""


@dataclass(frozen=True)
class Planned:
    """Calls a follow-up comes to: tool and arguments."""

    calls: tuple[tuple[str, dict[str, Any]], ...]
    sure: bool = False
    """The words can mean nothing else after a search."""


def refined(text: str, turn: Turn) -> Planned | None:
    """A change to an earlier search: "10 instead", "only from last year", "what about cats?", "but at night"."""
    earlier, said = _earlier(text, turn)
    if earlier is None:
        return None
    # what a page left out, because it was shown before, is looked for again
    before = {n: value for n, value in earlier.arguments.items() if value not in (None, {}, []) and n != "without"}
    said = FOR_USE.sub("", said) if len(said.split()) > 4 else said
    said = re.sub(r"^(.*\w),? i meant?\W*$", r"i meant \1", said, flags=re.I)
    simple = plain(said)
    if condition := made(simple, turn.clock):
        said = simple = condition
    if MORE_HITS.match(simple):
        return search_for(more(before, seen(earlier, turn)))
    if OTHERS.fullmatch(simple) and shown(turn):
        return search_for({**before, "without": seen(earlier, turn)})
    if ALL.fullmatch(simple):
        return search_for({**before, "limit": MOST}, sure=True)
    if HOW_MANY.fullmatch(simple):
        return search_for(before)
    if than := THAN_THAT.fullmatch(simple):
        return search_for(beyond(before, older=bool(than["old"])))
    if dropped := DROPS.search(simple):
        left = narrow(DROPS.sub(" ", simple), turn.clock)
        if re.search(r"\bcolou?rs?\b", dropped[0]) and "colours" not in before.get("filters", {}):
            before = {**before, "query": COLOURS.sub("", f"{before.get('query', '')} ").strip()}
        before = without(before, dropped)
        return search_for({**before, **_narrowing(left, before)}, sure=dropped[0] == simple or bool(left.filters))
    if (back := EARLIER.search(simple)) and (moved := moved_back(before.get("filters", {}), back["unit"] or back["a"])):
        return search_for({**before, "filters": moved})
    left = narrow(dated(simple), turn.clock)
    narrowed = bool(left.filters or left.limit)
    rest = without_filler(NARROWS.sub(" ", left.text))
    if narrowed and not rest:
        return search_for({**before, **_narrowing(left, before)}, sure=bool(condition))
    if said is not text and not rest:
        return search_for(before)
    if words := query_edits.edited(simple, str(before.get("query", "")), turn):
        return search_for({**before, "query": words})
    return _reworded(tidy(said), before, turn.clock)


def _earlier(text: str, turn: Turn) -> tuple[Call | None, str]:
    """The search a sentence goes back to, and the rest of the sentence."""
    if match := BACK.match(tidy(text)):
        topic = set(re.findall(r"\w{3,}", match["topic"].lower()))
        for exchange in reversed(turn.past):
            for call in exchange.calls:
                words = set(re.findall(r"\w{3,}", str(call.arguments.get("query", "")).lower()))
                if call.tool == "search" and topic & words:
                    return call, match["rest"]
    if OF_HITS.match(tidy(text)):
        calls = [call for exchange in turn.past for call in exchange.calls if call.tool == "search"]
        return (calls[-1] if calls else None), text
    if turn.searched and any(way.fullmatch(plain(text)) for way in (MORE_HITS, THAN_THAT, OTHERS, HOW_MANY, ALL)):
        return turn.searched, text
    if (
        turn.last
        and turn.last is turn.past[-1 - _idle(turn)]
        and (calls := [c for c in turn.last.calls if c.tool == "search"])
    ):
        return calls[-1], text
    return None, text


def _idle(turn: Turn) -> int:
    """How many exchanges have gone by without a tool since the last one with."""
    return next((n for n, exchange in enumerate(reversed(turn.past)) if exchange.calls), 0)


def _reworded(said: str, before: dict[str, Any], clock: Clock) -> Planned | None:
    if turns_on_likeness(said) and not _pictured(before) and before.get("query"):
        left = narrow(said, clock)
        added = twist(left.text, whole=True)
        return search_for({**before, **_narrowing(left, before), "query": f"{before['query']} {added}".strip()})
    if turns_on_likeness(said) and _pictured(before):
        left = narrow(said, clock)
        return search_for(
            {
                **before,
                **_narrowing(left, before),
                "query": twist(left.text, whole=True) or before.get("query", ""),
            }
        )
    colour = TINGED.sub("", said)
    if COLOURS.fullmatch(f"{colour} "):
        return search_for({**before, "query": colour if _pictured(before) else _with_adjective(colour, before)})
    left = narrow(FOR_USE.sub("", re.sub(ABOUT_ONES, "", said)), clock)
    if REFINES.match(plain(left.text)) and (added := twist(left.text, whole=True)):
        if not _pictured(before) and COLOURS.fullmatch(f"{added} "):
            added = _with_adjective(added, before)
        elif not _pictured(before):
            added = f"{before.get('query', '')} {_linked(left.text, added)}{added}".strip()
        return search_for({**before, **_narrowing(left, before), "query": added})
    if match := ADJECTIVE.match(left.text):
        added = match["word"] if _pictured(before) else _with_adjective(match["word"], before)
        return search_for({**before, **_narrowing(left, before), "query": added})
    if (match := NEW_TOPIC.match(left.text)) and len(match["topic"].split()) <= 6:
        topic = query(match["topic"])
        # "no, green" is about the same picture, "what about cats?" is not
        gone = () if CORRECTION.match(said) and len(topic.split()) == 1 else ("image", "like")
        kept = {name: value for name, value in before.items() if name not in gone}
        return search_for({**kept, **_narrowing(left, before), "query": topic}) if topic else None
    return None


def _pictured(before: dict[str, Any]) -> bool:
    """Whether a search is by a picture: an image of the thread or a hit."""
    return "image" in before or "like" in before


def _with_adjective(word: str, before: dict[str, Any]) -> str:
    """The query with an adjective in front; one colour takes the place of another."""
    asked = str(before.get("query", ""))
    return f"{word} {COLOURS.sub('', asked) if COLOURS.match(f'{word} ') else asked}".strip()


def _linked(said: str, added: str) -> str:
    """The preposition before what is added, which belongs to a query in words: "with" snow, "in" winter."""
    match = re.search(rf"\b(with|without|in|at|on)\s+(?:an?\s+|the\s+)?{re.escape(added)}", said, re.I)
    return f"{match[1]} " if match else ""


def _narrowing(left: Narrowed, before: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {"limit": left.limit} if left.limit else {}
    if left.filters:
        changed["filters"] = with_dates(before.get("filters", {}), left.filters)
    return changed


def turns_on_likeness(said: str) -> bool:
    return bool(re.search(r"\b(?:like|similar to) (?:this|that|it|these|those)\b", plain(said)))


def narrowed_again(said: dict[str, Any], turn: Turn) -> dict[str, Any]:
    """Filters and a limit alone belong to the search before."""
    before = (
        next((call.arguments for call in reversed(turn.last.calls) if call.tool == "search"), {}) if turn.last else {}
    )
    kept = {name: value for name, value in before.items() if value not in (None, {}, [])}
    return {**kept, **said, "filters": {**kept.get("filters", {}), **said.get("filters", {})}} if kept else said


def search_for(arguments_: dict[str, Any], *, sure: bool = False) -> Planned:
    """One search with what is left of these arguments."""
    kept = {name: value for name, value in arguments_.items() if value not in (None, "", {})}
    return Planned((("search", kept),), sure)
