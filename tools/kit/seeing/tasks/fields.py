"""Values of named fields, as printed."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import Task


class FieldSeen(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="The field, by the name it was asked for.")
    value: str | None = Field(
        description="As a plain value: an amount as 9.00, a date as YYYY-MM-DD, else text. Null when it is not there."
    )
    text: str | None = Field(description="Exactly as printed; null when it is not there.")
    region: SightRegion | None = Field(description="Where it is printed.")


class Fields(Sight):
    fields: list[FieldSeen] = Field(description="One entry for each field that was asked for, in that order.")


TASK = Task(
    "fields",
    "Take the named fields off the paper. Give each value exactly as printed and once more as a plain value. What is "
    "not printed is null: never work a value out, and never take one from another field because it is near. A total "
    "is what has to be paid in the end, not a subtotal, not the cash given.",
    size="read",
    schema=Fields,
    stakes=True,
    second="For each field name find the label on the paper that means it, then copy what stands beside or below that "
    "label. Without such a label or an unmistakable place it is null.",
    near=False,
    settles=("fields.name", "fields.value"),
)
