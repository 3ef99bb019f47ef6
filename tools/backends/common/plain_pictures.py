"""Pictures of strangers that workers open for a glance: what is opened so simply, and how it is shown without alpha."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Pillow

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
MOST_PIXELS = 100_000_000


def opaque(image: Pillow) -> Pillow:
    """On white, as browsers show it."""
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    page = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(page, image.convert("RGBA")).convert("RGB")
