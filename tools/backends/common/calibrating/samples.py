"""Pictures, and texts that fit them and texts that do not.

The photographs ship with scikit-image and scikit-learn, are read from there, and are in the public domain or under CC0
or CC BY, as those packages say; `drawn` draws the others.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.backends.common.calibrating import drawn

if TYPE_CHECKING:
    from PIL.Image import Image as Pillow


@dataclass(frozen=True)
class Sample:
    """A picture with what may be asked for to find it."""

    made: str | drawn.Drawing
    """``package/path`` of a photograph, or how it is drawn."""
    texts: tuple[str, ...]
    topics: frozenset[str] = frozenset()
    """Samples that share one are no examples of what does not fit."""

    def picture(self) -> Pillow | None:
        """RGB; None where the package that has it is not installed, or has it no more."""
        if not isinstance(self.made, str):
            return drawn.picture(self.made)
        from PIL import Image, UnidentifiedImageError

        package, _, path = self.made.partition("/")
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            return None
        try:
            with Image.open(Path(spec.origin).parent / path) as image:
                return image.convert("RGB")
        except (FileNotFoundError, UnidentifiedImageError):
            return None


def _photo(path: str, *texts: str, topics: str = "") -> Sample:
    return Sample(path, texts, frozenset(topics.split()))


def _drawn(drawing: drawn.Drawing, *texts: str, topics: str = "") -> Sample:
    return Sample(drawing, texts, frozenset(topics.split()))


SAMPLES = (
    _photo("skimage/data/astronaut.png", "an astronaut in an orange suit", "a smiling woman", topics="person space"),
    _photo("skimage/data/camera.png", "a man with a camera on a tripod", "a photographer", topics="person device"),
    _photo("skimage/data/chelsea.png", "a cat", "the face of a striped cat", topics="animal"),
    _photo("skimage/data/horse.png", "a horse", "the silhouette of a horse", topics="animal"),
    _photo("skimage/data/coffee.png", "a cup of coffee", "an espresso with a spoon", topics="food"),
    _photo("skimage/data/coins.png", "old coins", "rows of ancient coins"),
    _photo("skimage/data/clock_motion.png", "a clock", "a clock on a wall", topics="device"),
    _photo("skimage/data/rocket.jpg", "a rocket", "the launch of a rocket", topics="space"),
    _photo("skimage/data/hubble_deep_field.jpg", "galaxies", "stars in deep space", topics="space"),
    _photo("skimage/data/moon.png", "the surface of the moon", "craters", topics="space"),
    _photo("skimage/data/motorcycle_left.png", "a motorcycle", "a motorcycle in a garage", topics="vehicle"),
    _photo("skimage/data/retina.jpg", "the retina of an eye", "a medical image", topics="medical"),
    _photo("skimage/data/brick.png", "a brick wall", "bricks", topics="texture building"),
    _photo("skimage/data/grass.png", "grass", "a lawn", topics="texture plant"),
    _photo("skimage/data/gravel.png", "gravel", "small stones", topics="texture"),
    _photo("skimage/data/page.png", "a page of a book", "printed text", topics="text"),
    _photo("sklearn/datasets/images/china.jpg", "a Chinese temple", "a pagoda", topics="building"),
    _photo("sklearn/datasets/images/flower.jpg", "a flower", "a dahlia in bloom", topics="plant"),
    _drawn(drawn.red_circle, "a red circle", topics="shape sign"),
    _drawn(drawn.blue_square, "a blue square", topics="shape"),
    _drawn(drawn.green_triangle, "a green triangle", topics="shape"),
    _drawn(drawn.rainbow, "stripes in the colours of the rainbow", topics="pattern"),
    _drawn(drawn.chessboard, "a chessboard", topics="pattern"),
    _drawn(drawn.receipt, "a receipt", "a bill from a bakery", topics="text"),
    _drawn(drawn.sale_sign, "a sign that says SALE", topics="text sign"),
    _drawn(drawn.bar_chart, "a bar chart", topics="chart"),
    _drawn(drawn.line_chart, "a line chart", topics="chart"),
    _drawn(drawn.flow_chart, "a flow chart", "a diagram with three boxes", topics="chart text"),
    _drawn(drawn.error_window, "an error message", "a screenshot of a window", topics="text device"),
    _drawn(drawn.smiley, "a smiley", "a yellow smiling face", topics="shape person"),
    _drawn(drawn.house, "a drawing of a house", topics="building"),
)

ELSEWHERE = (
    "a dog running on the beach",
    "two children playing football",
    "a plate of pasta with tomato sauce",
    "a red double-decker bus",
    "a bowl of strawberries",
    "people dancing at a wedding",
    "a snowboarder in the air",
    "an elephant in a river",
    "a kitchen with white cupboards",
    "a bride in a white dress",
    "a sailing boat at sea",
    "a crowd at a concert",
    "a boy on a swing",
    "a birthday cake with candles",
    "a pair of running shoes",
    "a traffic jam at night",
    "a map of Africa",
    "a guitar",
    "a waterfall in the jungle",
    "a group of people around a campfire",
    "a tennis player",
    "a parrot on a branch",
    "an aeroplane above the clouds",
    "a swimming pool",
    "a desk with a laptop",
    "a snowy mountain",
    "a baby in a pram",
    "a pizza",
    "a bicycle leaning against a fence",
    "a tractor in a field",
    "a man climbing a rock",
    "a bottle of wine",
)
"""Fits none of the pictures."""
