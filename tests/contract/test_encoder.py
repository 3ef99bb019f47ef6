"""What every encoder promises: images and texts in one space, in bulk as one by one."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from tests.unit.backends.clip_checkpoints import clip_checkpoint
from tests.unit.stand_ins import kept
from tools.backends import builtin_encoder, clip, minilm
from tools.backends.workers import PebbleWorkers
from tools.kit import BulkEncoder, Embeddings, Encoder, TextEncoder
from tools.kit.parts import Parts

pytestmark = pytest.mark.xdist_group("clip")  # torch is imported, and checkpoints are made ready, once


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip_checkpoint(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture(scope="module")
def parts(home: Path) -> Iterator[Parts]:
    workers = PebbleWorkers()
    yield Parts(home=home, workers=workers)
    asyncio.run(workers.close())


@pytest.fixture(params=["builtin", "clip"])
async def encoder(request: pytest.FixtureRequest, parts: Parts, checkpoint: Path) -> BulkEncoder:
    if request.param == "builtin":
        return builtin_encoder.build("", parts)
    return await clip.build(str(checkpoint), parts)


def photo(seed: int, size: tuple[int, int] = (320, 240)) -> Pillow.Image:
    values = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Pillow.fromarray(values).resize(size, Pillow.Resampling.BICUBIC)


def assert_unit(rows: Embeddings, shape: tuple[int, int]) -> None:
    assert rows.shape == shape
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)


async def test_images_and_texts_lie_on_one_unit_sphere(encoder: BulkEncoder, tmp_path: Path) -> None:
    assert isinstance(encoder, Encoder)
    images = [kept(photo(seed), tmp_path / f"{seed}.png", seed + 1) for seed in range(3)]
    assert_unit(await encoder.images(images), (3, encoder.dim))
    assert_unit(await encoder.texts(["a dog", "", "cat " * 2000]), (3, encoder.dim))
    assert (await encoder.images([])).shape == (await encoder.texts([])).shape == (0, encoder.dim)


async def test_the_same_image_has_the_same_embedding_alone_and_in_company(encoder: BulkEncoder, tmp_path: Path) -> None:
    images = [kept(photo(seed), tmp_path / f"{seed}.png", seed + 1) for seed in range(3)]
    together, alone = await encoder.images(images), await encoder.images(images[1:2])
    assert together[1] @ alone[0] > 0.9999


async def test_files_in_bulk_get_the_embeddings_of_single_images(encoder: BulkEncoder, tmp_path: Path) -> None:
    files = [tmp_path / f"{seed}.jpg" for seed in range(20)]
    for seed, file in enumerate(files):
        photo(seed).save(file, quality=95)
    found = await encoder.encode_files(files)
    images = []
    for seed, file in enumerate(files):
        with Pillow.open(file) as image:
            images.append(kept(image.convert("RGB"), tmp_path / f"{seed}.png", seed + 1))
    cosines = (np.stack([one.vector for one in found if one]) * await encoder.images(images)).sum(axis=1)
    assert cosines.min() > 0.999
    first = found[0]
    assert first
    assert (first.mime, first.width, first.height) == ("image/jpeg", 320, 240)
    assert first.sha256 == hashlib.sha256(files[0].read_bytes()).hexdigest()
    assert first.size == files[0].stat().st_size


async def test_what_is_no_plain_photo_is_left_to_the_decoder(encoder: BulkEncoder, tmp_path: Path) -> None:
    photo(1).save(tmp_path / "photo.png")
    (tmp_path / "broken.jpg").write_bytes((tmp_path / "photo.png").read_bytes()[:2000])
    (tmp_path / "text.jpg").write_text("not an image")
    photo(2).convert("CMYK").save(tmp_path / "cmyk.jpg")
    photo(3).save(tmp_path / "moving.webp", save_all=True, append_images=[photo(4)])
    names = ["broken.jpg", "text.jpg", "photo.png", "cmyk.jpg", "moving.webp", "missing.jpg"]
    found = await encoder.encode_files([tmp_path / name for name in names])
    assert [bool(one) for one in found] == [False, False, True, False, False, False]


async def test_a_turned_photo_is_encoded_upright(encoder: BulkEncoder, tmp_path: Path) -> None:
    upright = photo(5, (300, 200))
    exif = Pillow.Exif()
    exif[0x0112] = 6
    upright.save(tmp_path / "upright.jpg", quality=95)
    upright.transpose(Pillow.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", quality=95, exif=exif)
    first, second = await encoder.encode_files([tmp_path / "upright.jpg", tmp_path / "turned.jpg"])
    assert first
    assert second
    assert (second.width, second.height) == (300, 200)
    assert first.vector @ second.vector > 0.98


async def test_minilm_puts_sentences_of_one_meaning_together(parts: Parts) -> None:
    reader = minilm.build("", parts)
    assert isinstance(reader, TextEncoder)
    rows = await reader.texts(["How much was the bill?", "What is the total on the receipt?", "A cat on a roof"])
    assert_unit(rows, (3, minilm.DIM))
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2
    assert (await reader.texts([])).shape == (0, minilm.DIM)
