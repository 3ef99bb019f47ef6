"""Plain symbols: what the eye takes a character for.

A *symbol* is a lower-case letter, a digit, ``I`` for anything that looks like capital I or lower-case l, or, for some
characters that pass for several letters (Greek η for n and h), the character itself. Everything that stands between
letters is one space; what cannot be seen is gone. Sources: NFKD (UAX #15), Unicode's confusables (UTS #39, through the
`confusable-homoglyphs` package), Unicode character names for small capitals and letters with strokes.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

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
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
# alphabets that "fancy text" pages offer, where neither Unicode's names nor its confusables know the letter
STYLES = (
    "ᗩᗷᑕᗪᗴᖴᘜᕼIᒍᛕᒪᗰᑎᝪᑭᑫᖇᔕTᑌᐯᗯ᙭Ƴᘔ",
    "αႦƈԃҽϝɠԋιʝƙʅɱɳσρϙɾʂƚυʋɯxყȥ",
    "ąҍçժҽƒցհìʝҟӀʍղօքզɾʂէմѵա×վՀ",
)

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


@cache
def symbols_of(char: str) -> str:
    """The symbols of one character: usually one, none when it cannot be seen, two for a ligature."""
    if char.isascii():
        return ASCII[ord(char)]
    if char in KEPT or char in SEVERAL:
        return char
    category = unicodedata.category(char)
    if char.isspace() or char == "\u2800":
        return " "
    letter = EMOJI_LETTER.fullmatch(unicodedata.name(char, ""))
    if letter:
        return symbols_of(letter[1] or letter[2] or letter[3])
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
        folded = "".join(map(symbols_of, decomposed))
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
            return "I" if plain == "l" else plain.translate(ASCII)
    return ""


def _named(char: str) -> str:
    name = NAME.fullmatch(unicodedata.name(char, ""))
    return name[1].lower() if name and len(name[1]) == 1 else ""


def symbols(shown: str) -> str:
    """The symbols of one or more characters."""
    return "".join(map(symbols_of, shown)) if len(shown) != 1 else symbols_of(shown)


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


ASCII = {code: _ascii_symbol(chr(code)) for code in range(128)}
