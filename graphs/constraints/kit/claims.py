"""The checkable claims in a text: numbers, quotes, codes and names, each with where it stands. Dates are in `dates`.

Languages: English, and those of `tongues`; digits and quotes in any."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from graphs.constraints.kit.spans import Span, overlap
from graphs.constraints.kit.tongues import ABROAD, NUMBERED, Tongue, apart, tongue_of
from graphs.constraints.kit.vocabulary import GLUE

Kind = Literal["number", "date", "quote", "name", "code"]
PERCENT = r"(?:per ?cent|prozent|pour cent|por ciento|por cento|per cento|procent)"
NUMBER = re.compile(
    r"(?<![\w.])(?<![\w][.,])(?P<digits>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,'’]\d+)*)"
    rf"(?P<unit>\s?%|\s?{PERCENT}\b|[a-zA-Zµ°²³]{{1,4}}(?![\w]))?(?!\w)"
)
CODE = re.compile(r"(?<!\w)(?:(?=\w*\d)(?=\w*[^\W\d])\w+(?:[-./]\w+)*|[^\W\d_]+-\d+(?!\w))")
SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "k": 1_000, "m": 1_000_000, "bn": 10**9}
UNIT = re.compile(
    r"px|[kmcµ]?m|mm|in|ft|[kmg]?b|[km]?g|lbs?|oz|[cm]?l|ms|s|min|hr?s?|dpi|x|rm|eur|usd|gbp|kr|pt|°[cf]?",
    re.IGNORECASE,
)
ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)
UNITS_SPOKEN = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
TENS_SPOKEN = "twenty thirty forty fifty sixty seventy eighty ninety"
COMPOUND = {
    f"{ten}-{one}": 10 * tens + ones
    for tens, ten in enumerate(TENS_SPOKEN.split(), 2)
    for ones, one in enumerate(UNITS_SPOKEN.split()[1:10], 1)
}
LARGE = r"(?:hundred|thousand|million|billion)"
SPOKEN = (
    COMPOUND
    | {name: value for value, name in enumerate(UNITS_SPOKEN.split())}
    | {name: 10 * value for value, name in enumerate(TENS_SPOKEN.split(), 2)}
    | {"dozen": 12}
)
SPOKEN_ANYWHERE: dict[str, int] = {name: value for tongue in ABROAD for name, value in tongue.numbers.items()} | SPOKEN
SPOKEN_NUMBER = re.compile(
    rf"(?<![\w-])((?<!hundred )(?<!thousand )(?<!hundred and )(?<!thousand and )(?:{'|'.join(COMPOUND)})(?!\s{LARGE})"
    rf"|{'|'.join(name for name in SPOKEN if name not in COMPOUND)})(?![\w-])",
    re.IGNORECASE,
)
QUOTES = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        r"“([^“”]{1,2000})”",
        r"„([^„“”]{1,2000})[“”]",
        r"«([^«»]{1,2000})»|»([^«»]{1,2000})«",
        r"「([^「」]{1,2000})」",
        r"(?<!\w)‚([^‚‘’]{1,300})[‘’]",
        r'(?<![\w"])"([^"\n]{1,2000})"(?![\w"])',
        r"(?<!\w)‘([^‘’]{1,300}(?:’\w[^‘’]*)*)’(?!\w)",
        r"(?<![\w'])'([^'\s](?:[^'\n]|(?<=\w)'(?=\w)){0,300})'(?![\w'])",
        r"`([^`\n]{1,300})`",
    )
)
WORD = re.compile(r"(?<![^\W_])[^\W\d_][\w]*(?:['’\-&.][^\W\d_]\w*)*")
STARTS = re.compile(r"(?:^|[.!?…:;•|\n>]|\d[.)])[\s*_#>\"'“‘(\[\-–—`~]*$|[*_~`(\[“\"‘—]$")
PLAIN_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Claim:
    kind: Kind
    text: str
    span: Span
    percent: bool = False


def plain(text: str) -> str:
    """Lower-case words and digits with single spaces between and around them, accents and punctuation gone."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    letters = "".join(char for char in decomposed if not unicodedata.combining(char) and char != "'")
    return f" {' '.join(PLAIN_WORD.findall(letters))} "


def quotes(text: str) -> list[Claim]:
    """Quoted strings, without their marks."""
    found: list[Claim] = []
    for form in QUOTES:
        for match in form.finditer(text):
            if not any(overlap(match.span(), claim.span) for claim in found):
                found.append(Claim("quote", match[1] or match[match.lastindex or 1], match.span()))
    return sorted(found, key=lambda claim: claim.span)


def numbers(text: str) -> list[Claim]:
    """Numbers in digits, with % and per cent told apart; digits glued to letters that are no unit are codes."""
    text = apart(text)
    found: list[Claim] = []
    for match in NUMBER.finditer(text):
        unit = (match["unit"] or "").strip().lower()
        percent = bool(re.fullmatch(rf"%|{PERCENT}", unit))
        if unit[:1].isalpha() and not UNIT.fullmatch(unit) and unit not in SCALES and not percent:
            continue
        found.append(Claim("number", match["digits"], match.span(), percent))
    return found


def codes(text: str) -> list[Claim]:
    """Words that mix letters and digits: IMG_2034, A4, 3D; ordinals and numbers with units are none."""
    text = apart(text)
    found = []
    for match in CODE.finditer(text):
        number = NUMBER.match(text, match.start())
        unit = (number["unit"] or "").strip().lower() if number else ""
        whole = number is not None and number.end() == match.end() and (UNIT.fullmatch(unit) or unit in SCALES)
        sized = re.fullmatch(r"\d+x\d+(?:px)?", match[0], re.IGNORECASE)
        if not (whole or sized or ORDINAL.fullmatch(match[0])):
            found.append(Claim("code", match[0], match.span()))
    return found


def spoken(text: str, tongues: Sequence[Tongue] | None = None) -> list[Claim]:
    """Numbers in words, from zero to ninety-nine in English, to ninety in the text's own language or in `tongues`;
    "one" is rarely a number."""
    if tongues is None:
        own = tongue_of(text) if NUMBERED.search(text) else None
        tongues = [own] if own else []
    return [
        Claim("number", match[1], match.span())
        for form in (SPOKEN_NUMBER, *(tongue.spoken for tongue in tongues))
        for match in form.finditer(text)
        if match[1].lower() != "one"
    ]


def values(written: str) -> set[Decimal]:
    """Every value the digits may have: 1,234 is 1234 or 1.234; a spoken number is itself."""
    if written.lower() in SPOKEN_ANYWHERE:
        return {Decimal(SPOKEN_ANYWHERE[written.lower()])}
    digits = re.sub(r"[\s'’]", "", written)
    forms = {digits.replace(",", ""), digits.replace(".", "").replace(",", "."), digits.replace(",", ".")}
    return {value for form in forms if (value := _decimal(form)) is not None}


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def names(text: str) -> list[Claim]:
    """Runs of capitalised words in mid-sentence: Eiffel Tower. One that begins a sentence counts from two words on."""
    found: list[Claim] = []
    run: list[re.Match[str]] = []
    for match in [*WORD.finditer(text), None]:
        joined = match and run and re.fullmatch(r"[ \u00a0]", text[run[-1].end() : match.start()])
        if match and _capital(match[0]) and (joined or not run):
            run.append(match)
            continue
        found += _name(text, run)
        run = [match] if match and _capital(match[0]) else []
    return found


def _capital(word: str) -> bool:
    return word[0].isupper() and word.lower() not in GLUE


def _name(text: str, run: list[re.Match[str]]) -> list[Claim]:
    """What of a run of capitalised words is a name: not a capital that only begins a sentence."""
    if not run or (len(run) == 1 and STARTS.search(text[max(0, run[0].start() - 40) : run[0].start()])):
        return []
    return [Claim("name", match[0], match.span()) for match in run]
