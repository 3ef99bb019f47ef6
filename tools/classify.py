"""Which of the given labels an image shows, or none of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tools.kit import AskAgain, Encoder, Evidence, Image, Region, tool

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.kit import Embeddings

NONE = "none of these"

LABELS = (
    "person",
    "dog",
    "cat",
    "bird",
    "horse",
    "fish",
    "insect",
    "wild animal",
    "flower",
    "tree",
    "food",
    "fruit",
    "drink",
    "car",
    "truck",
    "bus",
    "train",
    "bicycle",
    "motorcycle",
    "airplane",
    "boat",
    "building",
    "street",
    "room",
    "beach",
    "mountain",
    "snow",
    "sports",
    "musical instrument",
    "furniture",
    "clothing",
    "shoe",
    "computer",
    "phone",
    "book",
    "tool",
    "toy",
    "receipt",
    "document",
    "screenshot",
    "diagram",
    "sign",
)
"""What people most often want to know, when they do not say."""


@tool
async def classify(
    image: Image, labels: list[str] | None = None, priors: dict[str, float] | None = None, *, encoder: Encoder
) -> Evidence:
    """Say which of the given labels best describes the image, and how surely; or that none of them fits.

    Labels are free text ("golden retriever", "handwritten note"); without labels, everyday ones are used. Priors
    are how likely some labels are before anybody looks, when that is known: {"cat": 0.7, "dog": 0.2}.
    Facts: `label` (null when none fits), `probability` (of that outcome), `labels` (the probability of every label, and
    of "none of these").
    """
    names = _distinct(LABELS if labels is None else labels)
    weights = _weights(names, priors or {})
    cosines = await _cosines(image, names, encoder)
    chances = _probabilities(cosines, weights, encoder.calibration.scale, encoder.calibration.none_logit)
    best = int(chances[:-1].argmax())
    fits = bool(chances[best] >= chances[-1])
    sure = round(float(chances[best if fits else -1]), 4)
    return Evidence(
        said=_sentence(image, names, best, float(chances[best]), fits=fits),
        about=(Region(handle=image.handle),),
        facts={
            "label": names[best] if fits else None,
            "probability": sure,
            "labels": {name: round(float(chance), 4) for name, chance in zip([*names, NONE], chances, strict=True)},
        },
        sure=sure,
    )


def _distinct(labels: Sequence[str]) -> list[str]:
    """The labels in their order, each once, whatever the case. "None of these" is always an outcome: no need to ask."""
    found: dict[str, str] = {}
    for label in labels:
        name = " ".join(label.split())
        if name and name.casefold() != NONE:
            found.setdefault(name.casefold(), name)
    if not found:
        raise AskAgain("Give at least one label to look for, such as dog or receipt; or leave the labels out.")
    return list(found.values())


def _weights(names: Sequence[str], priors: Mapping[str, float]) -> NDArray[np.float64]:
    """(labels,) how much likelier than by default each label is beforehand; all 1 without priors.

    Labels without a prior share what is missing to 1; if nothing is missing, priors are relative and theirs is 1.
    """
    given = {" ".join(label.split()).casefold(): value for label, value in priors.items()}
    places = {name.casefold(): place for place, name in enumerate(names)}
    for label, value in given.items():
        if label not in places:
            raise AskAgain(f"There is a prior for {label}, which is not among the labels: {', '.join(names)}.")
        if not (math.isfinite(value) and value > 0):
            raise AskAgain(f"The prior for {label} is {value:g}; a prior must be above 0.")
    rest, left = 1 - sum(given.values()), len(names) - len(given)
    weights = np.full(len(names), rest / left if given and left and rest > 0 else 1.0)
    for label, value in given.items():
        weights[places[label]] = value
    weights *= len(names) / weights.sum()
    return weights


async def _cosines(image: Image, names: Sequence[str], encoder: Encoder) -> Embeddings:
    """(labels,) cosine similarities to the mean of each label's prompts (Radford et al. 2021, section 3.1.4)."""
    templates = encoder.calibration.templates
    texts = await encoder.texts([template.format(name) for name in names for template in templates])
    prompts = texts.reshape(len(names), len(templates), -1).mean(axis=1)
    prompts /= np.maximum(np.linalg.norm(prompts, axis=1, keepdims=True), 1e-12)
    cosines: Embeddings = prompts @ (await encoder.images([image]))[0]
    return cosines


def _probabilities(
    cosines: Embeddings, weights: NDArray[np.float64], scale: float, none_logit: float
) -> NDArray[np.float64]:
    """(labels + 1,): a softmax over the labels, weighted by their priors (Bayes), and "none of these" at the end."""
    logits = np.append(cosines.astype(np.float64) * scale + np.log(weights), none_logit)
    raised = np.exp(logits - logits.max())
    out: NDArray[np.float64] = raised / raised.sum()
    return out


def _sentence(image: Image, names: Sequence[str], best: int, chance: float, *, fits: bool) -> str:
    if fits:
        return f"{image.handle}: {names[best]} ({_percent(chance)})."
    if len(names) == 1:
        return f"{names[best]} does not fit {image.handle} ({_percent(chance)})."
    return f"None of these fits {image.handle} (best guess {names[best]}, {_percent(chance)})."


def _percent(chance: float) -> str:
    """Nothing is certain, so neither 100% nor 0% is said."""
    if chance > 0.99:
        return "over 99%"
    return "under 1%" if chance < 0.01 else f"{chance:.0%}"
