"""`spyglass run`: one workspace a home, found again, and one clear sentence for what stands in its way."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.scenario.conftest import Terminal


@pytest.fixture
def spyglass(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def page_of(process: subprocess.Popen[str]) -> str:
    """The URL it says first."""
    assert process.stdout
    found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
    assert found
    return found[0]


def stopped(process: subprocess.Popen[str], ending: signal.Signals) -> str:
    process.send_signal(ending)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    return err


def test_it_stops_with_a_sentence_and_goes_on_where_it_was(spyglass: Terminal) -> None:
    with spyglass.started("run", "--no-open", "--port", "0") as process:
        page = page_of(process)
        with urllib.request.urlopen(page) as answer:
            assert answer.status == 200
        again = spyglass("run", "--no-open")
        assert (again.code, again.out) == (3, "")
        assert again.err == f"Spyglass runs in {spyglass.home} already: open {page}, or stop it first.\n"
        assert stopped(process, signal.SIGTERM).startswith("Stopped. Everything is kept in ")
    with spyglass.started("run", "--no-open") as process:
        assert page_of(process) == page
        assert stopped(process, signal.SIGINT).startswith("Stopped. Everything is kept in ")


def test_a_new_workspace_leaves_the_one_before_where_it_says(spyglass: Terminal) -> None:
    kept = spyglass.home / "local_slack" / "workspace"
    kept.mkdir(parents=True)
    (kept / "workspace.sqlite3").write_bytes(b"not a database at all")
    broken = spyglass("run", "--no-open", "--port", "0")
    assert broken.code == 3
    assert "begin with a new one with --fresh" in broken.err
    with spyglass.started("run", "--no-open", "--port", "0", "--fresh") as process:
        assert process.stdout
        before = re.search(r"the one before is kept in (.+)\.$", process.stdout.readline())
        assert page_of(process)
        stopped(process, signal.SIGTERM)
    assert before
    assert Path(before[1], "workspace.sqlite3").read_bytes() == b"not a database at all"


def test_a_port_that_is_taken_is_said(spyglass: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = spyglass("run", "--no-open", "--port", str(port))
    assert refused.code == 3
    assert refused.err == f"Port {port} cannot be used (address already in use): choose another with --port.\n"
