"""Worker side of intake: the bytes of one image become one upright sRGB file without metadata.

Runs only in a decode worker. Imports nothing of the kit, because a worker's start is part of every first answer.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageFile

from tools.backends.decoder.colour import opaque, plain, to_srgb
from tools.backends.decoder.sheaf import SHEAF, Drawn, Limits, Refused, Sheaf
from tools.backends.decoder.sniff import AVIF, BMP, GIF, HEIC, JPEG, PNG, RAW, TIFF, WEBP, Kind

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile as Opening

FORMATS = {JPEG: "JPEG", PNG: "PNG", GIF: "GIF", WEBP: "WEBP", TIFF: "TIFF", BMP: "BMP", AVIF: "AVIF", HEIC: "HEIF"}
SMALL = 512
"""Under so many pixels on a side, reading may be unreliable."""
LONGEST = 16384
NARROW = 1024
LARGE = 2_000_000
"""Pixels from which the time to write them counts for more than the time to load OpenCV."""
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How to undo each EXIF orientation (EXIF 2.32, tag 274)."""


def draw_image(data: bytes, kind: Kind, stem: str, folder: Path, limits: Limits) -> None:
    """Decode the first frame and save it.

    Raises: Refused with what the file is and what to do; MemoryError; OSError when it cannot be written.
    """
    image, frames, notes = _decoded(data, kind, limits)
    if min(image.size) < SMALL:
        notes.append(f"small ({image.width} x {image.height} pixels): reading may be unreliable")
    drawn = Drawn(f"{stem}.png", image.width, image.height, notes=tuple(notes))
    save(image, folder / drawn.file)
    Sheaf(kind.mime, frames, limits, (drawn,)).write(folder / SHEAF)


def save(image: Image.Image, path: Path) -> None:
    """Write an RGB image as PNG with nothing but pixels in it."""
    if image.width * image.height >= LARGE:
        path.write_bytes(_encoded(image))
        return
    image.info.clear()  # Pillow would carry ICC profile, EXIF and text over
    image.save(path, "PNG", compress_level=1)


def _encoded(image: Image.Image) -> Any:
    """PNG by OpenCV, which can be told one filter for all rows: half the time of Pillow, which tries every one."""
    import cv2
    import numpy

    cv2.setNumThreads(1)
    pixels = cv2.cvtColor(numpy.asarray(image), cv2.COLOR_RGB2BGR)
    filtered = [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_UP]
    strategy = [cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_FILTERED]
    _, data = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1, *filtered, *strategy])
    return data


def fitted(width: int, height: int, side: int) -> tuple[int, int]:
    """The size to keep: the long side capped, except that a tall screenshot or a panorama stays readable.

    Its short side may keep `NARROW` pixels until the long one reaches `LONGEST`.
    """
    short, long = sorted((width, height))
    scale = min(1.0, max(side / long, min(NARROW / short, LONGEST / long, side * side / (short * long))))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _decoded(data: bytes, kind: Kind, limits: Limits) -> tuple[Image.Image, int, list[str]]:
    """An upright sRGB image, how many frames the file has, and what to note."""
    try:
        with _opened(data, kind) as file:
            if file.width * file.height > limits.pixels:
                raise _too_large(kind, file.size, limits)
            return _finished(file, kind, limits)
    except (Refused, MemoryError):
        raise
    except Exception as error:
        # decoders raise whatever they like (SyntaxError, struct.error, IndexError) over broken files
        raise _damaged(kind, str(error)) from error


def _damaged(kind: Kind, why: str) -> Refused:
    if "MAX_TEXT" in why:  # Pillow's limit on what a PNG's text or colour profile may unpack to
        return Refused(f"is {kind.noun} with far too much hidden beside its pixels: send a screenshot of it.")
    if kind == TIFF:
        return Refused("is a TIFF image, but damaged, cut off or of a rare kind: save it as PNG and send that.")
    return Refused(f"is {kind.noun}, but damaged or cut off: save or export it anew and send it again.")


def _too_large(kind: Kind, size: tuple[int, int], limits: Limits) -> Refused:
    """Said before anything is decoded."""
    limit = f"{limits.pixels / 1e6:g} megapixels"
    return Refused(f"is {kind.noun} of {size[0]} x {size[1]} pixels; the limit is {limit}: send a smaller copy.")


def _opened(data: bytes, kind: Kind) -> Opening:
    """Headers only."""
    if kind == HEIC:
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # our own limit says how large the image is
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("ignore")
    return Image.open(io.BytesIO(data), formats=[FORMATS[kind]])


def _finished(file: Opening, kind: Kind, limits: Limits) -> tuple[Image.Image, int, list[str]]:
    frames, notes = _frames(file, kind)
    if kind == TIFF and _is_raw(file):
        raise Refused(RAW.refusal)
    size = fitted(*file.size, limits.side)
    before = file.size
    if kind == JPEG:
        file.draft("RGB", size)  # libjpeg scales while decoding: an eighth of the work and of the memory
    file.load()
    turn = _orientation(file)
    image = to_srgb(opaque(_shrunk(plain(file, notes), size), notes), file.info.get("icc_profile"))
    if turn in TURNS:
        image = image.transpose(TURNS[turn])
    if size != before:
        was = before if (before[0] > before[1]) == (image.width > image.height) else before[::-1]
        notes.append(f"scaled down from {was[0]} x {was[1]} to {image.width} x {image.height} pixels")
    return image, frames, notes


def _frames(file: Opening, kind: Kind) -> tuple[int, list[str]]:
    """How many frames or pages there are. A JPEG's further pictures are previews and depth maps: not counted."""
    if kind in (JPEG, BMP, HEIC) or not getattr(file, "is_animated", False):
        return 1, []
    if kind == TIFF:
        count = _pages(file)
        return count, [f"the first of {count} pages"] if count > 1 else []
    count = int(getattr(file, "n_frames", 1))
    return count, [f"the first of {count} frames"] if count > 1 else []


def _pages(file: Any) -> int:
    """Pages of a TIFF without the reduced copies (NewSubfileType bit 0) that some programs add."""
    count = 0
    for frame in range(file.n_frames):
        file.seek(frame)
        count += not file.tag_v2.get(254, 0) & 1
    file.seek(0)
    return max(count, 1)


def _is_raw(file: Any) -> bool:
    """DNG, NEF and CR2 are TIFF files whose first page is a thumbnail."""
    return 50706 in file.tag_v2 or (330 in file.tag_v2 and bool(file.tag_v2.get(254, 0) & 1))


def _orientation(file: Image.Image) -> int:
    """After loading: Pillow turns TIFF upright by itself and takes the tag out."""
    try:
        return int(file.getexif().get(ORIENTATION, 1))
    except Exception:  # broken EXIF is common, and no reason to refuse the picture
        return 1


def _shrunk(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)
