"""How a question is put to each kind of model, and what its words are worth as an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tools.backends.local_vision import florence
from tools.backends.local_vision.kinds import Kind
from tools.backends.local_vision.said import Said
from tools.kit.seeing import Task

DESCRIBING = frozenset({"caption"})
READING = frozenset({"text", "handwriting", "documents"})
FINDING = frozenset({"objects"})
"""Tasks by their names."""


@dataclass(frozen=True)
class Way:
    """How one image is looked at."""

    prompt: str
    answers: bool
    """Whether what comes is an answer to the question; else it is what the model can say all the same."""
    does: str
    """What the model then does, for people: "The model X only describes"."""


def way(kind: Kind, task: Task, question: str) -> Way:
    if kind == "answerer":
        return Way(question, answers=task.name not in DESCRIBING, does="only answers short questions")
    if kind == "blip2":
        asked = "" if task.name in DESCRIBING else f"Question: {question} Answer:"
        return Way(asked, answers=True, does="answers in a few words")
    if kind == "captioner":
        return Way("", answers=task.name in DESCRIBING, does="only describes")
    if task.name in READING:
        return Way(florence.READING, answers=task.name != "documents", does="only reads")
    if task.name in FINDING:
        return Way(florence.OBJECTS, answers=True, does="names objects")
    return Way(florence.DETAILED, answers=task.name in DESCRIBING, does="only describes")


def worded(said: Said, chosen: Way) -> str:
    """What the model says of one image, as a sentence or a few."""
    if chosen.prompt == florence.OBJECTS:
        counted = Counter(place.what for place in said.places)
        return ", ".join(f"{what} ({number})" if number > 1 else what for what, number in counted.items())
    return " / ".join(said.text.splitlines()) if chosen.prompt == florence.READING else said.text


def together(handles: Sequence[str], texts: Sequence[str]) -> str:
    """What is said of several images, each under its handle."""
    if len(texts) == 1:
        return texts[0]
    return "; ".join(f"{handle}: {text}" for handle, text in zip(handles, texts, strict=True))
