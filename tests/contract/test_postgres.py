"""The embedded database: started, shared, left, killed."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tools.backends import postgres
from tools.backends.postgres import EmbeddedPostgres
from tools.backends.postgres.place import reachable
from tools.backends.workers import PebbleWorkers
from tools.kit import CannotDo
from tools.kit.parts import Parts

USER = """
import asyncio, sys, time
from pathlib import Path
import psycopg
from tools.backends import postgres
from tools.backends.workers import PebbleWorkers
from tools.kit.parts import Parts

server = postgres.build("", Parts(home=Path(sys.argv[1]), workers=PebbleWorkers()))
url = server.start()
print("started", flush=True)
time.sleep(float(sys.argv[2]))
with psycopg.connect(url) as db:
    db.execute("select 1")
asyncio.run(server.close())
print("left", flush=True)
"""


def server_of(home: Path) -> EmbeddedPostgres:
    return postgres.build("", Parts(home=home, workers=PebbleWorkers()))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return home


@pytest.fixture
def server(home: Path) -> Iterator[EmbeddedPostgres]:
    server = server_of(home)
    yield server
    server.stop_if_unused()
    assert not server.running()
    shutil.rmtree(server.data.parent)


def user_process(home: Path, seconds: float) -> subprocess.Popen[str]:
    """A process that starts the server, waits, asks it something and leaves."""
    command = [sys.executable, "-c", USER, str(home), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def started(user: subprocess.Popen[str]) -> subprocess.Popen[str]:
    assert user.stdout is not None
    assert user.stdout.readline() == "started\n"
    return user


def test_what_was_written_is_there_after_a_stop_and_a_start(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start()) as db:
        db.execute("create table kept (word text)")
        db.execute("insert into kept values ('tea')")
    assert server.stop_if_unused()
    assert not server.running()
    with psycopg.connect(server.start()) as db:
        assert db.execute("select word from kept").fetchall() == [("tea",)]


def test_the_server_stays_while_another_process_uses_it(server: EmbeddedPostgres, home: Path) -> None:
    user = started(user_process(home, 60))
    server.start()
    assert not server.stop_if_unused()
    assert server.in_use()
    user.terminate()
    user.communicate()
    assert not server.in_use()
    assert server.stop_if_unused()


def test_nobody_stops_a_server_that_was_started_and_not_yet_connected_to(server: EmbeddedPostgres, home: Path) -> None:
    user = started(user_process(home, 1))
    server.start()
    assert not server.stop_if_unused()
    out, err = user.communicate(timeout=30)
    assert (out, err) == ("left\n", "")
    assert not server.running()


def test_a_killed_user_leaves_an_orphan_that_the_next_to_leave_stops(server: EmbeddedPostgres, home: Path) -> None:
    user = started(user_process(home, 60))
    user.kill()
    user.communicate()
    assert server.running()
    assert not server.in_use()
    server.start()
    assert server.stop_if_unused()


async def test_who_only_looks_does_not_stop_an_orphan(server: EmbeddedPostgres, home: Path) -> None:
    user = started(user_process(home, 60))
    user.kill()
    user.communicate()
    await server_of(home).close()
    assert server.running()


def test_who_closes_while_another_thread_starts_leaves_no_server(server: EmbeddedPostgres) -> None:
    with ThreadPoolExecutor(1) as threads:
        starting = threads.submit(server.start)
        while not server._here.locked():
            time.sleep(0.001)
        asyncio.run(server.close())
        starting.result()
    assert not server.running()
    with pytest.raises(CannotDo, match="left already"):
        server.start()


def test_twenty_processes_come_and_go_and_none_fails(server: EmbeddedPostgres, home: Path) -> None:
    server.start()
    server.stop_if_unused()
    users = []
    for number in range(20):
        users.append(user_process(home, 0.05 * (number % 4)))
        time.sleep(0.1)
    left = [(user.communicate(timeout=120), user.returncode) for user in users]
    assert left == [(("started\nleft\n", ""), 0)] * 20
    assert not server.running()


def test_two_homes_have_two_servers(server: EmbeddedPostgres, tmp_path: Path) -> None:
    other = server_of(tmp_path / "other")
    with psycopg.connect(server.start()) as db, psycopg.connect(other.start()) as elsewhere:
        db.execute("create table here (word text)")
        assert elsewhere.execute("select to_regclass('here')").fetchone() == (None,)
    assert other.stop_if_unused()
    assert server.running()
    shutil.rmtree(other.data.parent)


def test_a_killed_server_starts_again_with_what_was_committed(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start()) as db:
        db.execute("create table kept (word text)")
    os.kill(postmaster(server), signal.SIGKILL)
    with psycopg.connect(server.start()) as db:
        assert db.execute("select to_regclass('kept')::text").fetchone() == ("kept",)


def test_a_process_id_that_another_program_has_by_now_is_no_server(server: EmbeddedPostgres) -> None:
    server.start()
    os.kill(postmaster(server), signal.SIGKILL)
    pid_file = server.data / "postmaster.pid"
    sleeper = subprocess.Popen(["sleep", "60"], user=server.user)
    first, *rest = pid_file.read_text().splitlines()
    assert first.isdigit()
    pid_file.write_text("\n".join([str(sleeper.pid), *rest]))
    with psycopg.connect(server.start()) as db:
        assert db.execute("select 1").fetchone() == (1,)
    sleeper.kill()
    sleeper.wait()


@pytest.mark.parametrize("left", [["PG_VERSION"], ["PG_VERSION", "postgresql.conf", "global/pg_control"]])
def test_a_data_folder_that_was_never_finished_is_made_anew(server: EmbeddedPostgres, left: list[str]) -> None:
    for name in left:
        (server.data / name).parent.mkdir(parents=True, exist_ok=True)
        (server.data / name).write_text("18\n")
    server.data.parent.chmod(0o755)
    (server.data.parent / "initdb-killed").mkdir()
    with psycopg.connect(server.start()) as db:
        assert db.execute("select 1").fetchone() == (1,)
    assert not list(server.data.parent.glob("initdb-*"))


def test_damaged_data_is_left_alone_and_said(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop_if_unused()
    (server.data / "global" / "pg_control").write_bytes(b"broken")
    with pytest.raises(CannotDo, match=r"does not start: .*Move that folder away"):
        server.start()
    assert (server.data / "global" / "pg_control").read_bytes() == b"broken"
    assert not server.in_use()


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


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
    server = server_of(home)
    with psycopg.connect(server.start()) as db:
        assert db.execute("select 1").fetchone() == (1,)
    assert server.stop_if_unused()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the server as somebody else")
def test_binaries_under_a_private_folder_are_copied_to_where_the_server_may_go(tmp_path: Path) -> None:
    private = tmp_path / "private" / "pg" / "bin"
    private.mkdir(parents=True)
    (private / "initdb").write_text("#!/bin/sh\n")
    (tmp_path / "private").chmod(0o700)
    copied = reachable(private)
    assert copied != private
    assert (copied / "initdb").exists()


def test_a_server_that_cannot_start_says_why(server: EmbeddedPostgres) -> None:
    server.start()
    assert server.stop_if_unused()
    (server.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(CannotDo, match=r"does not start: .*(no_such_setting|configuration)"):
        server.start()
