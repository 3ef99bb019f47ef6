"""How many there are, each with its place."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import Task

WORDS = (
    r"\bhow many\b|\bnumber of\b|\bcount(?:s|ed|ing)?\b|\bwie ?viele\b|\banzahl\b|\bcombien\b|\bcu[aá]nt[oa]s\b"
    r"|\bquant[ie]\b|\bquant[oa]s\b|\bhoeveel\b"
)


class Counted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    what: str = Field(description="What is counted, in the question's words.")
    count: int = Field(ge=0, description="How many there are: as many as `items`.")
    at_least: bool = Field(description="True when some may be hidden or cut off, so that there may be more.")
    items: list[SightRegion] = Field(description="Each one counted, left to right, top to bottom; at most 60.")


class Counting(Sight):
    counts: list[Counted] = Field(description="One entry for each kind of thing that is to be counted.")


TASK = Task(
    "counting",
    "Count what is asked for. Mark every single one with its place first, from left to right and top to bottom, then "
    "count the marks: the number and the marks must agree. Count a thing that is partly hidden when it is surely one; "
    "say when more may be hidden. Reflections and pictures of things are not counted. None at all is the number 0.",
    schema=Counting,
    second="Go through the picture row by row and list every one of the things asked for with its place. The number is "
    "the length of that list. Do not estimate.",
    near=False,
    settles=("counts.count",),
)
