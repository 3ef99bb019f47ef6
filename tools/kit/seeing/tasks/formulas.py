"""Formulas as LaTeX."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import Task

WORDS = r"\blatex\b|\bformulas?\b|\bformulae\b|\bequations?\b|\bintegral\b|\bderivative\b|\bformel\w*\b|\béquation"


class Formula(BaseModel):
    model_config = ConfigDict(extra="forbid")

    latex: str = Field(description="The formula in LaTeX without dollar signs, symbol for symbol as it stands.")
    unsure: bool = Field(description="True when a symbol had to be guessed.")
    region: SightRegion | None = Field(description="Where it stands.")


class Formulas(Sight):
    formulas: list[Formula] = Field(description="Every formula that is asked about, in reading order.")


TASK = Task(
    "formulas",
    "Write the formulas down in LaTeX, symbol for symbol as they stand: do not solve, simplify or correct them. Mind "
    "what is above, below, raised and lowered. Give the LaTeX in the answer too, without dollar signs.",
    size="read",
    schema=Formulas,
    stakes=True,
    second="Transcribe each formula from left to right into LaTeX. After each, check every exponent, index, sign and "
    "fraction against the picture. A wrong formula in the picture stays wrong.",
    near=False,
    settles=("formulas.latex",),
)
