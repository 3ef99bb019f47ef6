"""OpenCLIP's checkpoints: the library's own pixels, token ids and embeddings, from whichever runtime."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.backends.open_clip_checkpoints import (
    bare_weights,
    eva_clip_checkpoint,
    open_clip_checkpoint,
    open_siglip_checkpoint,
)
from tests.unit.backends.test_clip import SIZES, TEXTS, photo, unit
from tests.unit.stand_ins import Here, kept
from tools.backends import open_clip
from tools.backends.clip import export as clip_export
from tools.backends.clip import run as clip_run
from tools.backends.clip.checkpoint import Checkpoint
from tools.backends.open_clip.towers import imported
from tools.kit import AskAgain, CannotDo
from tools.kit.parts import Parts

SMALLEST = "ViT-S-32-alt"
"""Of the networks that OpenCLIP describes."""

pytestmark = [
    pytest.mark.xdist_group("clip"),
    pytest.mark.skipif(importlib.util.find_spec("open_clip") is None, reason="the extra open_clip is not installed"),
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home") / "models"


@pytest.fixture(
    scope="module",
    params=[open_clip_checkpoint, open_siglip_checkpoint, eva_clip_checkpoint],
    ids=["clip", "siglip", "eva"],
)
def ready(request: pytest.FixtureRequest, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    source = request.param(tmp_path_factory.mktemp("checkpoint"))
    return clip_export.make_ready(models, source, str(source), "open_clip")


@pytest.fixture(scope="module")
def library(ready: Checkpoint) -> tuple[Any, Any, Any]:
    """Model, transform and tokenizer as OpenCLIP itself makes them."""
    place = f"local-dir:{ready.source}"
    model, transform = imported().create_model_from_pretrained(place)
    return model.eval(), transform, imported().get_tokenizer(place)


def parts_for(home: Path, said: list[str] | None = None, **options: str) -> Parts:
    return Parts(home=home, workers=Here(), say=(said if said is not None else []).append, options=options)


def test_preprocessing_gives_the_pixels_of_open_clip(ready: Checkpoint, library: Any) -> None:
    for size in [*SIZES, (35, 32), (64, 67), (61, 32)]:
        image = photo(size)
        ours = ready.recipe.scaled(ready.recipe(image)[None])[0]
        np.testing.assert_allclose(ours, library[1](image).numpy(), atol=1e-6)


def test_token_ids_are_those_of_open_clip(ready: Checkpoint, library: Any) -> None:
    ours = clip_run.padded(ready, clip_run.token_ids(ready, TEXTS))
    np.testing.assert_array_equal(ours, library[2](TEXTS).numpy())


def test_images_and_texts_land_where_open_clip_puts_them(ready: Checkpoint, library: Any, tmp_path: Path) -> None:
    import torch

    model, transform, tokenizer = library
    images = [photo(size, seed) for seed, size in enumerate(SIZES)]
    with torch.inference_mode():
        seen = model.encode_image(torch.stack([transform(image) for image in images])).numpy()
        read = model.encode_text(tokenizer(TEXTS)).numpy()
    files = [kept(image, tmp_path / f"{number}.png").path for number, image in enumerate(images)]
    assert ready.exported
    for runtime, least in (("onnx", 0.9999), ("torch", 0.999)):
        ours = clip_run.embed_files(ready, files, runtime)
        assert (ours * unit(seen)).sum(axis=1).min() > least
        assert (clip_run.embed_texts(ready, TEXTS, runtime) * unit(read)).sum(axis=1).min() > least


async def test_the_encoder_says_its_name_and_learned_temperature(ready: Checkpoint, library: Any) -> None:
    encoder = await open_clip.build(ready.rest, parts_for(Path(ready.folder).parents[1]))
    assert encoder.name == f"open_clip:{Path(ready.rest).name}@{ready.fingerprint}"
    assert encoder.calibration.scale == pytest.approx(float(library[0].logit_scale.detach().exp()))
    bias = library[0].logit_bias
    assert bias is None or encoder.calibration.none_logit == pytest.approx(-float(bias.detach()))
    assert (await encoder.texts(["cat", "dog"])).shape == (2, encoder.dim)


async def test_weights_without_a_description_are_opened_by_their_architecture(tmp_path: Path) -> None:
    import torch

    folder = bare_weights(tmp_path / "bare", SMALLEST)
    with pytest.raises(CannotDo, match=r"has no open_clip_config\.json: name its architecture too"):
        await open_clip.build(str(folder), parts_for(tmp_path))
    encoder = await open_clip.build(f"{SMALLEST}/{folder}", parts_for(tmp_path))
    assert encoder.name.startswith(f"open_clip:{SMALLEST}{folder}@")
    model, transform = imported().create_model_from_pretrained(SMALLEST, str(folder / "weights.safetensors"))
    images = [kept(photo((300, 240), seed), tmp_path / f"{seed}.png") for seed in range(2)]
    with torch.inference_mode():
        theirs = model.eval().encode_image(torch.stack([transform(photo((300, 240), seed)) for seed in range(2)]))
    assert (await encoder.images(images) * unit(theirs.numpy())).sum(axis=1).min() > 0.999


async def test_what_is_not_named_well_is_asked_for(tmp_path: Path) -> None:
    parts = parts_for(tmp_path, hub_url="http://127.0.0.1:9")
    with pytest.raises(AskAgain, match=r"Name a training of ViT-B-32; there are openai, .*laion2b_s34b_b79k"):
        await open_clip.build("ViT-B-32", parts)
    with pytest.raises(AskAgain, match=r"ViT-B-32 has no training 'laion9b'; there are openai"):
        await open_clip.build("ViT-B-32/laion9b", parts)
    with pytest.raises(AskAgain, match="Name a checkpoint: open_clip:ARCHITECTURE/TRAINING"):
        await open_clip.build("", parts)
    gone = (
        "The weights of laion/CLIP-ViT-B-32-laion2B-s34B-b79K are not on disk and no hub answers: give a local folder"
    )
    with pytest.raises(CannotDo, match=gone):
        await open_clip.build("ViT-B-32/laion2b_s34b_b79k", parts)
    with pytest.raises(CannotDo, match=r"There is no checkpoint in /nowhere: it needs an open_clip_config\.json"):
        await open_clip.build("/nowhere", parts)


async def test_without_the_package_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name, package=None: None)
    with pytest.raises(CannotDo, match=r"OpenCLIP is not installed: pip install 'spyglass\[open_clip\]'"):
        await open_clip.build("ViT-B-32/openai", parts_for(tmp_path))


async def test_half_a_checkpoint_is_said_to_be_one(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = open_clip_checkpoint(tmp_path / "half")
    weights = folder / "open_clip_model.safetensors"
    whole = load_file(weights)
    save_file({name: whole[name] for name in sorted(whole)[: len(whole) // 2]}, weights)
    with pytest.raises(CannotDo, match=r"The checkpoint in .*half cannot be loaded \(.*\): download it"):
        await open_clip.build(str(folder), parts_for(tmp_path))
    os.truncate(weights, 3000)
    with pytest.raises(CannotDo, match=r"cannot be loaded \(.*\): download it again"):
        await open_clip.build(str(folder), parts_for(tmp_path))
    (folder / "open_clip_config.json").write_text("{")
    with pytest.raises(CannotDo, match=r"open_clip_config\.json is no JSON: download the checkpoint again"):
        await open_clip.build(str(folder), parts_for(tmp_path))


async def test_a_missing_tokenizer_is_named(tmp_path: Path) -> None:
    folder = open_siglip_checkpoint(tmp_path / "siglip")
    for file in folder.glob("tokenizer*"):
        file.unlink()
    with pytest.raises(
        CannotDo, match=r"lacks its tokenizer: put tokenizer\.json and tokenizer_config\.json of nobody/"
    ):
        await open_clip.build(str(folder), parts_for(tmp_path))


async def test_images_fitted_in_an_unknown_way_are_refused(tmp_path: Path) -> None:
    folder = open_clip_checkpoint(tmp_path / "odd")
    config = json.loads((folder / "open_clip_config.json").read_text())
    config["preprocess_cfg"]["resize_mode"] = "longest"
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    with pytest.raises(CannotDo, match="are fitted into 32 x 32 by longest: that is not known here"):
        await open_clip.build(str(folder), parts_for(tmp_path))


def test_the_same_weights_elsewhere_keep_their_networks(ready: Checkpoint, models: Path, tmp_path: Path) -> None:
    shutil.copytree(ready.source, tmp_path / "moved")
    moved = clip_export.make_ready(models, tmp_path / "moved", ready.rest, "open_clip")
    assert (moved.name, moved.source, moved.folder) == (ready.name, str(tmp_path / "moved"), ready.folder)
    assert clip_export.make_ready(models, Path(ready.source), ready.rest, "open_clip") == ready
