"""Coarse copies: those of one picture differ evenly, and those of pictures in one layout in spots."""

from __future__ import annotations

import io
from itertools import chain
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageEnhance

from bot.evals.lookalikes import Lookalike, delivered, lookalikes
from tools.kit.pictures.detail import detail, spots
from tools.kit.pictures.spots import one_picture

PAIRS = list(chain(lookalikes(1), lookalikes(2), delivered()))


def saved_again(image: Any) -> Any:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=35)
    return Pillow.open(file).convert("RGB")


def smaller(image: Any) -> Any:
    return image.resize((image.width * 2 // 5, image.height * 2 // 5))


def warmer(image: Any) -> Any:
    return Pillow.fromarray(np.clip(np.asarray(image) * (1.0, 0.94, 0.85), 0, 255).astype(np.uint8))


def paler(image: Any) -> Any:
    return ImageEnhance.Color(ImageEnhance.Brightness(image).enhance(0.85)).enhance(0.6)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.kind)
def test_pictures_of_one_layout_differ_in_spots(pair: Lookalike) -> None:
    first, second = (np.asarray(picture) for picture in (pair.first, pair.second))
    found = spots(detail(first), detail(second))
    assert found
    assert not found.same
    if first.shape == second.shape:
        assert not one_picture(first, second)


@pytest.mark.parametrize("change", [saved_again, smaller, warmer, paler])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.kind)
def test_copies_differ_in_none(pair: Lookalike, change: Any) -> None:
    first, second = np.asarray(pair.first), np.asarray(change(pair.first))
    found = spots(detail(first), detail(second))
    assert found
    assert found.same
    assert one_picture(first, second)


def test_it_is_no_longer_than_an_archive_can_afford() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    assert len(detail(noise)) <= 480


@pytest.mark.parametrize("said", ["", "no such copy", "\u20ac", "c$"])
def test_what_cannot_be_read_is_not_compared(said: str) -> None:
    assert spots(said, detail(np.asarray(PAIRS[0].first))) is None
