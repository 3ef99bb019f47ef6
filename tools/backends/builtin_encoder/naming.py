"""What a picture shows, by name: ImageNet's classes, and the everyday words above them where a class is too fine."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from tools.backends.builtin_encoder.concepts import CLASSES, concepts
from tools.backends.builtin_encoder.picture_kinds import KINDS, kinds

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEMPERATURE = 0.85
"""Of logits. Of 250 photos, one a class, the names said at 80 to 95% are right for 96%; photos of people doing things,
where a class is rather something in the picture, would have it above 1."""
FINE = 1.5
"""Exponent of a dog breed's chance: 118 of the classes are breeds, and ordinary dogs are of none."""
GENERAL = (
    *("dog", "cat", "big cat", "bear", "fox", "wolf", "monkey", "great ape", "rabbit", "rodent", "whale", "elephant"),
    *("bird", "finch", "duck", "parrot", "heron", "bird of prey", "shorebird", "seabird", "fish", "shark", "snake"),
    *("lizard", "turtle", "frog", "salamander", "insect", "butterfly", "beetle", "spider", "crab", "lobster"),
    *("crustacean", "antelope", "animal", "truck", "bus", "van", "bicycle", "ship", "boat", "sailboat", "aircraft"),
    *("locomotive", "cart", "sled", "vehicle", "guitar", "piano", "wind instrument", "stringed instrument"),
    *("percussion instrument", "musical instrument", "chair", "table", "lamp", "furniture", "hat", "helmet", "shoe"),
    *("sweater", "swimsuit", "necktie", "mask", "towel", "clothing", "bag", "basket", "bottle", "jug", "bowl"),
    *("clock", "timepiece", "computer", "telephone", "camera", "cooking utensil", "tool", "knife", "gun", "weapon"),
    *("ball", "measuring instrument", "optical instrument", "pen", "fruit", "vegetable", "bread", "sandwich"),
    *("dessert", "beverage", "food", "fungus", "flower", "bridge", "fence", "shop", "building", "mountain", "curtain"),
)
"""WordNet's words above the classes that people use themselves."""


def things(logits: NDArray[np.float32], flat: NDArray[np.float32]) -> list[list[tuple[str, float]]]:
    """(n, views, 1000) ImageNet logits and (n,) flatness -> per image names with their probabilities.

    The three likeliest classes come first, then what is above the likeliest, from the narrow to the broad: the first
    that is likely enough is the one to say. Drawings, prints and screens are rarely what a class was made of.
    """
    chances = _softmax(logits / TEMPERATURE).mean(axis=1)
    photographed = kinds(chances, flat)[:, KINDS.index("photographed")]
    return [_named(row * sure) for row, sure in zip(chances, photographed, strict=True)]


def _named(chances: NDArray[np.float32]) -> list[tuple[str, float]]:
    """(1000,) probabilities of one image."""
    names, members, breeds = _general()
    order = chances.argsort()[::-1][:3]
    found = {_name(place): float(chances[place]) ** (FINE if breeds[place] else 1) for place in order}
    for row in np.flatnonzero(members[:, order[0]]):
        found.setdefault(names[row], float(members[row] @ chances))
    return list(found.items())


def _name(place: int) -> str:
    return concepts().names[int(concepts().first[place])]


@functools.cache
def _general() -> tuple[list[str], NDArray[np.float32], NDArray[np.bool_]]:
    """The general names from the narrow to the broad, (names, 1000) what each is made of, and which are breeds."""
    given, best = concepts().given, dict[str, int]()
    for place in range(CLASSES, concepts().exact):
        known = best.get(_name(place))
        if _name(place) in GENERAL and (known is None or given[known].sum() < given[place].sum()):
            best[_name(place)] = place
    order = sorted(best, key=lambda name: float(given[best[name]].sum()))
    members = given[[best[name] for name in order], :CLASSES]
    return order, members, members[order.index("dog")] > 0


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Over the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    out: NDArray[np.float32] = raised / raised.sum(axis=-1, keepdims=True)
    return out
