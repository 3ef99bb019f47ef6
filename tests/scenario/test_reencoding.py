"""Another encoder is set up: searches go on, the images are encoded anew from their originals, then it takes over."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.archive import following
from bot.archive.following import bring_all, follow_encoder, unread_of
from bot.archive.reencoding import STEP
from bot.settings import Settings
from bot.wiring import OWNER, Wiring
from tests.colours import paint
from tests.unit.backends.clip_checkpoints import clip_checkpoint
from tools.kit import Archive, CannotDo, Encoder

pytestmark = pytest.mark.xdist_group("clip")

ROOT = Path(__file__).parents[2]
NUMBER = 4 * STEP
CODE = "import asyncio\nfrom tests.scenario.test_reencoding import run\nasyncio.run(run({!r}, {!r}))"


@dataclass(frozen=True)
class World:
    """A home with an archive that the first of two encoders made, and photos, its own for each test.

    The encoders are of the same size: nothing but their names tells their vectors apart.
    """

    home: Path
    photos: Path
    first: str
    second: str

    @property
    def wiring(self) -> Wiring:
        return Wiring(settings(self.home, self.second))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    first, second = (f"clip:{clip_checkpoint(folder / name, seed=seed)}" for seed, name in enumerate("ab"))
    world = World(folder / "home", folder / "photos", first, second)
    for each in range(NUMBER):
        paint(world.photos / f"{each:03}.jpg", "red", "blue", "green", size=(40 + each, 60))
    asyncio.run(filled(world))
    return world


async def filled(world: World) -> None:
    async with Wiring(settings(world.home, world.first)) as wiring:
        async for _ in wiring.index([world.photos]):
            pass
        await wiring.pairs.set_up(world.second)


@pytest.fixture
def world(made: World) -> Iterator[World]:
    """Its archive is put back afterwards."""
    shutil.copytree(made.home / "archive", made.home / "before")
    yield made
    shutil.rmtree(made.home / "archive")
    (made.home / "before").rename(made.home / "archive")


def settings(home: Path, encoder: str) -> Settings:
    return Settings(_env_file=None, home=home, encoder=encoder)


async def likeness(wiring: Wiring, photo: Path) -> float:
    """Of the best hit for a picture that is in the archive: 1 where encoder and archive belong together."""
    lend = wiring.lend_within(OWNER)
    encoder, archive = await lend(Encoder), await lend(Archive)
    [encoded] = await encoder.encode_files([photo])
    [hit] = await archive.search(OWNER, encoded.vector, limit=1)
    return float(hit.score)


async def test_searches_go_on_while_another_encoder_takes_over(world: World) -> None:
    photo = world.photos / "000.jpg"
    async with world.wiring as wiring:
        before = (await wiring.lend(Encoder)).name
        turn = wiring.lend_within(OWNER)
        encoder, archive = await turn(Encoder), await turn(Archive)
        vector = (await encoder.encode_files([photo]))[0].vector
        async for event in bring_all(wiring):
            if not event.switched:
                assert (await wiring.lend(Encoder)).name == before
            assert await likeness(wiring, photo) == pytest.approx(1, abs=1e-3)
        assert (event.finished, event.encoded, event.unread) == (True, NUMBER, ())
        assert (await wiring.lend(Encoder)).name == event.encoder != before
        with pytest.raises(CannotDo, match="have just been encoded anew: ask again"):
            await archive.search(OWNER, vector)
        assert len(await archive.get(OWNER, [item.id async for item in archive.scan(OWNER)])) == NUMBER
        assert [space.encoder for space in await wiring.pairs.spaces("local")] == [event.encoder]
        assert [event async for event in bring_all(wiring)] == []


async def test_what_is_deleted_meanwhile_is_gone_from_both(world: World) -> None:
    async with world.wiring as wiring:
        archive = await wiring.lend(Archive)
        ids = [item.id async for item in archive.scan(OWNER)]
        removed = 0
        async for event in bring_all(wiring):
            if event.encoded >= 2 * STEP and not removed:
                removed = await archive.remove(OWNER, [ids[0], ids[-1]])
        left = {item.id async for item in (await wiring.lend(Archive)).scan(OWNER)}
        assert (removed, left) == (2, set(ids) - {ids[0], ids[-1]})


async def test_the_background_says_why_it_cannot_and_what_it_could_not(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "AGAIN", 0.05)
    monkeypatch.setattr(following, "SETTLE", 0.0)
    async with Wiring(settings(world.home, "clip:/nowhere")) as wiring:
        assert await likeness(wiring, world.photos / "001.jpg") == pytest.approx(1, abs=1e-3)
        async with in_background(follow_encoder(wiring)):
            while "There is no checkpoint in /nowhere" not in caplog.text:  # noqa: ASYNC110  a log has no event
                await asyncio.sleep(0.05)
    (world.photos / "000.jpg").rename(world.photos / "gone.jpg")
    async with world.wiring as wiring, in_background(follow_encoder(wiring)):
        while [lost.name for lost in unread_of(world.home, "local")] != ["000.jpg"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        while len(await wiring.pairs.spaces("local")) > 1:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert await wiring.pairs.bound("local") == (await wiring.pairs.set_up()).name
    (world.photos / "gone.jpg").rename(world.photos / "000.jpg")


@asynccontextmanager
async def in_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def run(home: str, encoder: str) -> None:
    """In a process of its own: encode, and tell how much of it is done."""
    async with Wiring(settings(Path(home), encoder)) as wiring:
        async for event in bring_all(wiring):
            print(event.encoded, flush=True)


async def test_a_killed_run_goes_on_where_it_was(world: World) -> None:
    for _ in range(2):
        await asyncio.to_thread(killed, CODE.format(str(world.home), world.second))
        async with world.wiring as wiring:
            assert await likeness(wiring, world.photos / "007.jpg") == pytest.approx(1, abs=1e-3)
    async with world.wiring as wiring:
        events = [event async for event in bring_all(wiring)]
        assert events[-1].finished
        assert events[-1].encoded <= NUMBER - 2 * STEP
        assert await likeness(wiring, world.photos / "007.jpg") == pytest.approx(1, abs=1e-3)
        assert await (await wiring.lend(Archive)).count(OWNER) == NUMBER


def killed(code: str) -> None:
    """A process that runs the code is killed once it has encoded one batch."""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= STEP:
                os.kill(process.pid, signal.SIGKILL)
                return
