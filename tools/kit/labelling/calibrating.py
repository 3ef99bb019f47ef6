"""Cutoffs of an encoder, from the cosine similarities of what belongs together and of what does not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

APART = 1.0
"""How far the two means must be apart, in standard deviations (d', Green and Swets 1966), for a cutoff to mean
anything: at 1 the better of the two is told by 76 of 100 pairs."""
UNRELATED = 0.1
"""Share of unrelated pictures that pass for alike."""


def apart(fitting: ArrayLike, others: ArrayLike) -> float:
    """d': difference of the means over the mean standard deviation."""
    one, other = np.asarray(fitting, np.float64), np.asarray(others, np.float64)
    spread = math.sqrt((one.var() + other.var()) / 2)
    return float((one.mean() - other.mean()) / max(spread, 1e-9))


def parting(fitting: ArrayLike, others: ArrayLike) -> float | None:
    """The cosine at which what fits and what does not are equally likely, both taken as normally distributed: the
    boundary of quadratic discriminant analysis with equal priors. A few dozen samples tell it, because it goes by means
    and spreads, not by the few samples that lie near it.

    None where the two hardly differ, so that no cosine tells anything.
    """
    if apart(fitting, others) < APART:
        return None
    one, other = np.asarray(fitting, np.float64), np.asarray(others, np.float64)
    (high, above), (low, below) = ((side.mean(), max(side.std(), 1e-6)) for side in (one, other))
    # log N(x; high, above) = log N(x; low, below), a quadratic in x
    square = 1 / below**2 - 1 / above**2
    linear = 2 * (high / above**2 - low / below**2)
    constant = low**2 / below**2 - high**2 / above**2 + 2 * math.log(below / above)
    roots = np.roots([square, linear, constant] if abs(square) > 1e-9 else [linear, constant])
    between = [float(root.real) for root in roots if abs(root.imag) < 1e-9 and low <= root.real <= high]
    return between[0] if between else float((high + low) / 2)


def unrelated(cosines: ArrayLike) -> float:
    """The cosine that only `UNRELATED` of unrelated pictures reach."""
    return float(np.quantile(np.asarray(cosines, np.float64), 1 - UNRELATED))
