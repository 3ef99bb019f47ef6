"""Names of a CLIP checkpoint's own for what it sees: everyday words, each compared with the image.

The words are those of `labelling.subjects` and WordNet's above ImageNet's classes. All compete; to the chance of a
broad one ("bird", "animal") those of the narrower ones are added that it holds.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tools.backends.builtin_encoder.concepts import CLASSES, concepts
from tools.backends.builtin_encoder.naming import GENERAL
from tools.backends.common.whole_files import write_whole
from tools.kit.labelling.subjects import KINDS, SUBJECTS, bare
from tools.kit.labelling.zero_shot import probabilities
from tools.kit.types import Calibration, Embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEMPERATURE = 1.25
"""Flatter than the checkpoint's own: a name that is said should rather be right than narrow."""
FIRST = 3
"""Names told an image, before the broader ones."""


@dataclass(frozen=True)
class Vocabulary:
    names: tuple[str, ...]
    """From the narrow to the broad."""
    holds: NDArray[np.bool_]
    """(names, names): each holds itself, and the narrower ones it is made of."""

    def prompts(self, templates: tuple[str, ...]) -> list[str]:
        return [template.format(name) for name in self.names for template in templates]


@functools.cache
def vocabulary() -> Vocabulary:
    members = _members()
    held = {name: {other for other in members if members[other] < members[name]} | {name} for name in members}
    for kind, subjects in KINDS.items():
        held.get(bare(kind), set()).update(map(bare, subjects))
    names = sorted(held, key=lambda name: len(held[name]))
    return Vocabulary(tuple(names), np.array([[name in held[above] for name in names] for above in names]))


def _members() -> dict[str, frozenset[str]]:
    """Every word with the ImageNet classes it stands for. The everyday ones stand for themselves: WordNet has other
    senses of some ("toy", a dog)."""
    known: dict[str, frozenset[str]] = {}
    for first, row in zip(concepts().first, concepts().given[: concepts().exact, :CLASSES], strict=False):
        name, classes = concepts().names[first], frozenset(map(str, np.flatnonzero(row)))
        known[name] = max(known.get(name, classes), classes, key=len)
    kinds = (bare(kind) for kind in KINDS if " or " not in kind)
    alone = {word: frozenset({word}) for word in (*map(bare, SUBJECTS), *kinds)}
    return alone | {word: known.get(word, frozenset({word})) for word in GENERAL}


def named(images: Embeddings, prompts: Embeddings, calibration: Calibration) -> list[list[tuple[str, float]]]:
    """(n, dim) images and (names x templates, dim) prompts, both L2-normalised -> names as `Namer` gives them."""
    return [_named(row[:-1]) for row in probabilities(images, prompts, calibration, temperature=TEMPERATURE)]


def _named(chances: NDArray[np.float64]) -> list[tuple[str, float]]:
    names, holds = vocabulary().names, vocabulary().holds
    likeliest = chances.argsort()[::-1][:FIRST].tolist()
    broader = [place for place in np.flatnonzero(holds[:, likeliest[0]]).tolist() if place not in likeliest]
    return [(names[place], float(holds[place] @ chances)) for place in [*likeliest, *broader]]


class Kept:
    """Embeddings of the prompts, in a file beside the checkpoint's networks."""

    def __init__(self, folder: Path, prompts: Sequence[str]) -> None:
        digest = hashlib.sha256("\n".join(prompts).encode()).hexdigest()[:8]
        self._file = folder / f"names-{digest}.npy"
        self._prompts = prompts

    def read(self) -> dict[str, Embeddings]:
        """As far as they are known, in their order; none where the file is missing or damaged."""
        try:
            rows: Embeddings = np.load(self._file)
        except (OSError, ValueError, EOFError):
            return {}
        return dict(zip(self._prompts, rows, strict=False))

    def write(self, rows: Embeddings) -> None:
        """The first rows. On a full disk they are not kept, which costs time only."""
        data = io.BytesIO()
        np.save(data, rows)
        with contextlib.suppress(OSError):
            write_whole(self._file, data.getvalue())
