"""The scene as a whole: indoors or outdoors, day or night, weather, season. A small image tells that."""

from __future__ import annotations

from pydantic import Field

from tools.kit.seeing.sight import Sight
from tools.kit.seeing.task import Task

WORDS = (
    r"\bindoors?\b|\boutdoors?\b|\binside or outside\b|\bday(?:time)? or night|\btime of (?:day|year)\b|\bweather\b"
    r"|\bseason\b|\bis it (?:day|night|dark|sunny|cloudy|raining|snowing|summer|winter|spring|autumn)\b"
    r"|\bat (?:night|dawn|dusk|sunset|sunrise|noon)\b|\btaken (?:by day|in (?:winter|summer|spring|autumn))\b"
    r"|\bwhat (?:kind|type|sort) of (?:place|scene|room|landscape)\b|\bmood\b|\batmosphere\b"
)


class Scene(Sight):
    label: str = Field(description="The answer in one to three words, such as 'outdoors' or 'late autumn'.")
    signs: list[str] = Field(description="What in the image shows it, in a few words each; at most 4.")


TASK = Task(
    "scene",
    "Judge the scene as a whole: place, light, weather, time. Say what shows it. When the signs do not tell, say so.",
    size="classify",
    schema=Scene,
)
