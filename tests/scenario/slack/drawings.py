"""Pictures that tests draw."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont


def small_png(colour: str = "red", side: int = 64) -> bytes:
    """One colour, and quickly looked at."""
    return _png(Image.new("RGB", (side, side), colour))


def saying(*lines: str, size: int = 34) -> bytes:
    """Black lines of text on white."""
    picture = Image.new("RGB", (1_000, 60 + len(lines) * (size + 26)), "white")
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((40, 30 + number * (size + 26)), line, fill="black", font=ImageFont.load_default(size))
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
