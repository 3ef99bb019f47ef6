"""Damage and safety: findings with how serious they are and where, and what a photo cannot tell."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import Task

WORDS = (
    r"\bdamag|\bbroken?\b|\bcrack|\bscratch|\bdents?\b|\bdented\b|\bdefect|\bleak|\btorn\b|\brust|\bcorro|\bworn\b"
    r"|\bintact\b|\bsafe\b|\bsafety\b|\bunsafe\b|\bdanger|\bhazard|\brisks?\b|\bppe\b|\bcondition of\b|\bbeschädig"
    r"|\bschaden\b|\bsicher\b|\bendommag|\bdaños?\b"
)


class Damaged(BaseModel):
    model_config = ConfigDict(extra="forbid")

    what: str = Field(description="What is wrong or unsafe, in a few words.")
    part: str = Field(description="The part it is on.")
    severity: Literal["none", "cosmetic", "minor", "serious", "critical"] = Field(
        description="critical: somebody may be hurt now. serious: it should not be used. minor: repair it. "
        "cosmetic: looks."
    )
    sure: bool = Field(description="False when it may also be dirt, a shadow, a reflection or how it is made.")
    region: SightRegion | None = Field(description="Where it is.")


class Damage(Sight):
    findings: list[Damaged] = Field(
        description="Each finding by itself, the most serious first; empty when none is seen."
    )
    cannot_judge: list[str] = Field(description="What this photo cannot tell: inside, back, depth, function, strength.")


TASK = Task(
    "damage",
    "Look for damage and for what is unsafe, part by part. For each finding say what, where and how serious, and "
    "whether it may be dirt, a shadow, a reflection or how the thing is made. Judge the thing, not its surroundings. "
    "Say what a photo cannot tell. Seeing no damage is not the same as there being none: word it so.",
    size="read",
    schema=Damage,
    stakes=True,
    second="Go over the thing from the top left to the bottom right and note every line, spot, gap and "
    "edge that should not be there. Only then decide which are damage, and how serious each is. Name what cannot be "
    "judged from a photo.",
    near=False,
    thinking=True,
    settles=("findings.severity",),
)
