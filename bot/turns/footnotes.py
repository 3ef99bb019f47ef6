"""What stands below an answer, in the words both edges use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.turns.running import Answer

READING = ("read_text", "extract", "analyze")
SHORT = re.compile(r"(?:\([^)]*\)|(?!\. |;).)*", re.DOTALL)
"""A sentence to its end or its first semicolon; what stands in brackets is whole."""


def notes(answer: Answer) -> list[str]:
    """What intake warned of in the images the answer is about; warnings about reading only where something was read."""
    found: list[str] = []
    read: set[str] = set()
    about: set[str] = set()
    for tool in answer.tools:
        handles = {region["handle"] for region in (tool["evidence"] or {"about": []})["about"]}
        about |= handles
        read |= handles if tool["name"] in READING else set()
    for ref in answer.images:
        told = [note for note in ref["notes"] if ref["handle"] in (read if "reading" in note else about)]
        found += [f"{ref['handle']} is {note}" for note in told]
    return found


def certainty(sure: float) -> str:
    """A probability in words that never round up to certainty."""
    return "over 99% sure" if sure > 0.99 else f"{sure:.0%} sure"


def in_short(error: str) -> str:
    """Why a tool could not, without what follows from it."""
    found = SHORT.match(error)
    return found[0].rstrip(".") if found else error
