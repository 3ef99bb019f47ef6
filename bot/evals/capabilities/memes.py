"""Memes: what is shown, what is written, what is meant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from bot.evals.capabilities.case import Case, Judge, Said, says
from bot.evals.capabilities.drawing import COLOURS, sheet, words
from tools.kit.seeing.agreeing import letters

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from PIL.ImageDraw import ImageDraw as Brush

MEMES = (
    ("MONDAY MORNING", "MY BATTERY: 1%", "battery", "tired|exhausted|energy|sleepy|drained|weary"),
    ("I WILL START MY DIET", "TOMORROW", "cake", "postpone|delay|procrastinat*|put off|never|later|willpower|excuse"),
    ("IT WORKS", "ON MY MACHINE", "screen", "develop*|program*|software|code|computer|excuse"),
    ("WEEKEND PLANS", "SLEEP", "bed", "sleep|rest|lazy|tired|nothing"),
    ("ONE MORE COFFEE", "HE SAID, 9 CUPS AGO", "cup", "coffee|caffeine|addict*|too much"),
    ("SAVED MONEY", "BOUGHT 10 THINGS ON SALE", "bag", "spen*|sale|discount|irony|ironic|bargain*|saving"),
)
"""What is written above and below, what is drawn, and words for what is meant."""


def cases() -> Iterator[Case]:
    for above, below, thing, meaning in MEMES:
        yield Case(
            f"{above} / {below}",
            "memes",
            partial(drawn, above, below, thing),
            "Explain this meme: what is shown, what is written, and what is meant?",
            _right(above, below, meaning),
        )


def _right(above: str, below: str, meaning: str) -> Judge:
    stems = [word for word in meaning.split("|") if word.endswith("*")]
    means = says("|".join(word for word in meaning.split("|") if word not in stems))

    def judge(said: Said) -> str | None:
        everything = letters(said.all)
        missing = [text for text in (above, below) if letters(text) not in everything]
        if missing:
            return f'it leaves out the words "{missing[0]}"'
        return None if any(letters(stem) in everything for stem in stems) else means(said)

    return judge


def drawn(above: str, below: str, thing: str) -> PillowImage:
    picture, brush = sheet((900, 700), (70, 90, 120))
    _thing(brush, thing)
    words(brush, (450, 70), above, 62, "white", "mm")
    words(brush, (450, 630), below, 54, "white", "mm")
    return picture


def _thing(brush: Brush, thing: str) -> None:
    white = "white"
    if thing == "battery":
        brush.rectangle((250, 260, 630, 440), outline=white, width=10)
        brush.rectangle((630, 315, 660, 385), fill=white)
        brush.rectangle((268, 278, 285, 422), fill=COLOURS["red"])
    elif thing == "cake":
        brush.polygon([(270, 440), (630, 440), (630, 330)], fill=COLOURS["brown"])
        brush.polygon([(270, 400), (630, 330), (630, 300), (270, 380)], fill=COLOURS["pink"])
        brush.ellipse((600, 250, 650, 300), fill=COLOURS["red"])
    elif thing == "screen":
        brush.rectangle((260, 220, 640, 440), fill=(20, 20, 30), outline=white, width=8)
        words(brush, (450, 330), "OK", 90, COLOURS["green"], "mm")
        brush.rectangle((420, 440, 480, 500), fill=white)
    elif thing == "bed":
        brush.rectangle((220, 360, 680, 430), fill=COLOURS["blue"])
        brush.rectangle((220, 280, 250, 500), fill=COLOURS["brown"])
        brush.rectangle((650, 340, 680, 500), fill=COLOURS["brown"])
        brush.rounded_rectangle((260, 320, 370, 365), 15, fill=white)
    elif thing == "cup":
        brush.rounded_rectangle((320, 260, 540, 470), 25, fill=white)
        brush.arc((500, 300, 620, 420), -90, 90, fill=white, width=18)
        brush.ellipse((335, 250, 525, 290), fill=COLOURS["brown"])
    else:
        brush.rectangle((320, 280, 580, 500), fill=COLOURS["orange"])
        brush.arc((380, 220, 520, 340), 180, 360, fill=white, width=10)
        words(brush, (450, 390), "SALE", 70, white, "mm")
