"""Cutoffs measured for each checkpoint, on pictures that come with our packages and on drawn ones."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.unit.backends.clip_checkpoints import clip_checkpoint
from tests.unit.stand_ins import Here
from tools.backends import builtin_encoder, clip
from tools.backends.clip import export as clip_export
from tools.backends.clip import run as clip_run
from tools.backends.clip.checkpoint import Checkpoint
from tools.backends.common.calibrating import measuring
from tools.backends.common.calibrating.measuring import FILE, Measured, measured
from tools.backends.common.calibrating.samples import ELSEWHERE, SAMPLES
from tools.kit import Embeddings
from tools.kit.labelling.calibrating import apart, parting, unrelated
from tools.kit.parts import Parts

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image as Pillow

pytestmark = pytest.mark.xdist_group("clip")

CAPTIONS = Path(__file__).parents[3] / "../shared/data/captions"


# --- the rule -------------------------------------------------------------------------------------


def test_the_cutoff_lies_where_both_are_equally_likely() -> None:
    random = np.random.default_rng(0)
    fitting, others = random.normal(0.30, 0.03, 5000), random.normal(0.18, 0.03, 5000)
    cutoff = parting(fitting, others)
    assert cutoff == pytest.approx(0.24, abs=0.002)
    wider = parting(fitting, random.normal(0.18, 0.05, 5000))
    assert wider is not None
    assert wider > 0.245  # what scatters more reaches further up
    densities = [np.exp(-(((wider - mean) / spread) ** 2) / 2) / spread for mean, spread in ((0.3, 0.03), (0.18, 0.05))]
    assert densities[0] == pytest.approx(densities[1], rel=0.1)


def test_where_nothing_parts_there_is_no_cutoff() -> None:
    random = np.random.default_rng(0)
    same = random.normal(0.2, 0.05, 500)
    assert parting(same, random.normal(0.2, 0.05, 500)) is None
    assert parting(random.normal(0.1, 0.05, 500), same) is None
    assert apart([1.0, 1.0], [0.0, 0.0]) > 1e6
    assert parting([0.5, 0.5], [0.1, 0.1]) == pytest.approx(0.3)


def test_one_unrelated_picture_in_ten_passes_for_alike() -> None:
    assert unrelated(np.arange(101) / 100) == pytest.approx(0.9)


# --- the samples ----------------------------------------------------------------------------------


def test_every_sample_is_there_and_no_text_stands_for_two() -> None:
    pictures = [sample.picture() for sample in SAMPLES]
    assert all(picture is not None and picture.mode == "RGB" for picture in pictures)
    texts = [text for sample in SAMPLES for text in sample.texts] + [*ELSEWHERE]
    assert len(texts) == len(set(texts))


def test_a_photograph_that_is_not_there_is_left_out() -> None:
    gone = dataclasses.replace(SAMPLES[0], made="skimage/data/no-such-photo.png")
    assert gone.picture() is None
    assert dataclasses.replace(gone, made="no_such_package/x.png").picture() is None


# --- measuring ------------------------------------------------------------------------------------


def test_an_encoder_that_knows_what_fits_gets_a_cutoff_between() -> None:
    found = measured(_seen, _read, ("{}", "a photo of {}"))
    assert (found.fitting, found.others > 1000, found.apart > 3) == (53, True, True)
    assert found.relevant is not None
    assert 0.3 < found.relevant < 0.7
    assert found.alike < 0.5


def _seen(pictures: Sequence[Pillow]) -> Embeddings:
    """Every sample's own axis, and something of all others."""
    rows = np.eye(len(pictures), 128, dtype=np.float32) + np.random.default_rng(0).normal(0, 0.02, (len(pictures), 128))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _read(texts: Sequence[str]) -> Embeddings:
    """On the axis of the sample it fits, as far as it is known; else on one of its own."""
    places = {text: number for number, sample in enumerate(SAMPLES) for text in sample.texts}
    random = np.random.default_rng(1)
    rows = random.normal(0, 0.06, (len(texts), 128))
    for row, text in zip(rows, texts, strict=True):
        row[places.get(text.removeprefix("a photo of "), 100)] += random.uniform(0.6, 1.0)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    folder = tmp_path_factory.mktemp("calibrating")
    return clip_export.make_ready(folder / "models", clip_checkpoint(folder / "checkpoint"), str(folder / "checkpoint"))


def parts_for(ready: Checkpoint, said: list[str]) -> Parts:
    return Parts(home=Path(ready.folder).parents[1], workers=Here(), say=said.append)


async def test_a_checkpoint_is_measured_once(ready: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    await clip.build(ready.rest, parts_for(ready, said))
    assert said[0].startswith(f"Measuring from which likeness on {ready.rest} finds what fits")
    known = measuring.kept(Path(ready.folder))
    assert known is not None
    assert (Path(ready.folder) / FILE).stat().st_mode & 0o077 == 0
    monkeypatch.setattr(clip_run, "measure", None)
    again: list[str] = []
    await clip.build(ready.rest, parts_for(ready, again))
    assert again == []


async def test_one_that_tells_nothing_keeps_the_usual_cutoff_and_says_so(ready: Checkpoint) -> None:
    (Path(ready.folder) / FILE).unlink(missing_ok=True)
    said: list[str] = []
    encoder = await clip.build(ready.rest, parts_for(ready, said))
    assert "hardly tells texts that fit a picture from others" in said[-1]
    assert encoder.calibration.relevant == pytest.approx(0.20)
    assert encoder.calibration.none_logit == pytest.approx(0.22 * ready.scale)


@pytest.mark.parametrize("bias", [None, -12.0], ids=["softmax", "sigmoid"])
def test_what_was_measured_is_what_searches_go_by(ready: Checkpoint, bias: float | None) -> None:
    measuring.keep(Path(ready.folder), Measured(relevant=0.17, alike=0.61, apart=4.0, fitting=53, others=2441))
    known = dataclasses.replace(ready, bias=bias).calibration
    assert (known.relevant, known.alike) == (0.17, 0.61)
    assert known.none_logit == pytest.approx(12.0 if bias else 0.17 * ready.scale)
    (Path(ready.folder) / FILE).write_text("{broken")
    assert ready.calibration.relevant == pytest.approx(0.20)


# --- how far it holds -----------------------------------------------------------------------------


def embedded(models: Path, pixels: Sequence[NDArray[np.uint8]]) -> Embeddings:
    """Some at a time: the network keeps the memory it has had once."""
    starts = range(0, len(pixels), builtin_encoder.BATCH)
    parts = [np.stack(pixels[start : start + builtin_encoder.BATCH]) for start in starts]
    return np.concatenate([builtin_encoder.embed_pixels(models, part) for part in parts])


def builtin(models: Path) -> Measured:
    def pictures(given: Sequence[Pillow]) -> Embeddings:
        return embedded(models, [builtin_encoder.prepare(each) for each in given])

    return measured(pictures, lambda texts: builtin_encoder.embed_texts(models, texts), ("{}",))


def test_the_cutoff_of_the_builtin_encoder_agrees_with_what_is_measured(tmp_path: Path) -> None:
    found = builtin(tmp_path)
    assert found.apart > 1.5
    assert found.relevant == pytest.approx(builtin_encoder.CALIBRATION.relevant, abs=0.02)


@pytest.mark.skipif(not CAPTIONS.exists(), reason="../shared/data/captions is not here")
def test_the_cutoff_holds_for_photos_of_another_kind(tmp_path: Path) -> None:
    """100 photos: most of their captions are over it, and few texts that fit none of them."""
    from PIL import Image

    with (CAPTIONS / "captions.csv").open(encoding="utf-8", newline="") as lines:
        captions = {row["image"]: row["caption"] for row in csv.DictReader(lines)}
    names = sorted(captions)[:100]
    pixels = []
    for name in names:
        with Image.open(CAPTIONS / "images" / name) as image:
            pixels.append(builtin_encoder.prepare(image.convert("RGB")))
    seen = embedded(tmp_path, pixels)
    cutoff = builtin(tmp_path).relevant
    assert cutoff is not None
    own = (builtin_encoder.embed_texts(tmp_path, [captions[name] for name in names]) * seen).sum(axis=1)
    nowhere = ["a receipt", "a spreadsheet", "an x-ray of a hand", "the surface of the moon", "a bar chart", "galaxies"]
    assert (own >= cutoff).mean() > 0.75
    assert (builtin_encoder.embed_texts(tmp_path, nowhere) @ seen.T >= cutoff).mean() < 0.1
