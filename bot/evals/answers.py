"""Whole answers of the agent, from the posted picture to the sentence: what they must say, and what they may not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.evals.capabilities import charts, damage, diagrams, memes, translation
from bot.evals.capabilities.drawing import sheet, words
from bot.evals.conversations import Draw, Talk, drawn, measured
from bot.evals.report import Figure
from bot.samples.drawings import draw_all

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

    from bot.wiring import Wiring

SUITE = "answers"
MODEL = r"vision model|seen by (?:the |a )?model|the model (?:sees|says|reads|counts)"
SUM = ("12 x 7 + 3 = 87", "15 x 4 = 65", "144 / 12 = 12")


async def evaluate(wiring: Wiring, data: Path) -> list[Figure]:
    """By kind of question, with the planner and the vision model that are configured."""
    return await measured(SUITE, wiring, TALKS, pictures())


def pictures() -> dict[str, Draw]:
    """Every picture by name: those of the demo, and some of `seeing`."""
    demo = {name: _of_demo(name) for name in ("receipt", "invoice", "diagram", "before", "after", "flower")}
    shown: dict[str, Callable[[], PillowImage]] = {
        "sign.png": partial(translation.drawn, "NOTAUSGANG"),
        "chart.png": partial(charts.bars, charts.SALES, "Sales in kEUR", True),
        "plate.png": partial(damage.drawn, "plate", "crack"),
        "shop.png": partial(diagrams.drawn, diagrams.SHOP, diagrams.SHOP_EDGES),
        "meme.png": partial(memes.drawn, "IT WORKS", "ON MY MACHINE", "screen"),
        "sums.png": _sums,
        "blank.png": _blank,
    }
    return {**demo, **{name: drawn(name, picture) for name, picture in shown.items()}}


def _of_demo(name: str) -> Draw:
    return lambda folder: draw_all(folder / "demo")[name]


def _sums() -> PillowImage:
    picture, brush = sheet((900, 420), "white")
    for row, line in enumerate(SUM):
        words(brush, (80, 60 + 110 * row), line, 56)
    return picture


def _blank() -> PillowImage:
    return sheet((640, 480), "white")[0]


TALKS = (
    Talk("total", "documents", "What is the total?", ("receipt",), (r"13\.20",), (r"12\.00 is the total",)),
    Talk("date", "documents", "What is the date on this receipt?", ("receipt",), (r"2026-03-14|14/03/2026|14 March",)),
    Talk("invoice number", "documents", "What is the invoice number?", ("invoice",), ("INV-2026-0042",)),
    Talk("due date", "documents", "When is it due?", ("invoice",), (r"2026-03-03|3 March",), (r"2026-02-01",)),
    Talk("adds up", "documents", "Does this receipt add up?", ("receipt",), (r"adds? up|13\.20",), ("does not",)),
    Talk("dearest item", "documents", "What is the most expensive item?", ("receipt",), ("Croissant",)),
    Talk("read", "text", "What does the sign say?", ("sign.png",), ("NOTAUSGANG",)),
    Talk("read a meme", "text", "Read the text", ("meme.png",), ("IT WORKS", "MACHINE")),
    Talk("check sums", "mathematics", "Check this homework", ("sums.png",), ("60",), ("88",)),
    Talk("solve in words", "mathematics", "What is 12 x 7 + 3?", ("sums.png",), ("87",)),
    Talk("connections", "diagrams", "What does this diagram show?", ("shop.png",), ("Web", "API", "Mail")),
    Talk("weak point", "diagrams", "What is the single point of failure in this diagram?", ("shop.png",), ("API",)),
    Talk("differences", "comparison", "What is different?", ("before", "after"), (r"differ|missing|gone|changed",)),
    Talk("same", "comparison", "Are these the same?", ("receipt", "receipt"), (r"same|one image|another|post",)),
    Talk("colour", "description", "What colours does it have?", ("blank.png",), ("white",), (r"\bred\b", r"\bblue\b")),
    Talk("flower", "description", "What is this?", ("flower",), (r"flower|dahlia|daisy|plant|petal",)),
    Talk("translation", "eyes", "Translate the sign into English", ("sign.png",), ("exit", MODEL), eyes=True),
    Talk("crack", "eyes", "Is the plate damaged?", ("plate.png",), (r"crack|broken", MODEL), eyes=True),
    Talk("chart", "eyes", "Which month is the highest in this chart?", ("chart.png",), (r"Mar", MODEL), eyes=True),
    Talk("joke", "eyes", "What is meant by this meme?", ("meme.png",), (MODEL,), eyes=True),
    Talk("nobody there", "eyes", "How many people are there?", ("blank.png",), (r"\b(?:no|none|0|zero)\b",), eyes=True),
)
