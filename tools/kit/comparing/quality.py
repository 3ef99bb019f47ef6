"""How sharp and bright an image is, as far as numbers tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.kit.pictures.colours import brightness
from tools.kit.toolbox import listed

if TYPE_CHECKING:
    from tools.kit.types import Pixels

SIDE = 512
"""Sharpness is compared at this size in pixels, so that a larger file is not sharper for being larger."""


@dataclass(frozen=True)
class Quality:
    width: int
    height: int
    brightness: float
    """Mean CIELAB lightness, 0 to 100."""
    sharpness: float
    """Spread of the Laplacian at a common size: more is sharper, for pictures of the same thing."""


def quality(pixels: Pixels) -> Quality:
    """Of (height, width, 3) uint8 sRGB."""
    from PIL import Image

    scale = min(1.0, SIDE / max(pixels.shape[:2]))
    size = max(3, round(pixels.shape[1] * scale)), max(3, round(pixels.shape[0] * scale))
    grey = np.asarray(Image.fromarray(pixels).convert("L").resize(size, Image.Resampling.BOX), dtype=np.float64)
    curve = grey[1:-1, :-2] + grey[1:-1, 2:] + grey[:-2, 1:-1] + grey[2:, 1:-1] - 4 * grey[1:-1, 1:-1]
    return Quality(pixels.shape[1], pixels.shape[0], brightness(pixels), float(curve.std()))


SHARPNESS = ("sharpness", "sharper", "sharpest", "less sharp", "least sharp")
LIGHTNESS = ("lightness", "brighter", "brightest", "darker", "darkest")
PIXELS = ("pixels", "larger", "largest", "smaller", "smallest")
ASKED: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    (r"\bblurr?i(?:er|est)\b|\b(?:less|least|more|most) (?:sharp|blurr(?:y|ed))\b|\bsofter\b", SHARPNESS, False),
    (r"\bsharp(?:er|est|ness)\b|\bclear(?:er|est)\b|\bin focus\b|\bcrisp(?:er|est)\b", SHARPNESS, True),
    (r"\bdark(?:er|est)\b|\bunderexposed\b", LIGHTNESS, False),
    (r"\bbright(?:er|est|ness)\b|\blight(?:er|est)\b|\bbetter (?:lit|exposed)\b|\boverexposed\b", LIGHTNESS, True),
    (r"\bresolution\b|\bmore pixels\b|\bmost pixels\b", PIXELS, True),
    (
        r"\b(?:which|image|picture|photo|file)s?(?: one| \d+)?(?: is| are)?(?: the)? (?:bigg|larg)(?:er|est)\b",
        PIXELS,
        True,
    ),
    (r"\b(?:which|image|picture|photo|file)s?(?: one| \d+)?(?: is| are)?(?: the)? small(?:er|est)\b", PIXELS, False),
)
"""The words that ask for it, what it is called, and whether more of it is asked for."""
TASTE = re.compile(r"\bbetter\b|\bbest\b|prefer|nicer|nicest", re.I)
APART = {"sharpness": 1.15, "lightness": 1.03, "pixels": 1.0}
"""Ratio up to which two pictures count as equal in it."""


def answered_quality(question: str, qualities: Sequence[Quality], names: Sequence[str]) -> str:
    """Which of the pictures is sharpest, brightest or largest, with the numbers; empty when that is not asked."""
    asked = [(words, more) for pattern, words, more in ASKED if re.search(pattern, question, re.I)]
    if asked:
        return _ranked(*asked[0], qualities, names)
    if not TASTE.search(question):
        return ""
    every = " ".join(_ranked(words, True, qualities, names) for words in (SHARPNESS, LIGHTNESS, PIXELS))
    return f"{every} Which one is better beyond that is a matter of taste."


def _ranked(words: tuple[str, ...], more: bool, qualities: Sequence[Quality], names: Sequence[str]) -> str:
    measure, unit = words[0], " of 100" if words[0] == "lightness" else ""
    values = [_value(measure, quality) for quality in qualities]
    order = sorted(range(len(values)), key=lambda place: values[place], reverse=more)
    high, low = max(values[place] for place in order[:2]), min(values[place] for place in order[:2])
    if high <= APART[measure] * low:
        both = "Both" if len(names) == 2 else f"{names[order[0]].capitalize()} and {names[order[1]]}"
        numbers = _shown(measure, qualities[order[0]])
        return f"{both} are about the same in {measure} ({numbers}{unit})."
    many = len(names) > 2
    word = words[(2 if many else 1) if more else (4 if many else 3)]
    rest = [_shown(measure, qualities[place]) for place in order[1:]]
    against = f"against {listed(rest)}{unit}"
    what = "" if measure == "pixels" else f"{measure} "
    first = f"{names[order[0]].capitalize()} is {'the ' if many else ''}{word}"
    return f"{first} ({what}{_shown(measure, qualities[order[0]])} {against}{' pixels' if not what else ''})."


def _value(measure: str, quality: Quality) -> float:
    if measure == "pixels":
        return quality.width * quality.height
    return quality.sharpness if measure == "sharpness" else quality.brightness


def _shown(measure: str, quality: Quality) -> str:
    return f"{quality.width} x {quality.height}" if measure == "pixels" else f"{_value(measure, quality):.0f}"
