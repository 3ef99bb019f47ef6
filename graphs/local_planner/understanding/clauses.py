"""One message may ask several things: "read it and tell me if it is a receipt or an invoice"."""

from __future__ import annotations

import re

from graphs.local_planner.language.phrases import tidy

VERBS = (
    "read|find|search|show|tell|describe|compare|classify|categori[sz]e|extract|transcribe|translate|"
    "verify|analy[sz]e|explain|"
    "solve|give|get|write|look|ocr|summari[sz]e|identify|spot|pull|grab|say|let me know|work out|"
    "calculate|convert|make|crop|"
    "rotate|send|remind|pick|choose|suggest|parse|fetch|add up|see (?:if|whether)|walk|break|decide|"
    "point out|highlight|generate|"
    "create|recommend|need|want|do the same|remove|"
    # nouns too, unless something is done to something
    "(?:caption|label|tag|count|check|name|list|copy|type|fix|sort|scan|email|post|draw|edit|title|"
    "total)(?= (?:the|this|it|them|all|each|every|"
    "any|both|these|those|image|up|out|how|if|whether)\\b)"
)
ASKS = (
    r"what(?:'?s| is| are| does| do| did| was| kind| colou?r| text| date| type)?|who(?:'s)?|"
    r"where(?:'s)?|when|why|which|how (?:many|much|similar|big)|"
    r"how|is|are|does|do|did|was|has|have|can|could|would|will|any|if|whether"
)
SENTENCE = re.compile(
    rf"(?<=[^\W\d_])[.](?=\s|$)|(?<=\d)\.(?=\s+[A-Z])|[?!;…]+(?=\s(?!or\b)|$)|(?<=[?!])\s+(?!or\b)|"
    rf"\s+-\s+(?=(?:{ASKS})\b)"
)
LINK = re.compile(
    rf"[,\s]*(?:\b(?:and|then|but|plus|also|afterwards|as well as)\b|&|\+|,)(?:\s*(?:\b(?:and|then|"
    rf"also|finally|afterwards|after that|please|next)\b|,))*\s+"
    rf"(?=(?:(?:please|also|can you|could you)\s+)*(?:(?:{VERBS})\b|(?:{ASKS})\b(?!\s*(?:more|of\b))))",
    re.IGNORECASE,
)
AGAIN = re.compile(
    (
        r"\s+(?:and|&|plus)\s+(?:also\s+)?(?:for\s+)?(?=(?:photos?|pictures?|pics|images|some|"
        r"\d+) (?:photos? |pictures? |pics |images )?of\b)"
    ),
    re.IGNORECASE,
)
ABBREVIATED = re.compile(r"\b(?:no|nr|vs|e\.g|i\.e|etc|approx|inv|tel|st|mr|mrs|dr)\.(?=\s)", re.IGNORECASE)
IDLE = re.compile(
    (
        r"(?:so )?(?:what do (?:you|u) (?:think|reckon|say)|you (?:choose|decide)|your call|forget (?:it|"
        r"that)|never ?mind|"
        r"scrap (?:it|that)|(?:no )?wait|any (?:ideas?|"
        r"clue)|who is right|help|would you say|i (?:do not|don'?t) (?:need|want|care (?:about|for))\b[\w ]*)"
    ),
    re.I,
)
"""Says that an answer is wanted, not which."""
LONE = re.compile(r"^(?:(?:and|then|also|plus|but)\s+)+", re.IGNORECASE)


TAIL = re.compile(
    r"(?<=\w)(?P<mark>[?!.]?)[\s,.!?;-]+(?:(?:please|pls|plz|ta|thx|thanks?|thank you|ty|tia|cheers|"
    r"much appreciated|many "
    r"thanks|anyone|anybody|anything|any (?:ideas?|thoughts)|thoughts|a lot|a bunch|in advance|so much|mate|lol|asap|"
    r"i (?:think|guess|suppose|believe)|(?:i|we) (?:really |just |honestly )?(?:can not|can'?t|cannot|do not|don'?t|"
    r"never) (?:remember|recall|know|mind|tell|say|decide|make (?:it|that) out|read it|see it)(?: which)?|"
    r"(?:would|could|can|will|won'?t) (?:you|u|ya)|i have no (?:idea|clue)|no (?:idea|clue)|"
    r"not sure|not fussed|whatever|dunno|"
    r"when you (?:can|get a (?:minute|moment))|if (?:possible|you can))\b[\s,.!?]*)+$",
    re.I,
)
"""Politeness after the request, which is no part of a label, a field or a query."""


LETTERED = re.compile(r"(?<!\S)([A-H])\.\s+")
""" "A. kettle B. toaster" is a list, not sentences."""
BULLET = re.compile(r"^(?:[-*•]|\(?\d+[.)]|\(?[a-h]\))\s+")
LONGEST = 1000
"""Characters of a message that are read for what it wants: its beginning and its end."""


def one_line(text: str) -> str:
    """Lines become one: short ones are items of a list, long ones are sentences."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2].rsplit(None, 1)[0]}. {text[-LONGEST // 2 :].split(None, 1)[-1]}"
    if len(LETTERED.findall(text)) > 1:
        text = LETTERED.sub(r"\1) ", text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        return tidy(text)
    items = [BULLET.sub("", line) for line in lines]
    if not BULLET.match(lines[0]) and sum(bool(BULLET.match(line)) for line in lines) > 1 and lines[0][-1:].isalnum():
        items[0] += ":"  # "which fits best" and a list below it
    joined = ""
    for before, line in zip(["", *items], items, strict=False):
        glue = ", " if len(before.split()) <= 3 or before.endswith((",", ":")) else ". "
        joined += line if not joined else (f" {line}" if before[-1:] in ".?!,:;" else f"{glue}{line}")
    return tidy(joined)


def without_tail(text: str) -> str:
    """The message without the politeness it ends in, unless that is all there is."""
    left = TAIL.sub(lambda match: match["mark"], text)
    return left if len(left.split()) > 1 else text


DENIED = re.compile(
    rf"^(?:(?:no|sorry|wait)[,.!]?\s+)*(?:i (?:do|did) )?not (?:to |want (?:it |you to )?)?(?:{VERBS})\w*"
    r"(?: (?:it|that|this|them|these|(?:the|a) \w+))?\s*[,;:.-]+\s*(?:but )?(?=\w)",
    re.IGNORECASE,
)


def undenied(text: str) -> str:
    """The message without what it does not want: "not describe, just read it"."""
    return DENIED.sub("", text)


GUESSES = re.compile(r"(?:(?:or |and |maybe )?[\w'-]+(?: [\w'-]+){0,2}\?\s*){2,}", re.IGNORECASE)
"""A list put as short questions: "viking? roman? or medieval?"."""
QUERIED = re.compile(
    r"^(?:(?!(?:who|what|why|when|where|how|really|sure|and|same|help|thoughts|please|more|total|text)\b)[a-z]+\?\s+){2,}"
    r"(?:[a-z]+\?)?",
    re.IGNORECASE,
)
""" "Pine? spruce? fir?": a word each."""
SIGH = re.compile(
    r"^(?:(?:(?:hi|hello|hey|dear) (?:team|all|there|everyone|everybody|folks|guys|bot|both)|ugh|hm+|oh|ah+|nah|meh|"
    r"damn|wow|lol|haha|great|nice|cool|thanks|thank you|ta|no luck|nothing|"
    r"brill|perfect|lovely|excellent)(?: (?:nothing|no luck|well|then|that works|good))?[.!,]+\s+)+(?=\w)",
    re.IGNORECASE,
)


def without_sighs(text: str) -> str:
    """The message without what is only breathed before it: "ugh nothing. drop the size"."""
    return SIGH.sub("", text)


def split(text: str) -> list[str]:
    """The parts of a message that may each want something, in order. Text is one line."""
    text = QUERIED.sub(lambda match: re.sub(r"\?\s+(?=\w)", " or ", match[0].strip(" ?")) + "? ", text)
    if GUESSES.fullmatch(text) and re.search(r"\bor\b", text, re.IGNORECASE):
        text = re.sub(r"\?\s+", ", ", text)
    if all(len(SENTENCE.split(item.split(":")[-1])[0].split()) <= 4 for item in text.split(";")):
        text = text.replace(";", ",")
    text = ABBREVIATED.sub(lambda match: match[0].replace(".", "\0"), text)
    parts = [part for sentence in SENTENCE.split(text) for part in _linked(sentence)]
    parts = [LONE.sub("", part.replace("\0", ".")).strip(" ,;.") for part in parts]
    parts = [part for part in parts if re.search(r"\w", part)]
    return [part for part in parts if not IDLE.fullmatch(part)] or parts


def _linked(sentence: str) -> list[str]:
    pieces = LINK.split(sentence)
    return [piece for long in pieces for piece in _again(long)]


def _again(piece: str) -> list[str]:
    """ "Find 2 photos of sunflowers and 3 of tulips": a number alone asks for what the first asks for."""
    first, *more = AGAIN.split(piece)
    verb = re.match(r"(?:please )?(?:find|show|get|give|search|fetch|bring)\b(?: me| us)?", first, re.IGNORECASE)
    return [first, *(f"{verb[0]} {one}" if verb and re.match(r"\d+ of", one) else one for one in more)]
