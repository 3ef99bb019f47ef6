"""A problem worked out step by step."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight
from tools.kit.seeing.task import Task

WORDS = (
    r"\bsolve\b|\bsolution\b|\bcalculat|\bprove\b|\bproof\b|\bgeometry\b|\bmath|\bwork(?:ed)? (?:it|this|that)? ?out\b"
    r"|\bhomework\b|\bexercise\b|\bequation right\b|\bauflös|\blöse\b|\brésou"
)


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid")

    did: str = Field(description="What is done in this step, in a few words.")
    equation: str = Field(description="The line of working, such as '12 * 7 + 3 = 87'; empty when there is none.")


class Mathematics(Sight):
    given: str = Field(description="The problem as it stands in the image.")
    steps: list[Step] = Field(description="The working, one line each; at most 20.")
    result: str = Field(description="The result with its unit; empty when it cannot be worked out.")


TASK = Task(
    "mathematics",
    "Write the problem down as it stands, then work it out line by line, then check the result by putting it back in. "
    "Use only what is given in the image. When something that is needed is missing or unreadable, say what.",
    size="read",
    schema=Mathematics,
    stakes=True,
    second="Solve the problem in another way than the obvious one, and give the result. Every line must follow from "
    "the one before it.",
    near=False,
    thinking=True,
    settles=("result",),
)
