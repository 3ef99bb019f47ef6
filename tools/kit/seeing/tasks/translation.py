"""Words of an image in another language, each beside its original."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import Task

WORDS = (
    r"\btranslat|\bin(?:to)? (?:english|german|french|spanish|italian|portuguese|dutch|japanese|chinese)\b"
    r"|\bwhat does .{0,60}\bmean in\b|\bübersetz|\btradu[icz]|\bvertaal"
)


class Translated(BaseModel):
    model_config = ConfigDict(extra="forbid")

    original: str = Field(description="The words exactly as they stand in the image.")
    translation: str = Field(description="The same in the language asked for; names, numbers and dates as printed.")
    language: str = Field(description="The language of the original, in English, such as 'German'.")
    unsure: bool = Field(description="True when the reading or the meaning had to be guessed.")
    region: SightRegion | None = Field(description="Where it stands.")


class Translation(Sight):
    pairs: list[Translated] = Field(description="Each piece of text with its translation, in reading order.")


TASK = Task(
    "translation",
    "Translate the text in the image into the language asked for, or into that of the question. Give each piece in "
    "quotes as it stands, then its translation in quotes. Names, numbers, dates and codes stay as printed. Leave out "
    "nothing and add nothing; what cannot be read is not translated but said to be unreadable.",
    size="read",
    schema=Translation,
    stakes=True,
    second="First write down the original text of the image word by word, then translate that and nothing else. Keep "
    "names, numbers, dates and codes as printed.",
    near=False,
    settles=("pairs.original",),
)
