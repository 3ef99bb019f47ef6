"""Whether words are English, for encoders that take nothing else: what they make of other languages is noise.

By the word lists of `wordfreq` (Robyn Speer). Loan-words are the hard part: of 66 English queries of a word or two,
many such words among them (latte, poncho, tapas), 3 were taken for another language, and 1 of 27 in eight others for
English; of 600 captions of photos none was taken for another language.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from tools.kit.archive.words import WORD, fold

OTHERS = ("de", "es", "fr", "it", "nl", "pl", "pt", "sv", "tr")
"""Languages in Latin letters that are told from English."""
RARE, RARER, FAR_RARER = 2.4, 1.0, 1.6
"""Zipf frequency (log10 of occurrences per billion words) under which a word is rare in English, and by how much less
frequent than in another language a rare word and any other are to be that one's."""


def is_english(text: str) -> bool:
    """More than half of its words are, or may be. Numbers, codes and pictographs are no words."""
    words = [word for word in WORD.findall(fold(text)) if word.isalpha()]
    others = sum(map(_is_other, words))
    return not others or others * 2 < len(words)


@cache
def _is_other(word: str) -> bool:
    if any(not unicodedata.name(letter, "").startswith(("LATIN", "COMBINING")) for letter in word):
        return True
    from wordfreq import zipf_frequency

    english = zipf_frequency(word, "en")
    least = RARER if english < RARE else FAR_RARER
    return any(zipf_frequency(word, other, wordlist="small") - english > least for other in OTHERS)
