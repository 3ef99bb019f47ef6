"""Lays a second image over a first: moved, turned, scaled, tilted or squeezed.

Candidates come from matched SIFT features (Lowe 2004, ratio test; MAGSAC++, Barath et al. 2020) and from fitting the
whole frame, refined by ECC (Evangelidis & Psarakis 2008). The one under which the edges of both agree best is taken,
and none when even that agrees no better than chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.backends.opencv.pixels import Reduced, correlation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tools.backends.opencv.pixels import Floats, Grey, Mask

    Matrix = NDArray[np.float64]

FEATURES = 2500
RATIO = 0.8
ENOUGH_MATCHES = 10
AGREES = 0.35
"""Edge correlation from which two images count as showing the same thing. Unrelated photos stay below 0.2."""
SURELY = 0.9
"""Edge correlation at which no further candidate is tried."""


LEAST_POINTS, DENSE = 20, 4
LOCALLY = 0.5
"""Matched features, how many of them must lie together, and the edge correlation around them, from which a thing is the
same before another background."""


@dataclass(frozen=True)
class Alignment:
    matrix: Matrix
    """(3, 3): working pixels of the second image -> working pixels of the first."""
    agreement: float
    """Correlation of edge strength over the common area, up to 1."""
    shared: Mask
    """(height, width) of the first image: what both show."""
    partial: bool = False
    """Only a thing is shared, not what stands around it."""

    @property
    def scale(self) -> float:
        """Working pixels of the second image for one of the first."""
        return described(self.matrix)[0]

    def warp(self, second: Grey) -> Grey:
        """The second image in the frame of the first."""
        return _warped(second, self.matrix, (self.shared.shape[1], self.shared.shape[0]))


def align(first: Reduced, second: Reduced) -> Alignment | None:
    """The best alignment, or None when the images do not show the same thing."""
    best = _judge(first, second, _whole_frame(first, second))
    if best and best.agreement > SURELY:
        return _refined(first, second, best)
    matches = _matched(first.grey, second.grey)
    tried = [found for matrix in _by_features(*matches) if (found := _judge(first, second, matrix))]
    for found in tried:
        if best is None or found.agreement > best.agreement + 0.01:
            best = found
    if best and best.agreement >= AGREES:
        return _refined(first, second, best)
    parts = [part for found in tried if (part := _around_matches(first, second, found, matches))]
    return max(parts, key=lambda part: part.agreement, default=None)


def narrowed(first: Reduced, second: Reduced, found: Alignment) -> Alignment | None:
    """The same alignment, for the thing alone that both show. None when there is no such thing."""
    return _around_matches(first, second, found, _matched(first.grey, second.grey))


def _around_matches(
    first: Reduced, second: Reduced, found: Alignment, matches: tuple[Floats, Floats]
) -> Alignment | None:
    """Where matched features lie close together under an alignment, and edges agree there."""
    import cv2
    import numpy as np

    here, there = matches
    if len(here) < LEAST_POINTS:
        return None
    moved = cv2.perspectiveTransform(there[None], found.matrix)[0]
    points = here[np.linalg.norm(moved - here, axis=1) < 4]
    region = _region(points, found.shared.shape) & found.shared
    if len(points) < LEAST_POINTS or region.mean() < 0.01:
        return None
    agreement = _edge_agreement(first.grey, found.warp(second.grey), region)
    return Alignment(found.matrix, agreement, region, partial=True) if agreement > LOCALLY else None


def _region(points: Floats, size: tuple[int, ...]) -> Mask:
    """The hull of the points that have others beside them."""
    import cv2
    import numpy as np

    dots = np.zeros(size, np.uint8)
    for x, y in points:
        cv2.circle(dots, (round(float(x)), round(float(y))), round(0.05 * max(size)), 1, cv2.FILLED)
    count, clusters = cv2.connectedComponents(dots)
    owner = np.array([clusters[min(size[0] - 1, int(y)), min(size[1] - 1, int(x))] for x, y in points], dtype=np.int64)
    dense = points[np.isin(owner, np.flatnonzero(np.bincount(owner, minlength=count) >= DENSE))]
    hull = np.zeros(size, np.uint8)
    if len(dense):
        cv2.fillConvexPoly(hull, cv2.convexHull(dense.astype(np.int32)), 1)
    return np.asarray(hull > 0)


def _whole_frame(first: Reduced, second: Reduced) -> Matrix:
    """The second stretched over the first: the same camera, or the same file in other proportions."""
    import numpy as np

    across, down = first.size[0] / second.size[0], first.size[1] / second.size[1]
    # pixel centres, not corners, or a reduced copy would lie half a pixel off
    return np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]])


def _by_features(here: Floats, there: Floats) -> Iterator[Matrix]:
    import cv2
    import numpy as np

    if len(here) < ENOUGH_MATCHES:
        return
    similar, inliers = cv2.estimateAffinePartial2D(there, here, method=cv2.RANSAC, ransacReprojThreshold=3.0)
    if similar is not None and inliers.sum() >= ENOUGH_MATCHES:
        yield np.vstack([similar, [0, 0, 1]])
    tilted, inliers = cv2.findHomography(there, here, cv2.USAC_MAGSAC, 3.0)
    if tilted is not None and inliers.sum() >= 3 * ENOUGH_MATCHES and _sane(tilted):
        yield tilted


def _matched(first: Grey, second: Grey) -> tuple[Floats, Floats]:
    """Positions (n, 2) of features of both images that are each other's only good match."""
    import cv2
    import numpy as np

    finder = cv2.SIFT.create(nfeatures=FEATURES, contrastThreshold=0.02)
    found = [finder.detectAndCompute(image, None) for image in (first, second)]
    none = np.empty((0, 2), np.float32)
    if any(described is None or len(described) < 2 for _, described in found):
        return none, none
    (here, described_here), (there, described_there) = found
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(described_there, described_here, k=2)
    good = [best for best, other in pairs if best.distance < RATIO * other.distance]
    return (
        np.array([here[match.trainIdx].pt for match in good], np.float32).reshape(-1, 2),
        np.array([there[match.queryIdx].pt for match in good], np.float32).reshape(-1, 2),
    )


def _sane(matrix: Matrix) -> bool:
    """No mirror, no fold and no extreme tilt: what a camera could do."""
    area = float(matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0])
    return 0.04 < area < 25 and abs(matrix[2, 0]) + abs(matrix[2, 1]) < 2e-3


def _judge(first: Reduced, second: Reduced, matrix: Matrix) -> Alignment | None:
    """None when the overlap is too small to judge."""
    import cv2
    import numpy as np

    across, down = first.size
    full = np.full(second.rgb.shape[:2], 255, np.uint8)
    shared = cv2.warpPerspective(full, matrix, (across, down), flags=cv2.INTER_NEAREST) > 0
    shared = cv2.erode(shared.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    if shared.mean() < 0.25:
        return None
    warped = _warped(second.grey, matrix, (across, down))
    return Alignment(matrix, _edge_agreement(first.grey, warped, shared), shared)


def _warped(image: Grey, matrix: Matrix, size: tuple[int, int]) -> Grey:
    import cv2

    scale = described(matrix)[0]
    if scale > 1.3:  # softened first, or the finer image would alias
        image = cv2.GaussianBlur(image, (0, 0), 0.4 * scale)
    warped: Grey = cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_LINEAR)
    return warped


def _edge_agreement(first: Grey, second: Grey, shared: Mask) -> float:
    """Pearson correlation of edge strength, blind to brightness and, mostly, to colour."""
    strengths = [edge_strength(image)[shared] for image in (first, second)]
    if min(float(strength.std()) for strength in strengths) < 1e-3:  # blank: they agree when both are
        return 1.0 if max(float(strength.std()) for strength in strengths) < 1e-3 else 0.0
    return correlation(*strengths)


def edge_strength(grey: Grey) -> Floats:
    """Square root of the gradient magnitude, a little blurred, so that strong edges do not drown the fine ones."""
    import cv2
    import numpy as np

    soft = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.5)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    strength: Floats = cv2.GaussianBlur(np.sqrt(cv2.magnitude(across, down)), (0, 0), 1.5)
    return strength


def _refined(first: Reduced, second: Reduced, found: Alignment) -> Alignment:
    """The alignment to a fraction of a pixel, when that agrees better."""
    import cv2
    import numpy as np

    warped = found.warp(second.grey)
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-4)
    shared = found.shared.astype(np.uint8) * 255
    try:
        _, nudge = cv2.findTransformECC(
            edge_strength(first.grey), edge_strength(warped), np.eye(2, 3, dtype=np.float32), cv2.MOTION_AFFINE,
            stop, shared, 5,
        )  # fmt: skip
    except cv2.error:  # did not converge: what we have is good enough
        return found
    tried = _judge(first, second, np.linalg.inv(np.vstack([nudge, [0, 0, 1]])) @ found.matrix)
    return tried if tried and tried.agreement > found.agreement else found


def described(matrix: Matrix) -> tuple[float, float, float]:
    """Scale, degrees turned clockwise and stretch (horizontal over vertical) of the second against the first."""
    import numpy as np

    back = np.linalg.inv(matrix)
    back /= back[2, 2]
    across, down = math.hypot(back[0, 0], back[1, 0]), math.hypot(back[0, 1], back[1, 1])
    return math.sqrt(across * down), math.degrees(math.atan2(back[1, 0], back[0, 0])), across / down
