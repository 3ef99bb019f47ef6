"""Words that say nothing of what is asked or shown: what is left without them counts."""

from __future__ import annotations

import re

from graphs.local_planner.language.phrases import plain
from graphs.local_planner.searches.queries import PIC

FILLER = re.compile(
    r"\b(?:and|n|what|how|about|same|again|repeat|that|this|it|for|do|does|did|also|now|too|please|with|"
    r"the|a|is|here|there|one|ones|thing|no|not|nope|i|you|we|meant|mean|wrong|"
    r"sorry|oops|ops|whoops|actually|try|instead|ok|okay|then|next|as|well|on|in|of|to|from|at|image|"
    r"images|picture|photo|pic|photos|pictures|another|other|hmm|uh|but|or|can|could|"
    r"my|your|go|let|us|me|them|these|those|be|was|were|are|goes|posted|uploaded|attached|attach|"
    r"attachment|upload|include|forgot|take|"
    r"use|so|yes|yeah|just|only|been|both|all|each|rather|new|last|want|wanted|should|have|mine|give|"
    r"run|leave|out|drop|skip|except|exclude|redo|rerun|retry|by|alone|itself|s|wait|missed|skipped|likewise|ditto|rest|question|check|look|see|card|"
    r"receipt|invoice|document|page|file|"
    r"screenshot|bill|form|letter|scan|thanks)\b"
)
NARROWS = re.compile(
    r"\b(?:anything|images?|shots?|pics?|photos?|pictures?|slides?|cool|great|wide|wider|format|scanned|end|show|need|are"
    r"|enough|results?|fine|give|ones|search|photos|newer|limit|them|those|find|get|any|some|filter|restrict|narrow|keep"
    r"|down|only|maximum|taken|by|do)\b"
)
"""Words around a filter or a limit that name nothing to be found."""
EMPTY = re.compile(
    r"\b(?:hers|his|theirs|nur|solo|solamente|seulement|alleen|somente|apenas|soltanto|all|everything|every|anything|any|"
    r"how many|how often|how much|"
    r"list|browse|search|display|what|stuff|things?|which|whatever|into|through|somewhere|came|come|been|posts?|uploads?|"
    r"postée?s?|partagée?s?|publiée?s?|subid[ao]s?|publicad[ao]s?|gepostete?[nrs]?|hochgeladene?[nrs]?|geteilte?[nrs]?|"
    r"posted|uploaded|shared|sent|added|ok|none|who|has|have|had|was|were|is|are|there|the|of|in|from|for|by|me|us|and|we|"
    r"i|you|see|look|show|find|get|give|pull|bring|fetch|dig|up|out|can|could|want|need|let|now|here|my|our|your|just|only|some|"
    r"more|these|those|they|them|it|please|with|to|at|on|a|an|that|new|did|do|"
    rf"{PIC})\b|'s\b"
)
"""Says nothing of what images show."""


def without_filler(text: str) -> str:
    """What a sentence says besides filler, with single spaces."""
    return " ".join(FILLER.sub(" ", re.sub(r"[^\w\s]", " ", text)).split())


def says_nothing(text: str, *, follows: bool = False) -> bool:
    """Whether words name nothing that images could show. `follows`: they go on from a search."""
    left = " ".join(EMPTY.sub(" ", re.sub(r"[^\w'\s]", " ", plain(text))).split())
    return not (without_filler(NARROWS.sub(" ", left)) if follows else left)
