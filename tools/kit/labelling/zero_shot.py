"""Zero-shot classification (Radford et al. 2021, section 3.1.4): prompt ensembles, and a softmax with none of these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tools.kit.types import Calibration, Embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray


def prompts_of(names: list[str], calibration: Calibration) -> list[str]:
    """(names x templates,) every name in every template, in the order `probabilities` takes their embeddings."""
    return [template.format(name) for name in names for template in calibration.templates]


def handicaps(cutoffs: Sequence[float | None], calibration: Calibration) -> NDArray[np.float64]:
    """(names,) weights that make each name as likely as "none of these" at its own cutoff, not at that of any text."""
    own = np.array([calibration.relevant if cutoff is None else cutoff for cutoff in cutoffs], np.float64)
    return np.exp((calibration.relevant - own) * calibration.scale)


def probabilities(
    images: Embeddings,
    prompts: Embeddings,
    calibration: Calibration,
    *,
    weights: NDArray[np.float64] | None = None,
    temperature: float = 1.0,
) -> NDArray[np.float64]:
    """(n, dim) images and (names x templates, dim) prompts, L2-normalised -> (n, names + 1), "none of these" last.

    weights: (names,) how much likelier than the others each name is beforehand (Bayes).
    """
    ensembles = prompts.reshape(-1, len(calibration.templates), prompts.shape[1]).mean(axis=1)
    ensembles /= np.maximum(np.linalg.norm(ensembles, axis=1, keepdims=True), 1e-12)
    logits = (images @ ensembles.T).astype(np.float64) * calibration.scale
    if weights is not None:
        logits += np.log(weights)
    logits = np.append(logits, np.full((len(images), 1), calibration.none_logit), axis=1) / temperature
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    out: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return out
