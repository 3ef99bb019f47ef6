"""Key words of other languages, said in English: enough to route a short question, not a translation.

A language is a file of `glossaries`. ``TELL = PATTERN`` names words that English does not have, ``HINT = PATTERN``
short ones that English has in names ("las"); both are searched in lower case. ``PATTERN :: ENGLISH`` puts whole words
into English, each line after the ones before it; what ends with an apostrophe ("l'") is cut off the word that follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GLOSSARIES = Path(__file__).with_name("glossaries")
LANGUAGES = ("german", "french", "spanish", "italian", "portuguese", "dutch")
"""Where a sentence may be of two of them, it is of the first."""
LEAST = 0.2
"""Share of the words that must be that language's: an English sentence may quote a word or two."""


@dataclass(frozen=True)
class Glossary:
    """What is known of one language."""

    telling: re.Pattern[str]
    hinting: re.Pattern[str]
    words: tuple[tuple[str, str], ...]
    """Patterns with the English for them, in the order in which they are put into it."""

    def told(self, said: str) -> float:
        """How many words of a sentence in lower case tell of this language; a hint is half a word."""
        return len(self.telling.findall(said)) + 0.5 * len(self.hinting.findall(said))


def in_english(text: str) -> str:
    """The sentence with key words of one other language put into English; other words stay as they are."""
    language = _language(text)
    if not language:
        return text
    text = text.strip("¿¡ ").replace("¿", "").replace("¡", "")
    for pattern, english in _words(language):
        text = pattern.sub(english, text)
    return text


def _language(text: str) -> str | None:
    """The language that most words tell of, if they are enough."""
    said = text.lower()
    words = len(re.findall(r"\w+", said)) or 1
    seen = {name: glossary(name).told(said) for name in LANGUAGES}
    language = max(seen, key=lambda name: seen[name])
    return language if seen[language] / words >= LEAST and seen[language] >= 1 else None


@cache
def glossary(language: str) -> Glossary:
    """The file of a language, by its English name in lower case."""
    lines = (GLOSSARIES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    patterns: dict[str, list[str]] = {"TELL": [], "HINT": []}
    words: list[tuple[str, str]] = []
    for line in lines:
        if " :: " in line:
            pattern, english = line.split(" :: ")
            words.append((pattern, english))
        elif " = " in line:
            kind, pattern = line.split(" = ")
            patterns[kind].append(pattern)
    telling, hinting = (re.compile("|".join(patterns[kind])) for kind in ("TELL", "HINT"))
    return Glossary(telling, hinting, tuple(words))


@cache
def _words(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rf"\b{pattern}", re.IGNORECASE), f"{english} ")
        if pattern.endswith("'")
        else (re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), english)
        for pattern, english in glossary(language).words
    )
