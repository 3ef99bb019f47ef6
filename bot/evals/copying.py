"""What is done to a picture that stays the same picture: scaled, cut, re-encoded, put on a screen, tinted."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image as Pillow

Change = Callable[["Pillow", random.Random], "Pillow"]


def resized(image: Pillow, chance: random.Random) -> Pillow:
    factor = chance.choice([0.4, 0.6, 1.5])
    return image.resize((max(1, round(image.width * factor)), max(1, round(image.height * factor))))


def cropped(image: Pillow, chance: random.Random) -> Pillow:
    """A tenth of its width and of its height is cut off."""
    width, height = image.width * 9 // 10, image.height * 9 // 10
    left, top = chance.randint(0, image.width - width), chance.randint(0, image.height - height)
    return image.crop((left, top, left + width, top + height))


def encoded(image: Pillow, chance: random.Random) -> Pillow:
    """As it is: it is saved as a poor JPEG."""
    return image


def on_a_screen(image: Pillow, chance: random.Random) -> Pillow:
    """In the window of a chat, beside its list of channels."""
    from PIL import Image as Made
    from PIL import ImageDraw, ImageOps

    screen = Made.new("RGB", (1280, 800), chance.choice(["#1e1f22", "#f8f8f8"]))
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, 220, 800), fill="#3f0e40")
    draw.rectangle((0, 0, 1280, 56), fill="#4a154b")
    for row in range(9):
        draw.rectangle((20, 90 + row * 40, 20 + chance.randint(60, 170), 102 + row * 40), fill="#b4a0b4")
    screen.paste(ImageOps.contain(image, (900, 600)), (300, 120))
    return screen


def framed(image: Pillow, chance: random.Random) -> Pillow:
    """A window's own frame and title, and nothing else."""
    from PIL import ImageOps

    border = chance.randint(6, 24)
    return ImageOps.expand(image, (border, border + 28, border, border), chance.choice(["white", "black", "#dddddd"]))


def tinted(image: Pillow, chance: random.Random) -> Pillow:
    from PIL import Image as Made
    from PIL import ImageEnhance

    image = ImageEnhance.Color(image).enhance(chance.choice([0.5, 1.6]))
    image = ImageEnhance.Brightness(image).enhance(chance.choice([0.8, 1.2]))
    tint = np.array(chance.choice([(1.12, 1.0, 0.88), (0.9, 1.0, 1.1)]))
    return Made.fromarray(np.clip(np.asarray(image) * tint, 0, 255).astype(np.uint8))


CHANGES: Mapping[str, Change] = {
    "resized": resized,
    "10% cropped": cropped,
    "re-encoded": encoded,
    "screenshot, framed": framed,
    "screenshot, in a window": on_a_screen,
    "colours shifted": tinted,
}
