"""The vision model: what is sent, what is said, what is kept, and what a person hears when it fails."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from tests.fakes import ScriptedPlanner
from tests.unit.stand_ins import Here, kept
from tools.backends import chat_vision, no_vision
from tools.kit import AskAgain, CannotDo, Image, VisionModel
from tools.kit.parts import Parts
from tools.look import look

STATUSES = {"wrong-key": 401, "unknown": 404, "too-often": 429, "text-only": 400, "too-large": 413, "down": 500}


class Provider(ThreadingHTTPServer):
    """Speaks the wire of both providers. The model's name says how to behave."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append(asked)
        status = STATUSES.get(asked["model"], 200)
        if asked["model"] == "slow":
            threading.Event().wait(1.5)
        text = "" if asked["model"] == "silent" else "Three cups on a table."
        answer = _anthropic(text) if self.path.endswith("/v1/messages") else _openai(text)
        if status != 200:
            answer = {"type": "error", "error": {"type": "error", "message": "key sk-secret is not welcome"}}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002


def _anthropic(text: str) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": text}] if text else [],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }


def _openai(text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def image(tmp_path: Path) -> Image:
    picture = Pillow.effect_mandelbrot((3000, 1500), (-2, -1, 1, 1), 40).convert("RGB")
    return kept(picture, tmp_path / f"{'a' * 64}.png")


def model(provider: Provider, rest: str, home: Path) -> VisionModel:
    path = "/v1" if rest.startswith("openai") else ""
    options = {
        "anthropic_api_key": "sk-secret",
        "openai_api_key": "sk-secret",
        "anthropic_base_url": provider.url,
        "openai_base_url": provider.url + path,
    }
    return chat_vision.build(rest, Parts(home=home, workers=Here(), options=options))


def sent_image(asked: dict[str, Any]) -> bytes:
    blocks = asked["messages"][-1]["content"]
    block = next(block for block in blocks if block["type"] in ("image", "image_url"))
    data = block["source"]["data"] if block["type"] == "image" else block["image_url"]["url"].split(",", 1)[1]
    return base64.b64decode(data)


@pytest.mark.parametrize("rest", ["anthropic/claude", "openai/gpt"])
async def test_the_model_sees_a_reduced_image_without_metadata_and_is_named(
    rest: str, provider: Provider, image: Image, tmp_path: Path
) -> None:
    evidence = await look([image], "How many cups are there?", vision=model(provider, rest, tmp_path))
    assert evidence.source == "model"
    assert evidence.said == f"Seen by model {rest}: Three cups on a table."
    assert evidence.facts == {"seen": "Three cups on a table.", "model": rest}
    with Pillow.open(io.BytesIO(sent_image(provider.heard[-1]))) as picture:
        assert picture.format == "JPEG"
        assert max(picture.size) == chat_vision.SIDE
        assert not picture.getexif()
    told = json.dumps(provider.heard[-1])
    assert "How many cups are there?" in told
    assert "image 1:" in told
    assert image.ref.name not in told


async def test_the_same_question_about_the_same_image_is_asked_once(
    provider: Provider, image: Image, tmp_path: Path
) -> None:
    before = len(provider.heard)
    for question in ("What  is it?", "What is it?", "Where is it?"):
        await look([image], question, vision=model(provider, "openai/gpt", tmp_path))
    assert len(provider.heard) == before + 2


async def test_the_same_question_asked_twice_at_once_is_answered_twice(
    provider: Provider, image: Image, tmp_path: Path
) -> None:
    vision = model(provider, "openai/gpt", tmp_path)
    seen = await asyncio.gather(*(vision.look([image], "What is at once?") for _ in range(8)))
    assert {each.text for each in seen} == {"Three cups on a table."}
    assert len([*image.path.parent.glob("*.seen-*.json")]) == 1
    assert [*image.path.parent.glob(".part*")] == []


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("wrong-key", "does not accept the key: check it"),
        ("unknown", "does not know this model: check its name"),
        ("too-often", "limiting requests now"),
        ("text-only", "check that the model can do what is asked"),
        ("too-large", "ask about fewer or smaller images"),
        ("down", "a problem of its own"),
        ("silent", "gave no answer"),
    ],
)
@pytest.mark.parametrize("provider_name", ["anthropic", "openai"])
async def test_a_failure_is_one_sentence_with_a_way_out(
    provider_name: str, name: str, heard: str, provider: Provider, image: Image, tmp_path: Path
) -> None:
    with pytest.raises(CannotDo, match=heard) as failure:
        await look([image], "What is it?", vision=model(provider, f"{provider_name}/{name}", tmp_path))
    assert "sk-secret" not in str(failure.value)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("rest", ["anthropic/slow", "openai/slow"])
async def test_a_model_that_does_not_answer_in_time_is_given_up(rest: str, provider: Provider, image: Image) -> None:
    url = provider.url + ("/v1" if rest.startswith("openai") else "")
    with pytest.raises(CannotDo, match="did not answer in time"):
        await chat_vision.ChatVision(rest, "k", url, seconds=0.3).look([image], "What is it?")


@pytest.mark.parametrize("rest", ["anthropic/claude", "openai/gpt"])
async def test_a_model_that_cannot_be_reached_is_said_to_be_so(rest: str, image: Image) -> None:
    with pytest.raises(CannotDo, match="cannot be reached"):
        await chat_vision.ChatVision(rest, "k", "http://127.0.0.1:9/v1").look([image], "What is it?")


async def test_an_error_of_ours_is_not_blamed_on_the_provider(image: Image) -> None:
    vision = chat_vision.ChatVision("openai/gpt", "k", None)
    vision._chat = ScriptedPlanner(lines=[])  # it has nothing to say and breaks
    with pytest.raises(IndexError):
        await vision.look([image], "What is it?")


@pytest.mark.parametrize(
    ("rest", "heard"),
    [
        ("anthropic/claude", "has no key: set ANTHROPIC_API_KEY"),
        ("openai/gpt", "has no key: set OPENAI_API_KEY"),
        ("openai", "SPYGLASS_VISION"),
        ("other/model", "SPYGLASS_VISION"),
        ("", "SPYGLASS_VISION"),
    ],
)
def test_a_model_that_is_not_set_up_says_what_to_set(rest: str, heard: str, tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match=heard):
        chat_vision.build(rest, Parts(home=tmp_path, workers=Here()))


async def test_without_a_model_it_is_said_what_to_set_and_what_else_can_be_told(image: Image, tmp_path: Path) -> None:
    vision = no_vision.build("", Parts(home=tmp_path, workers=Here()))
    with pytest.raises(CannotDo, match=r"SPYGLASS_VISION.*read its text, name its colours"):
        await look([image], "How many people are there?", vision=vision)


async def test_a_look_needs_an_image_and_a_question(image: Image, tmp_path: Path) -> None:
    vision = no_vision.build("", Parts(home=tmp_path, workers=Here()))
    with pytest.raises(AskAgain, match="post one first"):
        await look([], "What is it?", vision=vision)
    with pytest.raises(AskAgain, match="what to look for"):
        await look([image], "  ", vision=vision)
    with pytest.raises(AskAgain, match="Name fewer"):
        await look([image] * 9, "What is it?", vision=vision)
