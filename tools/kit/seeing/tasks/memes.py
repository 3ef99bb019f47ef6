"""Memes and jokes: what is shown, what is written, what is meant."""

from __future__ import annotations

from pydantic import Field

from tools.kit.seeing.sight import Sight
from tools.kit.seeing.task import Task

WORDS = (
    r"\bmemes?\b|\bjokes?\b|\bfunny\b|\bhumou?r|\bpun\b|\bcartoon\b|\bsarcas|\birony\b|\bironic|\bwitz\w*\b"
    r"|\bblague\b|\bchiste\b"
)


class Meme(Sight):
    shown: str = Field(description="What the picture shows, in a sentence, without naming people.")
    written: list[str] = Field(description="The words in it exactly as they stand, a text each; empty when none.")
    meant: str = Field(description="What is meant by the two together, in one or two sentences.")
    needs: str = Field(description="What one must know to get it; empty when nothing.")


TASK = Task(
    "memes",
    "Explain the meme or joke in three steps: what is shown, what is written (in quotes, exactly), and what is meant "
    "by the two together. Keep what is seen apart from what you interpret. When the point is lost on you, say so. "
    "Never say who a person is.",
    schema=Meme,
)
