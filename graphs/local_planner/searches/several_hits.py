"""Which hits of a search a message means by "all of them" or "those"; or by numbers, where it was asked which."""

from __future__ import annotations

import re

from graphs.local_planner.language.phrases import plain
from graphs.local_planner.pointing.pointers import NUMBER, number
from graphs.local_planner.searches.onwards import ALL
from graphs.local_planner.turn import Turn

WHICH = 'Which of the hits do you mean? Say its number, as in "describe hit 2".'
ASKED_WHICH = re.compile(r'as in "describe hit \d+"\.$|or the number of one of these\.$')
"""Ends what was said when a number alone is enough of an answer."""
RANKS = re.compile(rf"\b({NUMBER})(?:\s*(?:-|–|to|through)\s*({NUMBER}))?\b", re.I)
NUMBERS = re.compile(
    rf"\W*(?:(?:(?:hits?|results?|numbers?|no(?=\W*\d)|nos|and|or|to|through|please|thanks)\b|{NUMBER}\b)\W*)+", re.I
)
""" "2", "1 and 3 please": hits, where it was asked which."""
EVERY = re.compile(
    r"\b(?:all|each|every|every one)(?: of)? (?:them|these|those|(?:the )?(?:hits?|results?|matches))\b|"
    r"\bthe (?:hits|results|matches)\b|\b(?:them|these|those|they) all\b",
    re.I,
)
THEM = re.compile(
    r"\b(?:they|them|these|those)\b(?! (?:ones? )?(?:with|without|from|in|on|at|by|of|that|which|where|when|like)\b)"
    r"(?! (?:were|are|was|got) (?:posted|shared|uploaded|sent)\b)",
    re.I,
)
ASKS = re.compile(
    r"(?:(?:and|but|ok|okay|now|then|please|so|also|great|cool|nice|thanks|(?:can|could|would|will) you|"
    r"i (?:want|need) you to)\W+)*(?:describe|read|caption|transcribe|compare|classify|categori[sz]e|summari[sz]e|"
    r"analy[sz]e|extract|translate|tag|label|check|look at|tell me|add|which|what|whats|who|when|where|from|how"
    r"(?! (?:did|do|sure)\b)|(?:do|does|did|have|has|was|were|is|are)(?! (?:there|you)\b))\b"
)
"""Begins what is asked of images, unlike a remark, a wish for others, or a search."""
ENOUGH = re.compile(
    r"(?:is|are)\b.*\b(?:all|it|only|the only ones|all (?:of (?:them|these|those)|there (?:is|are)|the (?:ones|hits|"
    r"results)|you (?:have|found|got)))\W*$"
)
""" "Is that all of them?"."""
SOME = re.compile(rf"\b(?:{NUMBER}|some|a few|half|most) of\W*$", re.I)
SHOWS = re.compile(
    r"(?:(?:and|ok|now|please|can|could|may|i|we|you|just|want to)\W+)*(?:show|list|give|get|see|display)\b"
)
"""Wants the hits themselves."""
THIS = re.compile(
    r"\b(?:it|its)\b(?! is\b)|\b(?:this|that)(?: (?:\w+ )?(?:one|image|photo|picture|pic|screenshot|hit|result|post|"
    r"message)(?! (?:of|with|from|that|showing)\b))?(?=\W*$| (?:been|posted|shared|uploaded|sent|put|come|from|by|in|"
    r"on|before|already|ever|again|first|originally|last|a repost)\b)",
    re.I,
)
"""One image at hand, unlike that in "this week" and "that won the prize"."""


def asked_back(turn: Turn) -> bool:
    """Whether it was asked just now which hits are meant."""
    return bool(turn.past and ASKED_WHICH.search(turn.past[-1].answer))


def listed(text: str) -> list[int]:
    """The ranks that a text lists, each once: "1, 3 and 5-7"."""
    spans = [(number(match[1]), number(match[2] or match[1])) for match in RANKS.finditer(text)]
    return list(dict.fromkeys(rank for first, last in spans for rank in range(first, last + 1)))


def named_alone(text: str, most: int) -> list[int]:
    """The ranks of the hits that an answer consists of; empty for any other. most: how many hits there are."""
    ranks = listed(text) if NUMBERS.fullmatch(text) else []
    return ranks if all(1 <= rank <= most for rank in ranks) else []


def of_all(text: str, turn: Turn) -> re.Match[str] | None:
    """Where a message that asks something of all hits calls them; None where the thread has images it may mean."""
    said = plain(text)
    if any(not image.hit for image in turn.images):
        return None
    if ALL.fullmatch(said):
        talked = turn.last is not None and turn.last.calls[-1].tool != "search"
        return re.match(r".*", text, re.S) if (asked_back(turn) or talked) and not SHOWS.match(said) else None
    if not ASKS.match(said) or ENOUGH.match(said):
        return None
    found = EVERY.search(text) or (None if turn.handles else THEM.search(text))
    begun = text[: found.start()] if found else ""
    return None if re.search(r"\?\s", begun) or SOME.search(begun) else found
