"""A coarse copy of a picture in some hundred characters, by which copies are told from what is much alike."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tools.kit.pictures.spots import COARSER, SIDE, Reduced, Spots, spots_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.kit.types import Pixels

    Plane = NDArray[np.float64]
    Plan = NDArray[np.int64]

STEP = 8.0
"""In which its frequencies are counted: of 256 levels, each pixel is then wrong by 2.3, and the worst by 6."""
MOST_BYTES = 384
"""Of it, packed: a photo goes without its highest frequencies for it, and a page of print does not."""


def detail(pixels: Pixels) -> str:
    """Of (height, width, 3) uint8 sRGB: at most 480 characters of base 85. Blocks for some milliseconds.

    The DCT of 32 x 32 pixels of luminance and 8 x 8 of each colour difference (YCbCr), as JPEG has them, in even steps.
    """
    reduced = Reduced.of(pixels)
    counts = [_counted(plane) for plane in (reduced.light - 128, *reduced.tint)]
    most, least = 2 * SIDE - 1, 1
    while least < most:  # the most frequencies that fit
        middle = (least + most + 1) // 2
        least, most = (middle, most) if len(_packed(counts, middle)) <= MOST_BYTES else (least, middle - 1)
    return base64.b85encode(_packed(counts, least)).decode()


def spots(first: str, second: str) -> Spots | None:
    """Where two of them differ most; None where one is not known."""
    one, other = _read(first), _read(second)
    if one is None or other is None:
        return None
    diagonals = min(one.diagonals, other.diagonals)
    return spots_between(one.reduced(diagonals), other.reduced(diagonals))


# --- packing --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Copy:
    diagonals: int
    """Of frequencies, from the lowest, that are kept of the luminance."""
    counts: tuple[Plan, ...]

    def reduced(self, diagonals: int) -> Reduced:
        """Of so many frequencies."""
        row, column = np.indices((SIDE, SIDE))
        light, *tint = np.where(row + column < diagonals, self.counts[0], 0), *self.counts[1:]
        return Reduced(np.clip(_drawn(light) + 128, 0, 255), np.stack([_drawn(plane) for plane in tint]))


def _drawn(counts: Plan) -> Plane:
    cosines = _cosines(len(counts))
    return np.asarray(cosines.T @ (counts * STEP) @ cosines)


def _counted(plane: Plane) -> Plan:
    cosines = _cosines(len(plane))
    counts: Plan = np.round(cosines @ plane @ cosines.T / STEP).astype(np.int64)
    return counts


def _packed(counts: list[Plan], diagonals: int) -> bytes:
    light, *tints = (plane.ravel()[_zigzag(len(plane))] for plane in counts)
    line = np.concatenate([*tints, light[: _kept(diagonals)]])
    unsigned = np.where(line < 0, -2 * line - 1, 2 * line).astype(np.uint16)
    return zlib.compress(bytes([diagonals]) + (unsigned & 255).astype(np.uint8).tobytes()
                         + (unsigned >> 8).astype(np.uint8).tobytes(), 9)  # fmt: skip


@lru_cache(maxsize=512)
def _read(said: str) -> _Copy | None:
    try:
        diagonals, *data = zlib.decompress(base64.b85decode(said))
        low, high = np.array(data, np.int64).reshape(2, -1)
    except (ValueError, zlib.error):
        return None
    unsigned = low + 256 * high
    line = np.where(unsigned % 2, -(unsigned + 1) // 2, unsigned // 2)
    tiny, kept = SIDE // COARSER, _kept(diagonals)
    colours = tiny * tiny
    if len(line) != 2 * colours + kept:
        return None
    parts = line[:colours], line[colours : 2 * colours], line[2 * colours :]
    blue, red, light = (_unrolled(part, side) for part, side in zip(parts, (tiny, tiny, SIDE), strict=True))
    return _Copy(diagonals, (light, blue, red))


def _unrolled(line: Plan, side: int) -> Plan:
    plane = np.zeros(side * side, np.int64)
    plane[_zigzag(side)[: len(line)]] = line
    return plane.reshape(side, side)


@cache
def _zigzag(side: int) -> Plan:
    """Places of the frequencies of a plane, the lowest first."""
    row, column = np.indices((side, side))
    return np.lexsort((row.ravel(), (row + column).ravel()))


def _kept(diagonals: int) -> int:
    row, column = np.indices((SIDE, SIDE))
    return int((row + column < diagonals).sum())


@cache
def _cosines(side: int) -> Plane:
    """(side, side): the DCT-II, orthonormal."""
    made: Plane = np.cos(np.pi / side * np.arange(side)[:, None] * (np.arange(side) + 0.5))
    made[0] /= np.sqrt(2)
    return np.asarray(made * np.sqrt(2 / side))
