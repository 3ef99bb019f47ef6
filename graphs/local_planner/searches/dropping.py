"""What a search is no longer to be narrowed by: "remove the date", "from anyone", "in any channel", "drop Anna"."""

from __future__ import annotations

import re
from typing import Any

KEYS = (
    r"(?:dates?|times?|years?|sizes?|formats?|types?|folders?|orientations?|limits?|channels?|people|persons?|posters?|"
    r"names?|authors?|colou?rs?|kinds?|texts?|words?|threads?|order|sorting)"
)
SAYS = (
    r"(?:(?:and|now|ok|or|but|please|whenever|any ?time|actually|hm+|sorry|oh|well|you know what|maybe|just|"
    r"in fact|so|then|never ?mind)[\s,.!-]+)*"
)
AFTER = r"(?: (?:then|again|altogether|entirely|completely|too|thing|bit|part|please|for me))*"
DROPS = re.compile(
    rf"^{SAYS}(?P<when>whenever|any ?time|(?:at|from) any ?(?:time|point)|(?:from |of )?all time|no matter when|"
    r"regardless of when|i do not (?:care|mind) (?:about )?when|(?:it )?does not matter when|when does not matter|"
    r"ever|from ever)(?: (?:is|works|will) (?:fine|do|ok|too))?(?: it was(?: posted| shared| from)?)?$|"
    rf"^{SAYS}(?:i do not (?:care|mind) (?:about )?|(?:it )?does not matter |no matter |regardless of |"
    rf"irrespective of |whatever )(?:the |what |which )?(?P<never>{KEYS})$|"
    rf"^{SAYS}(?:the )?(?P<moot>{KEYS}) (?:does not|do not|is not|are not) (?:matter|important|relevant)$|"
    rf"^{SAYS}(?:drop|remove|forget|ignore|lift|skip|lose|take off|ditch|scrap|kill|clear|delete|cut|"
    rf"never ?mind|get rid of)(?: about)? (?:the |that |those |my )?(?P<gone>{KEYS}){AFTER}$|"
    r"^(?:(?:and|now|ok|or|from|in|at|just)\s+)*(?:(?:any|every)(?=w)|(?=wherever))(?P<place>where)(?:ver)?$|^(?:(?:and|now|ok|or|at|in|of|from)\s+)*"
    rf"(?:any|all|every) (?P<all>{KEYS})$|"
    r"^(?:(?:and|now|ok|but|please)\s+)*(?:everything,? )?(?:(?:drop|remove|forget|ignore|lift|skip|lose|take off) "
    rf"(?:the |that )?(?P<bare>{KEYS})|(?:no|without) (?:the |that )?(?P<no>date|time|year|size|format|type|"
    rf"folder|orientation|limit|colou?r|channel|kind)s?)$|"
    rf"\bany (?P<any>date|time|year|size|format|type|folder|orientation|channel|person|colou?r|kind)\b|"
    r"^(?:(?:and|now|ok|or|but)\s+)*(?:(?:posted |shared )?(?:from|by) )(?P<who>any ?(?:one|body)|every ?(?:one|body))"
    rf"(?: else)?(?:'s)?$|^{SAYS}(?:all of )?(?P<anyone>everyone|everybody|anyone|anybody|whoever|any person|"
    r"the whole team|the team|all of us)(?:'s)?$|"
    r"^(?:and |now )*(?P<all_of>every(?:one|body)'s)(?: ones| too)?$|"
    r"^not (?:just|only) (?P<whose>hers|his|theirs|[a-z]+'s|mine)$|"
    r"\b(?:drop|remove|without|forget|ignore|clear|lift|no)\b (?:the |any |all )*"
    rf"(?:(?P<what>{KEYS})\b ?)?(?:filters?|limits?|restrictions?|conditions?)\b"
)
DROPPED = {
    "date": r"^(?:after|before)$",
    "time": r"^(?:after|before)$",
    "year": r"^(?:after|before)$",
    "size": r"width|height|size",
    "format": r"mime",
    "type": r"mime|kinds",
    "kind": r"mime|kinds",
    "folder": r"folder",
    "place": r"folder|channels|thread",
    "channel": r"channels",
    "thread": r"thread",
    "orientation": r"orientation",
    "who": r"posted_by",
    "person": r"posted_by",
    "people": r"posted_by",
    "poster": r"posted_by",
    "name": r"posted_by|name_contains",
    "author": r"posted_by",
    "colour": r"colours",
    "color": r"colours",
    "text": r"with_text",
    "word": r"with_text",
}
"""Which filters a word takes away."""


def _what(dropped: re.Match[str]) -> str | None:
    """The word for what is to go; None for everything."""
    if dropped["place"]:
        return "place"
    if dropped["who"] or dropped["anyone"] or dropped["whose"] or dropped["all_of"]:
        return "who"
    if dropped["when"]:
        return "date"
    return next(
        (dropped[name] for name in ("never", "moot", "gone", "all", "what", "any", "bare", "no") if dropped[name]), None
    )


def without(before: dict[str, Any], dropped: re.Match[str]) -> dict[str, Any]:
    """The search without its limit or order, or without all or some of its filters; `dropped`: a match of `DROPS`."""
    what = _what(dropped)
    if what and what.startswith(("limit", "order", "sort")):
        gone = "limit" if what.startswith("limit") else "order"
        return {name: value for name, value in before.items() if name != gone}
    named = DROPPED.get((what or "").removesuffix("s"), r".")
    filters = before.get("filters", {})
    kept = {name: value for name, value in filters.items() if name != "excluding" and not re.search(named, name)}
    if excluded := {name: value for name, value in filters.get("excluding", {}).items() if not re.search(named, name)}:
        kept["excluding"] = excluded
    return {**before, "filters": kept}
