"""An image is encoded once, as long as it is remembered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tools.backends.common import remembered as module
from tools.backends.common.remembered import Remembered
from tools.kit import Embeddings, Image, ImageRef


def image(name: str, page: int | None = None) -> Image:
    ref = ImageRef(handle="image 1", sha256=name * 64, mime="image/png", width=1, height=1, name=name, page=page)
    return Image(ref, Path(name))


class Encoder:
    """Counts what it encodes."""

    def __init__(self) -> None:
        self.encoded: list[str] = []

    async def __call__(self, images: list[Image]) -> Embeddings:
        self.encoded += [f"{one.ref.name}{one.ref.page or ''}" for one in images]
        return np.array([[ord(one.ref.name), one.ref.page or 0] for one in images], dtype=np.float32)


async def test_an_image_is_encoded_once_and_pages_of_it_each() -> None:
    remembered, encoder = Remembered(), Encoder()
    first = await remembered.encode([image("a"), image("b", 1)], encoder)
    again = await remembered.encode([image("b", 2), image("a"), image("b", 1), image("a")], encoder)
    assert encoder.encoded == ["a", "b1", "b2"]
    assert first.tolist() == [[97, 0], [98, 1]]
    assert again.tolist() == [[98, 2], [97, 0], [98, 1], [97, 0]]


async def test_only_so_many_are_remembered_and_none_is_mixed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    remembered, encoder = Remembered(), Encoder()
    rows = await remembered.encode([image(name) for name in "abcde"], encoder)
    assert rows[:, 0].tolist() == [97, 98, 99, 100, 101]
    await remembered.encode([image("e"), image("a")], encoder)
    assert encoder.encoded == [*"abcde", "a"]
