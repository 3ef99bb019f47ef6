"""A container engine learns whether a process is alive from a file that is touched while its event loop turns."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.slack import alive as signs
from bot.slack.alive import STALE, alive, is_alive, sign_of_life


async def test_there_is_a_sign_while_something_runs_and_none_after_it(tmp_path: Path) -> None:
    assert not is_alive(tmp_path)
    async with alive(tmp_path):
        assert is_alive(tmp_path)
    assert not is_alive(tmp_path)


async def test_the_sign_is_given_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signs, "EVERY", 0.01)
    given = asyncio.Event()
    async with alive(tmp_path):
        _grow_old(sign_of_life(tmp_path))
        watching = asyncio.create_task(_watch(tmp_path, given))
        async with asyncio.timeout(30):
            await given.wait()
        await watching


async def test_a_sign_that_cannot_be_given_now_is_given_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signs, "EVERY", 0.01)
    async with alive(tmp_path), asyncio.timeout(30):
        sign_of_life(tmp_path).unlink()
        sign_of_life(tmp_path).parent.rmdir()
        await asyncio.sleep(0.2)
        sign_of_life(tmp_path).parent.mkdir()
        while not is_alive(tmp_path):  # noqa: ASYNC110  a file tells nobody
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(("old", "code"), [(False, 0), (True, 1)])
def test_what_the_container_engine_asks_ends_with_1_once_the_sign_is_old(tmp_path: Path, old: bool, code: int) -> None:
    file = sign_of_life(tmp_path)
    file.parent.mkdir()
    file.touch()
    if old:
        _grow_old(file)
    environment = {**os.environ, "SPYGLASS_HOME": str(tmp_path)}
    asked = subprocess.run([sys.executable, "-m", "bot.slack.alive"], env=environment, capture_output=True, check=False)
    assert (asked.returncode, asked.stdout, asked.stderr) == (code, b"", b"")


async def _watch(home: Path, given: asyncio.Event) -> None:
    while not given.is_set():
        await asyncio.sleep(0.01)
        if is_alive(home):
            given.set()


def _grow_old(file: Path) -> None:
    then = time.time() - STALE - 1
    os.utime(file, (then, then))
