"""CLIP-family checkpoints: the reference's pixels, token ids and embeddings, from whichever runtime."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from tests.unit.backends.clip_checkpoints import clip_checkpoint, naflex_checkpoint, siglip_checkpoint
from tests.unit.stand_ins import Here, kept
from tools.backends import clip
from tools.backends.clip import export as clip_export
from tools.backends.clip import naming as clip_naming
from tools.backends.clip import proof as clip_proof
from tools.backends.clip import run as clip_run
from tools.backends.clip import towers as clip_towers
from tools.backends.clip.checkpoint import FILE, Checkpoint, fingerprint, written
from tools.backends.clip.images import Recipe, recipe
from tools.backends.clip.patches import Patches
from tools.backends.common import torchvision_here
from tools.kit import AskAgain, Calibration, CannotDo, Namer
from tools.kit.parts import Parts

pytestmark = pytest.mark.xdist_group("clip")  # torch is imported, and checkpoints are made ready, once

GOLDENS = Path(__file__).parents[3] / "../shared/data/clip"
TEXTS = ["a photo of a cat", "A DOG, of 3!", "dog " * 60, "", "cat"]
SIZES = [(64, 48), (33, 47), (32, 32), (300, 20), (7, 9), (101, 100)]


def photo(size: tuple[int, int], seed: int = 0) -> Pillow.Image:
    values = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    return Pillow.fromarray(values).resize(size, Pillow.Resampling.BICUBIC)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home") / "models"


CHECKPOINTS: dict[str, Callable[[Path], Path]] = {
    "clip": clip_checkpoint,
    "siglip": siglip_checkpoint,
    "naflex": naflex_checkpoint,
}


@pytest.fixture(scope="module", params=[*CHECKPOINTS.values()], ids=[*CHECKPOINTS])
def ready(request: pytest.FixtureRequest, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    source = request.param(tmp_path_factory.mktemp("checkpoint"))
    ready = clip_export.make_ready(models, source, str(source))
    clip_run.measure(ready, "onnx" if ready.exported else "torch")
    return ready


@pytest.fixture(scope="module")
def reference(ready: Checkpoint) -> Any:
    """transformers itself on the same checkpoint."""
    from transformers import AutoModel

    return AutoModel.from_pretrained(ready.source).eval()


def transformers_tokenizer(ready: Checkpoint) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(ready.source)


def runtimes(ready: Checkpoint) -> list[str]:
    """NaFlex resizes its positions for each image: torch only."""
    return ["onnx", "torch"] if ready.exported else ["torch"]


def parts_for(ready: Checkpoint, said: list[str] | None = None, **options: str) -> Parts:
    say = said.append if said is not None else lambda sentence: None
    return Parts(home=Path(ready.folder).parents[1], workers=Here(), say=say, options=options)


def copied(ready: Checkpoint, models: Path) -> Checkpoint:
    """As if it had been made ready there."""
    shutil.copytree(Path(ready.folder).parent, models)
    there = dataclasses.replace(ready, folder=str(models / Path(ready.folder).name))
    (Path(there.folder) / FILE).write_text(written(there), encoding="utf-8")
    return there


def processed(ready: Checkpoint, images: Sequence[Pillow.Image]) -> Any:
    from transformers import AutoImageProcessor

    processor = AutoImageProcessor.from_pretrained(ready.source, backend="pil")
    return processor(images=list(images), return_tensors="np")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_preprocessing_gives_the_pixels_of_transformers(ready: Checkpoint, size: tuple[int, int]) -> None:
    image = photo(size)
    ours, theirs = ready.recipe.scaled(ready.recipe(image)[None]), processed(ready, [image])
    if isinstance(ours, np.ndarray):
        np.testing.assert_array_equal(ours, theirs["pixel_values"])
        return
    np.testing.assert_array_equal(ours.pixels, theirs["pixel_values"])
    np.testing.assert_array_equal(ours.mask, theirs["pixel_attention_mask"])
    np.testing.assert_array_equal(ours.grids, theirs["spatial_shapes"])


def test_token_ids_are_those_of_transformers(ready: Checkpoint) -> None:
    tokenizer = transformers_tokenizer(ready)
    reference = tokenizer(TEXTS, truncation=True, max_length=ready.tokens, padding="max_length")["input_ids"]
    padded = clip_run.padded(ready, clip_run.token_ids(ready, TEXTS))
    assert padded.tolist() == [ids[: padded.shape[1]] for ids in reference]


def test_a_long_text_is_cut_at_the_context_length(ready: Checkpoint) -> None:
    assert [len(ids) for ids in clip_run.token_ids(ready, ["dog " * 500])] == [ready.tokens]


def test_texts_land_where_transformers_puts_them(ready: Checkpoint, reference: Any) -> None:
    import torch

    ids = transformers_tokenizer(ready)(
        TEXTS, truncation=True, max_length=ready.tokens, padding="max_length", return_tensors="pt"
    )["input_ids"]
    with torch.inference_mode():
        features = reference.get_text_features(input_ids=ids).pooler_output
    for runtime in runtimes(ready):
        ours = clip_run.embed_texts(ready, TEXTS, runtime)
        assert (ours * unit(features.numpy())).sum(axis=1).min() > (0.9999 if runtime == "onnx" else 0.999)


def test_images_land_where_transformers_puts_them(ready: Checkpoint, reference: Any, tmp_path: Path) -> None:
    import torch

    images = [photo(size, seed) for seed, size in enumerate(SIZES)]
    with torch.inference_mode():
        given = {name: torch.from_numpy(values) for name, values in processed(ready, images).items()}
        features = reference.get_image_features(**given).pooler_output
    files = [kept(image, tmp_path / f"{number}.png").path for number, image in enumerate(images)]
    for runtime in runtimes(ready):
        ours = clip_run.embed_files(ready, files, runtime)
        assert (ours * unit(features.numpy())).sum(axis=1).min() > (0.9999 if runtime == "onnx" else 0.999)


async def test_the_encoder_says_its_name_size_and_learned_temperature(ready: Checkpoint, reference: Any) -> None:
    encoder = await clip.build(ready.rest, parts_for(ready))
    assert encoder.name == f"clip:{Path(ready.rest).name}@{ready.fingerprint}"
    assert encoder.calibration.scale == pytest.approx(float(reference.logit_scale.detach().exp()))
    assert (await encoder.texts([])).shape == (await encoder.images([])).shape == (0, encoder.dim)
    assert (await encoder.texts(["cat", "dog", "cat"])).shape == (3, encoder.dim)


async def test_siglip_decides_between_one_label_and_none_by_its_own_sigmoid(ready: Checkpoint) -> None:
    if ready.padded:
        assert ready.calibration.none_logit == pytest.approx(12)
    else:
        assert ready.calibration.none_logit == pytest.approx(0.22 * ready.scale)


async def test_made_ready_once_it_opens_without_a_word(ready: Checkpoint) -> None:
    said: list[str] = []
    await clip.build(ready.rest, parts_for(ready, said))
    assert said == []


def test_other_weights_make_another_space_and_another_place_does_not(tmp_path: Path) -> None:
    first, again, other = (clip_checkpoint(tmp_path / str(number), seed=number // 2) for number in (0, 1, 2))
    assert fingerprint(first) == fingerprint(again) != fingerprint(other)


def test_a_sentencepiece_tokenizer_is_left_to_transformers(tmp_path: Path) -> None:
    import io

    import sentencepiece

    torchvision_here.importable()
    from transformers import SiglipTokenizer

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a photo of a cat", "a dog and a cat", "some dogs"] * 20),
        model_writer=model,
        vocab_size=20,
        pad_id=1,
        eos_id=0,
        unk_id=2,
        bos_id=-1,
        minloglevel=2,
    )
    (tmp_path / "spiece.model").write_bytes(model.getvalue())
    SiglipTokenizer(str(tmp_path / "spiece.model"), model_max_length=16).save_pretrained(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "siglip"}))
    tokens = clip_towers.tokenizer(tmp_path)
    assert clip_export.quick_tokenizer(tokens, tmp_path, 16) == "library"
    assert tokens.ids(["A Photo, of a CAT!"], 16) == tokens.ids(["a photo of a cat"], 16)


def test_texts_are_lower_cased_where_siglip_2_names_the_tokenizer_of_gemma(tmp_path: Path) -> None:
    torchvision_here.importable()
    from transformers import GemmaTokenizer

    letters = [*"abcdefghijklmnopqrstuvwxyzACDP", "▁"]
    tokens = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", *letters, *(f"<0x{byte:02X}>" for byte in range(256))]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    GemmaTokenizer(vocab=vocabulary, merges=[]).save_pretrained(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "siglip"}))
    ours = clip_towers.tokenizer(tmp_path)
    assert ours.ids(["A Photo of a CAT"], 64) == ours.ids(["a photo of a cat"], 64)
    assert clip_export.quick_tokenizer(ours, tmp_path, 64) == "tokenizers"


def test_any_aspect_ratio_keeps_to_the_budget_of_patches() -> None:
    recipe = Patches(patch=16, most=256, resample=2, mean=(0.5,) * 3, std=(0.5,) * 3)
    for width, height in [(640, 480), (4000, 100), (100, 4000), (3, 3), (1, 20000), (224, 224)]:
        rows, columns = recipe.grid(height, width)
        assert 1 <= rows * columns <= 256
    assert recipe.grid(224, 224) == (16, 16)


def test_weights_that_moved_keep_their_networks(ready: Checkpoint, models: Path, tmp_path: Path) -> None:
    shutil.copytree(ready.source, tmp_path / "moved")
    networks = {file.name: file.stat().st_mtime_ns for file in Path(ready.folder).glob("*.onnx")}
    moved = clip_export.make_ready(models, tmp_path / "moved", ready.rest)
    assert (moved.name, moved.source) == (ready.name, str(tmp_path / "moved"))
    assert {file.name: file.stat().st_mtime_ns for file in Path(ready.folder).glob("*.onnx")} == networks
    assert clip_export.make_ready(models, Path(ready.source), ready.rest) == ready


only_clip = pytest.mark.parametrize("ready", [clip_checkpoint], ids=["clip"], indirect=True)
exported = pytest.mark.parametrize("ready", [clip_checkpoint, siglip_checkpoint], ids=["clip", "siglip"], indirect=True)


@only_clip
def test_damaged_networks_are_exported_again(ready: Checkpoint, tmp_path: Path) -> None:
    source = Path(ready.source)
    whole = clip_run.embed_texts(ready, ["cat"], "onnx")
    ready = copied(ready, tmp_path / "models")
    for name in ("text.onnx", "image.onnx"):
        os.truncate(Path(ready.folder) / name, 1000)
    np.testing.assert_allclose(clip_run.embed_texts(ready, ["cat"], "onnx"), whole, atol=1e-5)
    assert clip_export.make_ready(tmp_path / "models", source, str(source)) == ready
    assert (tmp_path / "models").stat().st_mode & 0o077 == 0
    (Path(ready.folder) / "image.int8.onnx").write_bytes(b"no network")
    pixels = ready.recipe(photo((40, 40)))[None]
    with pytest.raises(CannotDo, match=r"image\.int8\.onnx of .* was damaged and is removed"):
        clip_run.embed_pixels(ready, pixels, "int8")
    assert clip_run.embed_pixels(ready, pixels, "onnx").shape == (1, ready.dim)


async def test_an_unknown_runtime_is_a_question_back(ready: Checkpoint) -> None:
    with pytest.raises(AskAgain, match="no clip_runtime fp4; there are auto, torch, onnx, int8"):
        await clip.build(ready.rest, parts_for(ready, clip_runtime="fp4"))


async def test_a_folder_without_a_checkpoint_is_said_to_be_one(ready: Checkpoint, tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match=r"needs a config\.json and weights"):
        await clip.build(str(tmp_path), parts_for(ready))


@only_clip
async def test_half_a_checkpoint_is_said_to_be_one(ready: Checkpoint, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    half = tmp_path / "half"
    shutil.copytree(ready.source, half)
    whole = load_file(half / "model.safetensors")
    save_file({name: whole[name] for name in sorted(whole)[: len(whole) // 2]}, half / "model.safetensors")
    with pytest.raises(CannotDo, match=r"holds only a part of a checkpoint \(\d+ weights are missing, such as "):
        await clip.build(str(half), parts_for(ready))
    os.truncate(half / "model.safetensors", 5000)
    with pytest.raises(CannotDo, match=r"The weights in .*half cannot be read \(.*\): download the checkpoint again"):
        await clip.build(str(half), parts_for(ready))
    (half / "model.safetensors").unlink()
    with pytest.raises(CannotDo, match=r"holds no weights \(model\.safetensors\)"):
        await clip.build(str(half), parts_for(ready))


async def test_a_network_that_onnx_cannot_hold_is_run_in_torch(tmp_path: Path) -> None:
    ready = clip_export.make_ready(tmp_path / "models", naflex_checkpoint(tmp_path / "naflex"), "naflex")
    files = [kept(photo((40, 40), seed), tmp_path / f"{seed}.png").path for seed in range(3)]
    encoder = await clip.build(ready.source, parts_for(ready))
    assert [found.vector.shape for found in await encoder.encode_files(files) if found] == [(ready.dim,)] * 3
    with pytest.raises(CannotDo, match="cannot be run by ONNX Runtime: set clip_runtime to torch or auto"):
        await clip.build(ready.source, parts_for(ready, clip_runtime="onnx"))


async def test_another_family_is_named(ready: Checkpoint, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    with pytest.raises(CannotDo, match="is a bert checkpoint"):
        await clip.build(str(tmp_path), parts_for(ready))


# --- names ----------------------------------------------------------------------------------------


def test_names_go_from_the_narrow_to_the_broad_that_hold_them() -> None:
    words = clip_naming.vocabulary()
    places = {name: place for place, name in enumerate(words.names)}
    assert {"dog", "finch", "receipt", "screenshot", "person", "mountain"} <= {*places}
    for broad, narrow in (("animal", "dog"), ("bird", "finch"), ("vehicle", "car"), ("document", "receipt")):
        assert words.holds[places[broad], places[narrow]]
        assert places[narrow] < places[broad]
        assert not words.holds[places[narrow], places[broad]]
    assert not words.holds[places["dog"], places["toy"]]
    assert words.holds.diagonal().all()


def test_the_likeliest_name_comes_first_and_a_broad_one_adds_what_it_holds(ready: Checkpoint) -> None:
    words = clip_naming.vocabulary()
    prompts = np.eye(len(words.names), dtype=np.float32).repeat(len(ready.calibration.templates), axis=0)
    sees = np.zeros((2, len(words.names)), dtype=np.float32)
    sees[0, [words.names.index(name) for name in ("finch", "parrot", "heron", "car")]] = (0.9, 0.88, 0.86, 0.2)
    calibration = Calibration(scale=40, none_logit=20, relevant=0.2, alike=0.7, templates=ready.calibration.templates)
    first, nothing = clip_naming.named(sees, prompts, calibration)
    assert [name for name, _ in first] == ["finch", "parrot", "heron", "bird", "animal"]
    chances = dict(first)
    assert chances["finch"] < chances["bird"] <= chances["animal"] <= 1
    assert chances["bird"] > 0.9
    assert all(chance < 0.05 for _, chance in nothing)


async def test_an_encoder_names_things_and_asks_for_each_prompt_once(ready: Checkpoint, tmp_path: Path) -> None:
    for file in names_kept(ready):
        file.unlink()
    images = [kept(photo((40, 40), seed), tmp_path / f"{seed}.png") for seed in range(2)]
    said: list[str] = []
    encoder = await clip.build(ready.rest, parts_for(ready, said))
    assert isinstance(encoder, Namer)
    named = await encoder.name_things(images)
    assert [len(names) >= clip_naming.FIRST for names in named] == [True, True]
    assert await encoder.name_things([]) == []
    assert len(said) == 1
    again = await clip.build(ready.rest, parts_for(ready, said))
    again._workers = NoWords()
    assert await again.name_things(images) == named
    assert len(said) == 1


async def test_names_whose_file_was_cut_short_are_looked_up_again(ready: Checkpoint, tmp_path: Path) -> None:
    image = kept(photo((40, 40)), tmp_path / "a.png")
    [named] = await (await clip.build(ready.rest, parts_for(ready))).name_things([image])
    [file] = names_kept(ready)
    whole = np.load(file)
    np.save(file, whole[:300])
    [again] = await (await clip.build(ready.rest, parts_for(ready))).name_things([image])
    assert dict(again) == pytest.approx(dict(named))
    os.truncate(file, 1000)
    assert await (await clip.build(ready.rest, parts_for(ready))).name_things([image])
    assert np.load(file).shape == whole.shape
    assert file.stat().st_mode & 0o077 == 0


def names_kept(ready: Checkpoint) -> list[Path]:
    return [*Path(ready.folder).glob("names-*")]


class NoWords(Here):
    """Workers that embed no texts."""

    async def run(self, lane: str, task: Any, /, *args: Any, **kwargs: Any) -> Any:
        assert task is not clip_run.embed_texts
        return await super().run(lane, task, *args, **kwargs)


# --- int8 -----------------------------------------------------------------------------------------


@exported
async def test_int8_stays_off_until_it_has_proved_itself(ready: Checkpoint, tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match="int8 has not proved itself"):
        await clip.build(ready.rest, parts_for(ready, clip_runtime="int8"))
    files = [kept(photo((40, 40), seed), tmp_path / f"{seed}.png").path for seed in range(clip_proof.LEAST)]
    encoder = await clip.build(ready.rest, parts_for(ready))
    proof = await encoder.prove(files)
    assert clip_proof.proof(ready) == proof
    assert (proof.samples, proof.worst <= proof.cosine <= 1.0001) == (32, True)


@exported
async def test_int8_is_not_proved_on_a_handful(ready: Checkpoint, tmp_path: Path) -> None:
    encoder = await clip.build(ready.rest, parts_for(ready))
    few = [kept(photo((40, 40), seed), tmp_path / f"{seed}.png").path for seed in range(3)]
    with pytest.raises(AskAgain, match="at least 32 images; there are 3"):
        await encoder.prove([*few, tmp_path / "missing.png"])
    with pytest.raises(AskAgain, match="there are 0"):
        await encoder.prove([])


@exported
async def test_a_large_batch_puts_int8_to_the_test_by_itself(ready: Checkpoint, tmp_path: Path) -> None:
    (Path(ready.folder) / "int8.json").unlink(missing_ok=True)
    said: list[str] = []
    files = [kept(photo((40, 40), seed), tmp_path / f"{seed}.png").path for seed in range(clip_proof.ENOUGH)]
    encoder = await clip.build(ready.rest, parts_for(ready, said))
    await encoder.encode_files(files[:10])
    assert said == []
    await encoder.encode_files(files)
    proof = clip_proof.proof(ready)
    assert proof
    assert said == [proof.said]


def test_embeddings_that_rank_differently_prove_nothing() -> None:
    random = np.random.default_rng(0)
    exact = unit(random.normal(size=(40, 16)))
    same, shuffled = clip_proof.compared(exact, exact), clip_proof.compared(exact, exact[::-1])
    assert (same.holds, same.agreement) == (True, 1)
    assert not shuffled.holds
    assert "int8 stays off" in shuffled.said


# --- what preprocessor files say ------------------------------------------------------------------


def test_sizes_are_understood_as_old_and_new_files_give_them() -> None:
    old = recipe({"size": 224, "crop_size": 224, "do_center_crop": True}, 224)
    new = recipe({"size": {"shortest_edge": 224}, "crop_size": {"height": 224, "width": 224}}, 224)
    square = recipe({"size": {"height": 384, "width": 384}, "resample": 2}, 224)
    assert old == new
    assert (square.short, square.size, square.resample) == (None, (384, 384), 2)


# --- the reference's own files --------------------------------------------------------------------

needs_goldens = pytest.mark.skipif(not GOLDENS.exists(), reason="../shared/data/clip is not here")


@needs_goldens
def test_the_golden_photo_becomes_the_golden_pixels() -> None:
    openai: Recipe = recipe({}, 224)
    with Pillow.open(GOLDENS / "franz-kafka.jpg") as image:
        ours = openai.scaled(openai(image.convert("RGB"))[None])
    np.testing.assert_array_equal(ours, np.load(GOLDENS / "expected_preprocessed_image.npy"))


@needs_goldens
def test_the_golden_texts_become_the_golden_ids(tmp_path: Path) -> None:
    golden_tokenizer(tmp_path)
    known = json.loads((GOLDENS / "token_ids.json").read_text(encoding="utf-8"))
    how = clip_export.quick_tokenizer(clip_towers.tokenizer(tmp_path), tmp_path, 77)
    quick = clip_run.open_tokenizer(tmp_path)
    assert how == "tokenizers"
    assert [quick.encode(case["text"]).ids for case in known] == [case["ids"] for case in known]


def golden_tokenizer(folder: Path) -> None:
    """OpenAI's vocabulary in the hub's format."""
    import gzip

    torchvision_here.importable()
    from transformers import CLIPTokenizer

    lines = gzip.decompress((GOLDENS / "bpe_simple_vocab_16e6.txt.gz").read_bytes()).decode().split("\n")
    merges = [tuple(line.split()) for line in lines[1 : 49152 - 256 - 2 + 1]]
    letters = list(byte_letters())
    tokens = [*letters, *(f"{letter}</w>" for letter in letters), *("".join(merge) for merge in merges)]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    CLIPTokenizer(vocab=vocabulary, merges=merges).save_pretrained(folder)


def byte_letters() -> Iterator[str]:
    """GPT-2's letters for bytes, in CLIP's order."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    yield from map(chr, printable)
    yield from (chr(256 + number) for number in range(256 - len(printable)))


def unit(rows: Any) -> Any:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
