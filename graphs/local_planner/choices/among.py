"""One thing sought among several images: "which of these is a volcano?", "is either of them a lobster?"."""

from __future__ import annotations

import re

from graphs.local_planner.choices import label_items
from graphs.local_planner.language.phrases import written_out

THEM = r"(?:of )?(?:these|those|them|the (?:two|three|four|five|images|photos|pictures|pics|ones|lot|bunch))"
PIC = r"(?:image|photo|picture|pic|shot|one|file|scan|page)s?"
THING = r"(?P<thing>[\w' -]{3,40}?)"
END = r"(?:\s*,)?(?: (?:here|then|please|if any|in the thread|(?:of|among|in) (?:these|them|those)))*\s*[?.!]*$"
SOUGHT = (
    rf"^(?:and |so |ok |now )*(?:which|what)(?: {PIC})?(?: {THEM})?(?: {PIC})? (?:is|are|was)(?: not)? (?:an?|"
    rf"some)\s+{THING}{END}",
    rf"^(?:and |so |ok |now )*(?:which|what)(?: {PIC})?(?: {THEM})?(?: {PIC})? (?:shows?|depicts?|"
    rf"looks? like)\s+{THING}{END}",
    rf"^(?:and |so )*(?:is|are) (?:any|either|one|some|none|which)(?: one)? {THEM} (?:an?|some)\s+{THING}{END}",
    rf"^(?:and |so )*(?:do|does) (?:any|either|one|some)(?: one)? {THEM} (?:show|depict|look like)\s+{THING}{END}",
    rf"^(?:only )?(?:one|some|two) {THEM} (?:is|are|must be|should be|shows?)(?: an?)?\s+{THING}[,.;]?\s*(?:but )?which"
    rf"(?: (?:one|ones|is it))?\W*$",
    rf"^(?:please )?(?:pick out|point out|single out|spot)\s+{THING}{END}",
    rf"^(?:please )?(?:find|spot|where is|locate|identify|pick)\s+{THING} (?:among|amongst|in|of|from|out of) "
    rf"(?:these|those|them|the (?:two|three|four|five|lot|bunch))\s*[?.!]*$",
)
NOT_SOUGHT = re.compile(
    r"\b(?:(?!forest|chest|nest|harvest|guest|priest|crest|vest)\w{3,}est|better|best|worse|worst|more|most|less|"
    r"least|odd|same|different|differences?|mistakes?|errors?|"
    r"changes?|changed|original|copy|duplicate|edited|version|total|date|text|number|correct|right|wrong|what|how|it|"
    r"this|that|them|not|like|others?|all|any|good|bad)\b",
    re.I,
)
"""What is asked about images side by side, or read on them, is not one thing to score."""


def sought(text: str) -> list[str]:
    """The label to score on each of several images; empty when a sentence does not look for one."""
    said = written_out(text)
    for pattern in SOUGHT:
        if match := re.match(pattern, said, re.I):
            thing = label_items.ARTICLE.sub("", match["thing"].strip())
            return [] if len(thing.split()) > 4 or NOT_SOUGHT.search(thing) else [thing]
    return []
