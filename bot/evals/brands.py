"""The brand rule's own examination: 50 brands in every disguise, and 5,000 harmless sentences full of traps."""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.evals.report import Figure
from bot.wiring import Wiring
from graphs.constraints import RuleGate
from graphs.constraints.banned_brands import Brand, Settings, judge
from graphs.constraints.kit.gate import Rule

SEED = 20
HARMLESS = 5_000

# those that are words, too, are banned only as they are written
MATCH_CASE = ("GAP", "Shell", "Target", "Apple", "Dove", "Orange", "Boots", "Gain", "Tide", "Visa", "Oracle", "Canon")
NAMES = (
    "Nike", "Adidas", "Puma", "Pepsi", "Samsung", "Sony", "Microsoft", "Google", "Amazon", "Tesla", "BMW", "Toyota",
    "Honda", "Ikea", "Lego", "Gucci", "Zara", "Meta", "Asus", "Costa", "Fiat", "Intel", "Nestlé", "YouTube", "LinkedIn",
    "KFC", "IBM", "Swatch", "Škoda", "Coca-Cola", "H&M", "7-Eleven", "3M", "L'Oréal", "M&M's", "AT&T",
    "Procter & Gamble", "Dr. Oetker",
)  # fmt: skip

Disguise = Callable[[str, random.Random], list[str]]

CARRIERS = (
    "The photo shows a {} bag on a table.",
    "{} is written on the box.",
    "I can read the word {}",
    "Is it made by {}? I cannot tell.",
    "Two logos can be seen: {}, and one I do not know.",
    "The sign says “{}” in red letters.",
    "This is a ({}) receipt from a shop.",
)

CYRILLIC = str.maketrans("AaBCcEeHIiJjKMOoPpSsTXxYy", "АаВСсЕеНІіЈјКМОоРрЅѕТХхУу")
GREEK = str.maketrans("ABEHIKMNOPTXYZaioptvx", "ΑΒΕΗΙΚΜΝΟΡΤΧΥΖαιορτνχ")
LEET = str.maketrans("oOiIlLeEaAsStT", "00111133445577")
SIGNS = str.maketrans("aAsSiI", "@@$$!!")
SMALL_CAPS = str.maketrans("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ")
ACCENTS = str.maketrans("aeiounycszAEIOUNYCSZ", "áèîöûñýçšžÀÉÏÔÜÑÝÇŠŽ")
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\u200e\ufe0f"
# where the capitals, the small letters and the digits of each styled alphabet begin
STYLED = (
    (0x1D400, 0x1D41A, 0x1D7CE),
    (0x1D5D4, 0x1D5EE, 0x1D7EC),
    (0x1D670, 0x1D68A, 0x1D7F6),
    (0xFF21, 0xFF41, 0xFF10),
)
ENCLOSED = ((0x24B6, 0x24D0), (0x1F130, 0x1F130), (0x1F150, 0x1F150), (0x1F170, 0x1F170))


def brands() -> list[Brand]:
    """The fifty."""
    return [Brand(name=name) for name in NAMES] + [Brand(name=name, match_case=True) for name in MATCH_CASE]


def _joined(name: str, gaps: Sequence[str]) -> str:
    """The letters with gaps between them in turn; an ampersand is as good as a letter."""
    letters = [char for char in name if char.isalnum() or char == "&"]
    return "".join(letter + gaps[at % len(gaps)] for at, letter in enumerate(letters[:-1])) + letters[-1]


def _styled(name: str, capitals: int, small: int, digits: int | None = None) -> str:
    def one(char: str) -> str:
        if "A" <= char <= "Z":
            return chr(capitals + ord(char) - ord("A"))
        if "a" <= char <= "z":
            return chr(small + ord(char) - ord("a"))
        return chr(digits + int(char)) if digits and char.isascii() and char.isdigit() else char

    return "".join(map(one, name))


def _case(name: str, rng: random.Random) -> list[str]:
    mixed = "".join(rng.choice((char.lower(), char.upper())) for char in name)
    return [name.lower(), name.upper(), name.swapcase(), mixed]


def _accents(name: str, rng: random.Random) -> list[str]:
    marks = "".join(char + (rng.choice("\u0301\u0308\u0327\u0336") if char.isalpha() else "") for char in name)
    return [name.translate(ACCENTS), marks, unicodedata.normalize("NFD", name)]


def _spacing(name: str, rng: random.Random) -> list[str]:
    return [_joined(name, gap) for gap in ((" ",), ("  ",), ("\u00a0",), ("\t",), (" ", "   "), ("\u2009",))]


def _punctuation(name: str, rng: random.Random) -> list[str]:
    mixed = [rng.choice(".-_*·~/") for _ in name]
    return [_joined(name, gap) for gap in (".", "-", "_", "*", "•", "/", mixed)]


def _line_breaks(name: str, rng: random.Random) -> list[str]:
    return [_joined(name, ("\n",)), _joined(name, ("-\n",))]


def _lookalikes(name: str, rng: random.Random) -> list[str]:
    # with fewer than two letters left it is a number, not a look-alike
    leet = [form for form in [name.translate(LEET)] if sum(map(str.isalpha, form)) > 1]
    signs = [name[0] + name[1:-1].translate(SIGNS) + name[-1]]
    swapped = [name.replace("l", "I"), name.replace("I", "l")]
    return [
        name.translate(CYRILLIC),
        name.translate(GREEK),
        *leet,
        *signs,
        *swapped,
        name.lower().translate(SMALL_CAPS),
    ]


def _styles(name: str, rng: random.Random) -> list[str]:
    return [_styled(name, *bases) for bases in STYLED] + [_styled(name, *bases) for bases in ENCLOSED]


def _invisible(name: str, rng: random.Random) -> list[str]:
    return [mark.join(name) for mark in INVISIBLE] + ["".join(char + rng.choice(INVISIBLE) for char in name)]


def _possessives(name: str, rng: random.Random) -> list[str]:
    return [f"{name}'s", f"{name}’s", f"{name}'"]


def _hashtags(name: str, rng: random.Random) -> list[str]:
    squeezed = "".join(char for char in name if char.isalnum())
    words = "".join(part[:1].upper() + part[1:] for part in name.replace("-", " ").replace("'", "").split())
    camel = "".join(char for char in words if char.isalnum())
    tags = [f"#{squeezed}", f"@{squeezed}", f"＃{squeezed}", f"#{camel}"]
    if "&" in name:
        return tags
    year = [] if name[-1].isdigit() else [f"#{camel}2024"]
    return [*tags, *year, f"#{camel}Rocks", f"#Love{camel}", f"#the_{squeezed}_way"]


def _markup(name: str, rng: random.Random) -> list[str]:
    half = len(name) // 2
    entities = "".join(f"&#{ord(char)};" for char in name)
    return [
        f"**{name[:half]}**{name[half:]}",
        f"*{name}*",
        f"`{name}`",
        f"{name[:half]}<b>{name[half:]}</b>",
        entities,
        f"&#x{ord(name[0]):x};{name[1:]}",
        f"\u202e{name[::-1]}\u202c",
    ]


def _hosts(name: str, rng: random.Random) -> list[str]:
    host = "".join(char for char in unicodedata.normalize("NFD", name.lower()) if char.isascii() and char.isalnum())
    return [f"{host}.com", f"https://www.{host}.com/sale", f"shop@{host}.com"]


DISGUISES: dict[str, Disguise] = {
    "plain": lambda name, rng: [name],
    "case": _case,
    "accents": _accents,
    "spacing": _spacing,
    "punctuation": _punctuation,
    "line breaks": _line_breaks,
    "look-alikes": _lookalikes,
    "styled letters": _styles,
    "invisible characters": _invisible,
    "possessives": _possessives,
    "hashtags": _hashtags,
    "markup": _markup,
    "hosts": _hosts,
}


def disguised(
    brands: Sequence[Brand], *, seed: int = SEED, disguises: Sequence[str] = tuple(DISGUISES)
) -> Iterator[tuple[str, str, str]]:
    """(brand, disguise, sentence) for every brand in every disguise, each in a sentence of its own."""
    rng = random.Random(seed)
    for brand in brands:
        for kind in disguises:
            if kind == "case" and brand.match_case:
                continue
            for form in DISGUISES[kind](brand.name, rng):
                yield brand.name, kind, rng.choice(CARRIERS).format(form)


@dataclass
class BrandReport:
    caught: Counter[str] = field(default_factory=Counter)
    """By disguise."""
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    """(brand, disguise, sentence)"""
    harmless: int = 0
    false_alarms: list[str] = field(default_factory=list)


def examine(
    fifty: Sequence[Brand] | None = None, sentences: Sequence[str] | None = None, *, seed: int = SEED
) -> BrandReport:
    """Run the brand rule over the disguises of the brands and over the harmless sentences."""
    from bot.evals.harmless import harmless_sentences

    fifty = brands() if fifty is None else fifty
    gate = RuleGate([Rule("banned_brands", judge, Settings(brands=tuple(fifty)))])
    report = BrandReport()
    for brand, kind, sentence in disguised(fifty, seed=seed):
        if all(gate.judge(sentence)):
            report.missed.append((brand, kind, sentence))
        else:
            report.caught[kind] += 1
    for sentence in harmless_sentences(HARMLESS, seed=seed) if sentences is None else sentences:
        report.harmless += 1
        if not all(gate.judge(sentence)):
            report.false_alarms.append(sentence)
    return report


async def evaluate(wiring: Wiring, data: Path) -> list[Figure]:
    """Every disguise of fifty brands, and sentences that name none."""
    report = examine()
    disguises = sum(report.caught.values()) + len(report.missed)
    return [
        Figure("brands", "disguises missed", len(report.missed), disguises, target=0, at_most=True, share=False),
        Figure(
            "brands", "false alarms", len(report.false_alarms), report.harmless, target=0, at_most=True, share=False
        ),
    ]
