"""What people say of hits besides what these show: who posted them, where, what is written on them, what they are not.

It is cut out of a message before anything else is read in it, with its capitals: the rest is what is looked for.
"""

from __future__ import annotations

import re

from graphs.local_planner.filtering.channels import channels
from graphs.local_planner.filtering.colours import colours
from graphs.local_planner.filtering.kinds import kinds
from graphs.local_planner.filtering.narrowed import Narrowed
from graphs.local_planner.filtering.order import nearest, order
from graphs.local_planner.filtering.people import people
from graphs.local_planner.filtering.places import not_there
from graphs.local_planner.filtering.wordings import DONE, SHARED
from graphs.local_planner.filtering.words import words

OPERATOR = re.compile(r"(?<!\S)(before|after|on|during|since):\s?(?=\d)", re.IGNORECASE)
SEASON = re.compile(r",?\s*\b(?:in|during) (?:the )?(spring|summer|autumn|fall|winter)\b", re.IGNORECASE)
SOMEBODY = re.compile(
    r"\b(?:that|which) (?:somebody|someone|anybody|anyone|we|they)(?: has| have)? (?=\w+ed\b)", re.IGNORECASE
)
POSTER = re.compile(
    rf"^(?:(?:does anyone know|do you know|any idea|so),? )?who (?:else |first )?(?:has |have |had )?(?:{SHARED}) "
    r"(?=(?:an?|the|our|that|those|all) \w)",
    re.IGNORECASE,
)
NUMBER_OF = re.compile(
    r"^(?:(?:what(?: i|')s|whats|tell me|give me) )?(?:the )?(?:total |overall )?(?:number|count|amount) of |"
    r"^count (?:up )?(?:all )?(?:of )?(?:the )?|^how many times\b|^how often\b|"
    r",?\s*\b(?:in total|altogether|all in all|overall)\b",
    re.IGNORECASE,
)
LEFT = re.compile(
    rf"(?:\b(?:that|which) )?\b(?:(?:somebody|someone|anybody|anyone|one of us|they|we|was|were|it was) )*"
    rf"(?:{DONE}|dropped|put|stuck|chucked|threw|popped|pasted|linked|forwarded)"
    r"(?: (?:it|them))?(?: (?:in|on|to|there))?(?=\s*(?:$|[,.;?!)]))",
    re.IGNORECASE,
)
"""What is left of "that somebody posted in #random" without the channel."""
NOISE = re.compile(r"\s*\(\s*\)|,?\s*\byou know\b|\s+(?=[,.;?!)])", re.IGNORECASE)


def set_aside(text: str, place: str, *, follows: bool) -> Narrowed:
    """What narrows a search by more than dates, files and shapes; `text` is what is left of the message.

    text: one line, as written. place: id of the channel it is asked in, if known. follows: it goes on from a search.
    """
    left = Narrowed(OPERATOR.sub(r"\1 ", text))
    left.text = POSTER.sub("", left.text)
    left.sought = left.text != OPERATOR.sub(r"\1 ", text)
    left.text = NUMBER_OF.sub(" ", left.text).strip()
    words(left)  # first: what is quoted names no one
    order(left, follows=follows)
    people(left)
    channels(left, place)
    not_there(left)
    kinds(left, follows=follows)
    colours(left)
    if follows:
        nearest(left)
    if left.filters.keys() & {"posted_by", "channels"}:
        # "... Ines posted it in spring": of what somebody did, a season is when
        left.text = SEASON.sub(r" from this \1", left.text)
    if left.filters:
        left.text = LEFT.sub("", SOMEBODY.sub("", left.text))
    left.text = re.sub(r"\s+", " ", NOISE.sub("", left.text)).strip(" ,;:-")
    return left
