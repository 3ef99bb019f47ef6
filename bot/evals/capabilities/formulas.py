"""Formulas to LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from bot.evals.capabilities.case import Case, Judge, Said, short
from bot.evals.capabilities.drawing import sheet, words

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from PIL.ImageDraw import ImageDraw as Brush

BIG, SMALL = 80, 46


def cases() -> Iterator[Case]:
    for accepted, draw in FORMULAS:
        name = accepted[0]
        yield Case(name, "formulas", partial(_drawn, draw), "Write the formula in LaTeX.", _is(*accepted))


def normal(latex: str) -> str:
    """LaTeX without what changes nothing to be seen: spaces, braces around one sign, size commands, other spellings."""
    for pattern, other in (
        (r"\\(?:left|right|,|;|!|quad|displaystyle)(?![a-zA-Z])", ""),
        (r"\\(?:cdot|times)", "*"),
        (r"\\[dt]frac", r"\\frac"),
        (r"\$|\s|\\[()\[\]]", ""),
        (r"\{(\w)\}", r"\1"),
    ):
        latex = re.sub(pattern, other, latex)
    return latex.rstrip(".")


def _is(*accepted: str) -> Judge:
    wanted = {normal(latex) for latex in accepted}

    def judge(said: Said) -> str | None:
        given = [str(entry["latex"]) for entry in said.entries("formulas")] or [said.text]
        if any(normal(latex) in wanted for latex in given) or any(latex in normal(said.text) for latex in wanted):
            return None
        return f"it gives {short(' ; '.join(given))} for {accepted[0]}"

    return judge


def _drawn(draw: Callable[[Brush], None]) -> PillowImage:
    picture, brush = sheet((900, 360), "white")
    draw(brush)
    return picture


def _row(brush: Brush, x: float, y: float, text: str) -> float:
    """Write, with ^ before what is raised and _ before what is lowered; returns where it ends."""
    for mark, letter in re.findall(r"([\^_]?)(.)", text):
        if mark:
            x += words(brush, (x, y - 22 if mark == "^" else y + 46), letter, SMALL) + 4
        else:
            x += words(brush, (x, y), letter, BIG) + 3
    return x


def _fraction(brush: Brush, x: float, above: str, below: str) -> None:
    end = max(_row(brush, x, 70, above), _row(brush, x, 200, below))
    brush.line((x - 10, 180, end + 10, 180), fill="black", width=5)


def _pythagoras(brush: Brush) -> None:
    _row(brush, 120, 130, "a^2+b^2=c^2")


def _energy(brush: Brush) -> None:
    _row(brush, 220, 130, "E=mc^2")


def _quotient(brush: Brush) -> None:
    _fraction(brush, 300, "x+1", "x-1")


def _root(brush: Brush) -> None:
    brush.line([(180, 200), (205, 240), (245, 100), (640, 100)], fill="black", width=5)
    _row(brush, 260, 125, "x^2+1")


def _indexed(brush: Brush) -> None:
    _row(brush, 150, 130, "y=x_1+x_2")


def _half(brush: Brush) -> None:
    x = _row(brush, 120, 130, "A=")
    _fraction(brush, x + 30, "1", "2")
    _row(brush, x + 110, 130, "gh")


def _wrong(brush: Brush) -> None:
    _row(brush, 220, 130, "2+2=5")


FORMULAS: tuple[tuple[tuple[str, ...], Callable[[Brush], None]], ...] = (
    (("a^2+b^2=c^2",), _pythagoras),
    (("E=mc^2",), _energy),
    ((r"\frac{x+1}{x-1}", "(x+1)/(x-1)"), _quotient),
    ((r"\sqrt{x^2+1}",), _root),
    (("y=x_1+x_2",), _indexed),
    ((r"A=\frac{1}{2}gh", r"A=\frac12gh"), _half),
    (("2+2=5",), _wrong),
)
"""Every right way to write it, and the drawing. A wrong formula stays wrong."""
