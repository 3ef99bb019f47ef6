"""Colours by the names people use: the eleven basic terms (Berlin & Kay 1969), light and dark, and a few in between.

A colour takes the name of the nearest prototype in CIELAB, with lightness weighing less than hue.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.kit.types import Pixels

RGB = tuple[int, int, int]

PROTOTYPES: dict[str, tuple[str, ...]] = {
    "black": ("000000", "141414", "201e1e", "0a1014"),
    "dark grey": ("3c3c3c", "4a4a4a", "404448", "464240"),
    "grey": ("6e6e6e", "808080", "929292", "7c828a", "8a847e"),
    "light grey": ("acacac", "c0c0c0", "d0d0d0", "b8bec6", "c6c2bc"),
    "white": ("ffffff", "f2f2f2", "e6e6e6", "f6f4ee", "eef2f6"),
    "red": ("ff0000", "dc1e1e", "c81e28", "b41e1e", "e63232", "d23c32"),
    "dark red": ("8b0000", "6e0f14", "781e1e", "5a1414"),
    "pink": ("ffc0cb", "ff96b4", "f0788c", "ff69b4", "e6a0aa", "dc5a8c"),
    "orange": ("ff8c00", "ffa500", "f07814", "e67d1e", "ff7828", "dc9632"),
    "brown": ("8b5a2b", "7a4a20", "96643c", "a0703c", "6e4628", "825a46"),
    "dark brown": ("3c2410", "46301e", "4e3220", "32231a"),
    "beige": ("e8dcc0", "d8c8a8", "c8b496", "eee4cc", "d2be9e", "b49e82"),
    "yellow": ("ffff00", "ffe600", "f5d228", "fad23c", "f0e650", "dcc832"),
    "light yellow": ("fffaaa", "fff0a0", "f5eba0"),
    "olive": ("808000", "6e6e28", "787832", "646420"),
    "green": ("00a000", "008000", "28963c", "3c9650", "1e8c46", "46aa46", "5a9640", "64b446"),
    "dark green": ("004600", "143c1e", "1e4628", "0f3214", "2d4623"),
    "light green": ("90ee90", "a0dca0", "8cdc8c", "b4e6aa", "a0e650"),
    "turquoise": ("40e0d0", "20b2aa", "00a0a0", "32c8be", "008c8c", "64d2d2"),
    "blue": ("0000ff", "1e50c8", "2854a8", "1e64dc", "2878d2", "3c6eb4", "3250b4"),
    "dark blue": ("000080", "0a1e50", "14285a", "1e3264", "142850"),
    "light blue": ("add8e6", "87ceeb", "96c8f0", "78b4e6", "b4d2eb", "64aae6"),
    "purple": ("800080", "783296", "8c3cb4", "6e2882", "a046be", "5a3c96"),
    "lilac": ("c8a0dc", "d2aae6", "b48cd2", "dda0dd"),
}

ENOUGH = 0.05
"""Share from which a colour belongs to what an image looks like."""


@dataclass(frozen=True)
class Colour:
    name: str
    share: float
    """Of the pixels looked at, 0 to 1."""
    rgb: RGB
    """Their mean."""

    @property
    def hex(self) -> str:
        return "#{:02x}{:02x}{:02x}".format(*self.rgb)


def named(rgb: RGB) -> str:
    """The name of one sRGB colour."""
    return _names()[int(_nearest(np.array([rgb], dtype=np.float64))[0])]


def dominant(pixels: Pixels, most: int = 5) -> list[Colour]:
    """The main colours of (height, width, 3) uint8 sRGB pixels, most frequent first: one to `most`."""
    step = max(1, int(np.sqrt(pixels.shape[0] * pixels.shape[1] / 10_000)))
    sample = pixels[::step, ::step].reshape(-1, 3).astype(np.float64)
    owner = _nearest(sample)
    names = np.array(_names())[owner]
    found = []
    for name in dict.fromkeys(names.tolist()):
        own = sample[names == name]
        red, green, blue = own.mean(0).round()
        found.append(Colour(name, len(own) / len(sample), (int(red), int(green), int(blue))))
    found.sort(key=lambda colour: -colour.share)
    return [found[0], *(colour for colour in found[1:most] if colour.share >= ENOUGH)]


def brightness(pixels: Pixels) -> float:
    """Mean CIELAB lightness, 0 (black) to 100 (white)."""
    step = max(1, int(np.sqrt(pixels.shape[0] * pixels.shape[1] / 10_000)))
    return float(_lab(pixels[::step, ::step].reshape(-1, 3).astype(np.float64))[:, 0].mean())


def apart(first: RGB, second: RGB) -> float:
    """Colour distance (CIE76): 2.3 is just noticeable, 20 plain to see."""
    one, two = _lab(np.array([first, second], dtype=np.float64))
    return float(np.linalg.norm(one - two))


@cache
def _names() -> tuple[str, ...]:
    return tuple(name for name, samples in PROTOTYPES.items() for _ in samples)


@cache
def _prototypes() -> NDArray[np.float64]:
    """(n, 3), in CIELAB."""
    samples = [bytes.fromhex(sample) for samples in PROTOTYPES.values() for sample in samples]
    return _lab(np.array([list(sample) for sample in samples], dtype=np.float64))


def _nearest(rgb: NDArray[np.float64]) -> NDArray[np.intp]:
    """Index of the nearest prototype for each of (n, 3) colours."""
    weights = np.array([0.7, 1.0, 1.0])
    colours, prototypes = _lab(rgb) * weights, _prototypes() * weights
    distances = (colours**2).sum(1)[:, None] - 2 * colours @ prototypes.T + (prototypes**2).sum(1)
    return np.asarray(distances.argmin(1))


def _lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """sRGB 0-255, (n, 3), to CIELAB under D65 (IEC 61966-2-1, CIE 15)."""
    value = rgb / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = linear @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    ratio = xyz / np.array([0.9505, 1.0, 1.089])
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = root.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)
