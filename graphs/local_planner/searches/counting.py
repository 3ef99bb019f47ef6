"""Counts of images in the archive: "how many receipts did Ben post?", "who posted the most photos of dogs?"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from graphs.local_planner.calling import Plan
from graphs.local_planner.filtering.wordings import PICS, SHARED
from graphs.local_planner.language.phrases import plain, tidy
from graphs.local_planner.searches.onwards import HOW_MANY
from graphs.local_planner.searches.queries import STORE
from graphs.local_planner.turn import Turn

TOOL = "tally"
SO = r"^(?:(?:and|so|ok|now|please|can you tell me|tell me|do you know|i wonder|whats|what is|what's)[\s,]+)*"
WHAT = r"(?P<what>.+?)\W*$"
POSTS = rf"(?:{SHARED}|posts|shares|uploads|post|share|upload)"
MOST = (
    ("person", re.compile(rf"{SO}who (?:(?:has|have|had) )?{POSTS} (?:the )?most {WHAT}", re.I)),
    (
        "person",
        re.compile(
            rf"{SO}(?:which|what) (?:person|user|colleague|member) (?:(?:has|had) )?{POSTS} (?:the )?most {WHAT}", re.I
        ),
    ),
    ("person", re.compile(rf"{SO}who {POSTS} how many {WHAT}", re.I)),
    ("person", re.compile(rf"{SO}how many (?:people|users|colleagues) (?:(?:has|have|had) )?{POSTS} {WHAT}", re.I)),
    ("person", re.compile(rf"{SO}who (?:has|had) (?:the )?most {WHAT}", re.I)),
    (
        "channel",
        re.compile(
            rf"{SO}(?:in )?(?:which|what) channel (?:has|had|have|holds|got|gets|sees) (?:the )?most {WHAT}", re.I
        ),
    ),
    ("channel", re.compile(rf"{SO}(?:where|in (?:which|what) channel) (?:are|were) (?:the )?most {WHAT}", re.I)),
    ("day", re.compile(rf"{SO}(?:on )?(?:which|what) day (?:has|had|saw|were|was) (?:the )?most {WHAT}", re.I)),
    ("month", re.compile(rf"{SO}(?:in )?(?:which|what) month (?:has|had|saw|were|was) (?:the )?most {WHAT}", re.I)),
)
"""Ask by whom, where or when most were posted."""
PER = re.compile(
    r",?\s*\b(?:by|per|for each|for every|in each|in every|from each|from every) "
    r"(?P<by>person|people|user|member|poster|channel|day|month)\b",
    re.I,
)
BY = {"people": "person", "user": "person", "member": "person", "poster": "person"}
MANY = re.compile(
    rf"{SO}(?:how many|count(?: up)?(?: all)?(?: of)?(?: the)?|(?:the )?(?:total |overall )?(?:number|count) of) "
    rf"{WHAT}",
    re.I,
)
THERE = re.compile(
    rf"\s*\b(?:(?:are|is|were) (?:there|(?=(?:in|from) (?:the|our) {STORE}))|do (?:we|you|i) have|have (?:we|you) got|"
    rf"(?:are |is )?(?:in|of) (?:the|our|your) {STORE})(?: (?:in total|altogether|overall))?",
    re.I,
)
"""Says of nothing in particular that it is there."""
HERE = re.compile(r"\b(?:in |around )?here(?=\W*$)", re.I)
LEFT = re.compile(rf"(?:\s+\b(?:{POSTS}|there|in total|altogether))+\W*$", re.I)
OF_AN_IMAGE = re.compile(
    r"^(?:have|has|did|do|does|are|is|were|was|of)\b|\b(?:it|this(?! (?:channel|year|quarter|month|week))|that|these|"
    rf"those|them)\b|\b(?:in|on|at|of|inside) (?:the|my|our|your|each|every) (?:\w+ )?(?:{PICS}|background|foreground|"
    r"front|back|table|page|receipt|invoice|menu|chart|graph|list|text|left|right|top|bottom|middle)\b",
    re.I,
)
"""Counts what an image shows, or the images of the thread."""
ONLY_PICTURES = re.compile(rf"(?:(?:all|the|of|our|any) )*{PICS}?\W*", re.I)


@dataclass(frozen=True)
class Count:
    """A message that asks for a count."""

    sought: str
    """The same as a request for these images."""
    by: str = ""
    whole: bool = False
    """Whether only the archive can be meant: in a thread with images "how many dogs?" is about these."""
    everything: bool = False
    """Whether nothing is said of what they show, nor where they are from."""


def asked(turn: Turn) -> Count | None:
    """What is to be counted; None for any other message."""
    text = tidy(turn.now.text)
    if turn.now.posted or TOOL not in turn.tools or HOW_MANY.fullmatch(plain(text)):
        return None
    if most := next(((by, match) for by, pattern in MOST if (match := pattern.match(text))), None):
        return _count(most[1]["what"], most[0], whole=True)
    match = MANY.match(text)
    if match is None or OF_AN_IMAGE.search(THERE.sub("", match["what"])):
        return None
    per = PER.search(match["what"])
    by = BY.get(per["by"].lower(), per["by"].lower()) if per else ""
    return _count(PER.sub("", match["what"]), by, whole=bool(per or re.search(rf"\b{STORE}\b", text, re.I)))


def _count(what: str, by: str, *, whole: bool) -> Count:
    what = HERE.sub("in this channel", what)
    what = THERE.sub("", what) if not by else LEFT.sub("", THERE.sub("", what))
    return Count(
        f"find {what.strip(' ?.!,')}", by, whole, everything=bool(ONLY_PICTURES.fullmatch(what.strip(" ?.!,")))
    )


def all_of(turn: Turn) -> Plan | None:
    """ "How many are there?", after a search: all that it could have found."""
    search = turn.searched
    if not search or turn.now.posted or TOOL not in turn.tools or not HOW_MANY.fullmatch(plain(turn.now.text)):
        return None
    return counted(Count(""), Plan((("search", search.arguments),)))


def counted(count: Count, plan: Plan) -> Plan | None:
    """The plan of the request as a count; None where it is no search for words, or for what passes some filters."""
    if count.everything and not plan.calls:
        return Plan(((TOOL, _said({}, count)),))
    [(tool, said)] = plan.calls if len(plan.calls) == 1 else [("", {})]
    if tool != "search" or any(said.get(name) for name in ("image", "like", "within")):
        return None
    return Plan(((TOOL, _said(said, count)),))


def _said(search: dict[str, Any], count: Count) -> dict[str, Any]:
    kept = {name: search[name] for name in ("query", "filters") if search.get(name)}
    return {**kept, "by": count.by} if count.by else kept
