"""What differs between two aligned images, once light, noise and a pixel or two of misfit are allowed for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.backends.opencv.align import Alignment, narrowed
from tools.backends.opencv.differing import areas, differing
from tools.backends.opencv.judging import change_of
from tools.backends.opencv.light import in_light_of
from tools.backends.opencv.objects import fingerprint
from tools.backends.opencv.pixels import Reduced, lab
from tools.kit import Change
from tools.kit.pictures.spots import one_picture

if TYPE_CHECKING:
    from tools.backends.opencv.pixels import Grey, Mask

ELSEWHERE = 0.4
"""Share that differs from which two pictures may show one thing in two places."""
MOST = 12


@dataclass(frozen=True)
class Changed:
    changes: list[Change]
    share: float
    """Of the common area that differs."""
    hash_distance: int
    """Of what both show."""
    alignment: Alignment
    """What was compared."""
    one_picture: bool
    """Whether both show one picture of it."""


def changed(first: Reduced, second: Reduced, alignment: Alignment) -> Changed | None:
    """Every area that differs visibly, largest first; of the thing alone when what stands around it differs.

    None when nearly all differs, and not in colour alone: the alignment was a chance one.
    """
    found = _compared(first, second, alignment)
    if found.share < ELSEWHERE or alignment.partial:
        return found
    thing = narrowed(first, second, alignment)
    if thing is not None and thing.shared.sum() < 0.7 * alignment.shared.sum():
        return _compared(first, second, thing)
    return found if thing is not None or found.changes[0].kind == "colour" else None


def _compared(first: Reduced, second: Reduced, alignment: Alignment) -> Changed:
    warped = alignment.warp(second.rgb)
    relit = in_light_of(first.rgb, warped, alignment.shared)
    mask = differing(lab(_as_coarse(first.rgb, alignment.scale)), lab(relit), alignment.shared)
    found = [
        change_of(first, second, alignment, (warped, relit), area)
        for area in areas(mask, round(max(first.size) * 0.012))
    ]
    found.sort(key=lambda change: -change.share)
    share = float(mask[alignment.shared].mean())
    here, there = _common(first, warped, alignment.shared)
    return Changed(found[:MOST], share, _hash_distance(here, there), alignment, one_picture(here, there))


def _as_coarse(image: Grey, scale: float) -> Grey:
    """The image with no more detail than a copy reduced by `scale` has: fine detail it lost is not a difference."""
    import cv2

    if scale > 0.95:
        return image
    height, width = image.shape[:2]
    small = cv2.resize(
        image, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA
    )
    coarse: Grey = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return coarse


def _common(first: Reduced, warped: Grey, shared: Mask) -> tuple[Grey, Grey]:
    """What both show; what only one shows is taken from the first for both."""
    import numpy as np

    filled = np.where(shared[..., None], warped, first.rgb)
    rows, columns = np.ix_(shared.any(1), shared.any(0))
    return first.rgb[rows, columns], filled[rows, columns]


def _hash_distance(first: Grey, second: Grey) -> int:
    import cv2

    one, other = (fingerprint(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)) for image in (first, second))
    return (one ^ other).bit_count()
