"""The embedded database: started, shared, left, killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tools.backends import postgres
from tools.backends.postgres import EmbeddedPostgres
from tools.backends.workers import PebbleWorkers
from tools.kit import CannotDo
from tools.kit.parts import Parts

CLIENT = """
import sys, time, psycopg
with psycopg.connect(sys.argv[1]) as db:
    print("connected", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    server = postgres.build("", Parts(home=home, workers=PebbleWorkers()))
    yield server
    server.stop_if_unused()


def connected_client(url: str) -> subprocess.Popen[str]:
    client = subprocess.Popen([sys.executable, "-c", CLIENT, url], stdout=subprocess.PIPE, text=True)
    assert client.stdout is not None
    assert client.stdout.readline() == "connected\n"
    return client


def test_what_was_written_is_there_after_a_stop_and_a_start(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start()) as db:
        db.execute("create table kept (word text)")
        db.execute("insert into kept values ('tea')")
    assert server.stop_if_unused()
    assert not server.running()
    with psycopg.connect(server.start()) as db:
        assert db.execute("select word from kept").fetchall() == [("tea",)]


def test_the_server_stays_while_another_process_uses_it(server: EmbeddedPostgres) -> None:
    client = connected_client(server.start())
    assert not server.stop_if_unused()
    client.terminate()
    client.communicate()
    assert eventually(server.stop_if_unused)


def test_a_killed_client_does_not_keep_the_server_running(server: EmbeddedPostgres) -> None:
    client = connected_client(server.start())
    client.send_signal(signal.SIGKILL)
    client.communicate()
    assert eventually(server.stop_if_unused)


def test_two_starters_share_one_server(server: EmbeddedPostgres) -> None:
    assert server.start() == server.start()


def test_no_permission_of_any_parent_folder_changes(server: EmbeddedPostgres, tmp_path: Path) -> None:
    folders = [tmp_path / "home", *tmp_path.parents, *Path(sys.prefix).resolve().parents]
    before = {folder: stat.S_IMODE(folder.stat().st_mode) for folder in folders}
    server.start()
    assert {folder: stat.S_IMODE(folder.stat().st_mode) for folder in folders} == before


def test_nobody_else_can_enter_the_data(server: EmbeddedPostgres) -> None:
    server.start()
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700


def test_a_long_home_still_gets_a_socket(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    home.mkdir(parents=True)
    server = postgres.build("", Parts(home=home, workers=PebbleWorkers()))
    with psycopg.connect(server.start()) as db:
        assert db.execute("select 1").fetchone() == (1,)
    assert server.stop_if_unused()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the server as somebody else")
def test_binaries_under_a_private_folder_are_copied_to_where_the_server_may_go(tmp_path: Path) -> None:
    private = tmp_path / "private" / "pg" / "bin"
    private.mkdir(parents=True)
    (private / "initdb").write_text("#!/bin/sh\n")
    (tmp_path / "private").chmod(0o700)
    reachable = postgres._reachable(private)
    assert reachable != private
    assert (reachable / "initdb").exists()


def test_a_server_that_cannot_start_says_why(server: EmbeddedPostgres) -> None:
    server.start()
    assert server.stop_if_unused()
    (server.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(CannotDo, match=r"does not start: .*(no_such_setting|configuration)"):
        server.start()


def eventually(claim: object, seconds: float = 5) -> bool:
    assert callable(claim)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if claim():
            return True
        time.sleep(0.05)
    return False
