"""`spyglass archive` on a real embedded archive, with a stand-in for a Qdrant server on the other side."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.colours import paint
from tests.exports import export, file, message, zipped
from tests.scenario.conftest import Ran, Terminal, with_models
from tests.stand_in_qdrant import Fault, Wire
from tests.stand_in_qdrant.doing import Request


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire() as server:
        yield server
        assert server.wrong == []


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory, text_models: Path) -> Path:
    """A home with six photos in its archive."""
    base = tmp_path_factory.mktemp("indexed")
    for number, colours in enumerate(["red", "green", "blue", "yellow", "red green", "blue white"]):
        paint(base / "photos" / f"{number}.png", *colours.split(), size=(320, 240))
    assert Terminal(with_models(base / "home", text_models))("index", base / "photos").code == 0
    return base


@pytest.fixture
def spyglass(indexed: Path, tmp_path: Path, text_models: Path) -> Terminal:
    shutil.copytree(indexed / "home" / "archive", tmp_path / "home" / "archive", ignore=_no_sockets)
    return Terminal(with_models(tmp_path / "home", text_models))


def _no_sockets(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(".socket")]


def ok(ran: Ran) -> Any:
    assert ran.code == 0, ran.err
    return ran.json


def found(spyglass: Terminal, **settings: str) -> list[str]:
    return [hit["path"] for hit in ok(spyglass("search", "something red", "--json", **settings))["hits"]]


def test_an_archive_goes_to_a_server_and_back(spyglass: Terminal, wire: Wire) -> None:
    server = {"archive": f"qdrant_server:{wire.url}"}
    before = found(spyglass)
    moved = ok(spyglass("archive", "move", "--to", server["archive"], "--json"))["workspaces"][0]
    assert (moved["seen"], moved["written"], moved["agreed"]) == (6, 6, 1.0)
    assert found(spyglass, **server) == before
    back = ok(spyglass("archive", "move", "--to", "qdrant_edge", "--drop", "--json", **server))["workspaces"][0]
    assert (back["written"], back["agreed"]) == (0, 1.0)
    assert ok(spyglass("archive", "status", "--json", **server))["workspaces"] == []
    assert found(spyglass) == before


def test_a_move_that_is_killed_goes_on(spyglass: Terminal, wire: Wire) -> None:
    to = f"qdrant_server:{wire.url}"
    for method, path in (("PUT", "/index"), ("PUT", "/points"), ("POST", "/aliases")):
        wire.fault = hanging = hangs_at(method, path)
        with spyglass.started("archive", "move", "--to", to) as process:
            until(hanging)
            process.kill()
        wire.fault = lambda asked: None
    done = ok(spyglass("archive", "move", "--to", to, "--json"))["workspaces"][0]
    assert (done["seen"], done["agreed"]) == (6, 1.0)


class hangs_at:  # noqa: N801  reads as a function
    """Nothing is answered from the first such request on."""

    def __init__(self, method: str, end: str) -> None:
        self._method, self._end = method, end
        self.hung = False

    def __call__(self, asked: Request) -> Fault:
        self.hung = self.hung or (asked.method == self._method and asked.path.endswith(self._end))
        return "hang" if self.hung else None


def until(hanging: hangs_at) -> None:
    end = time.monotonic() + 60
    while not hanging.hung:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_copy_brings_back_what_was_lost(spyglass: Terminal, tmp_path: Path) -> None:
    copy = tmp_path / "copy.spyglass"
    assert ok(spyglass("archive", "snapshot", copy, "--json"))["bytes"] > 0
    shutil.rmtree(spyglass.home / "archive")
    assert ok(spyglass("archive", "status", "--json"))["workspaces"] == []
    assert "is no whole snapshot" in spyglass("archive", "restore", __file__).err
    assert ok(spyglass("archive", "restore", copy, "--json"))["workspace"] == "local"
    verified = ok(spyglass("archive", "verify", "--json"))["workspaces"]
    assert verified == {"local": {"images": 6, "drift": [], "slack": False}}


def test_a_damaged_archive_is_told_and_hides_no_other(spyglass: Terminal, indexed: Path, tmp_path: Path) -> None:
    an_export_indexed(spyglass, tmp_path)
    [mappings] = (spyglass.home / "archive" / "local").rglob("mutable_id_tracker.mappings")
    data = bytearray(mappings.read_bytes())
    data[20] ^= 0xFF
    mappings.write_bytes(data)
    told = spyglass("archive", "status").out
    assert f"local: The archive in {spyglass.home / 'archive' / 'local'}" in told
    assert "is damaged. Bring back a snapshot" in told
    assert "T0123456: 1 channel\n  1 image by" in told
    searched = spyglass("search", "something red")
    assert (searched.code, "is damaged. Bring back a snapshot" in searched.err) == (3, True)
    assert "is damaged" in spyglass("doctor").out
    assert spyglass("index", "--fresh", indexed / "photos").code == 0
    assert len(found(spyglass)) > 0


def test_what_is_gone_from_the_disk_is_found_and_dropped(indexed: Path, spyglass: Terminal, tmp_path: Path) -> None:
    moved = tmp_path / "0.png"
    (indexed / "photos" / "0.png").rename(moved)
    try:
        told = spyglass("archive", "verify")
        assert told.code == 1
        assert "local: 6 images checked, 1 is off." in told.out
        assert "1 without an original" in told.out
        assert spyglass("archive", "verify", "--repair").code == 0
        left = ok(spyglass("archive", "verify", "--json"))["workspaces"]["local"]
        assert left == {"images": 5, "drift": [], "slack": False}
    finally:
        moved.rename(indexed / "photos" / "0.png")


def an_export_indexed(spyglass: Terminal, base: Path) -> None:
    """One image in the workspace T0123456."""
    photo = paint(base / "bike.png", "red", size=(320, 240)).read_bytes()
    days = {"design/2025-03-01": [message("1740830400.000100", file("F00001", "bike.png", "image/png"))]}
    posted = zipped(export(base / "export", days, {"files/F00001-bike.png": photo}), base / "acme.zip")
    assert spyglass("index", posted, "--workspace", "T0123456").code == 0


def test_that_slack_was_not_asked_is_said_of_a_workspace_of_its_own(spyglass: Terminal, tmp_path: Path) -> None:
    an_export_indexed(spyglass, tmp_path)
    told = spyglass("archive", "verify").out
    assert "T0123456: 1 image checked, nothing is wrong.\n  Slack was not asked what it has" in told
    assert told.count("Slack was not asked") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("move", "--to", "qdrant_edge"), "The archive is there already (qdrant_edge)"),
        (
            ("move", "--to", "nowhere:x"),
            "--to nowhere:x names no archive: say qdrant_edge, or qdrant_server:http://HOST:6333.",
        ),
        (("move", "--to", "qdrant_server:http://127.0.0.1:9"), "does not answer"),
        (("move", "--to", "qdrant_server"), "names no archive: say"),
        (("move", "--to", "minilm"), "names no archive: say"),
        (("snapshot", "copy", "--workspace", "T9"), "has nothing of the workspace T9: it has local"),
        (("snapshot", "/no/such/folder/copy"), "cannot be written"),
        (("verify", "--workspace", "T9"), "has nothing of the workspace T9"),
        (("status", "--workspace", "../x"), "has nothing of the workspace ../x"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else "",
)
def test_what_cannot_be_done_is_said(
    spyglass: Terminal, monkeypatch: Any, capsys: Any, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv("SPYGLASS_HOME", str(spyglass.home))
    with pytest.raises(SystemExit) as ended:
        main(["archive", *arguments])
    assert ended.value.code in (2, 3)
    [sentence] = capsys.readouterr().err.strip().splitlines()
    assert said in sentence
