"""Images in a request: decoded, measured, counted in tokens as each provider publishes it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import math
from dataclasses import dataclass

from PIL import Image as Pillow

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp", "HEIF": "image/heic"}


@dataclass(frozen=True)
class SentImage:
    """An image as it came."""

    data: bytes
    media: str
    """Media type the request names."""
    width: int
    """In pixels; 0 for an image named by an address, which nobody fetches here."""
    height: int
    real: str
    """Media type of the bytes."""
    where: str
    """Path in the request, such as ``messages.0.content.1``."""
    exif: bool = False
    """Whether it carries metadata."""
    detail: str = ""
    """As OpenAI has it."""
    file_id: str = ""

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height


class NotAnImage(ValueError):
    """The bytes are no image, or the text is no base64."""


def unbase64(text: str) -> bytes:
    """Raises: NotAnImage."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotAnImage("invalid base64 data") from error


def decode(data: bytes, media: str, where: str, *, detail: str = "", file_id: str = "") -> SentImage:
    """Raises: NotAnImage when it cannot be read whole."""
    key = hashlib.sha256(data).digest()
    if key not in _KNOWN:
        _KNOWN[key] = _looked_at(data)
    width, height, real, exif = _KNOWN[key]
    return SentImage(data, media, width, height, real, where, exif, detail, file_id)


_KNOWN: dict[bytes, tuple[int, int, str, bool]] = {}
"""Width, height, media type and whether there is metadata, by the hash: the same image comes again and again."""


def _looked_at(data: bytes) -> tuple[int, int, str, bool]:
    try:
        with Pillow.open(io.BytesIO(data)) as picture:
            picture.load()
            real = FORMATS.get(picture.format or "", f"image/{(picture.format or 'unknown').lower()}")
            exif = bool(picture.getexif()) or any(key in picture.info for key in ("exif", "xmp", "XML:com.adobe.xmp"))
            return *picture.size, real, exif
    except (OSError, ValueError, SyntaxError) as error:
        raise NotAnImage("could not process image") from error


def claude_tokens(width: int, height: int, *, longest: int = 1568, most: int = 1568) -> int:
    """Patches of 28 x 28 px, after reduction until the longer side is at most `longest` px and they are at most `most`.

    Source: platform.claude.com/docs/en/build-with-claude/vision ("Evaluate image size"); patches agree with counts
    measured for Claude 4.5 and 5.5 in huggingface.co/datasets/JOHNISKING/image-token-cost up to 1280 x 720.
    """
    largest = min(1.0, longest / max(width, height, 1))
    if (count := _patches(width * largest, height * largest, 28)) <= most:
        return count
    low, high = 0.0, largest
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _patches(width * middle, height * middle, 28) <= most else (low, middle)
    return _patches(width * low, height * low, 28)


def _patches(width: float, height: float, side: int) -> int:
    return max(1, math.ceil(width / side)) * max(1, math.ceil(height / side))


def tile_tokens(width: int, height: int, detail: str, *, base: int = 85, tile: int = 170) -> int:
    """Tiles of 512 px after reduction to 2048 px, then to 768 px on the shorter side.

    Source: developers.openai.com/api/docs/guides/images-vision ("Calculating costs").
    """
    if detail == "low":
        return base
    scale = min(1.0, 2048 / max(width, height, 1))
    scale *= min(1.0, 768 / max(min(width, height) * scale, 1))
    return base + tile * math.ceil(width * scale / 512) * math.ceil(height * scale / 512)


def patch_tokens(width: int, height: int, *, longest: int | None = None, most: int = 1536, factor: float = 1.0) -> int:
    """Patches of 32 px, reduced to `longest` px and until at most `most` cover the image, times the model's factor.

    Source: developers.openai.com/api/docs/guides/images-vision ("Calculating costs").
    """
    if longest is not None and max(width, height) > longest:
        scale = longest / max(width, height)
        width, height = max(1, round(width * scale)), max(1, round(height * scale))
    patches = _patches(width, height, 32)
    if patches > most:
        shrink = math.sqrt(32 * 32 * most / (width * height))
        across, down = width * shrink / 32, height * shrink / 32
        shrink *= min(math.floor(across) / across, math.floor(down) / down)
        patches = math.ceil(width * shrink / 32) * math.ceil(height * shrink / 32)
    return math.ceil(min(patches, most) * factor)


def gemini_tokens(width: int, height: int) -> int:
    """258 a tile: one when both sides are at most 384 px, else crops of about a 1.5th of the shorter side, 256 to 768.

    Source: ai.google.dev/gemini-api/docs/tokens ("Multimodal tokens").
    """
    if width <= 384 and height <= 384:
        return 258
    unit = max(256, min(768, int(min(width, height) / 1.5)))
    return 258 * math.ceil(width / unit) * math.ceil(height / unit)
