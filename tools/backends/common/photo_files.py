"""Plain photo files, decoded for encoding in bulk. Whatever is not plain is left to the `Decoder`."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image as Pillow

FORMATS = ("JPEG", "PNG", "WEBP")
BYTES = 25_000_000
PIXELS = 50_000_000
ORIENTATION = 0x0112


@dataclass(frozen=True)
class Photo:
    """A decoded file: what an encoder needs of it and what an archive wants to know."""

    prepared: NDArray[Any]
    sha256: str
    mime: str
    width: int
    height: int
    size: int


def photos(files: list[Path], prepare: Callable[[Pillow], NDArray[Any]], least: int) -> list[Photo | None]:
    """In a worker: every plain photo, `prepare`d; None for the other files.

    least: pixels that JPEGs keep on either side when they are decoded at 1/2, 1/4 or 1/8, which is quicker.
    """
    return [_photo(file, prepare, least) for file in files]


def _photo(file: Path, prepare: Callable[[Pillow], NDArray[Any]], least: int) -> Photo | None:
    try:
        if file.stat().st_size > BYTES:
            return None
        data = file.read_bytes()
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a file Pillow warns about is not plain
            return _decoded(data, prepare, least)
    except Exception:  # whatever is wrong with the file, the `Decoder` finds the words for it
        return None


def _decoded(data: bytes, prepare: Callable[[Pillow], NDArray[Any]], least: int) -> Photo | None:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if width * height > PIXELS or not _plain(image):
            return None
        turned = image.getexif().get(ORIENTATION, 1) >= 5
        image.draft("RGB", (least, least))
        ImageOps.exif_transpose(image, in_place=True)
        upright = image if image.mode == "RGB" else image.convert("RGB")
        return Photo(
            prepared=prepare(upright),
            sha256=hashlib.sha256(data).hexdigest(),
            mime=Image.MIME[str(image.format)],
            width=height if turned else width,
            height=width if turned else height,
            size=len(data),
        )


def _plain(image: Pillow) -> bool:
    """8-bit RGB or grey in sRGB, one frame, opaque: nothing about its decoding is a matter of choice."""
    profile = image.info.get("icc_profile")
    if profile and b"sRGB" not in profile:
        return False
    return image.mode in ("RGB", "L") and getattr(image, "n_frames", 1) == 1 and "transparency" not in image.info
