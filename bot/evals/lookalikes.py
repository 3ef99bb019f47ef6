"""Pairs of pictures that look much alike and are no copies: other content in one layout, or one scene a moment later.

Two receipts of a shop, two invoices of a template, two screenshots of an app, two slides of a deck, two frames of a
burst, a chart with other numbers, a form that two people filled in, and a product that was delivered in another colour,
shape or state. Drawn by chance, the same for the same seed: what is tuned on some seeds is measured on others.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.evals.pairs import pairs

if TYPE_CHECKING:
    from PIL.Image import Image as Pillow
    from PIL.ImageDraw import ImageDraw

WORDS = (
    *("harbour", "lantern", "mill", "orchard", "quartz", "river", "saddle", "timber", "velvet", "walnut", "amber"),
    *("basil", "cedar", "delta", "ember", "fennel", "granite", "hazel", "indigo", "juniper", "copper", "linen"),
    *("maple", "nickel", "olive", "pepper", "quince", "rye", "sage", "thyme", "umber", "violet"),
)
COLOURS = ("#1d3557", "#e63946", "#2a9d8f", "#6a4c93", "#f4a261", "#264653", "#3a86ff", "#bc4749")


@dataclass(frozen=True)
class Lookalike:
    """Two pictures that a person would not call copies of each other."""

    kind: str
    first: Pillow
    second: Pillow


Drawer = Callable[[random.Random, random.Random], "Pillow"]
"""The layout is drawn by the first, which is the same for both pictures of a pair, and what fills it by the second."""


def lookalikes(seed: int) -> Iterator[Lookalike]:
    """One pair of each kind."""
    for kind, draw in DRAWN.items():
        first, second = (draw(random.Random(f"{kind} {seed}"), random.Random(f"{kind} {seed} {n}")) for n in (1, 2))
        yield Lookalike(kind, first, second)


def delivered() -> Iterator[Lookalike]:
    """Products as they were advertised, and as they came: the pairs a comparison has to tell apart."""
    for pair in pairs():
        if pair.expected:
            yield Lookalike("product", pair.first, pair.second)


# --- what they are drawn of -----------------------------------------------------------------------


def _sheet(size: tuple[int, int], fill: str = "white") -> tuple[Pillow, ImageDraw]:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", size, fill)
    return image, ImageDraw.Draw(image)


def _write(draw: ImageDraw, at: tuple[float, float], text: str, size: int, fill: str = "#222222") -> None:
    from PIL import ImageFont

    draw.text(at, text, fill, ImageFont.load_default(size))


def _phrase(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.sample(WORDS, chance.randint(least, most))).capitalize()


def _price(chance: random.Random) -> str:
    return f"{chance.uniform(1, 400):.2f}"


def _rows(draw: ImageDraw, chance: random.Random, top: int, number: int, width: int, size: int) -> int:
    """Goods with prices; returns where the next line goes."""
    for _ in range(number):
        _write(draw, (40, top), _phrase(chance, 1, 2), size)
        _write(draw, (width - 40 - 4 * size, top), _price(chance), size)
        top += round(size * 1.6)
    return top


# --- the kinds ------------------------------------------------------------------------------------


def _receipt(layout: random.Random, filled: random.Random) -> Pillow:
    width, size = layout.randint(420, 620), layout.randint(20, 26)
    number = layout.randint(5, 9)
    image, draw = _sheet((width, 330 + round(number * size * 1.6)), layout.choice(["white", "#f7f5ee"]))
    _write(draw, (60, 30), _phrase(layout, 2, 2).upper(), size + 10)
    _write(draw, (60, 80), f"{layout.randint(1, 90)} {_phrase(layout, 1, 1)} street", size)
    _write(draw, (60, 120), f"Date {filled.randint(1, 28):02}/{filled.randint(1, 12):02}/2026", size)
    top = _rows(draw, filled, 180, number, width, size)
    _write(draw, (40, top + 20), "TOTAL", size + 8)
    _write(draw, (width - 60 - 4 * size, top + 20), _price(filled), size + 8)
    _write(draw, (60, top + 90), "Thank you!", size)
    return image


def _invoice(layout: random.Random, filled: random.Random) -> Pillow:
    image, draw = _sheet((900, 1200))
    draw.rectangle((0, 0, 900, 110), fill=layout.choice(COLOURS))
    _write(draw, (40, 35), _phrase(layout, 2, 3), 40, "white")
    _write(draw, (640, 140), "INVOICE", 44)
    for row, label in enumerate(("Invoice number", "Date", "Due", "Customer")):
        said = _phrase(filled, 2, 2) if label == "Customer" else f"2026-{filled.randint(100, 9999)}"
        _write(draw, (40, 150 + row * 40), f"{label}: {said}", 24)
    draw.line((40, 350, 860, 350), fill="black", width=3)
    top = _rows(draw, filled, 380, layout.randint(3, 8), 900, 24)
    draw.line((40, top + 10, 860, top + 10), fill="black", width=3)
    _write(draw, (560, top + 30), f"Total due {_price(filled)}", 30)
    _write(draw, (40, 1120), f"Bank {layout.randint(10**9, 10**10)}, payable in {layout.randint(7, 30)} days", 20)
    return image


def _screenshot(layout: random.Random, filled: random.Random) -> Pillow:
    dark = layout.random() < 0.5
    image, draw = _sheet((1280, 800), "#1e1f22" if dark else "#f8f8f8")
    accent = layout.choice(COLOURS)
    draw.rectangle((0, 0, 1280, 56), fill=accent)
    draw.rectangle((0, 56, 240, 800), fill="#2b2d31" if dark else "#e8e8ec")
    ink = "#dddddd" if dark else "#222222"
    for row in range(12):
        _write(draw, (24, 90 + row * 44), f"# {_phrase(layout, 1, 2)}", 20, ink)
    for row in range(layout.randint(5, 8)):
        top = 90 + row * 84
        draw.ellipse((280, top, 324, top + 44), fill=filled.choice(COLOURS))
        _write(draw, (344, top), _phrase(filled, 1, 1), 20, ink)
        _write(draw, (344, top + 28), _phrase(filled, 4, 10), 20, ink)
    return image


def _slide(layout: random.Random, filled: random.Random) -> Pillow:
    image, draw = _sheet((1280, 720), layout.choice(["white", "#fdf6e3", "#eef3f8"]))
    accent = layout.choice(COLOURS)
    draw.rectangle((0, 0, 1280, 20), fill=accent)
    draw.rectangle((0, 660, 1280, 720), fill=accent)
    draw.ellipse((1180, 50, 1240, 110), fill=accent)
    _write(draw, (70, 60), _phrase(filled, 2, 4), 56, accent)
    for row in range(layout.randint(3, 5)):
        _write(draw, (100, 190 + row * 80), f"-  {_phrase(filled, 3, 7)}", 34)
    _write(draw, (40, 676), _phrase(layout, 3, 4), 24, "white")
    return image


def _chart(layout: random.Random, filled: random.Random) -> Pillow:
    image, draw = _sheet((900, 600))
    _write(draw, (60, 20), _phrase(layout, 2, 3), 34)
    draw.line((80, 520, 860, 520), fill="black", width=3)
    draw.line((80, 90, 80, 520), fill="black", width=3)
    number, colour, bars = layout.randint(5, 9), layout.choice(COLOURS), layout.random() < 0.6
    heights = [layout.uniform(80, 330) + filled.uniform(-50, 50) for _ in range(number)]
    across = [110 + 740 * n / number for n in range(number)]
    for x, height in zip(across, heights, strict=True):
        if bars:
            draw.rectangle((x, 520 - height, x + 480 / number, 520), fill=colour)
        _write(draw, (x, 535), _phrase(layout, 1, 1)[:4], 20)
    if not bars:
        draw.line([(x, 520 - height) for x, height in zip(across, heights, strict=True)], fill=colour, width=6)
    return image


def _form(layout: random.Random, filled: random.Random) -> Pillow:
    image, draw = _sheet((850, 1100))
    _write(draw, (60, 40), f"{_phrase(layout, 2, 3)}: application", 34)
    for row in range(layout.randint(7, 11)):
        top = 130 + row * 84
        _write(draw, (60, top), _phrase(layout, 1, 2), 22)
        draw.rectangle((300, top - 12, 790, top + 40), outline="black", width=2)
        _scrawl(draw, filled, 316, top + 14)
    return image


def _scrawl(draw: ImageDraw, chance: random.Random, left: float, middle: float) -> None:
    """A word in somebody's hand."""
    points = [
        (left + n * 7, middle + chance.uniform(-18, 18) * (0.5 + 0.5 * (n % 3 == 0)))
        for n in range(chance.randint(15, 50))
    ]
    draw.line(points, fill="#1b2a6b", width=3, joint="curve")


def _burst(layout: random.Random, filled: random.Random) -> Pillow:
    """Somebody walks through a scene while the hand that holds the camera moves a little."""
    from PIL import Image, ImageDraw

    chance = np.random.default_rng(layout.randint(0, 10**6))
    coarse, fine = (
        Image.fromarray(chance.integers(30, 220, (*size, 3), dtype=np.uint8)).resize((860, 660))
        for size in ((7, 9), (60, 80))
    )
    scene = Image.blend(coarse, fine, 0.25)
    draw = ImageDraw.Draw(scene)
    x, y, size = filled.uniform(150, 650), layout.uniform(250, 400), layout.uniform(50, 90)
    shirt = layout.choice(COLOURS)
    draw.ellipse((x - size / 3, y - size * 1.5, x + size / 3, y - size * 0.8), fill="#d9a77f")
    draw.rounded_rectangle((x - size / 2, y - size * 0.8, x + size / 2, y + size * 1.2), 15, fill=shirt)
    left, top = filled.randint(24, 36), filled.randint(24, 36)
    return scene.crop((left, top, left + 800, top + 600))


DRAWN: Mapping[str, Drawer] = {
    "receipt": _receipt,
    "invoice": _invoice,
    "screenshot": _screenshot,
    "slide": _slide,
    "chart": _chart,
    "form": _form,
    "burst": _burst,
}
