"""Thread memory on a real database: one state a thread, also where LangGraph wrote it before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from bot.storage.checkpoints import Checkpoints, open_checkpoints
from bot.turns.memory import Memory
from graphs.agent import build_agent
from graphs.state import ThreadState

THREAD = "T1:C1:1.0"
TABLES = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")


@pytest.fixture
async def checkpoints(database_url: str) -> AsyncIterator[Checkpoints]:
    async with open_checkpoints(database_url) as opened:
        yield opened


@pytest.fixture
def memory(checkpoints: Checkpoints) -> Memory:
    return Memory(checkpoints)


def state(said: str) -> ThreadState:
    return {
        "images": [{"handle": "image 1", "sha256": "aa"}],
        "history": [HumanMessage("what is this?", id="1.0"), AIMessage(said)],
        "turn": [HumanMessage("what is this?", id="1.0")],
        "problems": [],
        "rounds": 1,
        "answer": said,
        "status": "answered",
    }


async def rows(checkpoints: Checkpoints, thread: str) -> dict[str, int]:
    found: dict[str, int] = {}
    async with checkpoints._cursor() as db:
        for table in TABLES:
            await db.execute(f"select count(*) as n from {table} where thread_id = %s", [thread])
            row: Any = await db.fetchone()
            found[table] = row["n"]
    return found


async def test_what_is_written_is_read_whole(memory: Memory) -> None:
    await memory.write(THREAD, state("A cat."))
    assert await memory.read(THREAD) == state("A cat.")
    assert await memory.read("T1:C1:2.0") == {}


async def test_a_state_takes_the_place_of_the_one_before_and_of_no_other_thread(
    memory: Memory, checkpoints: Checkpoints
) -> None:
    await memory.write("T1:C1:2.0", state("A dog."))
    await memory.write(THREAD, state("A cat."))
    before = await rows(checkpoints, THREAD)
    await memory.write(THREAD, state("A lynx."))
    assert await rows(checkpoints, THREAD) == before
    assert (await memory.read(THREAD))["answer"] == "A lynx."
    assert (await memory.read("T1:C1:2.0"))["answer"] == "A dog."


async def test_what_langgraph_wrote_is_read_and_replaced(memory: Memory, checkpoints: Checkpoints) -> None:
    config: Any = {"configurable": {"thread_id": THREAD}}
    agent = build_agent(checkpoints)
    for said in ("A cat.", "A lynx."):
        await agent.aupdate_state(config, state(said), as_node="answer")
    assert await memory.read(THREAD) == state("A lynx.")
    await memory.write(THREAD, state("A fox."))
    assert (await rows(checkpoints, THREAD))["checkpoints"] == 1
    assert await memory.read(THREAD) == state("A fox.")


async def test_a_forgotten_thread_leaves_nothing(memory: Memory, checkpoints: Checkpoints) -> None:
    await memory.write(THREAD, state("A cat."))
    await memory.forget(THREAD)
    assert await memory.read(THREAD) == {}
    assert await rows(checkpoints, THREAD) == dict.fromkeys(TABLES, 0)
