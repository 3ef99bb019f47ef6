"""Which of the given labels an image shows, or none of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tools.kit import AskAgain, Encoder, Evidence, Image, Namer, Region, tool
from tools.kit.labelling.judging import beyond_sight, plain
from tools.kit.labelling.knowing import cutoffs_of
from tools.kit.labelling.recognising import recognise
from tools.kit.labelling.subjects import bare, with_article
from tools.kit.labelling.zero_shot import handicaps, probabilities, prompts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

NONE = "none of these"
WORTH_SAYING = 0.05
"""Probability from which the closest name is told when none is likely."""
UNJUDGED = 0.5
"""No answer is surer than this when one of the labels asked for could not be judged."""

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


@tool(doing="Classifying")
async def classify(
    image: Image, labels: list[str] | None = None, priors: dict[str, float] | None = None, *, encoder: Encoder
) -> Evidence:
    """Say which of the given labels best describes the image, and how surely; or that none of them fits.

    Labels are free text ("golden retriever", "handwritten note"). Without labels, it is the encoder's own name for what
    it sees, or else one of some everyday labels. Priors are how likely some labels are before anybody looks, when that
    is known: {"cat": 0.7, "dog": 0.2}.
    Facts: `label` (null when none fits), `probability` (of that outcome; null when no label can be judged), `labels`
    (the probability of every label, and of "none of these"; names the encoder gives may hold one another: "banjo",
    "musical instrument"), `cannot_judge` (labels that no look at a picture settles, or that the encoder has no
    idea of).
    """
    if labels is None and not priors and isinstance(encoder, Namer):
        return await _named(image, encoder)
    names = _distinct(LABELS if labels is None else labels)
    beyond = beyond_sight(names) if labels else []
    cutoffs = dict(zip(names, await cutoffs_of(names, encoder), strict=True))
    strange = [name for name in names if cutoffs[name] is None and name not in beyond]
    seen = [name for name in names if name not in beyond and name not in strange]
    cannot = _cannot(beyond, strange)
    if not seen:
        return _unjudged(image, [*beyond, *strange], cannot)
    known = {label: value for label, value in (priors or {}).items() if plain(label) not in (*beyond, *strange)}
    weights = _weights(seen, known) * handicaps([cutoffs[name] for name in seen], encoder.calibration)
    prompts = await encoder.texts(prompts_of(seen, encoder.calibration))
    chances = probabilities(await encoder.images([image]), prompts, encoder.calibration, weights=weights)[0]
    best = int(chances[:-1].argmax())
    fits = bool(chances[best] >= chances[-1])
    sure = round(float(chances[best if fits else -1]), 4)
    said = _sentence(image, seen, best, chances, fits=fits)
    return Evidence(
        said=f"{said} {cannot}" if cannot else said,
        about=(Region(handle=image.handle, page=image.ref.page),),
        facts={
            "label": seen[best] if fits else None,
            "probability": sure,
            "labels": {name: round(float(chance), 4) for name, chance in zip([*seen, NONE], chances, strict=True)},
            "cannot_judge": [*beyond, *strange],
        },
        sure=min(sure, UNJUDGED) if cannot else sure,
    )


async def _named(image: Image, encoder: Encoder) -> Evidence:
    """What the encoder itself calls it."""
    subject = await recognise(image, encoder)
    label = bare(subject.name) if subject.name else None
    closest = subject.closest[0] if subject.closest else None
    chances = dict(subject.closest)
    if label:
        chances[label] = subject.chance
        said = f"{_shown(image)} looks like {subject.name} ({_percent(subject.chance)} sure)."
    else:
        said = f"I cannot tell what {image.handle} shows"
        said += (
            f"; closest is {closest[0]} ({_percent(closest[1])})." if closest and closest[1] >= WORTH_SAYING else "."
        )
    rest = 1 - max(chances.values(), default=0.0)
    return Evidence(
        said=said,
        about=(Region(handle=image.handle, page=image.ref.page),),
        facts={
            "label": label,
            "probability": round(subject.chance if label else rest, 4),
            "labels": {name: round(chance, 4) for name, chance in [*chances.items(), (NONE, rest)]},
            "cannot_judge": [],
        },
        sure=round(subject.chance, 4) if label else None,
    )


def _unjudged(image: Image, labels: Sequence[str], cannot: str) -> Evidence:
    return Evidence(
        said=f"{cannot} Ask for things that can be seen in {image.handle}.",
        about=(Region(handle=image.handle, page=image.ref.page),),
        facts={"label": None, "probability": None, "labels": {}, "cannot_judge": list(labels)},
        sure=None,
    )


def _cannot(beyond: Sequence[str], strange: Sequence[str]) -> str:
    """beyond: what no look settles. strange: what the encoder has no idea of."""
    said = [f"I cannot judge {_either(beyond)} from how a picture looks."] if beyond else []
    said += [f"The encoder has no idea what {_either(strange)} looks like."] if strange else []
    return " ".join(said)


def _either(labels: Sequence[str]) -> str:
    quoted = [f'"{label}"' for label in labels]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}" if len(quoted) > 1 else quoted[0]


def _distinct(labels: Sequence[str]) -> list[str]:
    """The labels in their order, each once, whatever the case. "None of these" is always an outcome: no need to ask."""
    found: dict[str, str] = {}
    for label in labels:
        name = plain(label)
        if name and name.casefold() != NONE:
            found.setdefault(name.casefold(), name)
    if not found:
        raise AskAgain("Give at least one label to look for, such as dog or receipt; or leave the labels out.")
    return list(found.values())


def _weights(names: Sequence[str], priors: Mapping[str, float]) -> NDArray[np.float64]:
    """(labels,) how much likelier than by default each label is beforehand; all 1 without priors.

    Labels without a prior share what is missing to 1; if nothing is missing, priors are relative and theirs is 1.
    """
    given = {plain(label).casefold(): value for label, value in priors.items()}
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


def _sentence(image: Image, names: Sequence[str], best: int, chances: NDArray[np.float64], *, fits: bool) -> str:
    chance, none = float(chances[best]), float(chances[-1])
    if fits:
        return f"{_shown(image)} looks like {with_article(names[best])} ({_percent(chance)} sure)."
    if len(names) == 1:
        return f"{_shown(image)} does not look like {with_article(names[best])} ({_percent(none)} sure)."
    return f"None of these fits {image.handle}; closest is {names[best]} ({_percent(chance)})."


def _shown(image: Image) -> str:
    return image.handle[:1].upper() + image.handle[1:]


def _percent(chance: float) -> str:
    """Nothing is certain, so neither 100% nor 0% is said."""
    if chance > 0.99:
        return "over 99%"
    return "under 1%" if chance < 0.01 else f"{chance:.0%}"
