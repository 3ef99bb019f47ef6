"""Where the faces of a picture are, by MTCNN: proposals over a pyramid of sizes, refined, then decided."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tools.backends.common.onnx_models import kept_session
from tools.backends.privacy.face_networks import MEAN, SHA256, SIDES, SPREAD, Name, writer
from tools.kit import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]
    """(n, 5): left, top, right, bottom in pixels, probability of a face."""

SIDES_SEARCHED = (1280, 640)
"""Longer sides in pixels to which a picture is scaled before it is searched: each finds faces that the other misses."""
ENLARGED = 3.0
"""How much a small picture is enlarged for that, at most."""
LEAST = 20
"""Pixels of the smallest face that is looked for, of the scaled picture."""
STEP = 0.709
"""From one size of the pyramid to the next: half the area (Zhang et al. 2016)."""
SURE: dict[Name, float] = {"proposing": 0.5, "refining": 0.6, "deciding": 0.6}
"""Probabilities from which a place goes on: 0.1 to 0.2 lower than the reference implementation has them, because here a
face too few is worse than one too many."""
STRIDE = 2
"""Pixels between two places of the proposing network."""
MOST = 1500
"""Proposals that are looked at closer."""


class Face(NamedTuple):
    box: Box
    sure: float
    """Probability, as the last network has it."""


def faces(rgb: NDArray[np.uint8], models: Path) -> list[Face]:
    """(height, width, 3) uint8 sRGB -> its faces, surest first. `models`: the folder where the networks are kept."""
    found = np.concatenate([_searched(rgb, side, models) for side in SIDES_SEARCHED])
    limits = np.array([rgb.shape[1], rgb.shape[0]] * 2)
    return [
        Face(box=(left, top, right, bottom), sure=float(row[4]))
        for row in _kept(found, 0.7, smaller=True)
        for left, top, right, bottom in [np.clip(row[:4], 0, limits).tolist()]
    ]


def _searched(rgb: NDArray[np.uint8], side: int, models: Path) -> Rows:
    import cv2

    scale = min(ENLARGED, side / max(rgb.shape[:2]))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    scaled = cv2.resize(rgb, size, interpolation=how)
    found = np.concatenate([np.zeros((0, 5), np.float32), *_proposed(scaled, models)])
    found = _looked_at(scaled, _kept(found, 0.7)[:MOST], models, "refining")
    found = _looked_at(scaled, _kept(found, 0.7), models, "deciding")
    found[:, :4] /= scale
    return _kept(found, 0.7, smaller=True)


def _proposed(rgb: NDArray[np.uint8], models: Path) -> Iterator[Rows]:
    import cv2

    side, least = SIDES["proposing"], min(rgb.shape[:2])
    scale = side / LEAST
    while least * scale >= side:
        size = (max(side, round(rgb.shape[1] * scale)), max(side, round(rgb.shape[0] * scale)))
        smaller = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
        places = _run(models, "proposing", smaller[None])[0]
        yield _kept(_rows(places, scale), 0.5)
        scale *= STEP


def _rows(places: NDArray[np.float32], scale: float) -> Rows:
    """(6, rows, columns) as the network gives them -> the likely ones, in pixels of the unscaled picture."""
    side = SIDES["proposing"]
    y, x = np.nonzero(places[5] > SURE["proposing"])
    corner = np.stack([x, y, x, y], axis=1) * STRIDE + np.array([0, 0, side, side])
    boxes = (corner + places[:4, y, x].T * side) / scale
    return np.concatenate([boxes, places[5, y, x][:, None]], axis=1).astype(np.float32)


def _looked_at(rgb: NDArray[np.uint8], rows: Rows, models: Path, name: Name) -> Rows:
    """The rows that a closer look leaves, with its boxes and probabilities."""
    if not len(rows):
        return rows
    squares = _squared(rows)
    found = _run(models, name, np.stack([_cut(rgb, square, SIDES[name]) for square in squares]))
    sides = (squares[:, 2:4] - squares[:, :2])[:, [0, 1, 0, 1]]
    refined = np.concatenate([squares[:, :4] + found[:, :4] * sides, found[:, 5:]], axis=1)
    return refined[refined[:, 4] > SURE[name]]


def _squared(rows: Rows) -> Rows:
    middle, sides = (rows[:, :2] + rows[:, 2:4]) / 2, rows[:, 2:4] - rows[:, :2]
    half = sides.max(axis=1, keepdims=True) / 2
    return np.concatenate([middle - half, middle + half, rows[:, 4:]], axis=1)


def _cut(rgb: NDArray[np.uint8], square: NDArray[np.float32], side: int) -> NDArray[np.uint8]:
    """The square of the picture, black beyond its edges, scaled to `side` pixels."""
    import cv2

    left, top, right, bottom = (round(float(edge)) for edge in square[:4])
    height, width = rgb.shape[:2]
    inside = rgb[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    beyond = (max(-top, 0), max(bottom - height, 0), max(-left, 0), max(right - width, 0))
    if not inside.size:
        return np.zeros((side, side, 3), np.uint8)
    if any(beyond):
        inside = cv2.copyMakeBorder(inside, *beyond, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    cut: NDArray[np.uint8] = cv2.resize(inside, (side, side), interpolation=cv2.INTER_AREA)
    return cut


def _kept(rows: Rows, most: float, *, smaller: bool = False) -> Rows:
    """Of rows that overlap by more than `most` the surest: of their union, or of the `smaller` one."""
    rows = rows[np.argsort(-rows[:, 4])]
    kept: list[int] = []
    areas = (rows[:, 2] - rows[:, 0]) * (rows[:, 3] - rows[:, 1])
    left = np.arange(len(rows))
    while len(left):
        first, rest = left[0], left[1:]
        kept.append(int(first))
        corner = np.minimum(rows[first, 2:4], rows[rest, 2:4]) - np.maximum(rows[first, :2], rows[rest, :2])
        common = np.clip(corner, 0, None).prod(axis=1)
        whole = np.minimum(areas[first], areas[rest]) if smaller else areas[first] + areas[rest] - common
        left = rest[common <= most * whole]
    return rows[kept]


def _run(models: Path, name: Name, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, height, width, 3) uint8 -> as the network gives it."""
    scaled = (pixels.transpose(0, 3, 1, 2).astype(np.float32) - MEAN) / SPREAD
    found: NDArray[np.float32] = _network(models, name).run(None, {"pixels": np.ascontiguousarray(scaled)})[0]
    return found


@functools.cache
def _network(models: Path, name: Name) -> Any:
    return kept_session(models, f"mtcnn-{name}-{SHA256[name][:12]}.onnx", writer(name))
