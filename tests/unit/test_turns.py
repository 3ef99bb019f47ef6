"""Turns on a real database: answered once, no trace when they fail, and what threads are to forget is gone."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatResult
from PIL import Image as Pillow
from pydantic import SecretStr

from bot.settings import Settings
from bot.turns.intake import Posted
from bot.turns.running import Answer, Turns
from bot.turns.threads import Erased
from bot.wiring import OWNER, Wiring
from graphs.planning import LocalPlanning
from tests.fakes import ScriptedPlanner, calls
from tests.unit.stand_ins import GivenOcr
from tools.kit import BlobStore, CannotDo, Decoder, Image, Line, Ocr, Reading
from tools.kit.models import Account, account

THREAD = "local:terminal:t"


class KeepingOcr(GivenOcr):
    """Reads a word and a number off every image, and remembers what it was told to forget."""

    def __init__(self) -> None:
        super().__init__()
        self.forgotten: list[str] = []

    async def read(self, image: Image) -> Reading:
        quad = ((0.0, 0.0), (90.0, 0.0), (90.0, 20.0), (0.0, 20.0))
        line = Line(text=f"GINGER {image.ref.number}0.25", quad=quad, sure=0.9)
        return Reading(lines=(line,), width=image.ref.width, height=image.ref.height)

    async def forget(self, workspace: str, sha256: str) -> None:
        self.forgotten.append(sha256)


class Planner(ScriptedPlanner):
    """Reads the image it is asked about and repeats what it read; follows its script otherwise."""

    interrupt: Callable[[], object] | None = None
    """Done while it thinks."""

    async def _agenerate(self, messages: list[BaseMessage], *more: Any, **kwargs: Any) -> ChatResult:
        if self.interrupt:
            self.interrupt()
            await asyncio.sleep(0)
        last = messages[-1]
        if isinstance(last, ToolMessage):
            self.lines.insert(0, AIMessage(str(last.content).partition("{")[0].strip()))
        elif "read image" in str(last.content):
            self.lines.insert(0, calls(("read_text", {"image": str(last.content).removeprefix("read ")})))
        return self._generate(messages, **kwargs)


class ScriptedWiring(Wiring):
    """A wiring whose planner follows a script and whose reading needs no model."""

    def __init__(self, home: Path, url: str) -> None:
        super().__init__(Settings(_env_file=None, home=home, encoder="builtin_encoder", database_url=SecretStr(url)))
        self.script = Planner(lines=[AIMessage("Hello.")], heard=[])
        self.ocr = KeepingOcr()

    async def planner(self, *, local_only: bool = False) -> LocalPlanning:
        return LocalPlanning(self.script)

    async def _build(self, port: type) -> Any:
        return self.ocr if port is Ocr else await super()._build(port)


@pytest.fixture
async def wiring(tmp_path: Path, database_url: str) -> AsyncIterator[ScriptedWiring]:
    wiring = ScriptedWiring(tmp_path / "home", database_url)
    async with wiring:
        yield wiring


@pytest.fixture
def turns(wiring: ScriptedWiring) -> Turns:
    return Turns(wiring)


def png(colour: str) -> Posted:
    file = io.BytesIO()
    Pillow.new("RGB", (600, 600), colour).save(file, "PNG")
    return Posted(f"{colour}.png", file.getvalue())


async def ask(turns: Turns, turn: str, question: str, *posted: Posted) -> Answer:
    return await turns.ask(question, posted, thread=THREAD, scope=OWNER, turn=turn)


async def in_database(wiring: Wiring, words: str) -> int:
    """How many rows of the checkpoints hold those words."""
    query = """
        select (select count(*) from checkpoint_blobs where position(%(words)s::bytea in blob) > 0)
             + (select count(*) from checkpoint_writes where position(%(words)s::bytea in blob) > 0)
             + (select count(*) from checkpoints where checkpoint::text || metadata::text like %(like)s)
    """
    async with await psycopg.AsyncConnection.connect(await wiring.database_url()) as db:
        row = await (await db.execute(query, {"words": words.encode(), "like": f"%{words}%"})).fetchone()
    return int(row[0]) if row else 0


def drawn(wiring: Wiring, sha256: str) -> list[Path]:
    return [path for path in wiring.settings.home.rglob(f"*{sha256}*") if ".held" not in path.name]


def handles(answer: Answer) -> list[str]:
    return [image["handle"] for image in answer.images]


# --- once -----------------------------------------------------------------------------------------


async def test_a_turn_that_was_answered_is_not_asked_again(turns: Turns, wiring: ScriptedWiring) -> None:
    first = await ask(turns, "1.1", "read image 1", png("red"))
    asked = len(wiring.script.heard)
    again = await ask(turns, "1.1", "read image 1", png("red"))
    assert again.model_copy(update={"seconds": first.seconds}) == first
    assert "GINGER" in first.answer
    assert len(wiring.script.heard) == asked


async def test_an_older_turn_is_rebuilt_as_well(turns: Turns) -> None:
    first = await ask(turns, "1.1", "read image 1", png("red"))
    await ask(turns, "1.2", "hi")
    again = await ask(turns, "1.1", "read image 1", png("red"))
    assert (again.answer, again.status, again.tools) == (first.answer, first.status, first.tools)
    assert handles(again) == ["image 1"]


async def test_what_could_not_be_fetched_is_told_again(turns: Turns) -> None:
    kept = [png("red")]
    first = await turns.ask("hi", kept, thread=THREAD, scope=OWNER, turn="1.1", problems=["b.png is too big."])
    again = await turns.ask("hi", kept, thread=THREAD, scope=OWNER, turn="1.1")
    assert first.problems == again.problems == ["b.png is too big."]


async def test_turns_without_a_name_are_all_asked(turns: Turns, wiring: ScriptedWiring) -> None:
    for _ in range(2):
        await turns.ask("hi", thread=THREAD, scope=OWNER)
    assert len(wiring.script.heard) == 2


async def test_a_turn_asked_twice_at_once_runs_once(turns: Turns, wiring: ScriptedWiring) -> None:
    answers = await asyncio.gather(*(ask(turns, "1.1", "hi", png("red")) for _ in range(3)))
    assert [handles(answer) for answer in answers] == [["image 1"]] * 3
    assert len(wiring.script.heard) == 1


# --- no trace -------------------------------------------------------------------------------------


@pytest.mark.parametrize("failing", ["cancelled", "broken"])
async def test_a_turn_that_comes_to_nothing_leaves_no_trace(turns: Turns, wiring: ScriptedWiring, failing: str) -> None:
    await ask(turns, "1.1", "hi", png("red"))
    tried = asyncio.create_task(ask(turns, "1.2", "hi", png("blue")))
    wiring.script.interrupt = tried.cancel if failing == "cancelled" else _break
    await asyncio.wait([tried])
    assert tried.cancelled() or isinstance(tried.exception(), ZeroDivisionError)
    assert [image.name for image in await turns.images(THREAD)] == ["red.png"]
    assert await in_database(wiring, "blue.png") == 0
    assert len(list((wiring.settings.home / "blobs").rglob("*.held"))) == 1
    wiring.script.interrupt = None
    assert handles(await ask(turns, "1.3", "hi", png("green"))) == ["image 1", "image 2"]


def _break() -> None:
    raise ZeroDivisionError


# --- a full disk ----------------------------------------------------------------------------------

FULL = "blue.png is not kept: to ask about it again, post it again. The disk is full: free some space on it"


class FullDisk:
    """The store of originals, on a disk that has no room for some of them."""

    def __init__(self, blobs: BlobStore, *refused: Posted) -> None:
        self.blobs, self.refused = blobs, [file.original for file in refused]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.blobs, name)

    async def put(self, workspace: str, data: bytes, *, holder: str) -> str:
        if data in self.refused:
            raise CannotDo("The disk is full: free some space on it and try again.")
        return await self.blobs.put(workspace, data, holder=holder)


async def fill(wiring: ScriptedWiring, *refused: Posted) -> FullDisk:
    full = FullDisk(await wiring.lend(BlobStore), *refused)
    vars(wiring)["_built"]["BlobStore"] = full
    return full


async def test_what_was_asked_is_answered_when_an_original_cannot_be_kept(turns: Turns, wiring: ScriptedWiring) -> None:
    await fill(wiring, png("blue"))
    answer = await ask(turns, "1", "read image 2", png("red"), png("blue"))
    assert "GINGER 20.25" in answer.answer
    assert [problem[: len(FULL)] for problem in answer.problems] == [FULL]
    assert handles(answer) == ["image 1"]


async def test_nothing_refers_to_an_original_that_is_not_kept(turns: Turns, wiring: ScriptedWiring) -> None:
    full = await fill(wiring, png("blue"))
    await ask(turns, "1", "read image 2", png("red"), png("blue"))
    assert [ref.name for ref in await turns.images(THREAD)] == ["red.png"]
    assert await in_database(wiring, "GINGER 20.25") == 0
    assert len(list((wiring.settings.home / "blobs").rglob("*.held"))) == 1
    again = await ask(turns, "1", "read image 2", png("red"), png("blue"))
    assert [handles(again), [problem[: len(FULL)] for problem in again.problems]] == [["image 1"], [FULL]]
    full.refused.clear()
    assert handles(await ask(turns, "2", "read image 3", png("blue"))) == ["image 1", "image 3"]


async def test_an_original_that_is_kept_already_needs_no_room(turns: Turns, wiring: ScriptedWiring) -> None:
    await ask(turns, "1", "hi", png("blue"))
    await fill(wiring, png("blue"))
    answer = await ask(turns, "2", "read image 2", png("blue"))
    assert (handles(answer), answer.problems) == (["image 1", "image 2"], [])


# --- models -------------------------------------------------------------------------------------------


async def test_a_turn_is_on_the_account_of_who_asks_and_of_the_tool_that_works(
    turns: Turns, wiring: ScriptedWiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    planning: list[Account] = []
    reading: list[Account] = []
    read = wiring.ocr.read

    async def noted(image: Image) -> Reading:
        reading.append(account())
        return await read(image)

    monkeypatch.setattr(wiring.ocr, "read", noted)
    wiring.script.interrupt = lambda: planning.append(account())
    whose = Account("local", "C1", "U1", "a turn")
    await turns.ask("read image 1", [png("red")], thread=THREAD, scope=OWNER, turn="1.1", account=whose)
    assert set(planning) == {whose}
    assert set(reading) == {Account("local", "C1", "U1", "a turn", "read_text")}


async def test_turns_of_nobody_known_are_told_apart(turns: Turns, wiring: ScriptedWiring) -> None:
    seen: list[Account] = []
    wiring.script.interrupt = lambda: seen.append(account())
    await ask(turns, "1.1", "hi")
    await ask(turns, "1.2", "hi")
    assert [(one.workspace, one.user) for one in seen] == [("local", "")] * len(seen)
    assert len({one.turn for one in seen}) == 2


async def test_what_was_said_of_an_image_goes_with_it(turns: Turns, wiring: ScriptedWiring) -> None:
    red = (await ask(turns, "1.1", "read image 1", png("red"))).images[0]["sha256"]
    kept = await wiring.answers_kept()
    await kept.put("local", [red], "what is it", "a red square")
    await turns.forget_image(THREAD, red)
    assert await kept.get("local", [red], "what is it") is None


async def test_it_stays_while_another_thread_shows_the_image(turns: Turns, wiring: ScriptedWiring) -> None:
    red = (await ask(turns, "1.1", "read image 1", png("red"))).images[0]["sha256"]
    await turns.ask("hi", [png("red")], thread="local:terminal:other", scope=OWNER)
    kept = await wiring.answers_kept()
    await kept.put("local", [red], "what is it", "a red square")
    await turns.forget_image(THREAD, red)
    assert await kept.get("local", [red], "what is it") == "a red square"


# --- forgetting -----------------------------------------------------------------------------------


@pytest.fixture
async def told(turns: Turns) -> Answer:
    """A thread in which two images were read, and one more thing was said."""
    await ask(turns, "1.1", "read image 1", png("red"))
    await ask(turns, "1.2", "read image 2", png("blue"))
    return await ask(turns, "1.3", "what was the number again?")


async def test_a_deleted_image_is_gone_from_memory_blobs_drawings_and_readings(
    turns: Turns, wiring: ScriptedWiring, told: Answer
) -> None:
    red = told.images[0]["sha256"]
    assert drawn(wiring, red)
    assert await in_database(wiring, "GINGER 10.25")
    assert await turns.forget_image(THREAD, red) == Erased(images=1)
    assert not drawn(wiring, red)
    assert wiring.ocr.forgotten == [red]
    assert [await in_database(wiring, words) for words in ("GINGER 10.25", red, "red.png")] == [0, 0, 0]
    assert await in_database(wiring, "GINGER 20.25")


async def test_the_other_images_keep_their_handles(turns: Turns, told: Answer) -> None:
    await turns.forget_image(THREAD, told.images[0]["sha256"])
    answer = await ask(turns, "1.4", "read image 2", png("green"))
    assert handles(answer) == ["image 2", "image 3"]
    assert "GINGER 20.25" in answer.answer


async def test_a_tool_is_told_that_an_image_was_deleted(turns: Turns, wiring: ScriptedWiring, told: Answer) -> None:
    await turns.forget_image(THREAD, told.images[0]["sha256"])
    wiring.script.lines.insert(0, AIMessage("I cannot tell."))
    answer = await ask(turns, "1.4", "read image 1")
    assert answer.tools[0]["error"] == "image 1 was deleted."


async def test_an_answer_drawn_from_memory_goes_with_the_image_it_may_repeat(
    turns: Turns, wiring: ScriptedWiring, told: Answer
) -> None:
    await turns.forget_image(THREAD, told.images[0]["sha256"])
    await ask(turns, "1.4", "hi")
    heard = [str(message.content) for message in wiring.script.heard[-1]]
    assert "what was the number again?" in heard
    assert "Hello." not in heard
    assert "What was said here is gone: image 1 was deleted." in heard


async def test_bytes_that_another_thread_shows_stay(turns: Turns, wiring: ScriptedWiring, told: Answer) -> None:
    red = told.images[0]["sha256"]
    await turns.ask("hi", [png("red")], thread="local:terminal:other", scope=OWNER)
    await turns.forget_image(THREAD, red)
    assert await (await wiring.lend(BlobStore)).holders("local", red) == {"thread:local:terminal:other"}
    assert await (await wiring.lend(Decoder)).kept("local", red)


async def test_bytes_that_a_turn_left_behind_when_its_process_died_go_with_the_image(
    turns: Turns, wiring: ScriptedWiring
) -> None:
    blobs, red = await wiring.lend(BlobStore), png("red").original
    assert isinstance(red, bytes)
    sha256 = await blobs.put("local", red, holder=f"thread:{THREAD}")
    assert await turns.forget_image(THREAD, sha256) == Erased()
    assert await blobs.holders("local", sha256) == set()


async def test_words_that_are_too_old_go_and_the_images_stay(turns: Turns, wiring: ScriptedWiring) -> None:
    told = await ask(turns, "1.1", "read image 1", png("red"))
    await ask(turns, "1.2", "read image 2", png("blue"))
    assert await turns.forget_words(THREAD, ["1.1", "0.1"]) == Erased(messages=1)
    assert await in_database(wiring, "GINGER 10.25") == 0
    assert await in_database(wiring, "GINGER 20.25") > 0
    assert [ref.handle for ref in await turns.images(THREAD)] == ["image 1", "image 2"]
    blobs = await wiring.lend(BlobStore)
    assert await blobs.holders(OWNER.workspace, told.images[0]["sha256"])
    assert await turns.forget_words(THREAD, ["1.1"]) == Erased()


async def test_forgetting_an_image_twice_or_one_that_was_never_there_changes_nothing(
    turns: Turns, told: Answer
) -> None:
    red = told.images[0]["sha256"]
    assert await turns.forget_image(THREAD, red) == Erased(images=1)
    assert await turns.forget_image(THREAD, red) == Erased()
    assert await turns.forget_image("local:terminal:nowhere", red) == Erased()


async def test_an_edited_message_is_remembered_as_it_reads_now(
    turns: Turns, wiring: ScriptedWiring, told: Answer
) -> None:
    await turns.edit(THREAD, turn="1.3", text="what was the date again?")
    await ask(turns, "1.4", "hi")
    heard = [str(message.content) for message in wiring.script.heard[-1]]
    assert "what was the date again?" in heard
    assert await in_database(wiring, "number again") == 0


async def test_a_deleted_message_goes_with_its_answer_its_evidence_and_its_images(
    turns: Turns, wiring: ScriptedWiring, told: Answer
) -> None:
    blue = told.images[1]["sha256"]
    assert await turns.edit(THREAD, turn="1.2", text=None) == Erased(messages=1, images=1)
    assert [await in_database(wiring, words) for words in ("GINGER 20.25", "read image 2", blue)] == [0, 0, 0]
    assert not drawn(wiring, blue)
    assert await in_database(wiring, "GINGER 10.25")
    assert [image.handle for image in await turns.images(THREAD)] == ["image 1"]


async def test_the_latest_message_can_be_deleted_too(turns: Turns, wiring: ScriptedWiring, told: Answer) -> None:
    assert await turns.edit(THREAD, turn="1.3", text=None) == Erased(messages=1)
    assert await in_database(wiring, "number again") == 0


async def test_a_message_that_is_not_remembered_can_be_edited_and_deleted(turns: Turns, told: Answer) -> None:
    assert await turns.edit(THREAD, turn="9.9", text="other words") == Erased()
    assert await turns.edit(THREAD, turn="9.9", text=None) == Erased()
    assert await turns.edit("local:terminal:nowhere", turn="9.9", text=None) == Erased()


async def test_a_forgotten_thread_leaves_nothing(turns: Turns, wiring: ScriptedWiring, told: Answer) -> None:
    hashes = [image["sha256"] for image in told.images]
    assert await turns.forget(THREAD) == Erased(messages=3, images=2)
    assert [await in_database(wiring, words) for words in (THREAD, "GINGER", *hashes)] == [0, 0, 0, 0]
    assert not any(drawn(wiring, sha256) for sha256 in hashes)
    assert await turns.forget(THREAD) == Erased()
    assert handles(await ask(turns, "2.1", "hi", png("red"))) == ["image 1"]
