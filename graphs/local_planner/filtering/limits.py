"""How many hits are wanted: "max 3", "half a dozen photos of", "ten of them"."""

from __future__ import annotations

import re

from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.pointing.pointers import NUMBERS, number

WORDS = {
    "half a dozen": 6,
    "a dozen": 12,
    "dozen": 12,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "fifty": 50,
    "a hundred": 100,
    "hundred": 100,
    "a couple of": 2,
    "a single": 1,
}


def limits(left: Narrowed) -> None:
    def limit(match: re.Match[str]) -> bool | None:
        said = match.groupdict()
        word = (said["n"] or said.get("n2") or "").lower()
        if word not in NUMBERS and not word.isdigit() and word not in WORDS:
            return False
        left.limit = WORDS.get(word) or number(word)
        return None

    pics = (
        r"(?:photos?|pictures?|pics?|images?|shots?|results?|hits?|matches|examples?|ones|snaps?|"
        r"screenshots?|options|similar|more|of them|pieces|suggestions|portrait|landscape|square|png|"
        r"jpe?g)"
    )
    n = rf"(?P<n>\d{{1,3}}|{'|'.join(NUMBERS)}|{'|'.join(WORDS)})"
    units = r"(?! (?:px|pixels|days|weeks|months|years))"
    left.take(rf"^(?:please )?(?:show|get|give|find|grab|fetch)(?: me| us)? {n}\b{units}", limit)
    left.take(rf"^{n}\b(?= (?!of\b)(?:[\w-]+ ){{1,3}}{pics}\b)", limit)
    left.take(rf"^(?:the )?{n} (?:best|nicest|top|random)\b(?= (?!ones?\b)\w)", limit)
    left.take(rf",?\s*\b{n} of (?:those|them|these)\b", limit)
    left.take(
        (
            rf",?\s*\b(?:no more than|not more than|at most|max(?:imum)?\.?(?: of)?|up to|limit(?:ed)?(?: it|"
            rf" them)?(?: to)?|only show|show only|limit\s*[:=]|(?:the )?top|(?:the )?first|(?:the )?best|"
            rf"no more) ?{n}\b(?: (?:of them|results?|hits?|{pics}|please))*"
        ),
        limit,
    )
    left.take(
        (
            rf",?\s*\b{n} (?:max|maximum|at most|tops|is enough|are enough|will do|is fine|would be enough|"
            rf"is plenty|suffices)\b"
        ),
        limit,
    )
    left.take(
        (
            rf",?\s*\b(?:just |only |the |about |some )*{n}(?= (?:(?:more|similar|other|random|good|nice|"
            rf"different|square|portrait|landscape|best|top|nicest|latest|newest|most recent|recent|"
            rf"great) )*{pics}\b)(?: of them)?"
        ),
        limit,
    )
    left.take(
        (
            rf",?\s*\b(?:just|only|make (?:it|that)|give me|show me|show|i (?:only )?(?:want|"
            rf"need)) {n}(?: instead| please| only| of (?:them|those))?\s*[.!]?$"
        ),
        limit,
    )
    left.take(
        rf",?\s*\b(?:(?:only|just|show|the) )+{n} (?:best|top|closest|nearest|newest|latest|most similar)\b(?: ones?)?"
        r"(?: (?:is|are) (?:enough|fine|plenty))?",
        limit,
    )
    left.take(r",\s*(?P<n>\d{1,3})(?: (?:please|of them|max|or so|tops|is enough|will do))*\W*$", limit)
    left.take(rf",?\s*\b{n} (?:say|perhaps|maybe|or so)\W*$", limit)
    left.take(r",?\s*\b(?:only|just|gimme|give me) (?P<n>\d{1,3})\W*$|,\s*(?P<n2>\d{1,3}) of (?:them|those)\W*$", limit)
    left.take(rf"^(?:fewer|less|more|just|maybe|perhaps)?,? ?(?:like|say|about|around|maybe|roughly) {n}\W*$", limit)
    left.take(rf"^\W*{n}(?: (?:instead|please|only|is enough|are enough|will do|of them|results?))*\W*$", limit)
