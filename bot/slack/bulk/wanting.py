"""Pure: whether a message asks for alt text for a whole lot of images, and for which.

What names some of them ("image 2", "the last three", "all that show a dog"), asks about alt texts, or asks for
something else as well is a question like any other.
"""

from __future__ import annotations

import re
from enum import Enum


class Where(Enum):
    """Whose images are meant."""

    MESSAGE = "the message's own, or its thread's where it has none"
    THREAD = "the thread's"
    CHANNEL = "the channel's"


NUMBER = r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|a dozen|twelve|twenty|fifty|(?:a|two) hundred)"
NOUN = (
    r"(?:image|picture|pic|photo|photograph|screenshot|file|scan|attachment|upload|graphic|drawing|illustration|jpe?g"
    r"|png|pdf)"
)
ADJECTIVE = (
    r"(?:\s(?:new|attached|posted|uploaded|shared|above|following|remaining|other|product|sample|campaign|blog|web))"
)
OF = r"(?:\sof)?(?:\s(?:the|these|those|our|my))?"
THINGS = "|".join(
    (
        rf"\b(?:all|every|each)(?:\s(?:single|last))?(?:\sone)?{OF}(?:\s{NUMBER})?{ADJECTIVE}{{0,2}}\s{NOUN}s?\b",
        rf"\b(?:these|those|the|my|our){ADJECTIVE}{{0,2}}\s{NOUN}s\b",
        rf"\b(?:(?:these|those|the|my|our)\s)?{NUMBER}{ADJECTIVE}{{0,2}}\s{NOUN}s\b",
        r"\bfor\s(?:this|the|our)(?:\s(?:whole|entire))?\s(?:thread|channel|conversation)\b",
        r"\b(?:all|each|every one) of (?:them|these|those|it|the above)\b|\b(?:them|these|those) all\b|\beverything\b",
    )
)
MANY = re.compile(THINGS)
ALT = re.compile(r"\balt(?:ernative|ernate)?[\s-]?(?:text|tag|description)s?\b")
SOME = re.compile(
    r"\s*(?:\d|except|excluding|but\b|without|other than|apart from|minus|which (?:show|have)|showing|containing"
    r"|where|whose|if\b|named|called|number|from (?!this|the|our|here|above)|to \d|through|with\b"
    r"|of (?!this|the (?:thread|channel|message|conversation)|our|my|these|those|them)"
    r"|that (?!i\b|we\b|you\b|he\b|she\b|they\b|are\b|were\b|was\b|have been))"
)
"""What narrows down the images it stands behind."""
SOME_OF = re.compile(
    r"\b(?:(?:first|last|latest|newest|oldest|next|top|other)\s|(?:one|some|any|half|most|few|several|couple|part|none|which"
    r"|either|two|three|four|five|\d+|best|\w+est)\sof\s(?:the\s)?)$"
)
"""What narrows down the images it stands before."""
NO_WISH = re.compile(
    r"^(?:how|what|whats|why|when|who|where|which|did|have|has|had|is|are|was|were|do (?:you|we|i|they|these|those|any)"
    r"|does|should|must|explain|the alt"
    r"|i (?:wrote|have|had|did|will|can|was|already)|we (?:wrote|have|had|did|will|already)|thanks|thank)\b"
    r"|\b(?:don'?t|do not|never|no need|stop|cancel|instead of|no longer|not yet|in an? (?:thread|channel))\b"
    rf"|\b(?:{NOUN}s?|they|these|those|it) (?:already |still )?(?:have|has|had|having)\b"
)
OTHER = re.compile(
    r"\b(?:compare|check|translate|shorten|improve|rewrite|rephrase|change|edit|review|fix|delete|remove|count|classify"
    r"|sort|extract|transcribe|read|find|search|total|sum|how many|same|shorter|longer|better)\b"
)
"""What is asked beside it, or in place of it: a job writes alt texts and nothing else."""
CHANNEL = re.compile(r"\b(?:(?:this|the|our|whole|entire)\s)+channel\b")
OWN = re.compile(r"\b(?:these|those|attached|following|this message|below)\b")
SENTENCE_ENDS = re.compile(r"[.!?;]+(?:\s|$)")
POLITE = re.compile(r"^(?:hi|hello|hey|ok|okay|so|and|now|please|also|then|great|good morning)\b[\s,:!]*")


def wanted(words: str) -> Where | None:
    """Which images a message wants alt texts for, in plain words without the bot's mention; None when it asks no such
    thing."""
    said = " ".join(words.lower().replace("’", "'").split())
    if NO_WISH.search(_bare(said)) or OTHER.search(said):
        return None
    if not any(_wishes(sentence) for sentence in [said, *SENTENCE_ENDS.split(said)]):
        return None
    if CHANNEL.search(said):
        return Where.CHANNEL
    return Where.MESSAGE if OWN.search(said) else Where.THREAD


def _wishes(sentence: str) -> bool:
    if not ALT.search(sentence):
        return False
    return any(_is_whole(sentence[: lot.start()], sentence[lot.end() :]) for lot in MANY.finditer(sentence))


def _is_whole(before: str, after: str) -> bool:
    """Whether nothing around them narrows the images down."""
    return not SOME.match(after) and not SOME_OF.search(before[-40:])


def _bare(said: str) -> str:
    """Without the words of politeness it begins with."""
    while (shorter := POLITE.sub("", said)) != said:
        said = shorter
    return said
