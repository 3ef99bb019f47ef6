"""Whether a message wishes for a manner, and what is left of it without that."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from graphs.manners import phrases
from graphs.manners.languages import TAGS
from graphs.manners.manner import LONGEST, Manner

LONGEST_MESSAGE, LONGEST_SENTENCE = 4000, 300
"""Characters that are read for a wish: what is longer was pasted."""
SENTENCE = re.compile(r"[^\s.?!][^.?!\n]*(?:[.?!](?=\S)[^.?!\n]*)*[.?!]*")
STRAIGHT = {0x2019: "'", 0x2018: "'", 0xA0: " "}
READS = re.compile(
    r"\btranslat|\bübersetz|\btradu[cirstz]|\bvertaal|\b(?:does|do|did)\b.*\b(?:say|mean|read)\b|\bsays\b|\bit means\b|"
    r"\bwritten\b|\bread\b|\btranscri|\btext\b(?<!alt text)|\bthe words\b|\bsteht\b|\bgeschrieben\b|\bheißt\b|"
    r"\bbedeutet\b|\bdice\b|\bque dit\b|\bécrit|\bescrito\b|\bscritto\b|\bstaat\b|\bmenu\b",
    re.IGNORECASE,
)
"""What is written is asked for in another language: a translation, not a manner."""
WHETHER = re.compile(
    r"\s*(?:(?:and|so|but|or)\s+)*(?:is|are|was(?! (?:steht|ist|sagt|bedeutet|heißt|sieh|zeigt))|were|does|do|did|"
    r"has|have|which|where|who|if|whether|ist|sind|hat)\b",
    re.IGNORECASE,
)
"""Asks about pictures, in whatever language these are."""
FINDS = re.compile(r"\s*(?:(?:and|so|can you|please)\s+)*(?:find|show|search|any|got|look for)\b", re.IGNORECASE)
"""Asks for pictures, in whatever language and style these are."""
ABILITY = re.compile(r"\b(?:do|does|can|could|they|he|she|people|i|we)\b[^.?!]*\b(?:speak|talk)\s+\w+\s*\W*$", re.I)
ONLY_AROUND = re.compile(
    rf"(?:\b(?:{phrases.POLITE}|and|but|so|ok|okay|then|can|could|you|would|like|i|it|that|this|do|say|try|the|same|make|"
    r"keep|your|answers?|all|everything|to|me|us|und|et|y|jetzt|always|immer|toujours|siempre|sempre|altijd)\b|\W)*+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Asked:
    """A wish in a message."""

    manner: Manner
    rest: str
    """What the message asks for; empty when it only wishes for a manner."""
    lasting: bool = False
    """It is to hold for the rest of the thread."""


@dataclass(frozen=True)
class Found:
    """A style or a language, and where it stands."""

    span: tuple[int, int]
    style: str | None = None
    language: str | None = None


def asked(text: str) -> Asked | None:
    """The wish a message holds, or None. Of two languages, or two styles, the first counts.

    Known: English, and the commonest forms in German, French, Spanish, Italian, Portuguese and Dutch.
    """
    plain = text.translate(STRAIGHT)
    sentences = SENTENCE.finditer(plain[:LONGEST_MESSAGE])
    found = [each for sentence in sentences for each in _in_sentence(sentence[0], sentence.start())]
    style = next((each.style for each in found if each.style), None)
    language = next((each.language for each in found if each.language), None)
    if not (style or language):
        return None
    rest = _without(text, [each.span for each in found])
    if not rest and style and style.lower().startswith("you"):
        return None  # "you're a wizard!" is thanks
    return Asked(Manner(style, language), rest, lasts(plain))


def lasts(text: str) -> bool:
    """Whether a wish in it is for longer than one turn."""
    always = phrases.ALWAYS.search(text) and not WHETHER.match(text)
    return bool(always or phrases.FROM_NOW_ON.search(text))


def _in_sentence(said: str, at: int) -> list[Found]:
    if len(said) > LONGEST_SENTENCE:
        return []
    whole = (at, at + len(said))
    if phrases.FROM_NOW_ON.search(said) and (kept := _kept(said)):
        return [Found(whole, *kept)]
    found = []
    if match := _language(said):
        found.append(Found(match.span("wish"), None, TAGS[match["language"].lower()]))
    if match := _first(phrases.IN_STYLE, said):
        found.append(Found(match.span("wish"), _words(match), None))
    if found and not _without(said, [each.span for each in found]):
        return [replace(each, span=whole) for each in found]
    return [replace(each, span=(each.span[0] + at, each.span[1] + at)) for each in found]


def _kept(said: str) -> tuple[str | None, str | None] | None:
    """The style and the language that are to hold from now on."""
    named = phrases.LANGUAGE_SAID.search(said) or _first(phrases.IN_LANGUAGE[-1:], said)
    style = _first(phrases.IN_STYLE, said) or (None if named else phrases.KEPT.search(said))
    language = TAGS[named["language"].lower()] if named else None
    return (_words(style) if style else None, language) if style or named else None


def _language(said: str) -> re.Match[str] | None:
    if READS.search(said) or ABILITY.search(said):
        return None
    if FINDS.match(said):
        return _first(phrases.ANSWER_IN, said)
    return _first(phrases.ANSWER_IN + phrases.SET_OFF if WHETHER.match(said) else phrases.IN_LANGUAGE, said)


def _first(forms: Iterable[re.Pattern[str]], said: str) -> re.Match[str] | None:
    return next((match for form in forms if (match := form.search(said))), None)


def _words(style: re.Match[str]) -> str:
    return " ".join(style["style"].split())[:LONGEST]


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(set(spans), reverse=True):
        text = f"{text[:start]} {text[end:]}"
    text = re.sub(r"\s+([,.?!;:])", r"\1", re.sub(r"[ \t]{2,}", " ", text))
    text = re.sub(r"[,;:](?=\s*[,.?!;:])|^[\s,;:.]+|[\s,;:]+$", "", text).strip()
    return "" if ONLY_AROUND.fullmatch(phrases.FROM_NOW_ON.sub("", text)) else text
