"""Perceptual hashes: near the same for copies, far apart for others, and silent where there is nothing to tell by."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from tools.kit.pictures.fingerprint import bits_apart, fingerprint


def scene(seed: int) -> Any:
    coarse = np.random.default_rng(seed).integers(0, 255, (9, 12, 3), dtype=np.uint8)
    return Pillow.fromarray(coarse).resize((640, 480), Pillow.Resampling.BICUBIC)


def saved_again(image: Any) -> Any:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=40)
    return Pillow.open(file)


@pytest.mark.parametrize(
    "changed",
    [lambda image: image.resize((200, 150)), saved_again, lambda image: image.point(lambda value: value * 0.9)],
)
@pytest.mark.parametrize("seed", range(4))
def test_copies_differ_in_few_bits(changed: Any, seed: int) -> None:
    image = scene(seed)
    apart = bits_apart(fingerprint(np.asarray(image)), fingerprint(np.asarray(changed(image))))
    assert apart is not None
    assert apart <= 4


def test_other_pictures_differ_in_many() -> None:
    hashes = [fingerprint(np.asarray(scene(seed))) for seed in range(12)]
    apart = [bits_apart(one, other) for number, one in enumerate(hashes) for other in hashes[:number]]
    assert min(each for each in apart if each is not None) > 12
    assert None not in apart


def test_what_has_too_little_to_tell_by_is_not_compared() -> None:
    blank = np.full((48, 64, 3), 250, np.uint8)
    stripes = np.zeros((48, 64, 3), np.uint8)
    stripes[:, 32:] = 200
    assert bits_apart(fingerprint(blank), fingerprint(blank)) is None
    assert bits_apart(fingerprint(stripes), fingerprint(stripes)) is None
    assert bits_apart("", fingerprint(np.asarray(scene(1)))) is None
