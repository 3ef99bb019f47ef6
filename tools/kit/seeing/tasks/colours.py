"""Which colour things have."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import Task

WORDS = (
    r"\bcolou?rs?\b|\bcolou?red\b|\bhue\b|\bshade of\b|\bfarbe\w*\b|\bcouleurs?\b|\bcolor(?:es)?\b|\bcolore\b|\bkleur\b"
)


class Coloured(BaseModel):
    model_config = ConfigDict(extra="forbid")

    what: str = Field(description="The thing.")
    colour: str = Field(description="Its colour in a plain word or two, such as 'dark blue'; the larger part's first.")
    region: SightRegion | None = Field(description="Where it is.")


class Colours(Sight):
    colours: list[Coloured] = Field(description="The colour of each thing that is asked about.")


TASK = Task(
    "colours",
    "Say which colour the things asked about have, in plain words (black, white, grey, red, orange, yellow, green, "
    "turquoise, blue, purple, pink, brown, beige, with light or dark). Judge the thing itself, not the light that "
    "falls on it; where the light makes it unsure, say so.",
    size="classify",
    schema=Colours,
)
