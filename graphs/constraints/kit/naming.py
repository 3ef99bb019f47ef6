"""Does a match name the brand, or do ordinary words merely spell it?

Letters with anything between them count when they make whole words together. What is written apart counts
- always, when every letter stands alone ("G A P", "A.c-m_e"), but not inside a longer spelling ("b i g a p p l e");
- at the name's own gaps ("Coca Cola", "You Tube");
- elsewhere ("Ac me"), unless the pieces read as prose: all ordinary words, one of them glue ("we met a friend" for
  Meta, "can on" for Canon), or a contraction ("she'll" for Shell). "a c me" names Acme, because c is no word.
What is written in one piece counts unless it is an ordinary word of its own that only looks alike (flat for Fiat,
clove for Dove, apples for Apple) or a number with a unit (8 MW for BMW).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

from graphs.constraints.kit.lookalikes import SIGNS
from graphs.constraints.kit.sightings import Sighting
from graphs.constraints.kit.symbols import symbols
from graphs.constraints.kit.vocabulary import GLUE, known, ordinary, prose, words

APOSTROPHE = re.compile(r"['’‘`´ʼ＇]")
SUFFIXES = frozenset({"s", "t", "d", "m", "ll", "re", "ve"})
"""What follows the apostrophe of a contraction or a possessive."""
SENTENCE_BREAK = re.compile(r"[.!?;:,]\s|\n\s*\n")
SENTENCE_START = re.compile(r"(?:^|[.!?:\n(\"“‘•])[\s\"'“‘*_-]*$")
TIGHT = re.compile(r"\s{1,4}|[.\-*_/|·•~'’]{1,2}\s?")
"""What may stand between the letters of a two-letter brand: H.P., H-P, H P, but not "blood groups A, B"."""
SURNAME = re.compile(r"\.?\s+[A-Z][a-z]")
HOST_AFTER = re.compile(r"\.(?:com|net|org|shop|store|info|biz|co\.\w\w)\b", re.IGNORECASE)
HOST_BEFORE = re.compile(r"(?:www\.|://|@)$", re.IGNORECASE)
UNITS = words("""
    a b bn c cm d f ft g gb ghz gw h hr hrs hz in k kb kg khz km kw l lb lbs m ma mb mg mhz mi min ml mm ms mv mw n nd
    nm oz p pm am pp pt px rd s st t tb th tn v w x yd
""")
QUANTITY = re.compile(r"\d+(?:[a-z]+|x\d+)")
"""A number with a unit, or two dimensions."""
SIMPLE = re.compile(r"\s{1,4}|[^\w\s]{1,3}(?:\n\s*)?|\s?[-–—·•*|/_~]{1,3}\s?")
"""What may part a brand written in two: not the punctuation of a sentence or of code."""
CURRENCY = frozenset("$€£¥")


def names(sighting: Sighting) -> bool:
    """Whether a match names the brand."""
    return (
        not _is_number(sighting)
        and not _starts_in_contraction(sighting)
        and not _is_own_word(sighting)
        and _apart(sighting)
        and _case_holds(sighting)
    )


def _is_number(sighting: Sighting) -> bool:
    """Digits count as letters only among letters, and never where they can be a quantity."""
    own = sum(char.isdigit() for char in sighting.spelling.letters)
    if own and len(sighting.pieces) == 2 and sighting.words()[0].isdigit():
        return sighting.gaps[0].isspace() and sighting.words()[1] in UNITS
    if sum(symbol.isdigit() for symbol in sighting.symbols) <= own:
        return False
    if len(sighting.spelling.letters) < 3 or sighting.symbols.isdigit():
        return True
    if sighting.gaps:
        return _is_number_among_words(sighting)
    if sighting.tagged and sighting.written != sighting.original[slice(*_tag_around(sighting))]:
        return True
    unit = sighting.symbols.lstrip("0123456789")
    return QUANTITY.fullmatch(sighting.symbols) is not None and (unit in UNITS or unit[0] == "x")


def _is_number_among_words(sighting: Sighting) -> bool:
    """ "50 NY" is not Sony, nor is {"b": 1, "c"} Bic; but B.0.S.S is Boss."""
    if not sighting.inner_gaps():
        mixed = any(not word.isdigit() and re.search(r"\d", word) for word in sighting.words())
        return not mixed and sighting.gaps[0].isspace() and any(map(str.isdigit, sighting.words()))
    if all(len(word) == 1 for word in sighting.words()):
        return len({gap.strip() for gap in sighting.gaps}) > 1
    return any(map(str.isdigit, sighting.words()))


def _tag_around(sighting: Sighting) -> tuple[int, int]:
    start, end = sighting.span
    tail = re.compile(r"\w*").match(sighting.original, end)
    head = re.search(r"\w*$", sighting.original[:start])
    return (head.start() if head else start, tail.end() if tail else end)


def _starts_in_contraction(sighting: Sighting) -> bool:
    """The s of "Tom's watch" does not begin Swatch."""
    start, _ = sighting.span
    before = sighting.original[max(0, start - 2) : start]
    if len(before) < 2 or not before[0].isalnum() or not APOSTROPHE.match(before[1]):
        return False
    return len(sighting.pieces) > 1 and sighting.words()[0].lower() in SUFFIXES


def _is_own_word(sighting: Sighting) -> bool:
    """In one piece, but as written an ordinary word: flat for Fiat, clove for Dove, "(rest" for Crest, apples."""
    if _trailing(sighting):
        return True
    if len(sighting.pieces) > 1 or not sighting.written.isascii():
        return False
    word = sighting.as_read().lower()
    bare = word.strip("".join(SIGNS))
    if bare != word:
        return word[0] not in CURRENCY and word[-1] not in CURRENCY and bare.isalpha() and ordinary(bare)
    plain = "".join(map(symbols, sighting.spelling.letters.lower()))
    return word.isalpha() and word != plain and known(word)


def _trailing(sighting: Sighting) -> bool:
    """Whether an s or a number follows that makes it another word: "apples" is fruit, "three Nikes" are Nike's."""
    tail = _tail(sighting)
    if not tail or sighting.tagged:
        return False
    if tail.isdigit():
        return len(sighting.spelling.letters) < 4 or sighting.symbols[-1].isdigit()
    start, _ = sighting.span
    capital = sighting.written[0].isupper() and not SENTENCE_START.search(sighting.original[max(0, start - 80) : start])
    return known((sighting.written + tail).lower()) and not capital


def _tail(sighting: Sighting) -> str:
    match = re.compile(r"s|\d+").match(sighting.folded.text, sighting.end)
    return match[0] if match else ""


def _apart(sighting: Sighting) -> bool:
    """Whether what is written apart belongs together."""
    if not sighting.gaps:
        return True
    inner = sighting.inner_gaps()
    if not inner:
        return _own_gaps(sighting)
    if all(end - start == 1 for start, end in sighting.pieces):
        return _spelled_out(sighting)
    return _split(sighting)


def _own_gaps(sighting: Sighting) -> bool:
    """Gaps only where the name has them: no sentence may end there, and "head and shoulders" is no shampoo."""
    words = sighting.words()
    if "&" in sighting.spelling.name and "&" not in sighting.written:
        joined = re.findall(r"\w+", sighting.written)
        return not (sighting.written.islower() and all(ordinary(word) for word in joined))
    own = SENTENCE_BREAK.search(sighting.spelling.name)
    return bool(own) or len(words) < 2 or not any(SENTENCE_BREAK.search(gap) for gap in sighting.gaps)


def _spelled_out(sighting: Sighting) -> bool:
    if len(sighting.pieces) == 2:
        return _two_letters(sighting)
    for step in (-1, 1):
        run = list(_letters_beside(sighting, step))
        if len(run) > 1 or (run and run[0] not in "ai"):
            return False
    return True


def _two_letters(sighting: Sighting) -> bool:
    """H P and H.P. are a brand; H. P. Lovecraft is a man."""
    _, end = sighting.span
    gap = sighting.gaps[0]
    words = sighting.words()
    if not TIGHT.fullmatch(gap) or ("a" in words and " " in gap) or (words[0] == "I" and gap.isspace()):
        return False
    return not (gap.startswith(".") and SURNAME.match(sighting.original, end))


def _letters_beside(sighting: Sighting, step: int) -> Iterator[str]:
    """Single letters that go on before (-1) or after (1) a spelled-out match with the same gaps: a longer spelling."""
    text, gaps = sighting.folded.text, set(sighting.gaps)
    at = sighting.end if step > 0 else sighting.start - 1
    for _ in range(2):
        edge = at
        while 0 <= at < len(text) and text[at] in " &+":
            at += step
        if at == edge or not 0 <= at < len(text) or not text[at].isalpha():
            return
        beyond = at + step
        if 0 <= beyond < len(text) and text[beyond].isalnum():
            return
        left, right = (edge - 1, at) if step > 0 else (at, edge + 1)
        if sighting.original[sighting.folded.ends[left] : sighting.folded.starts[right]] not in gaps:
            return
        yield sighting.original[sighting.folded.starts[at]].lower()
        at = beyond


def _split(sighting: Sighting) -> bool:
    """Written in pieces of which some have several letters."""
    lower = [word.lower() for word in sighting.words()]
    paired = len(sighting.symbols) != len(sighting.spelling.letters)
    inner = sighting.inner_gaps()
    if paired or not all(SIMPLE.fullmatch(sighting.gaps[index]) for index in inner):
        return False
    if any(word in SIGNS for word in lower):
        return False
    for index in inner:
        if APOSTROPHE.fullmatch(sighting.gaps[index]) and lower[index + 1] in SUFFIXES:
            return False
    if _beside_fragments(sighting):
        return False
    if not all(map(prose, sighting.words())) or not GLUE.intersection(lower):
        return True
    start, _ = sighting.span
    if not sighting.as_named():
        return False
    # "Can on" with a capital in mid-sentence is Canon, and "You Tube" is YouTube wherever it stands
    return sighting.pieces[0][1] - sighting.pieces[0][0] in sighting.spelling.camel or not SENTENCE_START.search(
        sighting.original[max(0, start - 80) : start]
    )


def _beside_fragments(sighting: Sighting) -> bool:
    """Whether the word before or after is itself a scrap: "bi g ap ple" is a big apple in pieces."""
    start, end = sighting.span
    before = re.search(r"(?:^|\s)([a-z]{1,4}) $", sighting.original[max(0, start - 8) : start])
    after = re.match(r" ([a-z]{1,4})(?:\s|$|[.,;!?])", sighting.original[end : end + 8])
    return any(match is not None and not ordinary(match[1]) for match in (before, after))


def _case_holds(sighting: Sighting) -> bool:
    """Of brands that match case the name must be written as it is, unless it is plainly in disguise or a host name."""
    spelling = sighting.spelling
    if not spelling.match_case or (sighting.gaps and all(end - start == 1 for start, end in sighting.pieces)):
        return True
    start, end = sighting.span
    if HOST_AFTER.match(sighting.original, end) or HOST_BEFORE.search(sighting.original[max(0, start - 8) : start]):
        return True
    shown = unicodedata.normalize("NFD", html.unescape(sighting.as_read()))
    letters = "".join(char for char in shown if char.isalnum())
    if not letters.isascii() or len(letters) != len(spelling.letters):
        return True
    # look-alikes are free: only the name's own letters must have its case
    return all(one == own or one.lower() != own.lower() for one, own in zip(letters, spelling.letters, strict=True))
