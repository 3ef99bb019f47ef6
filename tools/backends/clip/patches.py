"""Image preprocessing of SigLIP 2's NaFlex checkpoints: any aspect ratio, as many patches as a budget allows.

The same pixels as transformers' PIL processor (tested), without importing transformers. Tschannen et al. 2025, section
2.4.2: https://arxiv.org/abs/2502.14786
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tools.backends.clip.images import scaling_tables

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image as Pillow

BILINEAR = 2
PRECISION = 1e-5
"""At which the search for the largest scale ends, as in the reference: sizes depend on it."""
LARGEST_SCALE = 100.0


class Given(NamedTuple):
    """A batch as the network takes it."""

    pixels: NDArray[np.float32]
    """(n, most, patch * patch * 3); zeros beyond an image's own patches."""
    mask: NDArray[np.int32]
    """(n, most): 1 for an image's own patches."""
    grids: NDArray[np.int64]
    """(n, 2): rows and columns of patches."""


@dataclass(frozen=True)
class Patches:
    """How an image becomes the network's input. Picklable: it goes to the decode workers."""

    patch: int
    """Side of a patch in pixels."""
    most: int
    """Patches an image may have."""
    resample: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    factor: float = 1 / 255

    @property
    def least(self) -> int:
        """Pixels of the shorter side that a JPEG keeps when decoded small, so that what is scaled down stays true."""
        return 2 * self.patch * math.isqrt(self.most)

    @property
    def least_quick(self) -> int:
        return self.least

    def __call__(self, image: Pillow) -> NDArray[np.uint8]:
        """RGB image -> (most + 1, patch * patch * 3) uint8: a row that begins with the grid (rows and columns, each a
        little-endian uint16), then the patches row by row, then zeros."""
        from PIL import Image as Pillow

        rows, columns = self.grid(image.height, image.width)
        side = self.patch
        pixels = np.asarray(image.resize((columns * side, rows * side), Pillow.Resampling(self.resample)))
        out = np.zeros((self.most + 1, side * side * 3), dtype=np.uint8)
        out[0, :4] = np.array([rows, columns], dtype="<u2").view(np.uint8)
        patches = pixels.reshape(rows, side, columns, side, 3).transpose(0, 2, 1, 3, 4)
        out[1 : rows * columns + 1] = patches.reshape(rows * columns, -1)
        return out

    def scaled(self, pixels: NDArray[np.uint8]) -> Given:
        """(n, most + 1, patch * patch * 3) uint8, as calls give them -> as the network takes them."""
        grids = np.ascontiguousarray(pixels[:, 0, :4]).view("<u2").astype(np.int64)
        mask = (np.arange(self.most) < grids.prod(axis=1, keepdims=True)).astype(np.int32)
        out = np.empty((len(pixels), self.most, self.patch * self.patch, 3), dtype=np.float32)
        given = pixels[:, 1:].reshape(out.shape)
        for channel, table in enumerate(scaling_tables(self.factor, self.mean, self.std)):
            np.take(table, given[..., channel], out=out[..., channel])
        flat = out.reshape(len(pixels), self.most, -1)
        return Given(flat * mask[..., None].astype(np.float32), mask, grids)

    def grid(self, height: int, width: int) -> tuple[int, int]:
        """Rows and columns of patches of the largest scale that keeps to the budget."""
        low, high = PRECISION / 10, LARGEST_SCALE
        while high - low >= PRECISION:
            scale = (low + high) / 2
            if self._along(height, scale) * self._along(width, scale) <= self.most:
                low = scale
            else:
                high = scale
        return self._along(height, low), self._along(width, low)

    def _along(self, pixels: int, scale: float) -> int:
        return max(1, math.ceil(pixels * scale / self.patch))


def patches(config: Mapping[str, Any], patch: int) -> Patches:
    """From ``preprocessor_config.json``; `patch` is the network's own patch size, for what the file leaves out."""
    return Patches(
        patch=int(config.get("patch_size", patch)),
        most=int(config.get("max_num_patches", 256)),
        resample=int(config.get("resample", BILINEAR)),
        mean=tuple(config.get("image_mean", (0.5, 0.5, 0.5))),
        std=tuple(config.get("image_std", (0.5, 0.5, 0.5))),
        factor=float(config.get("rescale_factor", 1 / 255)),
    )
