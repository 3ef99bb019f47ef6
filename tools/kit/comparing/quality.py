"""How sharp and bright an image is, as far as numbers tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.kit.colours import brightness

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


def compared_quality(first: Quality, second: Quality, names: tuple[str, str]) -> str:
    """A sentence: which is sharper, brighter and larger. Taste is left to the reader."""
    one, other = names
    said = []
    if max(first.sharpness, second.sharpness) > 1.15 * min(first.sharpness, second.sharpness):
        said.append(f"{one if first.sharpness > second.sharpness else other} is sharper")
    if abs(first.brightness - second.brightness) > 2:
        bright = f"lightness {first.brightness:.0f} against {second.brightness:.0f} of 100"
        said.append(f"{one if first.brightness > second.brightness else other} is brighter ({bright})")
    pixels = first.width * first.height, second.width * second.height
    if pixels[0] != pixels[1]:
        size = f"{first.width} x {first.height} against {second.width} x {second.height}"
        said.append(f"{one if pixels[0] > pixels[1] else other} has more pixels ({size})")
    if not said:
        return (
            f"{one.capitalize()} and {other} are equally sharp, bright and large; which is better is a matter of taste."
        )
    return f"Measured, {'; '.join(said)}. Which one is better beyond that is a matter of taste."
