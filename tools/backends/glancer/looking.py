"""In a worker: a file, reduced, and what is measured of it."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from tools.backends.common.plain_pictures import FORMATS, MOST_PIXELS, opaque
from tools.backends.glancer.kinds import kind
from tools.backends.glancer.lettering import lettered
from tools.backends.glancer.measures import measure
from tools.kit.pictures.colours import dominant
from tools.kit.pictures.detail import detail
from tools.kit.pictures.fingerprint import fingerprint
from tools.kit.types import Glance

if TYPE_CHECKING:
    from tools.kit.types import Pixels

AREA = 640_000
"""Pixels that are looked at: a page of print is still told from a photo, and most text is still seen to be some."""


def glances(files: list[Path]) -> list[Glance | None]:
    """One a file; None for what is no image that can be opened so simply."""
    import logging

    import cv2
    import pillow_heif

    logging.getLogger("PIL").setLevel(logging.CRITICAL)  # it complains of odd files on standard error
    pillow_heif.register_heif_opener()
    cv2.setNumThreads(1)
    return [_glance(file) for file in files]


def _glance(file: Path) -> Glance | None:
    try:
        with warnings.catch_warnings(action="ignore"):
            pixels = _reduced(file)
    except Exception:  # whatever is wrong with the file, the `Decoder` finds the words for it
        return None
    return glance_at(pixels)


def glance_at(pixels: Pixels) -> Glance:
    """Of (height, width, 3) uint8 sRGB."""
    import cv2

    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return Glance(
        colours=_with_plain_names([colour.name for colour in dominant(pixels)]),
        kind=kind(measure(pixels, grey)),
        phash=fingerprint(pixels),
        lettered=lettered(grey),
        detail=detail(pixels),
    )


def _with_plain_names(colours: list[str]) -> tuple[str, ...]:
    """Each shade, and behind it what it is a shade of: who looks for blue means dark blue as well."""
    plain = (name.removeprefix("dark ").removeprefix("light ") for name in colours)
    return tuple(dict.fromkeys(name for pair in zip(colours, plain, strict=True) for name in pair))


def _reduced(file: Path) -> Pixels:
    """Upright, opaque and of about `AREA` pixels at most."""
    import numpy
    from PIL import Image, ImageOps

    with Image.open(file, formats=FORMATS) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise ValueError("too large")
        scale = min(1.0, (AREA / (width * height)) ** 0.5)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image.draft("RGB", size)  # JPEG is decoded at 1/2, 1/4 or 1/8, never smaller than this
        ImageOps.exif_transpose(image, in_place=True)
        upright = opaque(image)
        if upright.width * upright.height > AREA:
            scale = (AREA / (upright.width * upright.height)) ** 0.5
            size = (max(1, round(upright.width * scale)), max(1, round(upright.height * scale)))
            upright = upright.resize(size, Image.Resampling.BOX)
        return numpy.asarray(upright)
