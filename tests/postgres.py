"""A real PostgreSQL for tests: the embedded server."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psycopg

from tools.backends import postgres
from tools.backends.postgres import EmbeddedPostgres, place
from tools.backends.workers import PebbleWorkers
from tools.kit.parts import Parts


def server_of(home: Path) -> EmbeddedPostgres:
    """The embedded server of that home, not started."""
    return postgres.build("", Parts(home=home, workers=PebbleWorkers()))


def hasty(url: str) -> str:
    """The server at that URL waits for no disk any more: it may be killed, and only the machine must not go down."""
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("alter system set fsync = off")
        db.execute("select pg_reload_conf()")
    return url


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
