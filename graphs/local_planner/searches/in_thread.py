"""Images sought in the thread at hand: "find the receipt in this thread", "which images in this thread show a dog?"."""

from __future__ import annotations

import re
from typing import Any

from graphs.local_planner.answering import smalltalk
from graphs.local_planner.calling import MOST, Plan
from graphs.local_planner.choices import label_items
from graphs.local_planner.choices.among import NOT_SOUGHT
from graphs.local_planner.language.filler import NARROWS, without_filler
from graphs.local_planner.language.phrases import plain, tidy
from graphs.local_planner.searches.queries import PIC
from graphs.local_planner.turn import Turn

SEARCH = Plan((("search", {}),))
HERE = {"thread": "this"}
"""The condition that hits were posted in it."""
IN_IT = re.compile(
    r",?\s*\b(?:(?:(?:that|which) )?(?:is|are|was|were|got) )?(?:(?P<done>posted|shared|uploaded|sent) )?(?:here )?"
    r"(?:in|from|of|within|inside) (?:this|our|the(?= (?:thread|conversation)\b\W*$)) (?:thread|conversation)"
    r"(?: (?:only|alone))?\b",
    re.IGNORECASE,
)
SOMEBODY = re.compile(r"(?:\b[A-Z][\w.-]*|@[\w.-]+|>|\b(?:I|i|we|you|they|he|she|who|has|have|had))$")
"""Before "posted": whoever did it."""
ARTICLE = r"(?:(?:an?|the|all|all the|any|some|our|my|every) )?"
PICTURED = rf"(?:{PIC} (?:of|with|that shows?|showing|where there (?:is|are)|from) (?:an?|the|some)? ?)?"
THING = rf"(?P<thing>[a-z][\w' -]{{1,38}}?)(?: {PIC})?\W*"
PLEASE = r"(?:(?:and|so|ok|now|can you|could you|please|only|just) )*"
SEEKS = tuple(
    re.compile(f"{PLEASE}{wording}")
    for wording in (
        r"(?:find|search for|look for|show|get|give|locate|spot|fetch|pull up|pick out)(?: me| us)? "
        rf"{ARTICLE}{PICTURED}{THING}",
        r"(?:where (?:is|are)|is there|are there|do we have|has anybody posted|search|look|"
        rf"did (?:we|anyone|anybody|somebody) (?:post|share)) {ARTICLE}{PICTURED}{THING}",
        rf"(?:which|what)(?: of)?(?: the| these| our)?(?: {PIC})?(?: that)? "
        rf"(?:is|are|was|were|shows?|depicts?|has|have|contains?|looks? like) (?:(?:an?|the|some) )?{THING}",
        rf"how many (?:of the (?:{PIC} )?(?:are|show) )?{ARTICLE}{PICTURED}{THING}"
        r"(?: (?:are|is|were) there| do we have)?\W*",
    )
)
"""Ask for what shows one thing."""
LISTS = re.compile(
    rf"(?:show|list|find|get|see)(?: me| us)? (?:everything|all(?: the)?(?: {PIC})?|anything)\W*|"
    rf"(?:which|what)(?: {PIC})? (?:did|has|have) \S.*"
)
"""Ask for whatever there is."""
FINDS = re.compile(rf"{PLEASE}(?:find|search|look for) \S.*")
ANYTHING = re.compile(
    rf"(?:{PIC}|everything|anything|all|what|it|this|them|people say\w*|said)(?: {PIC})?(?: (?:are|is) there)?"
)


def without(turn: Turn) -> Turn | None:
    """The turn without its "in this thread", when it says so and asks for images; None for any other."""
    text = tidy(turn.now.text)
    if turn.now.posted or not IN_IT.search(text) or smalltalk.of_the_thread(plain(text), turn.images):
        return None
    rest = turn.saying(tidy(IN_IT.sub(_cut, text)))
    return rest if seeks(rest) or narrows(rest) else None


def _cut(match: re.Match[str]) -> str:
    """What stays of "posted in this thread": the verb of somebody who did."""
    by = match["done"] and SOMEBODY.search(match.string[: match.start()].rstrip())
    return f" {match['done']} " if by else " "


def seeks(rest: Turn) -> bool:
    said = plain(rest.now.text)
    return any(pattern.fullmatch(said) for pattern in (*SEEKS, LISTS, FINDS))


def lists(rest: Turn) -> bool:
    return bool(LISTS.fullmatch(plain(rest.now.text)))


def narrows(rest: Turn) -> bool:
    """Whether nothing else is said after a search: "only the ones in this thread"."""
    return bool(rest.searched) and not thing(rest) and not without_filler(NARROWS.sub(" ", plain(rest.now.text)))


def thing(rest: Turn) -> str:
    """The one thing that images are asked to show, as a label; empty where there is none."""
    said = plain(rest.now.text)
    found = next((match for pattern in SEEKS if (match := pattern.fullmatch(said))), None)
    named = label_items.ARTICLE.sub("", found["thing"].strip()) if found else ""
    if ANYTHING.fullmatch(named) or len(named.split()) > 4 or NOT_SOUGHT.search(named):
        return ""
    return re.sub(r"(?<=[a-z]{3})(?<!s)(?<!u)s$", "", named)


def one_by_one(rest: Turn) -> Plan | None:
    """Whether each image of the thread shows it; None where there are none, or too many to look at each."""
    own = [image.handle for image in rest.images if not image.hit and image.handle in rest.handles]
    images = own or list(rest.handles)  # else the hits that were talked about
    label = thing(rest)
    if not label or not 0 < len(images) <= MOST:
        return None
    return Plan(tuple(("classify", {"image": handle, "labels": [label]}) for handle in images))


def searched(plan: Plan = SEARCH) -> Plan:
    """The same searches, of what was posted in this thread."""
    return Plan(tuple((tool, _here(said)) for tool, said in plan.calls))


def _here(said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "filters": {**(said.get("filters") or {}), **HERE}}
