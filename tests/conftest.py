"""What tests of several folders share."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg
import psycopg.conninfo
import pytest

from bot.slack.storage.tables import Database, open_database
from tests.postgres import EMPTY, create_database, discard_below, server_of_tests, started_for_tests

IN_MEMORY = Path("/dev/shm")
ROOM = 12 * 2**30
"""Bytes that must be free there, and in memory, for the tests to keep their files there."""
COLLECTED = 10_000
"""New objects after which garbage is looked for: with the 700 of Python it takes a fifth of the time of collection."""
MODELS = (
    ("tools.backends.builtin_encoder", "_network"),
    ("tools.backends.clip.run", "_session"),
    ("tools.backends.clip.run", "_towers"),
)
"""Caches of opened models, by module."""


def pytest_configure() -> None:
    """Temporary files are in memory where there is room: a disk keeps the tests of stores waiting most of their time.

    `--basetemp` and PYTEST_DEBUG_TEMPROOT say otherwise.
    """
    gc.set_threshold(COLLECTED)
    writable = os.access(IN_MEMORY, os.W_OK | os.X_OK)
    if writable and min(shutil.disk_usage(IN_MEMORY).free, psutil.virtual_memory().available) > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


def pytest_collection_finish() -> None:
    """What is imported and collected stays: nobody looks through it for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def signals_are_heard() -> None:
    """Programs that tests start hear Ctrl-C and the terminal's end also where a script in the background, or nohup,
    runs the tests: those ignore them, and whoever they start does so too."""
    for heard, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(heard) is signal.SIG_IGN:
            signal.signal(heard, handler)


@pytest.fixture(scope="module", autouse=True)
def models_are_let_go() -> Iterator[None]:
    """What the tests of a file opened in this process takes some hundred megabytes a model."""
    yield
    modules = [(sys.modules.get(module), name) for module, name in MODELS]
    opened = [
        getattr(module, name) for module, name in modules if module and getattr(module, name).cache_info().currsize
    ]
    for cache in opened:
        cache.cache_clear()
    if opened:
        gc.collect()
        if sys.platform == "linux":
            ctypes.CDLL(None).malloc_trim(0)


@pytest.fixture(scope="session", autouse=True)
def no_databases_are_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    yield
    discard_below(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def text_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where MiniLM's network is written once, by the first test that embeds a text."""
    return tmp_path_factory.mktemp("text_models")


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of an embedded server that runs until all tests are over."""
    server = server_of_tests(tmp_path_factory.mktemp("postgres"))
    yield started_for_tests(server)
    asyncio.run(server.close())
    server.discard()


@pytest.fixture(scope="session")
def migrated(database_server: str) -> str:
    """Name of a database with the Slack side's tables, to be copied: that is quicker than to make them."""
    name = "migrated"
    create_database(database_server, name)

    async def migrate() -> None:
        async with open_database(psycopg.conninfo.make_conninfo(database_server, dbname=name)):
            pass

    with ThreadPoolExecutor(1) as elsewhere:  # a loop may run here
        elsewhere.submit(asyncio.run, migrate()).result()
    return name


@pytest.fixture
def database_url(database_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a database of its own: empty, but for what `database` needs."""
    name = f"test_{uuid4().hex}"
    template = request.getfixturevalue("migrated") if "database" in request.fixturenames else EMPTY
    yield create_database(database_server, name, template)
    with psycopg.connect(database_server, autocommit=True) as db:
        db.execute(f'drop database "{name}" with (force)')


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The Slack side's tables in a database of their own."""
    async with open_database(database_url) as db:
        yield db
