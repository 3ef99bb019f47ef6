"""What words say about what is wanted: the cues of `cues.txt`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

CUES = Path(__file__).with_name("cues.txt")
GAIN = re.compile(r"(\w+)([+-][\d.]+)")

Cue = tuple[re.Pattern[str], dict[str, float]]


@cache
def cues() -> tuple[Cue, ...]:
    """Every cue: its pattern, and what it adds to each intent."""
    classes: dict[str, str] = {}
    found: list[Cue] = []
    for line in CUES.read_text(encoding="utf-8").splitlines():
        if " :: " in line and not line.startswith("#"):
            gains, pattern = line.split(" :: ", 1)
            found.append(
                (re.compile(_spelled(pattern, classes)), {name: float(gain) for name, gain in GAIN.findall(gains)})
            )
        elif " = " in line and not line.startswith("#"):
            name, pattern = line.split(" = ", 1)
            classes[name] = _spelled(pattern, classes)
    return tuple(found)


def _spelled(pattern: str, classes: dict[str, str]) -> str:
    return re.sub(r"<([A-Z]+)>", lambda match: classes[match[1]], pattern)


def loudest(text: str, tools: Iterable[str]) -> float:
    """What the cues in a plain clause add to the one of these tools that they add most to."""
    said = heard(text)
    return max((said.get(tool, 0.0) for tool in tools), default=0.0)


def heard(text: str) -> dict[str, float]:
    """What the cues in a plain clause add to each intent."""
    total: dict[str, float] = {}
    for pattern, gains in cues():
        if pattern.search(text):
            for intent, gain in gains.items():
                total[intent] = total.get(intent, 0.0) + gain
    return total
