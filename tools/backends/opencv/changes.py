"""What differs between two aligned images, once light, noise and a pixel or two of misfit are allowed for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tools.backends.opencv.align import Alignment, edge_strength, narrowed
from tools.backends.opencv.light import in_light_of
from tools.backends.opencv.objects import fingerprint
from tools.backends.opencv.pixels import Reduced, correlation, lab, scaled
from tools.kit import Box, Change
from tools.kit.pictures.spots import one_picture

if TYPE_CHECKING:
    from tools.backends.opencv.pixels import Floats, Grey, Mask

VISIBLE = 11.0
"""Colour distance (CIE76) that counts. A just noticeable difference is 2.3; JPEG noise and soft shadows do not."""
MOST_NOISE = 16.0
"""Colour distance that is never put down to a noisy picture."""
ELSEWHERE = 0.4
"""Share that differs from which two pictures may show one thing in two places."""
SAME_COLOUR = 14.0
"""Colour distance within which an area counts as taking the colour of its surroundings."""
SMALLEST = 0.00025
"""Share of the image below which an area is noise."""
MISFIT = 2
"""Pixels by which edges may lie beside each other without being a difference."""
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
    mask = _differing(lab(_as_coarse(first.rgb, alignment.scale)), lab(relit), alignment.shared)
    found = [
        _change(first, second, alignment, (warped, relit), area)
        for area in _areas(mask, round(max(first.size) * 0.012))
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


# --- where --------------------------------------------------------------------------------------


def _differing(first: Floats, second: Floats, shared: Mask) -> Mask:
    """Pixels whose colour does not occur within `MISFIT` pixels in the other image."""
    import cv2
    import numpy as np

    one, two = (_softened(image) for image in (first, second))
    distance = np.maximum(_outside(one, two), _outside(two, one))
    distance[~shared] = 0
    noise = float(np.median(distance[shared]))
    limit = min(max(VISIBLE, 3.0 * noise + VISIBLE / 2), MOST_NOISE)
    mask = (distance > limit).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    differing: Mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)) > 0
    return differing & shared


def _softened(image: Floats) -> Floats:
    """Colour more than lightness: JPEG keeps it at half the resolution, and so do eyes."""
    import cv2
    import numpy as np

    lightness = cv2.GaussianBlur(image[..., :1], (0, 0), 1.2)[..., None]
    colour = cv2.GaussianBlur(image[..., 1:], (0, 0), 2.2)
    return np.concatenate([lightness, colour], axis=-1)


def _outside(image: Floats, other: Floats) -> Floats:
    """How far each colour lies outside the range of colours around the same place of the other image."""
    import cv2
    import numpy as np

    around = np.ones((2 * MISFIT + 1, 2 * MISFIT + 1), np.uint8)
    over, under = image - cv2.dilate(other, around), cv2.erode(other, around) - image
    apart = np.maximum(np.maximum(over, under), 0)
    apart[..., 0] *= 0.8  # lightness is what shadows and lamps change; colour is what paint changes
    distance: Floats = np.sqrt((apart**2).sum(-1))
    return distance


def _areas(mask: Mask, gap: int) -> Iterator[Mask]:
    """The differing pixels of each area; parts less than `gap` pixels apart are one area."""
    import cv2
    import numpy as np

    joined = cv2.dilate(mask.astype(np.uint8), np.ones((gap, gap), np.uint8))
    count, labels = cv2.connectedComponents(joined)
    for label in range(1, count):
        area = mask & (labels == label)
        if area.sum() >= SMALLEST * mask.size:
            yield area


# --- what ---------------------------------------------------------------------------------------


def _change(first: Reduced, second: Reduced, alignment: Alignment, pictures: tuple[Grey, Floats], area: Mask) -> Change:
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
