"""A part of an image as an image of its own, so that the surroundings do not bias what is said of it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from typing import Any

import numpy as np

from tools.kit.errors import AskAgain
from tools.kit.types import Box, Image, Pixels

MARGIN = 0.08
"""Of the longer side of the part, that is left around it."""
SIDE = 160
"""Longer side in pixels at which the subject is looked for."""
BORDER = 0.04
"""Share of the shorter side that counts as border."""
PLAIN = 14.0
"""Spread of the border's colours (median absolute deviation, 0 to 255) up to which it is a plain background."""
APART = 28.0
"""Distance of colours from which a pixel is not background."""
LEAST, MOST = 0.01, 0.7
"""Shares of the image a subject covers: less is a spot, and more needs no cropping."""
NEEDS = 32
"""Pixels of a side a part must have."""


def cropped(image: Image, box: Box) -> Image:
    """The part with a margin, beside the image (so it goes when that goes). Handle and hash stay those of the whole.

    Blocks for the decode: call it from a thread. Raises: AskAgain when the box holds (nearly) nothing of the image.
    """
    part = _with_margin(image, box)
    if part[2] - part[0] < NEEDS or part[3] - part[1] < NEEDS:
        raise AskAgain(
            f"The part {[round(edge) for edge in box]} of {image.handle} is too small to look at: {image.handle} is "
            f"{image.ref.width} x {image.ref.height} pixels, give left, top, right and bottom within that."
        )
    name = hashlib.sha256(repr(part).encode()).hexdigest()[:16]
    path = image.path.with_suffix(f".part-{name}.png")
    if not path.exists():
        from PIL import Image as Pillow

        with Pillow.open(image.path) as file:
            shown = file.convert("RGB").crop((int(part[0]), int(part[1]), int(part[2]), int(part[3])))
        draft = path.with_suffix(f".{os.getpid()}-{id(shown)}.tmp")
        shown.save(draft, "PNG")
        draft.replace(path)  # whole, so that nobody reads half of it
    width, height = int(part[2] - part[0]), int(part[3] - part[1])
    return replace(image, path=path, ref=image.ref.model_copy(update={"width": width, "height": height}), part=part)


def subject(pixels: Pixels) -> Box | None:
    """Where the one thing before a plain background is, in pixels; None when there is no such thing.

    The border says what is background (the boundary prior of Wei et al., "Geodesic Saliency", 2012). `pixels`:
    (height, width, 3) uint8.
    """
    height, width = pixels.shape[:2]
    step = max(1, max(height, width) // SIDE)
    small = pixels[::step, ::step].astype(np.float32)
    edge = max(1, int(min(small.shape[:2]) * BORDER))
    border = np.concatenate(
        [
            each.reshape(-1, 3)
            for each in (small[:edge], small[-edge:], small[edge:-edge, :edge], small[edge:-edge, -edge:])
        ]
    )
    middle = np.median(border, axis=0)
    if np.median(np.abs(border - middle).max(axis=1)) > PLAIN:
        return None
    stands_out = np.linalg.norm(small - middle, axis=2) > APART
    if np.mean(np.linalg.norm(border - middle, axis=1) > APART) > 0.25:
        return None  # it reaches over the border: there is nothing around it to leave out
    rows, columns = _extent(stands_out), _extent(stands_out.T)
    if rows is None or columns is None:
        return None
    box = (columns[0] * step, rows[0] * step, min(width, columns[1] * step), min(height, rows[1] * step))
    covered = (box[2] - box[0]) * (box[3] - box[1]) / (width * height)
    return (float(box[0]), float(box[1]), float(box[2]), float(box[3])) if LEAST <= covered <= MOST else None


def _extent(mask: Any) -> tuple[int, int] | None:
    """First and one past the last row that has more than a speck."""
    filled = np.flatnonzero(mask.sum(axis=1) > max(1, mask.shape[1] // 100))
    return (int(filled[0]), int(filled[-1]) + 1) if filled.size else None


def _with_margin(image: Image, box: Box) -> Box:
    """Whole pixels within the image."""
    left, right = sorted((box[0], box[2]))
    top, bottom = sorted((box[1], box[3]))
    margin = MARGIN * max(right - left, bottom - top)
    return (
        float(max(0, int(left - margin))),
        float(max(0, int(top - margin))),
        float(min(image.ref.width, int(right + margin + 0.5))),
        float(min(image.ref.height, int(bottom + margin + 0.5))),
    )
