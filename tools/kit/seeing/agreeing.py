"""Whether what a model claims agrees with what was measured. Where it does not, both are said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.fuzz import partial_ratio, ratio

NEARLY = 88.0
"""Likeness (0 to 100) from which two readings are the same words."""
RELATED = 55.0
"""Likeness from which they are two readings of the same print."""
SURE = 0.85
"""Confidence from which a line that was read stands against a model's word."""

FAMILIES: dict[str, frozenset[str]] = {
    family: frozenset(words.split())
    for family, words in {
        "red": "red maroon crimson scarlet burgundy ruby",
        "pink": "pink rose magenta fuchsia salmon coral",
        "orange": "orange amber peach rust terracotta",
        "brown": "brown tan chestnut bronze chocolate copper wood wooden",
        "beige": "beige cream ivory sand sandy khaki skin",
        "yellow": "yellow gold golden mustard",
        "green": "green olive lime mint emerald khaki",
        "turquoise": "turquoise teal cyan aqua",
        "blue": "blue navy azure indigo sky",
        "purple": "purple violet lilac lavender mauve plum indigo",
        "grey": "grey gray silver silvery charcoal slate",
        "black": "black charcoal",
        "white": "white ivory cream",
    }.items()
}
NEIGHBOURS: tuple[frozenset[str], ...] = tuple(
    frozenset({family, other})
    for family, others in {
        "red": ("pink", "orange", "brown"),
        "orange": ("brown", "yellow"),
        "brown": ("beige", "black", "grey"),
        "beige": ("white", "yellow", "grey", "pink"),
        "green": ("yellow", "turquoise", "black"),
        "blue": ("turquoise", "purple", "grey", "black"),
        "purple": ("pink",),
        "grey": ("black", "white"),
    }.items()
    for other in others
)
"""Families that people name the same thing by, in another light."""


def letters(text: str) -> str:
    """Letters and digits only, without case and accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def is_read(text: str, lines: Iterable[str]) -> bool:
    """Whether these words stand in the text that was read, a letter or two aside; digits must be the same."""
    wanted, read = letters(text), letters(" ".join(lines))
    if not wanted:
        return True
    if wanted in read:
        return True
    if digits(text):
        return False
    return len(wanted) > 3 and partial_ratio(wanted, read) >= NEARLY


def other_reading(text: str, lines: Sequence[str]) -> str | None:
    """The line that was read where the model reads this, when it reads otherwise."""
    wanted = letters(text)
    best = max(lines, key=lambda line: ratio(wanted, letters(line)), default=None)
    if best is None or letters(best) == wanted:
        return None
    return best if ratio(wanted, letters(best)) >= RELATED else None


def text_disagreements(seen: Sequence[str], lines: Sequence[str], handle: str) -> Iterator[str]:
    """seen: what the model reads, each as it stands. lines: what was read surely."""
    for text in seen:
        if is_read(text, lines):
            continue
        if other := other_reading(text, lines):
            yield f'The vision model reads "{text}" where I read "{other}" in {handle}.'
        else:
            yield f'The vision model reads "{text}", which is not in the text I read in {handle}.'


def colour_disagreement(claimed: Sequence[str], measured: Sequence[str]) -> str | None:
    """When the colour a model calls the main one was not measured, nor one that is taken for it."""
    if not claimed or not measured:
        return None
    main = families(claimed[0])
    known = {family for name in measured for family in families(name)}
    if not main or main & known or any(pair & main and pair & known for pair in NEIGHBOURS):
        return None
    return f"The vision model says the main colour is {claimed[0]}; measured are {', '.join(measured)}."


def families(colour: str) -> set[str]:
    """What a colour is a kind of: "dark navy" is a blue."""
    words = set(re.findall(r"[a-z]+", colour.casefold()))
    return {family for family, names in FAMILIES.items() if words & names}
