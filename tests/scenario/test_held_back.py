"""An image that is held back does not leave, and the person hears it."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from tests.provider import Call, calls, says, says_json, serving
from tests.scenario.conftest import Terminal

SEEN = {"answer": "A person in a space suit.", "confidence": 0.9, "cannot_determine": False, "regions": []}
LOOK = calls(Call("look", {"images": ["image 1"], "question": "Who is it?"}))


@pytest.fixture(scope="module")
def astronaut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    samples: Any = importlib.import_module("skimage.data")
    path = tmp_path_factory.mktemp("faces") / "astronaut.png"
    Pillow.fromarray(samples.astronaut()).save(path)
    return path


def settings(provider_url: str) -> dict[str, str]:
    model = "anthropic:claude-haiku-4-5"
    key = {"anthropic_api_key": "sk-ant-of-the-tests", "anthropic_base_url": provider_url}
    return {"model": model, "vision": model, "hold_back": "faces", **key}


def test_a_face_is_not_sent(spyglass: Terminal, astronaut: Path) -> None:
    with serving(LOOK, says("I cannot tell who it is.")) as provider:
        ran = spyglass("ask", astronaut, "-q", "Who is it?", "--json", **settings(provider.url))
    assert ran.code == 0, ran.err
    assert [len(heard.images) for heard in provider.heard] == [0, 0]
    assert "image 1 shows a face, which is held back here, so it was not sent to the model." in ran.out


def test_a_blurred_one_is_and_the_answer_says_so(spyglass: Terminal, astronaut: Path) -> None:
    script = (LOOK, says_json(SEEN), says("The model sees a person in a space suit."))
    with serving(*script) as provider:
        ran = spyglass("ask", astronaut, "-q", "Who is it?", "--json", hold_back_how="blur", **settings(provider.url))
    assert ran.code == 0, ran.err
    assert [len(heard.images) for heard in provider.heard] == [0, 1, 0]
    assert "In image 1 faces were blurred before it was sent to the model." in ran.json["degraded"]
