"""Damage: found where there is some, and not where there is none."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from bot.evals.capabilities.case import Case, Judge, Said, short
from bot.evals.capabilities.drawing import COLOURS, sheet, words

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from PIL.ImageDraw import ImageDraw as Brush

NONE = ("none", "cosmetic")
DENIED = ("no damage", "no visible damage", "not damaged", "undamaged", "intact", "no crack", "no sign")
SCENES = (
    ("plate", "crack", "crack|cracked|fracture|split|broken"),
    ("plate", "", ""),
    ("plate", "chip", "chip|chipped|broken|missing|bite|notch|piece"),
    ("phone", "crack", "crack|cracked|broken|shattered|scratch"),
    ("phone", "", ""),
    ("ladder", "rung", "rung|step|missing|broken"),
    ("ladder", "", ""),
    ("sign", "rust", "rust|rusty|corrosion|corroded|stain|hole"),
)
"""The thing, what is wrong with it, and words for that."""


def cases() -> Iterator[Case]:
    for thing, fault, named in SCENES:
        name = f"{thing} with a {fault}" if fault else f"whole {thing}"
        yield Case(name, "damage", partial(drawn, thing, fault), f"Is the {thing} damaged?", _right(named))


def _right(named: str) -> Judge:
    def judge(said: Said) -> str | None:
        serious = [entry for entry in said.entries("findings") if entry["severity"] not in NONE and entry["sure"]]
        text = said.all.casefold()
        if not named:
            denied = any(word in text for word in DENIED)
            return None if not serious and (denied or "findings" in said.found) else f"it finds {short(said.text)}"
        return None if any(word in text for word in named.split("|")) else f"it misses it: {short(said.text)}"

    return judge


def drawn(thing: str, fault: str) -> PillowImage:
    picture, brush = sheet((800, 700), (225, 220, 210))
    DRAWN[thing](brush, fault)
    return picture


def _plate(brush: Brush, fault: str) -> None:
    brush.ellipse((150, 100, 650, 600), fill="white", outline=(90, 90, 110), width=5)
    brush.ellipse((240, 190, 560, 510), outline=(190, 190, 205), width=4)
    if fault == "crack":
        _crack(brush, (180, 250), (610, 470), 3)
    if fault == "chip":
        brush.polygon([(600, 170), (690, 200), (650, 300), (590, 250)], fill=(225, 220, 210))


def _phone(brush: Brush, fault: str) -> None:
    brush.rounded_rectangle((260, 80, 540, 640), 36, fill=(30, 30, 36))
    brush.rectangle((280, 130, 520, 590), fill=(70, 130, 190))
    if fault:
        for seed, end in enumerate([(500, 150), (515, 400), (330, 560), (290, 300), (450, 580)]):
            _crack(brush, (390, 330), end, seed, "white")


def _ladder(brush: Brush, fault: str) -> None:
    for x in (280, 500):
        brush.line((x, 80, x, 640), fill=COLOURS["brown"], width=22)
    for place in range(6):
        y = 140 + 85 * place
        if fault and place == 3:
            brush.line((280, y, 350, y + 30), fill=COLOURS["brown"], width=16)
            brush.line((500, y, 440, y + 25), fill=COLOURS["brown"], width=16)
        else:
            brush.line((280, y, 500, y), fill=COLOURS["brown"], width=16)


def _sign(brush: Brush, fault: str) -> None:
    brush.rectangle((170, 200, 630, 480), fill=COLOURS["yellow"], outline="black", width=8)
    words(brush, (400, 300), "PARKING", 80, "black", "mm")
    if fault:
        chance = random.Random(4)
        for _ in range(60):
            x, y, size = chance.gauss(520, 50), chance.gauss(420, 35), chance.uniform(6, 22)
            shade = (chance.randint(120, 160), chance.randint(60, 80), chance.randint(15, 35))
            brush.ellipse((x - size, y - size, x + size, y + size), fill=shade)


DRAWN = {"plate": _plate, "phone": _phone, "ladder": _ladder, "sign": _sign}


def _crack(
    brush: Brush, start: tuple[float, float], end: tuple[float, float], seed: int, colour: str = "black"
) -> None:
    chance = random.Random(seed)
    points = [
        (
            start[0] + (end[0] - start[0]) * n / 12 + chance.uniform(-12, 12),
            start[1] + (end[1] - start[1]) * n / 12 + chance.uniform(-12, 12),
        )
        for n in range(13)
    ]
    brush.line([start, *points[1:-1], end], fill=colour, width=4)
