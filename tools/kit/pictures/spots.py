"""Where two pictures of one size differ most: a tint is no other picture, and other numbers on a receipt are.

Perceptual hashes of a form that two people filled in are the same, and so are those of a blue mug and a red one. Such
pictures differ in spots, where those that were scaled, saved again or tinted differ evenly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.kit.types import Pixels

    Plane = NDArray[np.float64]

SIDE, COARSER = 32, 4
"""Pixels of a copy, and how many of them make one in the two planes of colour: eyes and JPEG ask no more of it."""
FINE = 64
"""Pixels of a copy in which other numbers on a receipt can be seen."""
LUMINANCE, COLOUR = 10.0, 12.0
"""Levels of 256 by which spots of two copies of one picture differ at most; see `bot.evals.duplicates`."""
SURELY = 30.0
"""Levels by which only other pictures differ, whatever is cut off."""
SLACK = 0.15
"""Of the contrast around a pixel: half a pixel of misfit makes as much."""
BENDS = (0.0, 128.0, 200.0, 255.0)
"""Between these levels light changes evenly: what is bright may be cut off."""
SATURATION = (0.4, 2.0)
"""How much paler or richer the colours of a copy may be."""
SPOT, PATCH = 3, 2
"""Pixels of the copy that make a spot, in luminance and in colour: one alone may be noise."""
ROUNDS = 3
"""Of fitting, each with less weight for what did not agree in the last."""
SPREAD, EVEN = 0.05, 4.0
"""Share of a fine copy that may differ more than the rest, and how much more."""


@dataclass(frozen=True)
class Spots:
    """How far two pictures differ where they differ most, in levels of 256, light and tint allowed for."""

    luminance: float
    colour: float
    spread: float
    """In luminance, where 5% of the picture differ more: what cuts off lights and shadows differs in many places."""

    @property
    def same(self) -> bool:
        """Whether it may be one picture, as far as so coarse a copy can tell."""
        return self.luminance <= LUMINANCE and self.colour <= COLOUR


@dataclass(frozen=True)
class Reduced:
    light: Plane
    """(side, side) luminance, 0 to 255."""
    tint: Plane
    """(2, side / 4, side / 4) differences of blue and red from it, around 0."""

    @classmethod
    def of(cls, pixels: Pixels, side: int = SIDE) -> Reduced:
        """Of (height, width, 3) uint8 sRGB, whatever its proportions. Blocks for some milliseconds."""
        from PIL import Image

        # over more than the pixel itself, or it would depend on where the pixels of the original begin
        small = Image.fromarray(pixels).resize((side, side), Image.Resampling.BILINEAR).convert("YCbCr")
        planes = np.moveaxis(np.asarray(small, np.float64), -1, 0)
        tiny = side // COARSER
        return cls(planes[0], planes[1:].reshape(2, tiny, COARSER, tiny, COARSER).mean((2, 4)) - 128)


def spots_between(first: Reduced, second: Reduced) -> Spots:
    """Of copies of one size, from the one of which less is cut off to the other."""
    found = _spots(first, second)
    if found.same or found.luminance > SURELY:
        return found
    return min(found, _spots(second, first), key=lambda each: max(each.luminance / LUMINANCE, each.colour / COLOUR))


def one_picture(first: Pixels, second: Pixels) -> bool:
    """Whether two that lie over each other differ in no spot, fine print included. Blocks for some milliseconds."""
    if not spots_between(Reduced.of(first), Reduced.of(second)).same:
        return False
    fine = spots_between(Reduced.of(first, FINE), Reduced.of(second, FINE))
    return fine.luminance <= LUMINANCE + EVEN * fine.spread


def _spots(first: Reduced, second: Reduced) -> Spots:
    apart = np.sort(_luminance(first, second))
    colour = np.sort(_colour(first, second))
    return Spots(
        float(apart[-SPOT:].mean()), float(colour[-PATCH:].mean()), float(apart[round(len(apart) * (1 - SPREAD))])
    )


def _luminance(first: Reduced, second: Reduced) -> Plane:
    """What no curve of tones makes of the first: a tint changes luminance by colour, too."""
    one, other = first.light.ravel(), second.light.ravel()
    curve = [np.interp(one, BENDS, bend) for bend in np.eye(len(BENDS))]
    tints = [np.kron(plane, np.ones((COARSER, COARSER))).ravel() for plane in first.tint]
    exposed = (np.minimum(one, other) > 6) & (np.maximum(one, other) < 250)  # the others may be cut off
    weights = np.where(exposed, 1.0, 0.05) if exposed.sum() >= 20 else np.ones_like(one)
    expected = np.clip(_fitted(np.stack([*curve, *tints], 1), other, weights), 0, 255)
    apart = np.abs(other - expected) - SLACK * _contrast(expected.reshape(first.light.shape)).ravel()
    gain = np.clip(np.std(expected) / max(1.0, float(np.std(one))), 0.6, 2)
    return np.asarray(np.maximum(apart, 0) / gain)


def _colour(first: Reduced, second: Reduced) -> Plane:
    """What no tint makes of it: colours are paler or richer, all alike, and shifted, as much as they are light."""
    side = first.tint.shape[1]
    light = first.light.reshape(side, COARSER, side, COARSER).mean((1, 3)).reshape(-1, 1) - 128
    zeros, ones = np.zeros_like(light), np.ones_like(light)
    shifts = np.block([[light / 8, zeros, ones, zeros], [zeros, light / 8, zeros, ones]])
    one, other, even = first.tint.ravel(), second.tint.ravel(), np.ones(2 * len(light))
    both = np.column_stack([one, shifts])
    richer = float(np.clip(_weighed(both, other, even)[0], *SATURATION))
    rest = other - richer * one
    apart = (rest - _fitted(shifts, rest, even)).reshape(2, -1)
    return np.asarray(np.hypot(*apart) / max(0.7, richer))


def _fitted(terms: Plane, values: Plane, weights: Plane) -> Plane:
    return np.asarray(terms @ _weighed(terms, values, weights))


def _weighed(terms: Plane, values: Plane, weights: Plane) -> Plane:
    """Least squares, again and again with less weight for what does not agree (Huber), so that spots do not count."""
    weighed = weights
    factors: Plane = np.zeros(terms.shape[1])
    for _ in range(ROUNDS):
        scaled = terms * weighed[:, None]
        squares = scaled.T @ terms + 1e-6 * np.eye(terms.shape[1])
        factors = np.asarray(np.linalg.solve(squares, scaled.T @ values), np.float64)
        apart = np.abs(values - terms @ factors)
        enough = max(2.0, 1.5 * float(np.median(apart)))
        weighed = np.asarray(weights * np.minimum(1, enough / np.maximum(apart, 1e-6)), np.float64)
    return factors


def _contrast(plane: Plane) -> Plane:
    """Lightest less darkest of the 3 x 3 pixels around each."""
    wide = np.lib.stride_tricks.sliding_window_view(np.pad(plane, 1, mode="edge"), (3, 3))
    return np.asarray(wide.max((2, 3)) - wide.min((2, 3)))
