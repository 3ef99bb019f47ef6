"""Two pictures of one thing in different light: the second is put into the light of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.backends.opencv.pixels import Floats, Grey, Mask


def in_light_of(first: Grey, second: Grey, shared: Mask) -> Floats:
    """The second image, as float sRGB 0-255, in the light of the first.

    A smooth field of gain (a quadratic in x and y, and a small constant cast a channel) is fitted robustly to the
    logarithm of their ratio, so that what really differs does not pull it along.
    """
    import numpy as np

    height, width = shared.shape
    step = max(1, max(height, width) // 160)
    rows, columns = np.mgrid[0:height:step, 0:width:step]
    one, two = first[rows, columns].astype(np.float32), second[rows, columns].astype(np.float32)
    exposed = shared[rows, columns] & (one.max(-1) < 250) & (two.max(-1) < 250) & (one.min(-1) > 4) & (two.min(-1) > 4)
    if exposed.sum() < 200:
        return second.astype(np.float32)
    ratio = np.log(one[exposed] + 4) - np.log(two[exposed] + 4)
    field, agreeing = _robust_fit(_terms(columns[exposed] / width, rows[exposed] / height), ratio.mean(-1))
    if not agreeing.any():  # further apart than any light takes them
        return second.astype(np.float32)
    rest = ratio[agreeing] - ratio[agreeing].mean(-1, keepdims=True)
    cast = np.clip(np.median(rest, axis=0), -0.1, 0.1)  # more than this is a colour, not a lamp
    everywhere = np.mgrid[0:height, 0:width]
    gain = np.clip(_terms(everywhere[1] / width, everywhere[0] / height) @ field, np.log(0.4), np.log(2.5))
    found: Floats = np.clip((second + 4.0) * np.exp(gain[..., None] + cast) - 4.0, 0, 255).astype(np.float32)
    overexposed = (second >= 248) & (first > found)  # as bright as the first at least: how bright was not recorded
    return np.where(overexposed, first, found)


def _terms(x: Floats, y: Floats) -> Floats:
    import numpy as np

    return np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1).astype(np.float32)


def _robust_fit(terms: Floats, values: Floats) -> tuple[Floats, Mask]:
    """Least squares, over and over on the values that agree with the last fit; and which those are."""
    import numpy as np

    counts, edges = np.histogram(values, bins=60, range=(-1.2, 1.2))
    mode = edges[int(counts.argmax())] + (edges[1] - edges[0]) / 2
    field = np.array([mode, 0, 0, 0, 0, 0], np.float32)
    agreeing = np.abs(values - mode) < 0.25
    for tolerance in (0.25, 0.18, 0.12, 0.1, 0.1):
        near = np.abs(values - terms @ field) < tolerance
        if near.sum() < 60:
            break
        agreeing = near
        ridge = np.diag([0, 1, 1, 1, 1, 1]).astype(np.float32) * (0.002 * agreeing.sum())
        chosen = terms[agreeing]
        field = np.linalg.solve(chosen.T @ chosen + ridge, chosen.T @ values[agreeing]).astype(np.float32)
    return field, agreeing
