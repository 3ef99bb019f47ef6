"""Photograph, drawing, print or screen: the kind of a picture, from its pixels and three telling ImageNet classes.

Drawings and screens have areas of one exact colour, which no camera gives: in 98% of 719 photos under half of the
neighbouring pixels are equal, in drawn diagrams over three quarters. Paper with print looks to the network like a menu,
a page like a web site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS = ("drawn", "photographed", "printed", "ticket", "page")
MENU, WEB_SITE, CROSSWORD = 922, 916, 918
FLAT, WIDTH = 0.55, 0.05
"""Share of flat pixels at which a picture is as likely drawn as photographed, and how quickly that turns."""
TELLING = 4
"""A little of the three classes says much: nothing else looks like them."""


def flatness(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, height, width, 3) -> (n,): share of pixels that equal their right and lower neighbours (within 1 of 255)."""
    signed = pixels.astype(np.int16)
    right = np.abs(np.diff(signed, axis=2)).max(axis=-1)[:, :-1] <= 1
    below = np.abs(np.diff(signed, axis=1)).max(axis=-1)[:, :, :-1] <= 1
    share: NDArray[np.float32] = (right & below).mean(axis=(1, 2), dtype=np.float32)
    return share


def kinds(classes: NDArray[np.float32], flat: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 1000) ImageNet probabilities and (n,) flatness -> (n, 5) probabilities of `KINDS`.

    The first three exclude each other; a ticket (narrow print) and a page (on a screen) are kinds of print.
    """
    telling = classes[:, [MENU, WEB_SITE, CROSSWORD]]
    sum_ = np.maximum(telling.sum(axis=1), 1e-9)
    printed = 1 - (1 - np.minimum(sum_, 1)) ** TELLING
    drawn = 1 / (1 + np.exp((FLAT - flat) / WIDTH))
    rows = (
        drawn * (1 - printed),
        (1 - drawn) * (1 - printed),
        printed,
        printed * telling[:, 0] / sum_,
        printed * telling[:, 1] / sum_,
    )
    return np.stack(rows, axis=1).astype(np.float32)
