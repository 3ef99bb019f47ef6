"""Colours that images must mostly have: "mostly blue", "red and white ones". A "red bike" is something to be found."""

from __future__ import annotations

import re

from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.wordings import NOT

COLOUR = (
    r"(?:(?:dark|light|pale|bright) )?(?:black|gr[ea]y|white|red|pink|orange|brown|beige|yellow|olive|green|"
    r"turquoise|teal|"
    r"cyan|gold|silver|khaki|blue|navy|purple|violet|lilac|magenta|maroon)"
)
LIST = rf"{COLOUR}(?:(?:\s*,\s*| and | or | & |/){COLOUR})*"
BOTH = rf"{COLOUR}(?:(?:\s*,\s*| and | & ){COLOUR})+"
MOSTLY = r"(?:mostly|mainly|predominantly|largely|primarily|overwhelmingly|chiefly)"
FEW = r"(?:a lot of|lots of|plenty of|much)"


def colours(left: Narrowed) -> None:
    """Cut the colours that hits must, or must not, mostly have out of a request."""

    def put(match: re.Match[str]) -> None:
        found = [one.lower().replace("gray", "grey") for one in re.findall(COLOUR, match["colours"], re.IGNORECASE)]
        left.put("colours", found, without=bool(match.groupdict().get("not")))

    no = rf"(?P<not>{NOT}\s+)?"
    which = r"(?:(?:that|which) (?:are|is) |in |something )?"
    left.take(rf"(?:,\s*)?{no}\b{which}{MOSTLY} (?:in )?(?P<colours>{LIST})\b(?: ones?| colours?| tones?)*", put)
    left.take(rf"(?:,\s*)?{no}\b(?:that (?:are|is) )?(?:dominated by|full of) (?P<colours>{LIST})\b(?! \w)", put)
    main = r"(?:main|dominant|predominant|prevailing) colou?rs?"
    left.take(rf"(?:,\s*)?{no}\b(?:whose|with|where the) {main} (?:is|are|being)? ?(?P<colours>{LIST})\b", put)
    left.take(rf"{no}\bwith {FEW} (?P<colours>{LIST})(?: in (?:it|them))?(?=\s*(?:$|[,.;?!)]))", put)
    left.take(rf"(?:,\s*)?{no}\b(?:just |only )?(?:the )?(?P<colours>{BOTH}) ones?\b", put)
