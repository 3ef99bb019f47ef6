"""When a photo was taken, by its own word. Runs in a worker: it reads the headers of files from strangers."""

from __future__ import annotations

import warnings
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Exif

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF")
EXIF_BLOCK = 0x8769
TAKEN, DIGITISED = (0x9003, 0x9011), (0x9004, 0x9012)
"""EXIF 2.32: DateTimeOriginal and DateTimeDigitized, each with its OffsetTime."""


def taken(files: list[Path]) -> list[datetime | None]:
    """One a file: local time of the camera, with its offset from UTC where it has that; None without a date."""
    import logging

    import pillow_heif

    logging.getLogger("PIL").setLevel(logging.CRITICAL)  # it complains of odd files on standard error
    pillow_heif.register_heif_opener()
    return [_taken(file) for file in files]


def _taken(file: Path) -> datetime | None:
    from PIL import Image

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(file, formats=FORMATS) as image:
            return _said(image.getexif())
    except Exception:  # no date is a fine answer, whatever is wrong with the file
        return None


def _said(exif: Exif) -> datetime | None:
    block = exif.get_ifd(EXIF_BLOCK)
    for moment, offset in (TAKEN, DIGITISED):
        try:
            at = datetime.strptime(str(block[moment]).strip("\0 "), "%Y:%m:%d %H:%M:%S")
        except (KeyError, ValueError):
            continue
        return _with_offset(at, str(block.get(offset, "")))
    return None


def _with_offset(at: datetime, offset: str) -> datetime:
    try:
        zone = datetime.strptime(offset.strip("\0 "), "%z").tzinfo
    except ValueError:
        return at
    return at.replace(tzinfo=zone)
