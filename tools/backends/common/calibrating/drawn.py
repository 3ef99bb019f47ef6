"""Pictures drawn for measuring an encoder: what photographs at hand do not show."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Pillow
    from PIL.ImageDraw import ImageDraw

SIDE = 384

Drawing = Callable[["ImageDraw"], None]


def red_circle(draw: ImageDraw) -> None:
    draw.ellipse((82, 82, 302, 302), fill="red")


def blue_square(draw: ImageDraw) -> None:
    draw.rectangle((92, 92, 292, 292), fill="blue")


def green_triangle(draw: ImageDraw) -> None:
    draw.polygon(((192, 70), (322, 310), (62, 310)), fill="green")


def rainbow(draw: ImageDraw) -> None:
    for number, colour in enumerate(("red", "orange", "yellow", "green", "blue", "purple")):
        draw.rectangle((0, number * 64, SIDE, number * 64 + 64), fill=colour)


def chessboard(draw: ImageDraw) -> None:
    for row in range(8):
        for column in range(8):
            if (row + column) % 2:
                draw.rectangle((column * 48, row * 48, column * 48 + 47, row * 48 + 47), fill="black")


def receipt(draw: ImageDraw) -> None:
    lines = ("CORNER BAKERY", "2 x Croissant    5.00", "1 x Coffee    2.80", "Tax 10%    0.78", "TOTAL    8.58")
    _written(draw, lines, 28)


def sale_sign(draw: ImageDraw) -> None:
    draw.rectangle((0, 0, SIDE, SIDE), fill="red")
    _written(draw, ("SALE", "50%"), 120, fill="white")


def bar_chart(draw: ImageDraw) -> None:
    draw.line((50, 30, 50, 340, 360, 340), fill="black", width=3)
    for number, height in enumerate((120, 200, 80, 260, 170)):
        draw.rectangle((70 + number * 58, 340 - height, 110 + number * 58, 339), fill="steelblue")


def line_chart(draw: ImageDraw) -> None:
    draw.line((50, 30, 50, 340, 360, 340), fill="black", width=3)
    draw.line((50, 300, 110, 240, 170, 260, 230, 150, 290, 170, 350, 60), fill="crimson", width=5)


def smiley(draw: ImageDraw) -> None:
    draw.ellipse((62, 62, 322, 322), fill="yellow", outline="black", width=6)
    draw.ellipse((135, 140, 165, 180), fill="black")
    draw.ellipse((219, 140, 249, 180), fill="black")
    draw.arc((122, 150, 262, 270), 20, 160, fill="black", width=8)


def house(draw: ImageDraw) -> None:
    draw.rectangle((0, 0, SIDE, 300), fill="skyblue")
    draw.rectangle((0, 300, SIDE, SIDE), fill="green")
    draw.rectangle((102, 180, 282, 320), fill="beige", outline="black", width=3)
    draw.polygon(((82, 180), (302, 180), (192, 80)), fill="brown")
    draw.rectangle((172, 240, 212, 320), fill="saddlebrown")


def flow_chart(draw: ImageDraw) -> None:
    for top, text in ((30, "Start"), (150, "Check"), (270, "Done")):
        draw.rectangle((122, top, 262, top + 70), outline="black", width=3)
        _written(draw, (text,), 28, left=152, top=top + 18)
    for top in (100, 220):
        draw.line((192, top, 192, top + 50), fill="black", width=3)


def error_window(draw: ImageDraw) -> None:
    draw.rectangle((0, 0, SIDE, SIDE), fill="teal")
    draw.rectangle((42, 100, 342, 280), fill="lightgray", outline="black", width=2)
    draw.rectangle((42, 100, 342, 130), fill="navy")
    _written(draw, ("Error 404:", "file not found"), 26, left=70, top=150)


def picture(drawing: Drawing) -> Pillow:
    """RGB, 384 x 384."""
    from PIL import Image, ImageDraw

    paper = Image.new("RGB", (SIDE, SIDE), "white")
    drawing(ImageDraw.Draw(paper))
    return paper


def _written(
    draw: ImageDraw, lines: tuple[str, ...], size: int, *, fill: str = "black", left: int = 40, top: int = 40
) -> None:
    from PIL import ImageFont

    draw.multiline_text((left, top), "\n".join(lines), fill=fill, font=ImageFont.load_default(size), spacing=20)
