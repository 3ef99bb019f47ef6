"""What differs between images, and what is alike."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import Task

WORDS = (
    r"\bcompar|\bdiffer|\bsame\b|\bsimilar|\bidentical\b|\bchanged?\b|\bbefore and after\b|\bversus\b|\bvs\b"
    r"|\bodd one out\b|\bvergleich|\bunterschied|\bdifférence|\bdiferencia"
)


class Differing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    what: str = Field(description="What differs, in a few words.")
    first: str = Field(description="How it is in the first of the two images.")
    second: str = Field(description="How it is in the other.")
    aspect: Literal["colour", "text", "part", "damage", "size", "position", "background", "other"] = Field(
        description="The side of it that differs."
    )
    regions: list[SightRegion] = Field(description="Where it is, in one or both images; empty when it is everywhere.")


class Comparison(Sight):
    same_thing: bool | None = Field(
        description="Whether they show the same thing or scene; null when that is not clear."
    )
    differences: list[Differing] = Field(
        description="Each difference of substance, the most important first; at most 12."
    )
    alike: list[str] = Field(description="What they have in common; at most 5.")


TASK = Task(
    "comparison",
    "Compare the images. Go part by part: shape, parts, colours, text, damage, background. Name each difference of "
    "substance with how it is in either image. Light, angle, distance and sharpness of the photos are no differences "
    "of the thing. When they are the same, say so; do not look for a difference at any price.",
    schema=Comparison,
    stakes=True,
    second="Describe each image by itself first, part by part, without looking at the other. Then set the descriptions "
    "side by side and list only what truly differs.",
    near=False,
    thinking=True,
    settles=("same_thing", "differences.aspect"),
)
