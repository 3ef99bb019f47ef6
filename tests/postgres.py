"""A real PostgreSQL for tests: the embedded server."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tools.backends import postgres
from tools.backends.postgres import EmbeddedPostgres, place
from tools.backends.workers import PebbleWorkers
from tools.kit.parts import Parts

CONNECTIONS = 400
"""A bot takes about 24, and the tests of a process have several bots at a time."""

EMPTY = "template1"


def server_of(home: Path) -> EmbeddedPostgres:
    """The embedded server of that home, not started."""
    return postgres.build("", Parts(home=home, workers=PebbleWorkers()))


def server_of_tests(home: Path) -> EmbeddedPostgres:
    """The same with its files where temporary ones are kept, maybe in memory, also for root. To be discarded."""
    if os.geteuid() != 0:
        return server_of(home)
    folder = Path(tempfile.mkdtemp(prefix="spyglass-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    folder.chmod(0o755)
    return EmbeddedPostgres(folder / "data", place.reachable(place.wheel_binaries()), place.system_user(), home)


def started_for_tests(server: EmbeddedPostgres) -> str:
    """URL of the server, with room for several bots. It waits for no disk: it may be killed, and only the machine must
    not go down."""
    with psycopg.connect(server.start(), autocommit=True) as db:
        db.execute("alter system set fsync = off")
        db.execute(f"alter system set max_connections = {CONNECTIONS}")
    restart(server)
    return server.start()


def create_database(server: str, name: str, template: str = EMPTY) -> str:
    """Its URL. template: the database it is a copy of, with which nobody is connected."""
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)))
    return make_conninfo(server, dbname=name)


def discard_below(folder: Path) -> None:
    """Remove what root's embedded servers kept elsewhere for homes in this folder."""
    for _, home in place.marked():
        if folder in home.parents:
            server_of(home).discard()


def restart(server: EmbeddedPostgres) -> None:
    """Everybody's connections break; a moment later the server is back."""
    os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
    while server.running():
        time.sleep(0.02)
    server.start()
