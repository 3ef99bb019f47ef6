"""Whether what is written in an image is wanted in another language."""

from __future__ import annotations

import re

from graphs.manners import phrases
from graphs.manners.asking import LONGEST_SENTENCE, READS, SENTENCE, WHETHER

TRANSLATE = re.compile(
    r"\btranslat(?:e[ds]?|ing|ions?)\b|\bübersetz|\btradu[cirstz]|\bvertaal|\bvertaling", re.IGNORECASE
)
LAST = re.compile(rf"{phrases.NAMED}{phrases.END}", re.IGNORECASE)


def read_in_a_language(text: str) -> bool:
    """ "What does it say in English?": one question, which does not name translating."""
    sentences = [sentence[0] for sentence in SENTENCE.finditer(text)]
    if len(sentences) != 1 or len(sentences[0]) > LONGEST_SENTENCE:
        return False
    return bool(READS.search(text) and LAST.search(text)) and not WHETHER.match(text)


def translates(text: str) -> bool:
    """Whether a question wants a translation, whatever else it wants."""
    return bool(TRANSLATE.search(text)) or read_in_a_language(text) or phrases.SET_OFF[0].match(text) is not None
