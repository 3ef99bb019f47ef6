"""What a vision model is asked: one focused question for each thing a question wants to know, and as few as will do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from tools.kit.seeing.task import GENERAL, Task
from tools.kit.seeing.tasks import tasks, words

TaskName = Literal[
    "general",
    "scene",
    "objects",
    "relations",
    "counting",
    "colours",
    "text",
    "translation",
    "handwriting",
    "formulas",
    "mathematics",
    "memes",
    "charts",
    "documents",
    "damage",
    "diagrams",
    "comparison",
    "caption",
]
"""What a planner may name. Fields are for `extract` to ask."""
NAMES: tuple[str, ...] = get_args(TaskName)

MOST = 4
"""Questions to the model for one question of a person."""
WHOLE: frozenset[str] = frozenset(
    {"caption", "memes", "charts", "diagrams", "comparison", "damage", "documents", "mathematics"}
)
"""Their questions hang together: a chart is read once, whatever is asked of it."""

ASKING = (
    r"what(?:'s)?|which|who|whose|where|when|why|how|is|are|was|were|do|does|did|can|could|tell|say|name|count|read|find"
    r"|describe|list|translate|explain|compare|give|identify|show"
    r"|wie|wo|was|wer|welche[rs]?|combien|où|qui|quel(?:le)?s?|cu[aá]nt[oa]s|d[oó]nde|qu[eé]|quant[ie]|dov'è"
)
APART = re.compile(
    rf"[?;\n]+\s*|(?<=[a-z])\.\s+|,\s*(?:and\s+|then\s+)?(?=(?:{ASKING})\b)|\s+(?:and|then|und|et|y|e)\s+(?:then\s+)?(?=(?:{ASKING})\b)",
    re.IGNORECASE,
)
"""Where one question ends and another begins."""
LEADING = re.compile(r"^(?:(?:and|also|then|please|so|well|hi|hello)\b[\s,]*)+", re.IGNORECASE)


@dataclass(frozen=True)
class Focus:
    """One question to the model."""

    part: str
    """What it is to find out, in the person's words."""
    task: Task
    question: str
    """What the model is asked: the part, with the whole question where it is not the same."""


def task_for(question: str, images: int = 1) -> Task:
    """The task a question is, by its words; the general one for any other. `images`: how many there are."""
    for name, pattern in words().items():
        if pattern.search(question) and (name != "comparison" or images > 1):
            return tasks()[name]
    return GENERAL


def focused(question: str, images: int = 1, name: str | None = None) -> list[Focus]:
    """The questions the model is asked for one question. `name`: of the task, where somebody has said it."""
    question = " ".join(question.split())
    if name is not None:
        return [Focus(question, tasks()[name], question)]
    first = task_for(question, images)
    parts = [part for part in (LEADING.sub("", part).strip(" ,.") for part in APART.split(question)) if part]
    if first.name in WHOLE or len(parts) < 2:
        return [Focus(question, first, question)]
    groups = _grouped(parts, images)
    if len(groups) == 1 or len(groups) > MOST:
        task = groups[0][0] if len(groups) == 1 else GENERAL
        return [Focus(question, task, question)]
    return [Focus(part, task, _within(part, question)) for task, part in groups]


def _grouped(parts: Sequence[str], images: int) -> list[tuple[Task, str]]:
    """Parts of one task are asked together; a part that only goes on ("and why") goes with the one before it."""
    groups: dict[str, list[str]] = {}
    last = ""
    for part in parts:
        task = task_for(part, images)
        name = last if task is GENERAL and last and len(part.split()) < 3 else task.name
        groups.setdefault(name, []).append(part)
        last = name
    return [(tasks()[name], "; ".join(dict.fromkeys(told))) for name, told in groups.items()]


def _within(part: str, question: str) -> str:
    return f'{part}? (This is one part of the question "{question}"; the other parts are asked apart.)'
