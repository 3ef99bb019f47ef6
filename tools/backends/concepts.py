"""The concepts the builtin encoder knows: ImageNet's 1,000 classes and the WordNet 3.0 concepts above them.

``imagenet_concepts.txt`` has one concept a line: its names, and for all but the first 1,000 lines (the classes, in
ImageNet's order) a tab and the classes it is made of. WordNet 3.0 Copyright 2006 by Princeton University, by its licence.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLASSES = 1000
FILE = Path(__file__).with_name("imagenet_concepts.txt")


@dataclass(frozen=True)
class Concepts:
    names: tuple[str, ...]
    """Every name of every concept, lower case, concept by concept."""
    first: NDArray[np.int64]
    """(concepts,) index into `names` of each concept's first name."""
    classes: NDArray[np.float32]
    """(concepts, 1000): 1 where a class belongs to a concept."""
    fingerprint: str
    """Of the names, so that what is computed from them can be kept."""


@functools.cache
def concepts() -> Concepts:
    names: list[str] = []
    first: list[int] = []
    lines = FILE.read_text(encoding="utf-8").splitlines()
    classes = np.zeros((len(lines), CLASSES), dtype=np.float32)
    for row, line in enumerate(lines):
        called, _, made_of = line.partition("\t")
        first.append(len(names))
        names.extend(name.lower() for name in called.split("; "))
        classes[row, _numbers(made_of) if made_of else row] = 1
    fingerprint = hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]
    return Concepts(tuple(names), np.array(first), classes, fingerprint)


def _numbers(ranges: str) -> list[int]:
    """``3-5,9`` -> [3, 4, 5, 9]"""
    found: list[int] = []
    for part in ranges.split(","):
        start, _, end = part.partition("-")
        found.extend(range(int(start), int(end or start) + 1))
    return found
