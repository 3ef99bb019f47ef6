"""Which English words are ordinary, by the word lists of `wordfreq` (Robyn Speer; counts from many kinds of text)."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.util import find_spec
from pathlib import Path

RAREST = 2.4
"""Zipf frequency (log10 of occurrences per billion words) below which words are not loaded."""


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ONE_LETTER = frozenset("ai")
# two-letter strings in word lists are mostly abbreviations: only these are words of prose
TWO_LETTERS = words(
    "ad ah am an as at be by do eh ex go ha he hi if in is it me my no of oh ok on or ox pi so to um up us we"
)
GLUE = words("""
    a about after all also an and any are as at be been before but by can could did do does for from had has have he her
    him his how i if in into is it its just may me might more most must my no nor not of off on one only or other our
    out over own she should so some such than that the their them then there these they this those to too under up us
    very was we were what when where which who will with would you your
""")
"""Words that hold prose together: articles, pronouns, prepositions, auxiliaries, conjunctions."""


@cache
def _zipf() -> dict[str, float]:
    import msgpack  # type: ignore[import-untyped]

    # read as data, because importing wordfreq costs 150 ms; bucket i holds the words of Zipf frequency 9 - i / 100
    spec = find_spec("wordfreq")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("wordfreq is not installed")
    packed = (Path(spec.origin).parent / "data" / "large_en.msgpack.gz").read_bytes()
    _, *buckets = msgpack.unpackb(gzip.decompress(packed), raw=False)
    wanted = buckets[: round((9 - RAREST) * 100) + 1]
    return {word: 9 - index / 100 for index, bucket in enumerate(wanted) for word in bucket}


def known(word: str, least: float = RAREST) -> bool:
    """Whether a lower-case word has at least this Zipf frequency in English (names of people and firms count too)."""
    return _zipf().get(word, 0.0) >= least


def ordinary(word: str, least: float = 3.0) -> bool:
    """Whether a lower-case string can stand as a word of ordinary prose."""
    if len(word) < 3:
        return word in ONE_LETTER or word in TWO_LETTERS
    return known(word, least)


def prose(word: str) -> bool:
    """`ordinary`, for words next to which others may have been torn apart: short scraps in word lists are mostly names
    and abbreviations, and i is a word only as I."""
    if word == "i":
        return False
    return word.lower() == "vis" or ordinary(word.lower(), 4.0 if len(word) == 3 else 3.0)
