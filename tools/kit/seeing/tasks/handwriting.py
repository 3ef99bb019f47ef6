"""What is written by hand."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import Task

WORDS = (
    r"\bhand-?\s?writ|\bhand-?\s?lettered|\bscribbl|\bscrawl|\bcursive\b|\bsignature\b|\bhandschrift|\bmanuscrit"
    r"|\bwritten by hand"
)


class HandLine(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="The line as written; '…' for what cannot be read.")
    unsure: list[str] = Field(description="Words of it that had to be guessed; empty when none.")
    region: SightRegion | None = Field(description="Where the line stands.")


class Handwriting(Sight):
    lines: list[HandLine] = Field(description="Every line written by hand that is asked about, top to bottom.")


TASK = Task(
    "handwriting",
    "Read the handwriting line by line. Give the words as written, with spelling and abbreviations; never correct "
    "them. Name the words you had to guess, and put … for what cannot be read. Say nothing of who wrote it, and do "
    "not read a name out of a signature that is a mere flourish.",
    size="read",
    schema=Handwriting,
    stakes=True,
    second="Spell out the handwriting stroke by stroke, one line at a time. Where several letters are "
    "possible, say the word is a guess.",
    near=False,
    settles=("lines.text",),
)
