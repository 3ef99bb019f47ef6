"""Zero-shot classification of 250 photos, one an ImageNet class, from the shared data folder."""

from __future__ import annotations

import random
from pathlib import Path

from bot.evals.report import Figure
from bot.evals.running import use
from bot.wiring import Wiring

SEED = 7
DISTRACTORS = 4
CATEGORIES = {
    "bird": ("house finch", "bulbul", "great grey owl", "toucan", "pelican", "American egret", "peacock"),
    "dog": ("Doberman", "collie", "Newfoundland", "chow", "redbone", "whippet", "komondor", "Saluki"),
    "vehicle": ("minivan", "cab", "beach wagon", "trailer truck", "unicycle", "liner", "airliner", "canoe"),
    "furniture": ("crib", "cradle", "desk", "dining table", "studio couch", "four-poster", "pedestal"),
    "food": ("guacamole", "ice cream", "pretzel", "head cabbage", "fig", "potpie", "Granny Smith", "artichoke"),
}
"""Everyday words, and classes that fall under them."""


async def evaluate(wiring: Wiring, data: Path) -> list[Figure]:
    """Five labels a photo with the true one among them; and five without it, where nothing fits."""
    files = sorted((data / "objects").glob("*.JPEG"))
    if not files:
        return []
    draw, names = random.Random(SEED), [name_of(file) for file in files]
    right = none = 0
    for file, name in zip(files, names, strict=True):
        others = draw.sample([other for other in names if other != name], DISTRACTORS + 1)
        with_it = draw.sample([name, *others[:DISTRACTORS]], DISTRACTORS + 1)
        right += (await use(wiring, "classify", file, labels=with_it)).facts["label"] == name
        none += (await use(wiring, "classify", file, labels=others)).facts["label"] is None
    ten = await _five_categories(wiring, files)
    return [
        Figure("objects", "top-1 among five labels", right / len(files), len(files), 0.85),
        Figure("objects", "none of these when the true label is absent", none / len(files), len(files), 0.80),
        Figure("objects", "top-1 among five everyday categories", sum(ten) / len(ten), len(ten), 0.80),
    ]


async def _five_categories(wiring: Wiring, files: list[Path]) -> list[bool]:
    """Photos sorted under everyday words that are no ImageNet class names."""
    kinds = {name: category for category, names in CATEGORIES.items() for name in names}
    known = [(file, kinds[name_of(file)]) for file in files if name_of(file) in kinds]
    return [
        (await use(wiring, "classify", file, labels=list(CATEGORIES))).facts["label"] == category
        for file, category in known
    ]


def name_of(file: Path) -> str:
    return file.stem.partition("_")[2].replace("_", " ")
