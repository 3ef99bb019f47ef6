"""Embeddings of images that were encoded lately: a turn looks at an image, and then files it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

import numpy as np

from tools.kit.types import Embeddings, Image

MOST = 2_000
"""Images: a few megabytes."""
Key = tuple[str, int | None]


class Remembered:
    """Rows by original and page. They are as good as new: what an image shows does not change."""

    def __init__(self) -> None:
        self._rows: OrderedDict[Key, Embeddings] = OrderedDict()

    async def encode(self, images: Sequence[Image], make: Callable[[list[Image]], Awaitable[Embeddings]]) -> Embeddings:
        """(n, dim), one row an image; `make` is asked for those that are not known. At least one image."""
        wanted = {_key(image): image for image in images}
        rows = {key: self._rows[key] for key in wanted if key in self._rows}  # ours, whatever is dropped meanwhile
        new = [image for key, image in wanted.items() if key not in rows]
        if new:
            made = dict(zip(map(_key, new), await make(new), strict=True))
            self._keep(made)
            rows |= made
        return np.stack([rows[_key(image)] for image in images])

    def _keep(self, made: dict[Key, Embeddings]) -> None:
        self._rows.update(made)
        while len(self._rows) > MOST:
            self._rows.popitem(last=False)


def _key(image: Image) -> Key:
    return image.ref.sha256, image.ref.page
