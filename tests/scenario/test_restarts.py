"""Turns on the embedded database: in parallel, in order, and across processes that fail or are killed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from bot.settings import Settings
from bot.turns.intake import Posted
from bot.turns.running import Turns
from bot.wiring import OWNER, Wiring
from graphs.planning import LocalPlanning
from tests.scenario.conftest import Terminal
from tools.backends import postgres
from tools.backends.postgres import EmbeddedPostgres
from tools.backends.workers import PebbleWorkers
from tools.kit import BlobStore
from tools.kit.parts import Parts


class WaitingPlanner(BaseChatModel):
    """A chat model that waits for something before it greets."""

    wait: Callable[[str], Awaitable[None]]
    """Told the last thing that was said."""

    @property
    def _llm_type(self) -> str:
        return "waiting"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self.bind()

    def _generate(self, messages: list[BaseMessage], *_: Any, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage("Hello."))])

    async def _agenerate(self, messages: list[BaseMessage], *_: Any, **kwargs: Any) -> ChatResult:
        await self.wait(str(messages[-1].content))
        return self._generate(messages)


class WaitingWiring(Wiring):
    def __init__(self, home: Path, wait: Callable[[str], Awaitable[None]]) -> None:
        super().__init__(Settings(_env_file=None, home=home, encoder="builtin_encoder"))
        self._waiting = WaitingPlanner(wait=wait)

    async def planner(self, *, local_only: bool = False) -> LocalPlanning:
        return LocalPlanning(self._waiting)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def server(own: Path) -> Iterator[EmbeddedPostgres]:
    """The embedded server of that home, looked at from outside. No test may leave it running."""
    own.mkdir()
    server = postgres.build("", Parts(home=own, workers=PebbleWorkers()))
    yield server
    left = server.running()
    server.stop_if_unused()
    assert not left


# --- in one process -------------------------------------------------------------------------------


async def test_turns_of_different_threads_run_at_the_same_time(own: Path, server: EmbeddedPostgres) -> None:
    meeting = asyncio.Barrier(3)

    async def meet(_: str) -> None:
        await meeting.wait()

    async with WaitingWiring(own, meet) as wiring, asyncio.timeout(30):
        turns = Turns(wiring)
        asks = (turns.ask("hi", thread=f"local:terminal:{name}", scope=OWNER) for name in "abc")
        assert [answer.answer for answer in await asyncio.gather(*asks)] == ["Hello."] * 3
        assert not turns._locks


async def test_turns_of_one_thread_run_in_order(own: Path, server: EmbeddedPostgres) -> None:
    heard: list[str] = []
    at_once = 0

    async def listen(said: str) -> None:
        nonlocal at_once
        at_once += 1
        heard.append(said)
        await asyncio.sleep(0.02)
        assert at_once == 1
        at_once -= 1

    async with WaitingWiring(own, listen) as wiring:
        turns = Turns(wiring)
        said = [f"message {number}" for number in range(5)]
        await asyncio.gather(*(turns.ask(text, thread="local:terminal:t", scope=OWNER) for text in said))
        assert not turns._locks
    assert heard == said


async def test_a_turn_that_is_stopped_does_not_keep_its_thread(own: Path, server: EmbeddedPostgres) -> None:
    thinking = asyncio.Event()

    async def forever(said: str) -> None:
        if said == "first":
            thinking.set()
            await asyncio.Event().wait()

    async with WaitingWiring(own, forever) as wiring, asyncio.timeout(30):
        turns = Turns(wiring)
        first = asyncio.create_task(turns.ask("first", thread="local:terminal:t", scope=OWNER))
        await thinking.wait()
        first.cancel()
        await asyncio.wait([first])
        assert (await turns.ask("second", thread="local:terminal:t", scope=OWNER)).answer == "Hello."


async def test_a_turn_that_is_stopped_or_fails_has_not_happened(
    own: Path, server: EmbeddedPostgres, pictures: dict[str, Path]
) -> None:
    thinking = asyncio.Event()

    async def stumble(said: str) -> None:
        if said == "fails":
            raise RuntimeError("a bug")
        if said == "waits":
            thinking.set()
            await asyncio.Event().wait()

    receipt, photo = (Posted(name, pictures[name]) for name in ("receipt", "flower"))
    async with WaitingWiring(own, stumble) as wiring, asyncio.timeout(60):
        turns, thread = Turns(wiring), "local:terminal:t"
        for before in ([], ["receipt"]):
            with pytest.raises(RuntimeError):
                await turns.ask("fails", [photo], thread=thread, scope=OWNER)
            waits = asyncio.create_task(turns.ask("waits", [photo], thread=thread, scope=OWNER))
            await thinking.wait()
            thinking.clear()
            waits.cancel()
            await asyncio.wait([waits])
            assert [ref.name for ref in await turns.images(thread)] == before
            sha256 = hashlib.sha256(pictures["flower"].read_bytes()).hexdigest()
            assert not await (await wiring.lend(BlobStore)).holders(OWNER.workspace, sha256)
            answer = await turns.ask("goes on", [] if before else [receipt], thread=thread, scope=OWNER)
            assert [ref["name"] for ref in answer.images] == ["receipt"]


# --- over processes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"model": "nobody:x"}, "Check SPYGLASS_MODEL."),
        ({"blobs": "s3:"}, "needs its bucket: SPYGLASS_BLOBS=s3://BUCKET"),
        ({"rules": "/nowhere.yaml"}, "/nowhere.yaml"),
    ],
)
def test_a_command_whose_setting_is_wrong_leaves_no_database_running(
    own: Path, server: EmbeddedPostgres, pictures: dict[str, Path], setting: dict[str, str], said: str
) -> None:
    ran = Terminal(own)("ask", pictures["receipt"], "-q", "hi", **setting)
    assert ran.code in (1, 2, 3)
    assert said in ran.out + ran.err
    assert not [path for path in (own / "blobs").rglob("*") if path.is_file() and path.name != ".lock"]


def test_first_asks_at_the_same_moment_all_get_their_answer(own: Path, server: EmbeddedPostgres) -> None:
    asking = [running(own, "ask", "-q", "hello", "--json") for _ in range(4)]
    codes = [(asked.wait(120), asked.communicate()[1]) for asked in asking]
    assert codes == [(0, "")] * 4


def test_processes_that_post_into_one_thread_at_once_lose_no_image(
    own: Path, server: EmbeddedPostgres, pictures: dict[str, Path]
) -> None:
    posting = [
        running(own, "ask", str(pictures[name]), "-q", "hello", "--thread", "same", "--json")
        for name in ("flower", "temple", "diagram")
    ]
    told = [json.loads(asked.communicate(timeout=120)[0])["images"] for asked in posting]
    assert sorted(len(images) for images in told) == [1, 2, 3]
    assert [image["handle"] for image in max(told, key=len)] == ["image 1", "image 2", "image 3"]


def test_a_thread_goes_on_after_a_kill_in_the_middle_of_a_turn(
    own: Path, server: EmbeddedPostgres, pictures: dict[str, Path]
) -> None:
    ask = Terminal(own)
    first = ask("ask", pictures["receipt"], "-q", "What is the total?", "--thread", "t", "--json").json
    assert "13.20" in first["answer"]
    with thinking(own, "ask", pictures["before"], "-q", "And this?", "--thread", "t") as cut:
        cut.kill()
        cut.communicate()
    assert server.running()
    after = ask("ask", "-q", "and what is the date on image 1?", "--thread", "t", "--json").json
    assert "2026-03-14" in after["answer"]
    # what was posted with the cut turn is remembered or not, as far as that had come; handles fit either way
    again = ask("ask", pictures["after"], "-q", "What is the total on image 1?", "--thread", "t", "--json").json
    assert "13.20" in again["answer"]
    assert len(again["images"]) == len(after["images"]) + 1
    assert [image["handle"] for image in again["images"]] == ["image 1", "image 2", "image 3"][: len(again["images"])]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_asked_to_end_takes_the_database_with_it(
    own: Path, server: EmbeddedPostgres, ending: signal.Signals
) -> None:
    with thinking(own, "ask", "-q", "hello") as stopped:
        stopped.send_signal(ending)
        assert stopped.communicate(timeout=30) == ("", "\nStopped.\n")
    assert stopped.returncode == 130
    assert not server.running()


@contextmanager
def thinking(home: Path, *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A command in the middle of a turn: its planner is being asked and does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as provider:
        provider.settimeout(60)
        url = f"http://127.0.0.1:{provider.getsockname()[1]}/v1"
        process = running(home, *arguments, SPYGLASS_MODEL="openai:x", OPENAI_API_KEY="k", OPENAI_BASE_URL=url)
        connection, _ = provider.accept()
        with connection:
            yield process


def running(home: Path, *arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPYGLASS_", "OPENAI_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *map(str, arguments)],
        env={**kept, "SPYGLASS_HOME": str(home), "SPYGLASS_ENCODER": "builtin_encoder", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
