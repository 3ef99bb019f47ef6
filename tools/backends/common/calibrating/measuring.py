"""In a worker: a checkpoint's cutoffs, measured on `samples`."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tools.backends.common.calibrating.samples import ELSEWHERE, SAMPLES
from tools.backends.common.whole_files import write_whole
from tools.kit.labelling.calibrating import apart, parting, unrelated
from tools.kit.types import Embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image as Pillow

FILE = "cutoffs-1.json"
"""Beside what else is kept of a checkpoint. Another number where samples or rule change."""


@dataclass(frozen=True)
class Measured:
    """What was found, and on how much."""

    relevant: float | None
    """Text to image: where texts that fit and texts that do not part; None where they do not."""
    alike: float
    """Image to image: what one in ten unrelated pictures reaches."""
    apart: float
    """d' of texts that fit and texts that do not."""
    fitting: int
    others: int
    """Pairs of text and picture."""


def measured(
    pictures: Callable[[Sequence[Pillow]], Embeddings],
    texts: Callable[[Sequence[str]], Embeddings],
    templates: tuple[str, ...],
) -> Measured:
    """Both give (n, dim) float32, L2-normalised. `templates`: of prompts, whose mean stands for a text in a search."""
    there = [(sample, picture) for sample in SAMPLES if (picture := sample.picture()) is not None]
    samples = [sample for sample, _ in there]
    seen = pictures([picture for _, picture in there])
    asked = [(text, number) for number, sample in enumerate(samples) for text in sample.texts]
    cosines = _ensembles([*(text for text, _ in asked), *ELSEWHERE], texts, templates) @ seen.T
    strange = np.array([[not (one.topics & other.topics) for other in samples] for one in samples])
    np.fill_diagonal(strange, False)
    numbers = [number for _, number in asked]
    fitting = cosines[np.arange(len(asked)), numbers]
    others = np.concatenate([cosines[: len(asked)][strange[numbers]], cosines[len(asked) :].ravel()])
    return Measured(
        relevant=parting(fitting, others),
        alike=unrelated((seen @ seen.T)[strange]),
        apart=apart(fitting, others),
        fitting=len(fitting),
        others=len(others),
    )


def _ensembles(
    asked: Sequence[str], texts: Callable[[Sequence[str]], Embeddings], templates: tuple[str, ...]
) -> NDArray[np.float32]:
    """(n, dim), L2-normalised: the mean over the templates of each text."""
    rows = texts([template.format(text) for text in asked for template in templates])
    means = rows.reshape(len(asked), len(templates), -1).mean(axis=1)
    unit: NDArray[np.float32] = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    return unit


def kept(folder: Path) -> Measured | None:
    """What was found for the checkpoint whose folder that is; None when it was not measured yet."""
    try:
        return Measured(**json.loads((folder / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def keep(folder: Path, found: Measured) -> None:
    write_whole(folder / FILE, json.dumps(dataclasses.asdict(found)).encode())
