"""The pictures of the demo: two photographs that ship with scikit-learn, and papers the project draws itself."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bot.evals.pairs import pairs
from bot.samples.pictures import FLOWER, TEMPLE

RECEIPT = [
    ("CORNER BAKERY", 44),
    ("12 Mill Lane, Springfield", 24),
    ("", 12),
    ("Date: 14/03/2026   09:42", 24),
    ("", 12),
    ("2 x Croissant           5.00", 26),
    ("1 x Rye bread           4.20", 26),
    ("1 x Coffee              2.80", 26),
    ("", 12),
    ("Subtotal               12.00", 26),
    ("Tax 10%                 1.20", 26),
    ("TOTAL                  13.20", 32),
    ("", 12),
    ("Thank you!", 24),
]
INVOICE = [
    ("Acme Tools Ltd", 40),
    ("1 Harbour Street, Bristol", 22),
    ("", 20),
    ("INVOICE", 34),
    ("Invoice number: INV-2026-0042", 26),
    ("Invoice date: 2026-02-01", 26),
    ("Due date: 2026-03-03", 26),
    ("", 20),
    ("Description            Qty    Price     Amount", 24),
    ("Torque wrench            2    45.00      90.00", 24),
    ("Safety gloves            5     6.00      30.00", 24),
    ("", 20),
    ("Subtotal                                120.00", 24),
    ("VAT 20%                                  24.00", 24),
    ("Total due                               144.00", 28),
]


def draw_all(folder: Path) -> dict[str, Path]:
    """Make every picture of the demo in `folder` and return them by name."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {
        "flower": FLOWER.copied_to(folder),
        "temple": TEMPLE.copied_to(folder),
        "receipt": folder / "receipt.png",
        "invoice": folder / "invoice.pdf",
        "diagram": folder / "diagram.png",
        "before": folder / "before.png",
        "after": folder / "after.png",
    }
    _paper(RECEIPT, (620, 720)).save(made["receipt"])
    _paper(INVOICE, (900, 900)).save(made["invoice"], "PDF", resolution=110)
    _diagram().save(made["diagram"])
    pair = next(pairs())
    pair.first.save(made["before"])
    pair.second.save(made["after"])
    return made


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _paper(lines: list[tuple[str, int]], size: tuple[int, int]) -> Image.Image:
    """Lines of text on white; runs of spaces become columns."""
    paper = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(paper)
    top = 30
    for text, height in lines:
        columns = [part for part in text.split("  ") if part.strip()]
        _row(draw, [part.strip() for part in columns], top, size[0], height)
        top += height + 14
    return paper


def _row(draw: ImageDraw.ImageDraw, parts: list[str], top: int, width: int, height: int) -> None:
    if not parts:
        return
    draw.text((40, top), parts[0], fill="black", font=_font(height))
    step = (width - 80) / max(len(parts), 2)
    for index, part in enumerate(parts[1:], 1):
        right = 40 + step * (index + 1) if index < len(parts) - 1 else width - 40
        draw.text((right, top), part, fill="black", font=_font(height), anchor="ra")


def _diagram() -> Image.Image:
    picture = Image.new("RGB", (1000, 340), "white")
    draw = ImageDraw.Draw(picture)
    for index, label in enumerate(["Browser", "Server", "Database"]):
        left = 50 + index * 340
        draw.rectangle((left, 110, left + 220, 220), outline="black", width=4)
        draw.text((left + 110, 165), label, fill="black", font=_font(34), anchor="mm")
        if index < 2:
            _arrow(draw, (left + 224, 165), (left + 336, 165))
    return picture


def _arrow(draw: ImageDraw.ImageDraw, start: tuple[int, int], end: tuple[int, int]) -> None:
    draw.line((start, end), fill="black", width=4)
    draw.polygon([end, (end[0] - 18, end[1] - 11), (end[0] - 18, end[1] + 11)], fill="black")
