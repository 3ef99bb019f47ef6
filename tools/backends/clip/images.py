"""Image preprocessing of CLIP-family checkpoints, as their ``preprocessor_config.json`` says it.

The same pixels as transformers' PIL processors (tested), without importing transformers: a few milliseconds in a decode
worker, and the bytes that travel to the network stay uint8 until a whole batch is scaled at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image as Pillow

IMAGENET = (0.5, 0.5, 0.5)
OPENAI_MEAN, OPENAI_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
BICUBIC = 3


@dataclass(frozen=True)
class Recipe:
    """How an image becomes the network's input. Picklable: it goes to the decode workers."""

    short: int | None
    """Length the shorter side is scaled to, or None when both sides are scaled to `size`."""
    size: tuple[int, int]
    """Height and width of the result."""
    resample: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    factor: float = 1 / 255
    torchvision: bool = False
    """Where the crop begins when the edge left over is odd: as torchvision has it, not transformers."""

    @property
    def least(self) -> int:
        """Pixels of the shorter side that a JPEG keeps when decoded small, so that what is scaled down stays true."""
        return 2 * max(self.short or 0, *self.size)

    @property
    def least_quick(self) -> int:
        """The same for int8. Of large photos the pixels change by 1 in 255 on average, and it saves an eighth."""
        return 5 * self.least // 8

    def __call__(self, image: Pillow) -> NDArray[np.uint8]:
        """RGB image -> (height, width, 3) uint8, scaled and cropped."""
        from PIL import Image as Pillow

        height, width = self.size
        if self.short is None:
            return np.asarray(image.resize((width, height), Pillow.Resampling(self.resample)))
        scaled = image.resize(_scaled(image.size, self.short), Pillow.Resampling(self.resample))
        left, top = (self._margin(beyond) for beyond in (scaled.width - width, scaled.height - height))
        # a crop beyond the edges is filled with black, as the reference does it
        return np.asarray(scaled.crop((left, top, left + width, top + height)))

    def _margin(self, beyond: int) -> int:
        return round(beyond / 2) if self.torchvision else beyond // 2

    def scaled(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(n, height, width, 3) uint8 -> (n, 3, height, width) float32 as the network takes it."""
        out = np.empty((len(pixels), 3, *self.size), dtype=np.float32)
        for channel, table in enumerate(scaling_tables(self.factor, self.mean, self.std)):
            np.take(table, pixels[..., channel], out=out[:, channel])
        return out


def scaling_tables(factor: float, means: tuple[float, ...], stds: tuple[float, ...]) -> Iterator[NDArray[np.float32]]:
    """A channel's 256 values as the network takes them: looked up, bytes are scaled as exactly as the reference does,
    and faster."""
    values = (np.arange(256, dtype=np.float64) * factor).astype(np.float32)
    for mean, std in zip(means, stds, strict=True):
        yield (values - np.float32(mean)) / np.float32(std)


def recipe(config: Mapping[str, Any], side: int) -> Recipe:
    """From ``preprocessor_config.json``; `side` is the network's own input size, for what the file leaves out.

    Old files give sizes as a number (the shorter side), new ones as ``{"shortest_edge": 224}`` or height and width.
    """
    size = config.get("size", {"shortest_edge": side})
    crop = config.get("crop_size", side)
    crop = crop if isinstance(crop, Mapping) else {"height": crop, "width": crop}
    short = size if isinstance(size, int) else size.get("shortest_edge")
    cropped = bool(config.get("do_center_crop", short is not None))
    if isinstance(size, int) and not cropped:
        short, size = None, {"height": size, "width": size}
    into = crop if cropped else size
    default_mean, default_std = (OPENAI_MEAN, OPENAI_STD) if cropped else (IMAGENET, IMAGENET)
    return Recipe(
        short=short,
        size=(int(into.get("height", side)), int(into.get("width", side))),
        resample=int(config.get("resample", BICUBIC)),
        mean=tuple(config.get("image_mean", default_mean)),
        std=tuple(config.get("image_std", default_std)),
        factor=float(config.get("rescale_factor", 1 / 255)),
    )


def _scaled(size: tuple[int, int], short: int) -> tuple[int, int]:
    """Width and height with the shorter side at `short` and the longer one rounded down, as torchvision does it."""
    width, height = size
    return (short, int(short * height / width)) if width <= height else (int(short * width / height), short)
