"""The concepts the builtin encoder knows.

``imagenet_concepts.txt``: ImageNet's 1,000 classes, in its order, a line each: names, a tab, the gloss; then the
WordNet concepts above them: names, a tab, the numbers of the classes each is made of. WordNet 3.0 Copyright 2006 by
Princeton University, used by its licence.

``everyday_concepts.txt``: what people ask for and ImageNet has no class of (a person, the beach, a receipt), written
for this project: names, a tab, and how likely the concept is given each of some classes, concepts or kinds of picture.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tools.backends.builtin_encoder.picture_kinds import KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLASSES = 1000
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Concepts:
    names: tuple[str, ...]
    """Every name of every concept, lower case, concept by concept."""
    first: NDArray[np.int64]
    """(concepts,) index into `names` of each concept's first name. The classes come first."""
    glosses: tuple[str, ...]
    """One sentence a class."""
    given: NDArray[np.float32]
    """(concepts, classes + kinds of picture): how likely a concept is, given one. 0 or 1 for WordNet's."""
    exact: int
    """How many concepts are ImageNet's and WordNet's; the everyday ones follow."""
    fingerprint: str
    """Of all texts, so that what is computed from them can be kept."""


@functools.cache
def concepts() -> Concepts:
    wordnet = _rows("imagenet_concepts.txt")
    everyday = _rows("everyday_concepts.txt")
    names = [[name.lower() for name in called.split("; ")] for called, _ in wordnet + everyday]
    given = np.zeros((len(names), CLASSES + len(KINDS)), dtype=np.float32)
    given[:CLASSES, :CLASSES] = np.eye(CLASSES)
    for row, (_, numbers) in enumerate(wordnet[CLASSES:], CLASSES):
        given[row, _numbers(numbers)] = 1
    known = _known(names[: len(wordnet)], given)
    for row, (_, parts) in enumerate(everyday, len(wordnet)):
        for part in parts.split(", "):
            name, weight = part.rsplit(" ", 1)
            given[row] = np.maximum(given[row], float(weight) * known[name.lower()])
    return Concepts(
        names=tuple(name for called in names for name in called),
        first=np.cumsum([0, *(len(called) for called in names[:-1])]),
        glosses=tuple(f"{called.split('; ')[0]}: {gloss}" for called, gloss in wordnet[:CLASSES]),
        given=given,
        exact=len(wordnet),
        fingerprint=hashlib.sha256(repr((wordnet, everyday)).encode()).hexdigest()[:12],
    )


def _rows(file: str) -> list[tuple[str, str]]:
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    return [(line.split("\t")[0], line.split("\t")[1]) for line in lines]


def _numbers(ranges: str) -> list[int]:
    """``3-5,9`` -> [3, 4, 5, 9]"""
    found: list[int] = []
    for part in ranges.split(","):
        start, _, end = part.partition("-")
        found.extend(range(int(start), int(end or start) + 1))
    return found


def _known(names: list[list[str]], given: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """What an everyday concept can be made of, by name: the kinds of picture, classes and WordNet concepts."""
    known = {kind: np.eye(len(KINDS), dtype=np.float32)[index] for index, kind in enumerate(KINDS)}
    known = {kind: np.concatenate([np.zeros(CLASSES, dtype=np.float32), row]) for kind, row in known.items()}
    for called, row in zip(names, given, strict=False):
        for name in called:
            known.setdefault(name, row)
    return known
