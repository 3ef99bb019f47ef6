"""Text as the eye reads it: every character becomes a plain symbol (`symbols`), and remembers where it came from.

Besides characters that look alike: entities, markup, percent signs, right-to-left overrides, and leetspeak (``@``).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from graphs.constraints.kit.symbols import ASCII, symbols, symbols_of

# signs that are letters when they touch one, and separators otherwise
SIGNS = {
    "@": "a", "$": "s", "!": "I", "|": "I", "(": "c", "+": "t", "€": "e", "£": "l", "¢": "c", "¥": "y", "§": "s",
    "©": "c", "®": "r", "†": "t", "¡": "I", "¦": "I", "∂": "δ", "∆": "Δ", "∧": "ʌ", "×": "x", "¿": "z",
    "₳": "a", "฿": "b", "₿": "b", "₵": "c", "₡": "c", "₫": "d", "₣": "f", "₲": "g", "₭": "k", "₤": "l", "₥": "m",
    "₦": "n", "₱": "p", "₹": "r", "₴": "s", "₮": "t", "₩": "w",
}  # fmt: skip
OPENING = "!|(+¡¦"
"""Signs that never end a word as its letter: ``Nike!`` is no look-alike."""
LETTER_NEXT = re.compile(r"['’]?\w")
ENTITY = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,30};)")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
FLAG = re.compile("(?<![\U0001f1e6-\U0001f1ff])[\U0001f1e6-\U0001f1ff]{2}(?![\U0001f1e6-\U0001f1ff])")
MARKUP = re.compile(r"(?:</?[a-zA-Z][^<>]{0,80}>|<!--[^<>]{0,80}-->)+")
BREAK = re.compile(r"</?(?:br|p|div|t[rdh]|li|h\d)\b")
"""A tag that begins a new line."""
PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
UNSEEN = re.compile("[\U000e0020-\U000e007e]+")
"""Tag characters: letters by what they stand for, and shown as nothing."""
OVERRIDE = "\u202e"
ENDS_OVERRIDE = "\u202c\u2069\n"
SIGN = rf"[{re.escape(''.join(SIGNS))}\u00b9\u00b2\u00b3\u2070-\u2089\u2460-\u249b]"
TOUCHING = re.compile(rf"{SIGN}{{1,3}}(?=\w)|(?<=\w){SIGN}{{1,3}}|(?<=\w\W){SIGN}(?=\W\w)")
"""Signs next to a letter, or spelled out among letters: N @ m e."""
HIDING = re.compile(rf"{TOUCHING.pattern}|{MARKUP.pattern}|{PERCENT.pattern}|{UNSEEN.pattern}|{OVERRIDE}")


Character = tuple[int, int, str]
"""Start and end in the original, and what is shown there."""


@dataclass(frozen=True)
class Folded:
    """`text` as symbols; symbol i stands for ``original[starts[i]:ends[i]]``."""

    text: str
    starts: range | list[int]
    ends: range | list[int]


def readings(text: str) -> Iterator[Folded]:
    """The text folded in every way it may be read: as it stands, and if there is more to see, with markup and unseen
    letters gone, percent signs decoded, right-to-left overrides turned, and ``@``, ``$`` and the like as letters."""
    yield fold(text)
    if HIDING.search(text):
        yield fold(_lettered(text), deep=True)
    if OVERRIDE in text:
        yield fold(text, deep=True)


def fold(text: str, *, deep: bool = False) -> Folded:
    """One way to read a text; see `readings`."""
    special = _decoded(text) | (_marked_up(text) if deep else {})
    if special or (deep and OVERRIDE in text):
        characters = _characters(text, special)
        return _folded(_turned(characters) if deep else characters)
    if text.isascii() and not CONTROL.search(text):
        return Folded(text.translate(ASCII), range(len(text)), range(1, len(text) + 1))
    each = list(map(symbols_of, text))
    if {len(symbol) for symbol in set(each)} <= {1}:
        return Folded("".join(each), range(len(text)), range(1, len(text) + 1))
    return _folded(zip(range(len(text)), range(1, len(text) + 1), text, strict=True))


def _folded(characters: Iterable[Character]) -> Folded:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, shown in characters:
        for symbol in symbols(shown):
            out.append(symbol)
            starts.append(start)
            ends.append(end)
    return Folded("".join(out), starts, ends)


def _marked_up(text: str) -> dict[int, tuple[int, str]]:
    """What can be read more deeply: tags as nothing or a break, what nobody sees as nothing, percent signs as what they
    stand for."""
    special = {match.start(): (match.end(), " " if BREAK.search(match[0]) else "") for match in MARKUP.finditer(text)}
    special |= {match.start(): (match.end(), "") for match in UNSEEN.finditer(text)}
    return special | {match.start(): (match.end(), unquote(match[0])) for match in PERCENT.finditer(text)}


def _turned(shown: Iterable[Character]) -> Iterator[Character]:
    """What follows a right-to-left override is read backwards, to the end of the override or the line."""
    held: list[Character] | None = None
    for char in shown:
        if held is not None and char[2] in ENDS_OVERRIDE:
            yield from reversed(held)
            held = None
        if held is not None:
            held.append(char)
        elif char[2] == OVERRIDE:
            held = []
        else:
            yield char
    yield from reversed(held or [])


def _lettered(text: str) -> str:
    """The text with letters in place of the signs that touch one, on the right side."""
    letters = list(text)
    for match in TOUCHING.finditer(text):
        inside = LETTER_NEXT.match(text, match.end()) or not text[match.start() - 1].isalnum()
        run = match[0] if inside else match[0].rstrip(OPENING)
        for at, sign in enumerate(run, match.start()):
            letter = SIGNS.get(sign) or unicodedata.normalize("NFKD", sign).strip(".()")
            if len(letter) == 1 and not (sign == "(" and _is_bracket(text, at)):
                letters[at] = letter
    return "".join(letters)


def _is_bracket(text: str, at: int) -> bool:
    """Whether an opening bracket is one, with a word before it that ends there or a partner after it."""
    return not text[at - 1 : at].isalnum() and ")" in text[at : at + 80]


def _decoded(text: str) -> dict[int, tuple[int, str]]:
    """What stands for something else by itself: entities, and national flags, which are no letters."""
    special = {match.start(): (match.end(), html.unescape(match[0])) for match in ENTITY.finditer(text)}
    return special | {match.start(): (match.end(), " ") for match in FLAG.finditer(text)}


def _characters(text: str, special: dict[int, tuple[int, str]]) -> Iterator[Character]:
    at = 0
    while at < len(text):
        end, shown = special.get(at) or (at + 1, text[at])
        yield at, end, shown
        at = end
