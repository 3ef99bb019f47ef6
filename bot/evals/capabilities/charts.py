"""Charts: values with printed numbers exactly, values off the axis within a tolerance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from bot.evals.capabilities.case import Case, Judge, Said, says, short
from bot.evals.capabilities.drawing import COLOURS, sheet, words

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from PIL.ImageDraw import ImageDraw as Brush

Values = Mapping[str, int]

SALES: Values = {"Jan": 20, "Feb": 35, "Mar": 50, "Apr": 40}
RAIN: Values = {"Mon": 4, "Tue": 12, "Wed": 8, "Thu": 16}
SHARES: Values = {"Bus": 50, "Car": 30, "Bike": 20}
TOLERANCE = 0.1
"""Of the value, where no number is printed."""


def cases() -> Iterator[Case]:
    told = partial(bars, SALES, "Sales in kEUR", True)
    bare = partial(bars, SALES, "Sales in kEUR", False)
    line = partial(_line, RAIN, "Rain in mm")
    pie = partial(_pie, SHARES)
    yield Case("printed value", "charts", told, "What is the value for Mar in this chart?", _value(50, 0.0))
    yield Case("unit", "charts", told, "In which unit are the values of this chart?", says("kEUR|k EUR|thousand"))
    yield Case("highest bar", "charts", bare, "Which bar of the chart is the highest?", says("Mar|March"))
    yield Case("value off the axis", "charts", bare, "What is the value for Feb in this chart?", _value(35, TOLERANCE))
    yield Case("line", "charts", line, "On which day was the most rain in this chart?", says("Thu|Thursday"))
    yield Case("line off the axis", "charts", line, "How much rain does the chart show on Tue?", _value(12, TOLERANCE))
    yield Case("pie", "charts", pie, "Which share of the pie chart is the largest?", says("Bus"))
    yield Case("sum", "charts", told, "What do all bars of this chart come to together?", _value(145, 0.0))


def _value(wanted: float, tolerance: float) -> Judge:
    def judge(said: Said) -> str | None:
        numbers = [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", said.text)]
        if any(abs(number - wanted) <= tolerance * wanted for number in numbers):
            return None
        return f"it says {short(said.text)}, the value is {wanted:g}"

    return judge


def _axes(title: str, most: int, step: int) -> tuple[PillowImage, Brush]:
    picture, brush = sheet((900, 620), "white")
    words(brush, (450, 40), title, 40, "black", "mm")
    brush.line([(110, 90), (110, 520), (860, 520)], fill="black", width=4)
    for value in range(0, most + 1, step):
        y = 520 - 400 * value / most
        brush.line((100, y, 860, y), fill=(215, 215, 215), width=2)
        words(brush, (90, y), str(value), 28, "black", "rm")
    return picture, brush


def bars(values: Values, title: str, printed: bool) -> PillowImage:
    picture, brush = _axes(title, 60, 10)
    for place, (label, value) in enumerate(values.items()):
        x, y = 190 + 175 * place, 520 - 400 * value / 60
        brush.rectangle((x - 50, y, x + 50, 520), fill=COLOURS["blue"])
        words(brush, (x, 550), label, 32, "black", "mm")
        if printed:
            words(brush, (x, y - 24), str(value), 32, "black", "mm")
    return picture


def _line(values: Values, title: str) -> PillowImage:
    picture, brush = _axes(title, 20, 4)
    points = [(190 + 190 * place, 520 - 400 * value / 20) for place, value in enumerate(values.values())]
    brush.line(points, fill=COLOURS["red"], width=6)
    for (x, y), label in zip(points, values, strict=True):
        brush.ellipse((x - 9, y - 9, x + 9, y + 9), fill=COLOURS["red"])
        words(brush, (x, 550), label, 32, "black", "mm")
    return picture


def _pie(values: Values) -> PillowImage:
    picture, brush = sheet((900, 620), "white")
    words(brush, (450, 40), "How people come to work", 40, "black", "mm")
    start = -90.0
    for place, (label, value) in enumerate(values.items()):
        end = start + 3.6 * value
        colour = list(COLOURS.values())[place]
        brush.pieslice((120, 100, 580, 560), start, end, fill=colour, outline="white", width=4)
        brush.rectangle((640, 160 + 80 * place, 690, 210 + 80 * place), fill=colour)
        words(brush, (710, 168 + 80 * place), label, 36)
        start = end
    return picture
