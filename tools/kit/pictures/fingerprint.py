"""What a picture looks like in 64 bits: near the same for copies that were scaled, re-encoded or touched up."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.kit.types import Pixels

SIDE, LOW = 32, 8
"""Pixels of the copy it is taken of, and how many frequencies each way."""

TELLING = 12
"""Bits that must be set for a fingerprint to tell pictures apart: stripes and empty pages have fewer."""
ABSENT = 4.0
"""Of a frequency: an eighth of a grey level all over the copy makes as much."""


def fingerprint(pixels: Pixels) -> str:
    """Perceptual hash of (height, width, 3) uint8 sRGB, as 16 hex digits. Blocks for some milliseconds.

    The signs of the lowest 8 x 8 frequencies of a grey 32 x 32 copy, against their median (pHash, Zauner 2010); those
    that are all but absent, as in stripes and on empty pages, count as under it, whatever their rounding says.
    """
    from PIL import Image

    small = Image.fromarray(pixels).convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    cosines = _cosines()
    low = (cosines @ np.asarray(small, np.float64) @ cosines.T).ravel()
    bits = low > np.median(low[1:]) + ABSENT
    return np.packbits(bits).tobytes().hex()


def bits_apart(first: str, second: str) -> int | None:
    """In how many of 64 bits two of them differ; None where one is not known, or says too little to tell by."""
    try:
        one, other = int(first, 16), int(second, 16)
    except ValueError:
        return None
    return (one ^ other).bit_count() if min(one.bit_count(), other.bit_count()) >= TELLING else None


@cache
def _cosines() -> NDArray[np.float64]:
    """(8, 32): the lowest rows of the DCT-II."""
    place, frequency = np.arange(SIDE) + 0.5, np.arange(LOW)[:, None]
    made: NDArray[np.float64] = np.cos(np.pi / SIDE * frequency * place)
    made[0] /= np.sqrt(2)
    made *= np.sqrt(2 / SIDE)
    return made
