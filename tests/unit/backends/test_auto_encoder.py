"""`auto`: CLIP where it can be had, the builtin encoder elsewhere, and never another one than the archive's."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.unit.backends.clip_checkpoints import clip_checkpoint
from tests.unit.stand_ins import Here
from tools.backends import auto_encoder, builtin_encoder, clip
from tools.backends.auto_encoder import choose, made_ready, spec_of
from tools.backends.common import hub
from tools.kit import CannotDo
from tools.kit.parts import Parts

pytestmark = pytest.mark.xdist_group("clip")  # torch is imported, and checkpoints are made ready, once

NAME = "tests/tiny-clip"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(ThreadingHTTPServer):
    """A model hub with one checkpoint, as far as `huggingface_hub` asks."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.folder = folder
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._file()

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path.startswith("/api/models?"):
            self._send(200, b"[]")
        elif self.path.startswith(f"/api/models/{NAME}/tree/"):
            self._json([entry(file) for file in sorted(self.server.folder.iterdir())])
        elif self.path.startswith(f"/api/models/{NAME}"):
            names = sorted(file.name for file in self.server.folder.iterdir())
            self._json({"id": NAME, "sha": COMMIT, "siblings": [{"rfilename": name} for name in names]})
        else:
            self._file()

    def _json(self, value: Any) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _file(self) -> None:
        file = self.server.folder / self.path.rpartition("/")[2]
        if not (self.path.startswith(f"/{NAME}/resolve/") and file.is_file()):
            self._send(404, b"", {"X-Error-Code": "RepoNotFound"})
            return
        data = file.read_bytes()
        self._send(200, data, {"X-Repo-Commit": COMMIT, "ETag": f'"{hashlib.sha256(data).hexdigest()}"'})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return


def entry(file: Path) -> dict[str, Any]:
    """A file in the hub's listing."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": digest}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clip_checkpoint(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture
def a_hub(checkpoint: Path) -> Iterator[Hub]:
    server = Hub(checkpoint)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub cache of its own."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture
def silence() -> Iterator[str]:
    """The address of a server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def parts_in(home: Path, said: list[str] | None = None, **options: str) -> Parts:
    return Parts(home=home, workers=Here(), say=(said if said is not None else []).append, options=options)


async def test_without_weights_and_hub_the_builtin_encoder_works_and_says_why(tmp_path: Path, silence: str) -> None:
    said: list[str] = []
    encoder = await auto_encoder.build("", parts_in(tmp_path, said, hub_url=silence))
    assert encoder.name == builtin_encoder.NAME
    why = f"the weights of {clip.DEFAULT} are not on disk and no hub answers"
    assert said == [f"Images are encoded with the builtin encoder: {why}."]


def test_a_silent_hub_costs_two_seconds_once(tmp_path: Path, silence: str) -> None:
    parts = parts_in(tmp_path, hub_url=silence)
    started = time.monotonic()
    assert not hub.answers(parts)
    first = time.monotonic() - started
    assert not hub.answers(parts)
    assert first < 3 > 10 * (time.monotonic() - started - first)


def test_another_hub_is_asked_although_the_first_was_silent(tmp_path: Path, silence: str, a_hub: Hub) -> None:
    assert not hub.answers(parts_in(tmp_path, hub_url=silence))
    assert hub.answers(parts_in(tmp_path, hub_url=a_hub.url))


async def test_a_hub_that_answers_gives_clip_and_is_not_needed_again(tmp_path: Path, a_hub: Hub) -> None:
    said: list[str] = []
    encoder = await auto_encoder.build(NAME, parts_in(tmp_path, said, hub_url=a_hub.url))
    assert encoder.name.startswith(f"clip:{NAME}@")
    assert said[0] == f"Images are encoded with {NAME}: the hub answers."
    asked = len(a_hub.asked)
    again = choose(NAME, parts_in(tmp_path, hub_url=a_hub.url))
    assert (again.spec, len(a_hub.asked)) == (f"clip:{NAME}", asked)
    assert spec_of(encoder.name, tmp_path) == f"clip:{NAME}"
    assert made_ready(tmp_path) == [f"clip:{NAME}"]


async def test_a_checkpoint_the_hub_does_not_have_is_said(tmp_path: Path, a_hub: Hub) -> None:
    with pytest.raises(CannotDo, match="nobody/nothing could not be fetched"):
        await clip.build("nobody/nothing", parts_in(tmp_path, hub_url=a_hub.url))


def test_weights_in_a_folder_are_taken_without_asking_anybody(tmp_path: Path, checkpoint: Path, a_hub: Hub) -> None:
    choice = choose(str(checkpoint), parts_in(tmp_path, hub_url=a_hub.url))
    assert choice.spec == f"clip:{checkpoint}"
    assert a_hub.asked == []


def test_an_archive_of_the_builtin_encoder_keeps_it_when_clip_arrives(tmp_path: Path, checkpoint: Path) -> None:
    choice = choose(str(checkpoint), parts_in(tmp_path), bound=builtin_encoder.NAME)
    assert choice.spec == "builtin_encoder"
    assert f"`spyglass archive reencode --to clip:{checkpoint}` brings it over" in choice.why


def test_an_archive_of_a_lost_checkpoint_is_said_to_be_out_of_reach(tmp_path: Path) -> None:
    choice = choose("", parts_in(tmp_path), bound="clip:gone@0123456789ab")
    assert choice.spec == "builtin_encoder"
    assert "clip:gone@0123456789ab, which is not here" in choice.why
