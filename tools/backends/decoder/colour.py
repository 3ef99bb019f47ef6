"""Worker side of intake: whatever a decoder gives becomes 8-bit opaque sRGB."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

SRGB_D50 = ((0.6484, 0.3309), (0.3212, 0.5979), (0.1559, 0.0661))
"""xy of the sRGB primaries as ICC profiles hold them, adapted to D50 (IEC 61966-2-1)."""
NEARLY_WHITE = 240
FAINT = 40
"""Alpha under which nothing is taken to be seen."""


def plain(image: Image.Image, notes: list[str]) -> Image.Image:
    """8 bits a channel as L, RGB, RGBA, CMYK or LAB, still in the file's own colour space."""
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bit(image, notes)
    if image.mode in ("RGBA", "CMYK", "LAB"):
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def opaque(image: Image.Image, notes: list[str]) -> Image.Image:
    """Laid over white, or over black when it would not be seen on white."""
    if image.mode != "RGBA":
        return image
    over_white, over_black = _over(image, 255), _over(image, 0)
    seen = any(image.getchannel("A").histogram()[FAINT:])
    if not seen or any(_levels(over_white)[:NEARLY_WHITE]) or sum(map(bool, _levels(over_black))) < 2:
        return over_white
    notes.append("white on a transparent ground: shown on black")
    return over_black


def _levels(image: Image.Image) -> list[int]:
    """How many pixels there are of each of the 256 brightnesses."""
    return image.convert("L").histogram()


def _over(image: Image.Image, ground: int) -> Image.Image:
    flat = Image.new("RGB", image.size, (ground, ground, ground))
    flat.paste(image, mask=image.getchannel("A"))
    return flat


def _eight_bit(image: Any, notes: list[str]) -> Image.Image:
    """Scale by the bit depth; by their own range what exceeds it and what would come out black."""
    import numpy

    samples = numpy.asarray(image)
    real = samples.dtype.kind == "f"
    if real:
        samples = numpy.nan_to_num(samples, posinf=0.0, neginf=0.0)
    low, high = 0.0, 1.0 if real else float((1 << _depth(image)) - 1)
    least, most = float(samples.min()), float(samples.max())
    if least < 0 or most > high:
        low, high = least, most
    elif most < high / 16 and most > least:  # such as 12-bit samples in 16-bit words
        low, high = least, most
        notes.append("brightened, because it uses a small part of its range of values")
    grey = samples.astype(numpy.float32)
    grey -= low
    grey *= 255 / max(high - low, 1e-9)
    grey += 0.5
    levels = numpy.clip(grey, 0, 255, out=grey).astype(numpy.uint8)
    white_is_zero = getattr(image, "tag_v2", {}).get(262) == 0
    return Image.fromarray(255 - levels if white_is_zero else levels)


def _depth(image: Any) -> int:
    bits = getattr(image, "tag_v2", {}).get(258)
    depth = bits[0] if isinstance(bits, tuple) and bits else bits
    return depth if isinstance(depth, int) and 8 <= depth <= 16 else 16


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert through the embedded ICC profile where there is a usable one; CIELAB by its definition."""
    if image.mode == "LAB":
        from PIL import ImageCms

        return _converted(image, ImageCms.createProfile("LAB")) or image.convert("RGB")
    if profile and image.mode in ("RGB", "L", "CMYK"):
        return _with_profile(image, profile) or image.convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _with_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    from PIL import ImageCms

    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = opened.profile.xcolor_space.strip()
    except Exception:  # a broken profile is no reason to refuse the picture
        return None
    if space != {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}[image.mode]:
        return None
    return None if _is_srgb(opened.profile) else _converted(image, opened)


def _is_srgb(profile: Any) -> bool:
    """Most profiles are: that saves half a second for a phone's photo. The name alone may lie."""
    primaries = [profile.red_colorant, profile.green_colorant, profile.blue_colorant]
    if not (profile.profile_description or "").lower().startswith("srgb") or not all(primaries):
        return False
    return all(
        abs(x - known_x) < 0.005 and abs(y - known_y) < 0.005
        for (_, (x, y, _)), (known_x, known_y) in zip(primaries, SRGB_D50, strict=True)
    )


def _converted(image: Image.Image, profile: Any) -> Image.Image | None:
    from PIL import ImageCms

    try:
        return ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:
        return None
