"""Messages that only name a thing: "receipt from the hardware store". Without images, it can only be looked for."""

from __future__ import annotations

import re

from graphs.local_planner.language.phrases import plain
from graphs.local_planner.papers import fields
from graphs.local_planner.understanding import clauses

COMPLEMENT = re.compile(
    r"\s+(?:from|for|of|with|without|at|in|on|near|by|under|behind|outside|inside|before|after|during|next to|around|"
    r"over|between|against|that|which|where)\b",
)
POINTING = re.compile(
    r"\b(?:this|that|it|its|these|those|them|they|he|she|his|her|here|attached|attachment|image|picture|photo|pic|text|"
    r"differen\w+|same|both|anything|something|everything|nothing)\b"
)
THINGS = re.compile(
    r"\b(?:receipt|invoice|contract|bill|letter|sign|label|ticket|menu|poster|card|cheque|check|form|quote|statement|"
    r"badge|certificate|passport|licence|license|street|shop|store|building|house|office|school|station|warehouse)s?$"
)
""" "Total" is a field and no more, a "sign" can be photographed."""
OTHER = re.compile(rf"^(?:{clauses.VERBS}|{clauses.ASKS})\b|\b(?:or|vs|versus)\b|[:|]|\?.*\w")


def names_a_thing(text: str) -> bool:
    """Whether a message is a noun with what is said of it, and the noun is no field to be read off a paper."""
    said = plain(text)
    if OTHER.search(said) or not 1 < len(said.split()) <= 12:
        return False
    head = re.sub(r"^(?:the|an?|any|some|our|old|new) ", "", COMPLEMENT.split(said, maxsplit=1)[0])
    if POINTING.search(head) or not re.search(r"\w", head):
        return False
    if THINGS.search(head):
        return True
    left = head
    for field in fields.fields(text):
        left = re.sub(rf"\b{re.escape(field)}\b", " ", left)
    return bool(re.search(r"[a-z]{3,}", re.sub(r"\b(?:and|number|the)\b", " ", left)))
