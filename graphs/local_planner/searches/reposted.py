"""Whether an image was posted before: "have we posted this before?", "a repost?", "when did we last share it?"."""

from __future__ import annotations

import re
from typing import Any

from graphs.local_planner.filtering import narrow
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.language.filler import says_nothing
from graphs.local_planner.language.phrases import plain
from graphs.local_planner.pointing.references import Reference, focus
from graphs.local_planner.searches.hit_images import stands
from graphs.local_planner.turn import Turn

TOOL = "posted_before"
SEVERAL = 5
"""Hits that are asked after at once."""
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
POSTING = re.compile(
    rf"\bwho (?:(?:has|had|originally|first|again|was it (?:that|who)) )*"
    r"(?:posted|shared|uploaded|sent|added|put up)\b|"
    rf"\bwho (?:is|was) {IT} (?:from|by)\b|\b(?:when|where)(?: exactly)?(?: and (?:when|where))? "
    rf"(?:is|was|did|does|are|were)\b.*\b{IT}\b.*\b(?:from|posted|shared|uploaded|sent|added|put up|come)\b|"
    rf"\b(?:what|which) (?:channel|day|date|thread|message|post)\b.*\b(?:is|was|did|does)\b.*\b{IT}\b.*\b(?:in|on|from|"
    rf"posted|shared|of|come)\b|\b(?:link|url|permalink|address|original (?:message|post)|message|post|source|poster)"
    rf" (?:to|of|for|with|behind) {IT}\b|\b{IT}(?:'s)? (?:link|url|permalink|poster|original (?:message|post))\b|"
    rf"\bwhere can (?:i|we) (?:find|see)\b.*\b(?:message|post)\b.*\b{IT}\b|\bopen {IT} in slack\b"
)
"""Asks of a hit who posted it, where or when, or for its address."""
LIKE = re.compile(r"(?<!feel )\b(?:like|similar|duplicates of|copies of|anything|something|look-?alikes?|matches)\b")
"""Asks for what looks like it, which is a search."""
AFRESH = re.compile(
    r"(?:(?:please|now|and|ok|okay|can you|could you) )*(?:find|search|show|look|get|give|list|fetch)\b.*"
    r"\b(?:photos?|images?|pictures?|pics?|shots?|screenshots?|receipts?|documents?|drawings?|files?|pdfs?)\b"
)
"""Asks for images, whatever was asked before."""


def narrowed(turn: Turn, aside: Narrowed) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The latest question after earlier postings once more, of a message that only narrows it: "in #design?"."""
    last = turn.last.calls[-1] if turn.last else None
    if not last or last.tool != TOOL or turn.now.posted or aside.order or AFRESH.match(plain(turn.now.text)):
        return ()
    left = narrow(aside.text, turn.clock)
    filters = {**left.filters, **aside.filters}
    if not filters or not says_nothing(left.text, follows=True):
        return ()
    filters = {**(last.arguments.get("filters") or {}), **filters}
    return ((TOOL, {**last.arguments, "filters": filters}),)


def asks(text: str, *, of_hits: bool = False) -> bool:
    """Whether a sentence asks after the postings of an image; of hits also for their own."""
    said = plain(text)
    return not LIKE.search(said) and bool(ASKED.search(said) or (of_hits and POSTING.search(said)))


def asked(text: str, turn: Turn, reference: Reference, aside: Narrowed) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The calls of a question after earlier postings of an image at hand; none for any other message."""
    handles = reference.handles or focus(text, turn)
    of_hits = bool(handles) and all(_is_hit(handle, turn) for handle in handles)
    if TOOL not in turn.tools or not handles or not asks(text, of_hits=of_hits):
        return ()
    left = narrow(text, turn.clock)
    filters = {**left.filters, **aside.filters}
    more = {"filters": filters} if filters else {}
    return tuple((TOOL, {"image": handle, **more}) for handle in handles[: SEVERAL if of_hits else 1])


def _is_hit(handle: str, turn: Turn) -> bool:
    """Of the latest search, or of an earlier one and asked about since."""
    return stands(handle) or any(image.handle == handle and image.hit for image in turn.images)
