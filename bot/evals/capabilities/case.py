"""A case: a picture with known truth, a question, and what is wrong with an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.fuzz import ratio

from tools.kit.seeing.agreeing import letters
from tools.kit.types import Evidence, Json

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

SPOKEN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@dataclass(frozen=True)
class Said:
    """An answer of a model, with what it gave as data (nothing, where it cannot)."""

    text: str
    found: Mapping[str, Json]

    @staticmethod
    def of(evidence: Evidence) -> Said:
        parts = evidence.facts.get("parts") or [evidence.facts]
        found = {key: value for part in parts for key, value in (part.get("found") or {}).items()}
        return Said(str(evidence.facts.get("seen", evidence.said)), found)

    def entries(self, name: str) -> list[Mapping[str, Json]]:
        return [entry for entry in self.found.get(name) or () if isinstance(entry, Mapping)]

    @property
    def all(self) -> str:
        """Everything it said, as data too."""
        return " ".join([self.text, *_strings(self.found)])


Judge = Callable[[Said], str | None]
"""What is wrong with an answer; None when it is right."""


@dataclass(frozen=True)
class Case:
    name: str
    capability: str
    draw: Callable[[], PillowImage]
    question: str
    judge: Judge


def says(*wanted: str, never: Iterable[str] = ()) -> Judge:
    """It holds each of the wanted words (alternatives with | between them), and none of the others."""

    def judge(said: Said) -> str | None:
        for words in wanted:
            if not any(_word(word, said.all) for word in words.split("|")):
                return f'it does not say "{words}": {short(said.text)}'
        wrong = next((word for word in never if _word(word, said.text)), None)
        return f'it says "{wrong}": {short(said.text)}' if wrong else None

    return judge


def counts(number: int) -> Judge:
    def judge(said: Said) -> str | None:
        given = [int(entry["count"]) for entry in said.entries("counts")]
        named = sum(given) if given else number_in(said.text)
        return None if named == number else f"it counts {named}, there are {number}: {short(said.text)}"

    return judge


def reads(text: str, least: float = 90.0) -> Judge:
    """The words as they stand: letters, digits and their order, with a likeness from 0 to 100."""

    def judge(said: Said) -> str | None:
        wanted = letters(text)
        given = [letters(part) for part in (said.text, " ".join(_texts(said)))]
        given += [letters(quote) for quote in re.findall(r'["“]([^"”]+)["”]', said.text)]
        best = max(ratio(wanted, each) for each in given)
        if best >= least or any(wanted in each for each in given):
            return None
        return f'it reads "{short(" ".join(_texts(said)) or said.text)}" for "{short(text)}"'

    return judge


def number_in(text: str) -> int | None:
    """The first number, in digits or as a word."""
    match = re.search(rf"\b(\d+|{'|'.join(SPOKEN)}|no|none)\b", text, re.IGNORECASE)
    if match is None:
        return None
    word = match[1].lower()
    return int(word) if word.isdigit() else SPOKEN.index(word) if word in SPOKEN else 0


def short(text: str, most: int = 120) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _word(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def _texts(said: Said) -> list[str]:
    """The lines a reading task gave, in order."""
    return [str(entry["text"]) for name in ("lines", "writings") for entry in said.entries(name)]


def _strings(found: Json) -> Sequence[str]:
    if isinstance(found, str):
        return [found]
    if isinstance(found, Mapping):
        return [text for value in found.values() for text in _strings(value)]
    if isinstance(found, list):
        return [text for value in found for text in _strings(value)]
    return []
