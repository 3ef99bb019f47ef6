"""A task for a vision model: its prompt, how large images go along, and how careful the answer must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tools.kit.seeing.sight import Sight

Size = Literal["glance", "classify", "general", "read"]
SIDES: dict[Size, int] = {"glance": 256, "classify": 512, "general": 1024, "read": 2048}
"""Longer side in pixels of what is sent."""


@dataclass(frozen=True)
class Task:
    name: str
    """For the cache, the ledger and `spyglass eval`."""
    prompt: str
    """What to do, told before the question. Part of the cache key by its own words."""
    size: Size = "general"
    schema: type[Sight] = Sight
    stakes: bool = False
    """Whether a second reading is asked for where one is set."""
    second: str = ""
    """The same in other words, for a second reading by the same model."""
    near: bool = True
    """Whether an answer about a near-duplicate may stand: never for reading, extraction and comparison."""
    thinking: bool = False
    """Whether extended thinking helps."""
    settles: tuple[str, ...] = ()
    """What two readings must agree on beside the answer, as paths into the schema's own fields (``fields.value``): not
    places, nor what has many right wordings."""


GENERAL = Task(
    "general",
    "Answer the question about the images. Say only what can be seen in them, and say so when you cannot tell.",
)
