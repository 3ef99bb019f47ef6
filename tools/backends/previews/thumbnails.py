"""Small pictures of files from strangers. Runs in a worker."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from tools.backends.common.plain_pictures import FORMATS, MOST_PIXELS, opaque

if TYPE_CHECKING:
    from PIL.Image import Image as Pillow

    from tools.kit.types import Pixels


def thumbnail(file: Path, page: int | None, width: int, height: int) -> Pixels | None:
    """The upright picture, or page (from 1) of a PDF, within width x height pixels: (h, w, 3) uint8 sRGB.

    None for what cannot be opened so simply; the `Decoder` may still know how.
    """
    import logging

    import numpy
    from PIL import Image

    logging.getLogger("PIL").setLevel(logging.CRITICAL)  # it complains of odd files on standard error
    try:
        with warnings.catch_warnings(action="ignore"):
            small = _photo(file, max(width, height)) if page is None else _page(file, page, max(width, height))
        small.thumbnail((width, height), Image.Resampling.LANCZOS)
        return numpy.asarray(small)
    except Exception:  # whatever is wrong with the file, the `Decoder` finds the words for it
        return None


def _photo(file: Path, side: int) -> Pillow:
    import pillow_heif
    from PIL import Image, ImageOps

    pillow_heif.register_heif_opener()
    with Image.open(file, formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("too large")
        image.draft("RGB", (side, side))  # JPEG is decoded at 1/2, 1/4 or 1/8: 30 ms instead of 200 at 12 megapixels
        return opaque(ImageOps.exif_transpose(image))


def _page(file: Path, page: int, side: int) -> Pillow:
    """Only the one page is drawn, and only as large as it is shown."""
    import pypdfium2

    with pypdfium2.PdfDocument(file) as document:
        drawn = document[page - 1]
        scale = side / max(*drawn.get_size(), 1)
        picture: Pillow = drawn.render(scale=scale).to_pil()
        return picture.convert("RGB")
