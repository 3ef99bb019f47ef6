"""Documents: what kind of paper it is, what it says, what it asks for."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import Task

WORDS = (
    r"\bdocuments?\b|\bletter\b|\bcontract\b|\bform\b|\bclauses?\b|\breceipt\b|\binvoice\b|\bcertificate\b"
    r"|\bdeadline\b|\bsigned\b|\bslide\b|\bscreenshot\b|\bpages?\b"
)


class Point(BaseModel):
    model_config = ConfigDict(extra="forbid")

    what: str = Field(description="A point of it that matters for the question, in a sentence.")
    quote: str = Field(description="The words it rests on, exactly as printed.")
    region: SightRegion | None = Field(description="Where they stand.")


class Document(Sight):
    kind: str = Field(description="What kind of paper or screen it is, in a few words.")
    points: list[Point] = Field(description="What answers the question, each with the words it rests on; at most 12.")


TASK = Task(
    "documents",
    "Answer from what the document says, and quote the words the answer rests on. Say what kind of paper or screen it "
    "is. Amounts, dates, names and numbers are given as printed. What the document does not say is not said; give no "
    "legal or medical judgement.",
    size="read",
    schema=Document,
    stakes=True,
    second="Find the lines of the document that bear on the question, copy them exactly, and answer from "
    "these lines alone.",
    near=False,
    settles=("points.quote",),
)
