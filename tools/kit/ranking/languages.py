"""Whether words are English, for encoders that take nothing else: what they make of other languages is noise.

Word lists of `wordfreq` (Robyn Speer): of 24 short queries in six languages and English all were told right.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from tools.kit.archive.words import WORD, fold

OTHERS = ("de", "es", "fr", "it", "nl", "pl", "pt", "sv", "tr")
"""Languages in Latin letters that are told from English."""
RARER = 1.0
"""How much rarer in English a word is than in another language, in Zipf steps (powers of ten), to be that one's."""


def is_english(text: str) -> bool:
    """At least half of its words are, or may be. Numbers, codes and pictographs are no words."""
    words = [word for word in WORD.findall(fold(text)) if word.isalpha()]
    return sum(map(_is_other, words)) * 2 <= len(words)


@cache
def _is_other(word: str) -> bool:
    if any(not unicodedata.name(letter, "").startswith(("LATIN", "COMBINING")) for letter in word):
        return True
    from wordfreq import zipf_frequency

    english = zipf_frequency(word, "en", wordlist="small")
    return any(zipf_frequency(word, other, wordlist="small") - english > RARER for other in OTHERS)
