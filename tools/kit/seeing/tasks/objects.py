"""What things are there."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import Task

WORDS = (
    r"\bwhat (?:is|are|'s) (?:this|that|these|those|it|there|in|on|shown|visible)\b|\bwhat do(?:es)? .{0,40}\bshow"
    r"|\bobjects?\b|\bthings\b|\bis there an?\b|\bare there any\b|\bwhat can (?:you|be) se|\bwas (?:ist|sieht)\b"
    r"|\bqu'est-ce\b|\bqué (?:es|hay)\b"
)


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="What it is, in a few words.")
    sure: bool = Field(description="False when it is only a guess.")
    region: SightRegion | None = Field(description="Where it is; null when it is everywhere.")


class Objects(Sight):
    things: list[Thing] = Field(description="The things the question asks about, the most prominent first; at most 20.")


TASK = Task(
    "objects",
    "Name the things that are to be seen, the most prominent first. Name only what is visible; a thing that is partly "
    "hidden or unclear is a guess and is marked as one. Never say who a person is.",
    schema=Objects,
)
