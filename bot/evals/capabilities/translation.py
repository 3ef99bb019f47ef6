"""Words of a sign in another language, each beside its original."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from bot.evals.capabilities.case import Case, Judge, Said, says
from bot.evals.capabilities.drawing import sheet, words
from tools.kit.seeing.agreeing import letters

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

SIGNS = (
    ("German", "NOTAUSGANG", "emergency exit"),
    ("German", "Bitte nicht rauchen", "smoke|smoking"),
    ("French", "Sortie de secours", "emergency exit|fire exit"),
    ("French", "Attention au chien", "dog"),
    ("Spanish", "Prohibido aparcar", "parking|park"),
    ("Italian", "Vietato fumare", "smoking|smoke"),
    ("Dutch", "Pas op voor de hond", "dog"),
    ("Portuguese", "Aberto das 9 as 18", "open|opened"),
)


def cases() -> Iterator[Case]:
    for language, sign, meaning in SIGNS:
        question = "Translate the sign into English."
        yield Case(f"{language}: {sign}", "translation", partial(drawn, sign), question, _right(sign, meaning))


def _right(sign: str, meaning: str) -> Judge:
    """Its meaning, and the words as they stand beside it."""
    means = says(meaning)

    def judge(said: Said) -> str | None:
        return means(said) or (None if letters(sign) in letters(said.all) else f'it leaves out the original "{sign}"')

    return judge


def drawn(sign: str) -> PillowImage:
    picture, brush = sheet((1000, 420), (150, 170, 180))
    brush.rounded_rectangle((80, 90, 920, 330), 30, fill=(20, 110, 60), outline="white", width=6)
    words(brush, (500, 210), sign, 68, "white", "mm")
    return picture
