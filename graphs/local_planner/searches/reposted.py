"""Whether an image was posted before: "have we posted this before?", "a repost?", "when did we last share it?"."""

from __future__ import annotations

import re
from typing import Any

from graphs.local_planner.filtering import narrow
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.language.filler import says_nothing
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.pointing.references import Reference, focus
from graphs.local_planner.turn import Turn

TOOL = "posted_before"
IT = r"(?:this|it|that|these|those|them|image \d+)"
UP = (
    r"(?:post(?:ed)?|shared?|upload(?:ed)?|sen[dt]|used?|put(?: up)?|shown|added|circulated|published|up|here|"
    r"around|seen)"
)
AGO = r"(?:since|before|already|earlier|previously|twice|ever|again|in the past|yet|first|last|once)"
ASKED = re.compile(
    rf"\bre-?post(?:ed)?\b|\bposted? (?:{IT} )?(?:again|twice)\b|"
    rf"\b(?:have|has|had|did|was|were|is|are|been)\b.*\b(?:{UP}\b.*\b{IT}|{IT}\b.*\b{UP})\b.*\b{AGO}\b|"
    rf"\b(?:have|has|had|did|was|were|is|are)\b.*\b{AGO}\b.*\b(?:{UP}\b.*\b{IT}|{IT}\b.*\b{UP})\b|"
    rf"\b(?:when|where|who|how (?:many times|often))\b(?: else| last| first)*\b.*\b(?:post|share|upload|put up)"
    rf"\w*\b.*\b{IT}\b|\b(?:when|where|how (?:many times|often))\b.*\b{IT}\b.*\b(?:posted|shared|uploaded|put up)\b|"
    rf"^{IT}(?: one| image| picture| photo)?(?: is| has| was)?(?: been)? (?:up|here|posted|shared) {AGO}\b|"
    rf"\b(?:have|did) (?:we|i|you|they) (?:ever |already )?(?:had|have|got) {IT}\b.*\b{AGO}\b|"
    rf"\b(?:sure|certain|think|swear|believe)\b.*\b(?:posted|shared|uploaded|sent|used) {IT}\b|"
    r"\b(?:schon|bereits)\b.*\b(?:gepostet|geteilt|hochgeladen|verschickt)\b|"
    r"\bdéjà (?:\w+ )?(?:postée?s?|partagée?s?|publiée?s?)\b|\bya (?:\w+ )?(?:publicado|compartido|subido)\b|"
    rf"\bduplicate\?.*\bseen {IT}\b|\b{IT}(?: one)?(?: is| has| was|'s)? (?:been )?(?:up|here|posted|shared) before\b"
)
LIKE = re.compile(r"(?<!feel )\b(?:like|similar|duplicates of|copies of|anything|something|look-?alikes?|matches)\b")
"""Asks for what looks like it, which is a search."""


def narrowed(turn: Turn, aside: Narrowed) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The latest question after earlier postings once more, of a message that only narrows it: "in #design?"."""
    last = turn.last.calls[-1] if turn.last else None
    left = narrow(aside.text, turn.clock)
    if not last or last.tool != TOOL or turn.now.posted or aside.order or not says_nothing(left.text, follows=True):
        return ()
    filters = {**left.filters, **aside.filters}
    if not filters:
        return ()
    filters = {**(last.arguments.get("filters") or {}), **filters}
    return ((TOOL, {**last.arguments, "filters": filters}),)


def asked(text: str, turn: Turn, reference: Reference, aside: Narrowed) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The calls of a question after earlier postings of an image at hand; none for any other message."""
    said = plain(text)
    handles = reference.handles or focus(text, turn)
    if TOOL not in turn.tools or not handles or LIKE.search(said) or not ASKED.search(said):
        return ()
    left = narrow(text, turn.clock)
    filters = {**left.filters, **aside.filters}
    more = {"filters": filters} if filters else {}
    return tuple((TOOL, {"image": handle, **more}) for handle in handles[:1])
