"""Text as the eye reads it: every character becomes a plain symbol, and remembers where it came from.

A *symbol* is a lower-case letter, a digit, ``I`` for anything that looks like capital I or lower-case l, or, for some
characters that pass for several letters (Greek η for n and h), the character itself. Everything that stands between
letters is one space; what cannot be seen is gone. Sources: NFKD (UAX #15), Unicode's confusables (UTS #39, through the
`confusable-homoglyphs` package), Unicode character names for small capitals and letters with strokes, and leetspeak.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

BARRIER = "▇"
"""What redaction leaves behind. Nothing matches across it."""
KEPT = "&+" + BARRIER
"""Signs that are part of names (H&M, Disney+) and so stay themselves."""

# characters people read as one of several letters
SEVERAL = {
    "υ": "uyv", "γ": "yv", "η": "nh", "н": "hn", "и": "nu", "п": "n", "л": "n", "я": "r", "д": "da", "μ": "um",
    "σ": "os", "ς": "sc", "ω": "w", "ш": "w", "щ": "w", "ч": "y4", "ц": "u", "з": "ze3", "э": "e", "є": "e", "ε": "e",
    "б": "b6", "ь": "b", "ъ": "b", "в": "b", "г": "r", "τ": "t", "т": "t", "к": "k", "κ": "k", "м": "m", "λ": "a",
    "δ": "da", "ξ": "e", "π": "n", "θ": "o", "φ": "o", "ф": "o", "ρ": "p", "ж": "x", "β": "b", "ß": "b", "þ": "p",
    "ð": "do", "ſ": "fs", "ʌ": "va", "ə": "ea", "ɐ": "a", "ǝ": "e", "ɯ": "mw", "ʍ": "mw", "Σ": "es", "Γ": "r",
    "Λ": "a", "Δ": "a", "Ξ": "e", "Π": "n", "Θ": "o", "Ω": "o", "Φ": "o", "И": "n", "П": "n", "Л": "n", "Я": "r",
    "Д": "da", "Ц": "u", "Ч": "y4", "З": "ze3", "Э": "e", "Б": "b6", "Г": "r", "Ш": "w", "Щ": "w", "Ж": "x",
    "ʃ": "s", "ɥ": "y", "ɹ": "r", "ʇ": "t", "ʞ": "k", "ı": "il", "ƨ": "s", "ɘ": "e", "ɔ": "co", "ɛ": "e", "ɜ": "e",
    "χ": "x", "ǫ": "oq", "Լ": "l", "Ꭿ": "a",
}  # fmt: skip
DIGITS = {"0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "bg", "7": "t", "8": "b", "9": "gq"}
# signs that are letters when they touch one, and separators otherwise
SIGNS = {
    "@": "a", "$": "s", "!": "I", "|": "I", "(": "c", "+": "t", "€": "e", "£": "l", "¢": "c", "¥": "y", "§": "s",
    "©": "c", "®": "r", "†": "t", "¡": "I", "¦": "I", "∂": "δ", "∆": "Δ", "∧": "ʌ", "×": "x", "¿": "z",
    "₳": "a", "฿": "b", "₿": "b", "₵": "c", "₡": "c", "₫": "d", "₣": "f", "₲": "g", "₭": "k", "₤": "l", "₥": "m",
    "₦": "n", "₱": "p", "₹": "r", "₴": "s", "₮": "t", "₩": "w",
}  # fmt: skip
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
# alphabets that "fancy text" pages offer, where neither Unicode's names nor its confusables know the letter
STYLES = (
    "ᗩᗷᑕᗪᗴᖴᘜᕼIᒍᛕᒪᗰᑎᝪᑭᑫᖇᔕTᑌᐯᗯ᙭Ƴᘔ",
    "αႦƈԃҽϝɠԋιʝƙʅɱɳσρϙɾʂƚυʋɯxყȥ",
    "ąҍçժҽƒցհìʝҟӀʍղօքզɾʂէմѵա×վՀ",
)
OPENING = "!|(+¡¦"
"""Signs that never end a word as its letter: ``Nike!`` is no look-alike."""
LETTER_NEXT = re.compile(r"['’]?\w")

INVISIBLE = re.compile("[\u115f\u1160\u17b4\u17b5\u3164\uffa0]")
NAME = re.compile(
    r"LATIN(?: SMALL| CAPITAL)? ?(?:LETTER|LIGATURE)(?: SMALL| CAPITAL| TURNED| REVERSED)* "
    r"(?:OPEN |SCRIPT |DOTLESS |LONG |INSULAR |SIDEWAYS |BLACKLETTER )?([A-Z]{1,2})(?: WITH .*)?"
)
EMOJI_LETTER = re.compile(
    r"(?:NEGATIVE )?(?:CIRCLED|SQUARED|CROSSED NEGATIVE SQUARED)(?: LATIN CAPITAL LETTER)? ([A-Z])|"
    r"REGIONAL INDICATOR SYMBOL LETTER ([A-Z])|TAG LATIN (?:SMALL|CAPITAL) LETTER ([A-Z])"
)
PAIRS = frozenset({"AE", "OE", "AA", "AO", "AU", "AV", "AY", "OO", "IJ", "LJ", "NJ", "DZ", "FF", "FI", "FL", "ST"})
ENTITY = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,30};)")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
FLAG = re.compile("(?<![\U0001f1e6-\U0001f1ff])[\U0001f1e6-\U0001f1ff]{2}(?![\U0001f1e6-\U0001f1ff])")
MARKUP = re.compile(r"(?:</?[a-zA-Z][^<>]{0,80}>|<!--[^<>]{0,80}-->)+")
BREAK = re.compile(r"</?(?:br|p|div|t[rdh]|li|h\d)\b")
"""A tag that begins a new line."""
PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
OVERRIDE = "\u202e"
ENDS_OVERRIDE = "\u202c\u2069\n"
SIGN = rf"[{re.escape(''.join(SIGNS))}\u00b9\u00b2\u00b3\u2070-\u2089\u2460-\u249b]"
TOUCHING = re.compile(rf"{SIGN}{{1,3}}(?=\w)|(?<=\w){SIGN}{{1,3}}|(?<=\w\W){SIGN}(?=\W\w)")
"""Signs next to a letter, or spelled out among letters: N @ m e."""
HIDING = re.compile(rf"{TOUCHING.pattern}|{MARKUP.pattern}|{PERCENT.pattern}|{OVERRIDE}")


Character = tuple[int, int, str]
"""Start and end in the original, and what is shown there."""


@dataclass(frozen=True)
class Folded:
    """`text` as symbols; symbol i stands for ``original[starts[i]:ends[i]]``."""

    text: str
    starts: range | list[int]
    ends: range | list[int]


def readings(text: str) -> Iterator[Folded]:
    """The text folded in every way it may be read: as it stands, and if there is more to see, with markup gone, percent
    signs decoded, right-to-left overrides turned, and signs such as ``@`` and ``$`` as the letters they look like."""
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
        return Folded(text.translate(_ASCII), range(len(text)), range(1, len(text) + 1))
    each = list(map(_one, text))
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
    """What can be read more deeply: tags as nothing or a break, percent signs as what they stand for."""
    special = {match.start(): (match.end(), " " if BREAK.search(match[0]) else "") for match in MARKUP.finditer(text)}
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


@cache
def _one(char: str) -> str:
    """The symbols of one character: usually one, none when it cannot be seen, two for a ligature."""
    if char.isascii():
        return _ASCII[ord(char)]
    if char in KEPT or char in SEVERAL:
        return char
    category = unicodedata.category(char)
    if char.isspace() or char == "\u2800":
        return " "
    letter = EMOJI_LETTER.fullmatch(unicodedata.name(char, ""))
    if letter:
        return _one(letter[1] or letter[2] or letter[3])
    if category in ("Cf", "Cc", "Mn", "Me") or INVISIBLE.match(char):
        return ""
    if category == "No" or char in "™℠" or ("\u02b0" < char < "\u0300" and not _latin(char)):
        # a footnote mark or a trade mark, not a letter of the word it follows
        return " "
    return _latin(char) or (char.lower() if char.isalnum() else " ")


def _latin(char: str) -> str:
    """Plain symbols for a letter that decomposes into, is named after, or is confusable with Latin ones."""
    decomposed = [part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)]
    if decomposed and decomposed != [char]:
        folded = "".join(map(_one, decomposed))
        # Greek lunate sigma decomposes into sigma and looks like c: what it looks like is what counts
        return folded if folded.isascii() else _twin(char) or folded
    name = NAME.fullmatch(unicodedata.name(char, ""))
    if name and (len(name[1]) == 1 or name[1] in PAIRS):
        return name[1].lower()
    return _twin(char) or _styled().get(char, "")


def _twin(char: str) -> str:
    """The Latin letters or digits that Unicode lists as confusable with a character."""
    for twin in _confusables().get(char, ()):
        plain = twin if twin.isascii() else "".join(_named(part) for part in twin)
        if plain and plain.isascii() and plain.isalnum():
            return "I" if plain == "l" else plain.translate(_ASCII)
    return ""


def _named(char: str) -> str:
    name = NAME.fullmatch(unicodedata.name(char, ""))
    return name[1].lower() if name and len(name[1]) == 1 else ""


def symbols(shown: str) -> str:
    """The symbols of one or more characters."""
    return "".join(map(_one, shown)) if len(shown) != 1 else _one(shown)


@cache
def _styled() -> dict[str, str]:
    return {
        char: letter for style in STYLES for letter, char in zip(ALPHABET, style, strict=False) if not char.isascii()
    }


@cache
def _confusables() -> dict[str, tuple[str, ...]]:
    # read as data: the package's own lookups rebuild their answer on every call
    spec = find_spec("confusable_homoglyphs")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("confusable-homoglyphs is not installed")
    table = json.loads((Path(spec.origin).parent / "confusables.json").read_text("utf-8"))
    return {char: tuple(twin["c"] for twin in twins) for char, twins in table.items() if not char.isascii()}


def looks(letter: str) -> str:
    """Every symbol that passes for this lower-case letter or digit, itself included."""
    return _looks().get(letter, letter)


@cache
def _looks() -> dict[str, str]:
    table = {letter: letter for letter in "abcdefghijklmnopqrstuvwxyz0123456789"}
    for sources in (SEVERAL, DIGITS, {"I": "il1", "o": "0", "l": "1"}):
        for symbol, letters in sources.items():
            for letter in letters:
                table[letter] += symbol
    # lower-case l stands for capital I; whether the word is one of its own is asked later
    table["i"] += "l"
    return table


def _ascii_symbol(char: str) -> str:
    if char.isalnum():
        return "I" if char == "I" else char.lower()
    if char in KEPT:
        return char
    return " " if char.isprintable() or char.isspace() else ""


_ASCII = {code: _ascii_symbol(chr(code)) for code in range(128)}
