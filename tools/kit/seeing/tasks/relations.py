"""Where things are, and how they stand to each other."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import Task

WORDS = (
    r"\bwhere\b|\bcorner\b|\bposition|\b(?:to the |on the )?(?:left|right) (?:of|side|hand)\b"
    r"|\bnext to\b|\bbeside\b|\bbehind\b"
    r"|\bin front of\b|\babove\b|\bbelow\b|\bunder(?:neath)?\b|\bon top of\b|\bbetween\b|\binside\b|\bnear(?:est"
    r"|er)?\b|\bfarther\b|\bclosest\b|\bfacing\b|\bpointing (?:at|to)\b|\bwo (?:ist|sind|steht|liegt)\b|\boù\b"
    r"|\bdónde\b|\bdov'è\b|\bonde\b|\bwaar\b"
)

Relation = Literal[
    "left of", "right of", "above", "below", "in front of", "behind", "inside", "on", "under", "next to", "between"
]


class Related(BaseModel):
    model_config = ConfigDict(extra="forbid")

    thing: str = Field(description="The thing.")
    relation: Relation = Field(description="How it stands to the other, as the viewer sees it.")
    other: str = Field(description="The other thing; two joined by 'and' for 'between'.")
    region: SightRegion | None = Field(description="Where the first thing is.")


class Relations(Sight):
    relations: list[Related] = Field(description="Every relation the question asks about.")


TASK = Task(
    "relations",
    "Say where things are and how they stand to each other. Left and right are the viewer's, not those of a person in "
    "the picture. Locate each thing first, then compare the places; in front and behind follow from what covers what. "
    "When a thing that is asked about is not there, say so.",
    schema=Relations,
)
