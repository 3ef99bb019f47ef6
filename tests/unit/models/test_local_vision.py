"""BLIP, BLIP-2 and Florence-2 on this machine: real loading and real runs of small random checkpoints."""

from __future__ import annotations

import asyncio
import json
import pickle
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from bot.settings import Settings
from bot.wiring import Wiring
from tests.unit.models import vision_checkpoints
from tests.unit.models.vision_checkpoints import as_first_florence
from tools.backends.local_vision import build, florence
from tools.backends.local_vision.florence import parsed
from tools.backends.local_vision.said import Place
from tools.backends.workers import PebbleWorkers
from tools.kit import CannotDo, Image, ImageRef, VisionModel
from tools.kit.parts import Parts
from tools.kit.seeing import GENERAL
from tools.kit.seeing.tasks import tasks

MAKERS: dict[str, Callable[[Path], Path]] = {
    "blip": vision_checkpoints.blip,
    "blip-vqa": lambda folder: vision_checkpoints.blip(folder, answers=True),
    "blip2": vision_checkpoints.blip2,
    "florence2": vision_checkpoints.florence2,
}
QUESTION = "how many cats?"


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("checkpoints")
    return {name: make(folder / name) for name, make in MAKERS.items()}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    workers = PebbleWorkers(environment={"OMP_NUM_THREADS": "1"})  # for networks this small, threads only wait
    yield Parts(home=tmp_path_factory.mktemp("home"), workers=workers)
    asyncio.run(workers.close())


def picture(folder: Path, number: int = 1, colour: str = "red") -> Image:
    path = folder / f"{number}.png"
    Pillow.new("RGB", (90, 60), colour).save(path)
    ref = ImageRef(handle=f"image {number}", sha256=f"{number:064x}", mime="image/png", width=90, height=60, name="p")
    return Image(ref, path)


def reference(source: Path, image: Image, made: str, text: str = "") -> str:
    """What transformers says by itself."""
    import torch
    import transformers

    torch.set_num_threads(1)
    model = getattr(transformers, made).from_pretrained(source).eval()
    processor = transformers.AutoProcessor.from_pretrained(source, backend="pil")
    with Pillow.open(image.path) as file:
        inputs = processor(images=file.convert("RGB"), return_tensors="pt", **({"text": text} if text else {}))
    with torch.inference_mode():
        tokens = model.generate(**inputs, max_new_tokens=64, num_beams=3, do_sample=False)
    return str(processor.batch_decode(tokens, skip_special_tokens=True)[0]).strip()


async def test_a_captioner_describes_as_its_library_does(
    checkpoints: dict[str, Path], parts: Parts, tmp_path: Path
) -> None:
    image = picture(tmp_path)
    seen = await (await build(str(checkpoints["blip"]), parts)).look([image], "Describe it.", task=tasks()["caption"])
    assert seen.text == reference(checkpoints["blip"], image, "BlipForConditionalGeneration")
    assert (seen.model, seen.cannot_determine, seen.sure) == ("local_vision:blip", False, None)


async def test_a_captioner_that_is_asked_something_says_that_it_only_describes(
    checkpoints: dict[str, Path], parts: Parts, tmp_path: Path
) -> None:
    image = picture(tmp_path)
    seen = await (await build(str(checkpoints["blip"]), parts)).look([image], QUESTION, task=GENERAL)
    caption = reference(checkpoints["blip"], image, "BlipForConditionalGeneration")
    assert seen.text == f"The model blip only describes; it says: {caption}."
    assert seen.cannot_determine
    assert seen.sure is None


@pytest.mark.parametrize(
    ("name", "made", "asked"),
    [
        ("blip-vqa", "BlipForQuestionAnswering", QUESTION),
        ("blip2", "Blip2ForConditionalGeneration", f"Question: {QUESTION} Answer:"),
    ],
)
async def test_a_model_that_takes_questions_is_asked(
    name: str, made: str, asked: str, checkpoints: dict[str, Path], parts: Parts, tmp_path: Path
) -> None:
    image = picture(tmp_path)
    seen = await (await build(str(checkpoints[name]), parts)).look([image], QUESTION, task=tasks()["counting"])
    assert seen.text == reference(checkpoints[name], image, made, asked).removeprefix(asked).strip()
    assert not seen.cannot_determine


async def test_florence_is_given_a_task_and_no_question(
    checkpoints: dict[str, Path], parts: Parts, tmp_path: Path
) -> None:
    model = await build(str(checkpoints["florence2"]), parts)
    seen = await model.look([picture(tmp_path)], "Who painted it?", task=GENERAL)
    assert seen.cannot_determine
    assert seen.text.startswith("The model florence2 only describes; it says: ")
    assert not (await model.look([picture(tmp_path)], "Describe it.", task=tasks()["caption"])).text.startswith("The")


def test_its_tokens_become_words_and_places_in_pixels(checkpoints: dict[str, Path]) -> None:
    import transformers

    processor = transformers.AutoProcessor.from_pretrained(checkpoints["florence2"], backend="pil")

    def said(text: str, task: str) -> Any:
        tokens = processor.tokenizer(text, return_tensors="pt").input_ids
        return parsed(processor, tokens, task=task, size=(2000, 2000))

    found = said("dog<loc_100><loc_200><loc_300><loc_400>", florence.OBJECTS)
    assert found.text == "dog"
    assert found.places == (Place(what="dog", box=(201.0, 401.0, 601.0, 801.0)),)
    corners = "<loc_10><loc_20><loc_50><loc_20><loc_50><loc_40><loc_10><loc_40>"
    read = said(f"total{corners}", florence.READING)
    assert read.text == "total"
    assert read.places == (Place(what="total", box=(21.0, 41.0, 101.0, 81.0)),)
    assert said("a dog on a sofa", florence.CAPTION).text == "a dog on a sofa"


async def test_several_images_are_told_apart_by_their_names(
    checkpoints: dict[str, Path], parts: Parts, tmp_path: Path
) -> None:
    model = await build(str(checkpoints["blip"]), parts)
    images = [picture(tmp_path, 1, "red"), picture(tmp_path, 2, "white")]
    seen = await model.look(images, "Describe them.", task=tasks()["caption"])
    one, two = [reference(checkpoints["blip"], image, "BlipForConditionalGeneration") for image in images]
    assert seen.text == f"image 1: {one}; image 2: {two}"


async def test_it_is_loaded_when_first_asked_and_says_what_it_takes(
    checkpoints: dict[str, Path], parts: Parts, tmp_path: Path
) -> None:
    said: list[str] = []
    model = await build(str(checkpoints["blip"]), Parts(home=parts.home, workers=parts.workers, say=said.append))
    assert said == []
    await asyncio.gather(*(model.look([picture(tmp_path)], "What is it?") for _ in range(2)))
    (sentence,) = said
    assert sentence.startswith("blip is loaded: 0 million parameters and 0.")
    assert sentence.endswith(" GB of memory.")


async def test_a_hub_that_does_not_answer_is_one_sentence(parts: Parts) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # it takes the connection and never says a word
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        alone = Parts(home=parts.home, workers=parts.workers, options={"hub_url": address})
        with pytest.raises(CannotDo) as failed:
            await build("nobody/has-this", alone)
    assert str(failed.value) == (
        "The weights of nobody/has-this are not on disk and no hub answers: give a local folder (local_vision:FOLDER)."
    )


async def test_a_folder_without_a_checkpoint_is_named(parts: Parts, tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match="There is no checkpoint in /"):
        await build(str(tmp_path), parts)


async def test_a_checkpoint_that_brings_code_along_is_not_run(parts: Parts, tmp_path: Path) -> None:
    folder = as_first_florence(vision_checkpoints.florence2(tmp_path / "Florence-2"))
    with pytest.raises(CannotDo, match="runs only with code that it brings along, which is not run here"):
        await build(str(folder), parts)


async def test_another_family_is_refused_by_name(parts: Parts, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "llava"}))
    with pytest.raises(CannotDo, match="is of the family llava; local_vision runs BLIP, BLIP-2 and Florence-2"):
        await build(str(tmp_path), parts)


async def test_damaged_weights_are_said_so(parts: Parts, tmp_path: Path) -> None:
    folder = vision_checkpoints.blip(tmp_path / "damaged")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(CannotDo, match="The checkpoint damaged is damaged or not whole: download it again"):
        await (await build(str(folder), parts)).look([picture(tmp_path)], "What is it?")


class Hostile:
    """A pickle that writes a file when it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


async def test_code_in_weights_is_never_run(parts: Parts, tmp_path: Path) -> None:
    folder = vision_checkpoints.blip(tmp_path / "hostile")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"weight": Hostile(tmp_path / "run")}))
    with pytest.raises(CannotDo, match="is damaged or not whole"):
        await (await build(str(folder), parts)).look([picture(tmp_path)], "What is it?")
    assert not (tmp_path / "run").exists()


async def test_the_setting_names_it(checkpoints: dict[str, Path], tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", vision=f"local_vision:{checkpoints['blip']}")
    async with Wiring(settings) as wiring:
        vision = await wiring.lend(VisionModel)
        assert (await vision.look([picture(tmp_path)], "What is it?")).model == "local_vision:blip"
