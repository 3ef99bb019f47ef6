"""A search narrowed by people, channels, text, kinds, colours or order: by these alone, or with what is looked for."""

from __future__ import annotations

import re
from typing import Any

from graphs.local_planner import arguments
from graphs.local_planner.calling import LOOKS, Plan
from graphs.local_planner.filtering import narrow
from graphs.local_planner.filtering.aside import set_aside
from graphs.local_planner.filtering.kinds import only_names_one
from graphs.local_planner.filtering.names import one, several, split
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.wordings import NOT, PICS
from graphs.local_planner.language.filler import says_nothing
from graphs.local_planner.language.patterns import compiled
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.searches.changing import with_dates
from graphs.local_planner.searches.correcting import corrected
from graphs.local_planner.searches.dropping import DROPS
from graphs.local_planner.searches.queries import query
from graphs.local_planner.turn import Call, Turn
from graphs.local_planner.understanding.cues import loudest

LISTS = ("posted_by", "channels", "kinds", "colours")
MORE = re.compile(
    r"^(?:and|or|plus) (?:(?:from|by|in|those from|the ones? (?:from|by|in)) |[@<#])|"
    r"\b(?:also|too|as well|plus|and also|additionally|auch|aussi|también)\b",
    re.I,
)
FRESH = re.compile(rf"\b(?:{PICS}(?<!ones)(?<!one)|what|which|show me|list)\b", re.I)
AGAIN = re.compile(
    r"\b(?:only|just|also|too|but|those|them|these|ones?|now|instead|more|of them)\b|^(?:and|or|no)\b", re.I
)
ELSE = re.compile(
    r"(?:post|send|share|forward|tell|upload|put|message|dm|ping|invite|ask|remind|notify|reply|delete)\b(?!ed)"
)
"""Begins an order to do something in Slack."""
MINE = re.compile(r"\b(?:mine|(?:from|by) (?:me|my))\b|\bI (?:\w+ )?\w+(?:ed|t|ot)\b", re.I)
OFF_IT = re.compile(r"\b(?:off|on|from|of) (?:it|this|that)\b", re.I)
""" "I uploaded my boarding pass, get the seat off it" is no search."""
DROP = re.compile(
    r"(?:(?:and|now|please)\s+)*(?:drop|remove|forget|lose|take off|delete|clear) (?:the )?(?P<what>[@#]?[\w' -]+?)"
    r"(?: filters?| ones?)?\W*"
)


def noticed(turn: Turn) -> Narrowed | None:
    """What of a message narrows a search by more than dates, files and shapes; None when nothing does."""
    before = None if turn.now.posted else turn.searched
    follows = before is not None
    if ELSE.match(plain(turn.now.text)):
        return None
    if follows and DROPS.search(plain(turn.now.text)):
        return None  # "not only mine"
    if before and (who := corrected(turn.now.text, before)):
        return Narrowed("", {"posted_by": who})
    left = set_aside(turn.now.text, turn.place, follows=follows)
    if only_mine(left) and turn.handles and not follows and not MINE.search(turn.now.text):
        return None  # "describe my photo"
    if before and not left.filters and (who := joining(turn.now.text, before)):
        left = Narrowed("", {"posted_by": who})
    if before and not left.filters and (who := leaving(turn.now.text, before)):
        left = Narrowed("", {"excluding": {"posted_by": who}})
    sought = left.sought and not turn.handles
    return left if left.filters or left.order or left.nearest or sought else None


def joining(said: str, before: Call) -> list[str]:
    """ "Or Ben", after what Anna posted: both of them; empty for anything else."""
    asked = (before.arguments.get("filters") or {}).get("posted_by")
    if not asked:
        return []
    pattern = rf"(?:and|or|plus|also|und|oder|et|y) (?P<who>{several('(?:me|mine)')}?)(?:'s)?\W*"
    match = compiled(pattern).fullmatch(said.strip())
    return list(dict.fromkeys([*asked, *split(match["who"])])) if match else []


def leaving(said: str, before: Call) -> list[str]:
    """ "Not Kai", after what somebody posted."""
    if not (before.arguments.get("filters") or {}).get("posted_by"):
        return []
    match = compiled(rf"{NOT} (?P<who>{several('me')})\W*").fullmatch(said.strip())
    return split(match["who"]) if match else []


def only_mine(left: Narrowed) -> bool:
    """Whether all that it says is "my"."""
    return left.filters == {"posted_by": ["me"]} and not left.order


def alone(left: Narrowed, turn: Turn) -> Plan | None:
    """The search of a message that says nothing of what images show: "Anna's photos", "only the ones from Ben"."""
    more = narrow(left.text, turn.clock)
    before = None if turn.now.posted else turn.searched
    again = before and (left.nearest or AGAIN.search(turn.now.text) or not FRESH.search(left.text))
    kinds = [] if again else only_names_one(query(more.text))
    if not (kinds or says_nothing(more.text, follows=bool(again))) or turn.now.posted:
        return None
    if turn.handles and not before and arguments.by_image(left.text):
        return None  # "more of those in #parts", of an image
    said = dict(before.arguments) if before and again else {}
    said = {name: value for name, value in said.items() if value not in (None, {}, []) and name != "without"}
    if kinds:
        left.put("kinds", kinds)
    filters = with_dates(said.get("filters", {}), more.filters)
    said = merged({**said, "filters": filters}, left, turn.now.text)
    return Plan((("search", {**said, "limit": more.limit} if more.limit else said),))


def dropped(turn: Turn) -> Plan | None:
    """The search before without a condition that is called by its value: "drop Anna", "remove #design"."""
    match = DROP.fullmatch(plain(turn.now.text))
    if not match or turn.now.posted or not turn.searched:
        return None
    arguments_ = turn.searched.arguments
    filters, value = dict(arguments_.get("filters") or {}), match["what"].removesuffix("'s").lstrip("#@")
    left = filters
    for name in LISTS:
        left = _without(left, name, [value, value.removesuffix("s")])
    if left == filters and (gone := _named(match["what"])):
        left = merged({"filters": filters}, Narrowed("", {"excluding": gone}), "").get("filters", {})
    return search({**arguments_, "filters": left}) if left != filters else None


def _named(said: str) -> dict[str, list[str]]:
    """The channel or the person that is called so, as what no hit may have; empty for anything else."""
    if re.fullmatch(r"#[\w-]+", said):
        return {"channels": [said.lstrip("#")]}
    return {"posted_by": split(said)} if re.fullmatch(one(), said.removesuffix("'s"), re.IGNORECASE) else {}


def search(said: dict[str, Any]) -> Plan:
    return Plan((("search", {name: value for name, value in said.items() if value not in (None, "", {}, [])}),))


def searches(plan: Plan) -> bool:
    return any(tool == "search" for tool, _ in plan.calls)


def with_these(plan: Plan, left: Narrowed, said: str) -> Plan:
    """The plan, its searches narrowed by this as well."""
    calls = ((tool, merged(args, left, said) if tool == "search" else args) for tool, args in plan.calls)
    return Plan(tuple(calls), plan.say, plan.status, plan.doubts)


def only_searches(left: Narrowed, turn: Turn) -> bool:
    """Whether a message so narrowed can be nothing but a search, although its other words do not say so."""
    if left.sought and not turn.handles:
        return True
    loud = loudest(plain(turn.now.text), LOOKS)
    posted = left.filters.keys() & {"posted_by", "channels", "with_text"} and re.search(
        rf"\b{PICS}\b", turn.now.text, re.IGNORECASE
    )
    if not turn.handles and (
        (loud >= 4 and not posted)
        or (only_mine(left) and (OFF_IT.search(turn.now.text) or not MINE.search(turn.now.text)))
    ):
        return False
    if not turn.handles or arguments.by_image(left.text):
        return True
    return ("channels" in left.filters or "posted_by" in left.filters) and loud < 4


def merged(said: dict[str, Any], left: Narrowed, text: str) -> dict[str, Any]:
    """Arguments of a search with one more set of conditions: later ones take the place of earlier ones of their kind,
    unless they are said to come on top ("also from Marek")."""
    filters, adds = dict(said.get("filters") or {}), bool(MORE.search(text))
    excluded = dict(filters.pop("excluding", {}) or {})
    for name, value in left.filters.items():
        if name == "excluding":
            continue
        back = [one for one in value if one in excluded.get(name, ())] if name in LISTS else []
        excluded = _without(excluded, name, value)
        if back and adds:
            continue  # "mine too", after "not mine"
        filters[name] = list(dict.fromkeys([*filters.get(name, ()), *value])) if adds and name in LISTS else value
    for name, value in left.filters.get("excluding", {}).items():
        filters = _without(filters, name, value)
        excluded[name] = list(dict.fromkeys([*excluded.get(name, ()), *value])) if name in LISTS else value
    filters = {**filters, **({"excluding": excluded} if excluded else {})}
    more = {
        "filters": filters,
        "limit": left.limit or said.get("limit"),
        "order": left.order or said.get("order"),
        "nearest": left.nearest or said.get("nearest"),
    }
    return {name: value for name, value in {**said, **more}.items() if value not in (None, "", {}, False)}


def _without(filters: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Conditions without these values of one of them."""
    if name not in LISTS:
        return {other: kept for other, kept in filters.items() if other != name or kept != value}
    gone = {one.casefold() for one in value}
    kept = [one for one in filters.get(name, ()) if one.casefold() not in gone]
    others = {other: kept_ for other, kept_ in filters.items() if other != name}
    return {**others, name: kept} if kept else others
