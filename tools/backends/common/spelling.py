"""Mends reading mistakes in plain words by the word frequencies of `wordfreq`; numbers, names and codes are left alone.

A word is mended only when it was read unsurely, is unknown in the language of the page, and exactly one common word
looks like it: one confusion of shapes away ("rn" for "m", "1" for "l"), or one letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")

UNSURE = 0.985
"""Words of lines read more surely than this are left alone: one wrong letter in a line of twenty costs that much."""

FOUND, COMMON = 2.3, 3.6
"""Zipf frequency of a word worth mending to: 0.2 in a million words when shapes were confused, 4 for any letter."""

RARE, KNOWN = 1.5, 2.5
"""Zipf frequencies from which a word is one: in the page's own language, and in another (lists have others' typos)."""

ALIKE = (
    *(("rn", "m"), ("nn", "m"), ("vv", "w"), ("cl", "d"), ("li", "h"), ("ii", "u"), ("l", "i"), ("i", "l"), ("l", "t")),
    *(
        ("c", "e"),
        ("e", "c"),
        ("o", "a"),
        ("a", "o"),
        ("u", "n"),
        ("n", "u"),
        ("h", "b"),
        ("b", "h"),
        ("f", "t"),
        ("t", "f"),
    ),
    *(
        ("m", "rn"),
        ("n", "m"),
        ("m", "n"),
        ("v", "y"),
        ("y", "v"),
        ("g", "q"),
        ("q", "g"),
        ("s", "a"),
        ("r", "n"),
        ("j", "i"),
    ),
)
"""What reading takes for what: (read, meant)."""

WORD = re.compile(r"(?<![\w@./-])[^\W\d_]{4,}(?![\w@/-]|\.\w)")


def mend(lines: Sequence[tuple[str, float]]) -> list[tuple[int, str, str]]:
    """(line number, word as read, word meant) for lines of (text, confidence 0 to 1). Runs in a worker."""
    language = language_of([text for text, _ in lines])
    if language is None:
        return []
    return [
        (number, word, meant)
        for number, (text, sure) in enumerate(lines)
        if sure < UNSURE
        for word in candidates(text)
        if (meant := meant_by(word, language)) is not None
    ]


def candidates(text: str) -> Iterator[str]:
    """Plain words: in small letters, or with a capital where a line or sentence starts. The rest may be names."""
    for match in WORD.finditer(text):
        word, before = match.group(), text[: match.start()].rstrip()
        starts = not before or before[-1] in ".!?"
        if word.islower() or (starts and word[0].isupper() and word[1:].islower()):
            yield word


def language_of(texts: Sequence[str]) -> str | None:
    """The language that knows most words of the page; None when none knows half (then nothing is mended)."""
    words = [word.lower() for text in texts for word in WORD.findall(text)]
    if len(words) < 3:
        return None
    shares = {language: sum(_zipf(word, language) >= 3 for word in words) / len(words) for language in LANGUAGES}
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] >= 0.5 else None


@cache
def meant_by(word: str, language: str) -> str | None:
    """The one common word this is a misreading of, in its own case; None when it is a word, or none or several fit."""
    low = word.lower()
    if _zipf(low, language) >= RARE or any(_zipf(low, other) >= KNOWN for other in LANGUAGES):
        return None
    for near, least in ((_look_alikes(low), FOUND), (_one_letter_off(low), COMMON)):
        fits = sorted({other for other in near if _zipf(other, language) >= least})
        if len(fits) == 1:
            return fits[0].capitalize() if word[0].isupper() else fits[0]
        if fits:
            return None
    return None


def _look_alikes(word: str) -> Iterator[str]:
    for read, meant in ALIKE:
        for match in re.finditer(f"(?={read})", word):
            yield word[: match.start()] + meant + word[match.start() + len(read) :]


def _one_letter_off(word: str) -> Iterator[str]:
    """One letter wrong, missing or too many (readers do not swap two). Short words are left alone."""
    if len(word) < 6:
        return
    letters = "abcdefghijklmnopqrstuvwxyzäöüßéèàçñ"
    for at in range(len(word) + 1):
        yield from (word[:at] + letter + word[at:] for letter in letters)
        if at < len(word):
            yield word[:at] + word[at + 1 :]
            yield from (word[:at] + letter + word[at + 1 :] for letter in letters)


def _zipf(word: str, language: str) -> float:
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, language))
