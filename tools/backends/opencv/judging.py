"""What became of an area that differs: another colour, something gone, something new, or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tools.backends.opencv.align import Alignment, edge_strength
from tools.backends.opencv.pixels import Reduced, correlation, lab, scaled
from tools.kit import Box, Change

if TYPE_CHECKING:
    from tools.backends.opencv.pixels import Floats, Grey, Mask

SAME_COLOUR = 14.0
"""Colour distance within which an area counts as taking the colour of its surroundings."""


def change_of(
    first: Reduced, second: Reduced, alignment: Alignment, pictures: tuple[Grey, Floats], area: Mask
) -> Change:
    """pictures: the second image laid over the first, (height, width, 3), as it is and in the first one's light."""
    warped, relit = pictures
    box = _box(area)
    return Change(
        box=scaled(box, 1 / first.scale),
        in_second=scaled(_carried(box, alignment), 1 / second.scale),
        kind=_kind(first.rgb, relit, area, alignment.shared),
        thin=_is_thin(area),
        first_colour=_median_colour(first.rgb, area),
        second_colour=_median_colour(warped, area),
        share=float(area.sum() / alignment.shared.sum()),
    )


def _kind(first: Grey, second: Floats, area: Mask, shared: Mask) -> Literal["colour", "gone", "new", "changed"]:
    if _same_texture(first, second, area):
        return "colour"
    blends_first, blends_second = (_blends_in(image, area, shared) for image in (first, second))
    if blends_second > 0.7 and blends_first < 0.5:
        return "gone"
    if blends_first > 0.7 and blends_second < 0.5:
        return "new"
    return "colour" if _same_shape(first, second, area) else "changed"


def _blends_in(image: Grey | Floats, area: Mask, shared: Mask) -> float:
    """Share of the area that takes a colour of its immediate surroundings."""
    import cv2
    import numpy as np

    grown = area.astype(np.uint8)
    ring = (cv2.dilate(grown, np.ones((19, 19), np.uint8)) > 0) & (cv2.dilate(grown, np.ones((7, 7), np.uint8)) == 0)
    ring &= shared
    if ring.sum() < 20:
        return 0.0
    colours = lab(image)
    around = colours[ring][:: max(1, int(ring.sum()) // 200)]
    inside = colours[area][:: max(1, int(area.sum()) // 400)]
    apart = np.linalg.norm(inside[:, None] - around[None], axis=-1)
    near = np.sort(apart, axis=1)[:, : max(1, around.shape[0] // 10)].max(1)  # a tenth of the ring must be alike
    return float((near < SAME_COLOUR).mean())


def _same_shape(first: Grey, second: Floats, area: Mask) -> bool:
    """Whether the edges in and around the area stayed where they were."""
    import cv2
    import numpy as np

    around = cv2.dilate(area.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    greys = [cv2.cvtColor(image.astype(np.uint8), cv2.COLOR_RGB2GRAY) for image in (first, second)]
    one, two = (edge_strength(grey)[around] for grey in greys)
    return bool(max(np.ptp(one), np.ptp(two)) == 0) or correlation(one, two) > 0.75


def _same_texture(first: Grey, second: Floats, area: Mask) -> bool:
    """Whether the inside of the area has a pattern, and the same one in both: paint changes, the thing stays."""
    import cv2
    import numpy as np

    inside = cv2.erode(area.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    if inside.sum() < 100:
        return False
    greys = [cv2.cvtColor(image.astype(np.uint8), cv2.COLOR_RGB2GRAY) for image in (first, second)]
    one, two = (edge_strength(grey)[inside] for grey in greys)
    return bool(min(one.std(), two.std()) > 0.7) and correlation(one, two) > 0.8


def _is_thin(area: Mask) -> bool:
    """Whether the area is a line: at least eight times as long as it is wide."""
    import cv2
    import numpy as np

    width = 2 * float(np.percentile(cv2.distanceTransform(area.astype(np.uint8), cv2.DIST_L2, 3)[area], 95))
    left, top, right, bottom = _box(area)
    extent = float(np.hypot(right - left, bottom - top))
    return extent > 8 * max(width, 2.0) and width < 0.02 * max(area.shape)


def _median_colour(image: Grey, area: Mask) -> tuple[int, int, int]:
    import numpy as np

    red, green, blue = np.median(image[area], axis=0)
    return int(red), int(green), int(blue)


def _box(area: Mask) -> Box:
    import numpy as np

    rows, columns = np.flatnonzero(area.any(1)), np.flatnonzero(area.any(0))
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def _carried(box: Box, alignment: Alignment) -> Box:
    """The box in working pixels of the second image."""
    import cv2
    import numpy as np

    left, top, right, bottom = box
    corners = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], np.float32)
    moved = cv2.perspectiveTransform(corners, np.linalg.inv(alignment.matrix))[0]
    return float(moved[:, 0].min()), float(moved[:, 1].min()), float(moved[:, 0].max()), float(moved[:, 1].max())
