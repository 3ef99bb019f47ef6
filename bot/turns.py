"""One turn, whatever the surface: originals -> references -> graph -> answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from pydantic import BaseModel

from bot.intake import Pages, Posted, let_go, open_all
from bot.undoing import whole
from bot.wiring import Wiring
from graphs.agent import build_agent
from graphs.memory import evidence_of, with_handles
from graphs.state import Step, Surroundings, ThreadState
from tools.kit import Evidence, Gate, ImageRef, Picture, Scope

FILES = 4
"""How many posted files are in memory at once, over all threads."""


class Answer(BaseModel):
    """What a turn comes to: this is the JSON of `spyglass ask --json`."""

    thread: str
    answer: str
    status: str
    """answered, asked, withheld, gave_up or refused."""
    tools: list[dict[str, Any]]
    """name, arguments, evidence (said, about, facts, sure, shows) or error."""
    checks: list[dict[str, Any]]
    """rule, kept, broken."""
    images: list[dict[str, Any]]
    """Every image of the thread: handle, sha256, mime, width, height, name, page, pages, notes."""
    problems: list[str]
    """Files of this message that could not be opened, and why."""
    pictures: list[dict[str, Any]]
    """Pictures the tools made: path, caption, mime."""
    planner: str
    seconds: float


class Turns:
    """Runs turns; turns of one thread run in order, threads run in parallel."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """Gone with the last one who waits for it."""
        self._reading = asyncio.Semaphore(FILES)
        self._compiled: Any = None

    async def ask(
        self,
        question: str,
        posted: Sequence[Posted] = (),
        *,
        thread: str,
        scope: Scope,
        step: Callable[[Step], Awaitable[None]] | None = None,
    ) -> Answer:
        """Answer one message of a thread. An unknown thread starts here."""
        async with self._locks.setdefault(thread, asyncio.Lock()):
            return await self._ask(question, posted, thread, scope, step)

    def _agent(self, checkpointer: Any) -> Any:
        """The graph, compiled once: compiling costs as much as everything else of ours in a turn."""
        if self._compiled is None:
            self._compiled = build_agent(checkpointer)
        return self._compiled

    async def images(self, thread: str) -> list[ImageRef]:
        """The images of a thread so far."""
        agent = self._agent(await self._wiring.checkpointer())
        state = await agent.aget_state({"configurable": {"thread_id": thread}})
        return [ImageRef.model_validate(ref) for ref in state.values.get("images", [])]

    async def _ask(
        self,
        question: str,
        posted: Sequence[Posted],
        thread: str,
        scope: Scope,
        step: Callable[[Step], Awaitable[None]] | None,
    ) -> Answer:
        started = time.perf_counter()
        new: list[str] = []
        holder = f"thread:{thread}"
        try:
            # files, database and planner get ready at the same time: this is most of a cold start
            async with _all_or_none() as parts:
                opening = parts.create_task(
                    open_all(self._wiring, posted, scope, holder=holder, reading=self._reading, new=new)
                )
                connecting = parts.create_task(self._wiring.checkpointer())
                locking = parts.create_task(self._wiring.locks())
                lending = parts.create_task(self._wiring.surroundings(scope, step=step))
        except BaseException:
            await let_go(self._wiring, new, scope, holder=holder)
            raise
        (opened, found), surroundings = opening.result(), lending.result()
        saver, locks = connecting.result(), locking.result()
        problems = await asyncio.to_thread(lambda: [surroundings.gate.clean(problem) for problem in found])
        async with locks.hold(thread), whole(saver, thread, lambda: let_go(self._wiring, new, scope, holder=holder)):
            final = await self._run(saver, thread, question, opened, problems, surroundings)
        told = self._told(thread, final, problems, started)
        return Answer.model_validate(await asyncio.to_thread(_redacted, told, surroundings.gate))

    async def _run(
        self, saver: Any, thread: str, question: str, opened: Pages, problems: list[str], surroundings: Surroundings
    ) -> dict[str, Any]:
        """The turn itself, after whatever this thread said before."""
        agent = self._agent(saver)
        config: Any = {"configurable": {"thread_id": thread}}
        known = (await agent.aget_state(config)).values.get("images", [])
        turn = _turn(question, with_handles(opened, len(known)), problems)
        # a turn is written whole or not at all: killed half-way it has not happened, so handles stay what they were
        final: dict[str, Any] = await agent.ainvoke(turn, config, context=surroundings, durability="exit")
        await saver.aprune([thread])  # the latest state is the thread's memory, older ones are weight
        return final

    def _told(self, thread: str, final: dict[str, Any], problems: list[str], started: float) -> dict[str, Any]:
        return {
            "thread": thread,
            "answer": final["answer"],
            "status": final["status"],
            "tools": tools_of(final),
            "checks": [
                {"rule": c["rule"], "kept": c["broken"] is None, "broken": c["broken"]} for c in final["checks"]
            ],
            "images": [ImageRef.model_validate(ref).model_dump(mode="json") for ref in final.get("images", [])],
            "problems": problems,
            "pictures": pictures_of(final),
            "planner": self._wiring.settings.model,
            "seconds": round(time.perf_counter() - started, 3),
        }


@asynccontextmanager
async def _all_or_none() -> AsyncIterator[asyncio.TaskGroup]:
    """When one part fails the others are stopped and waited for, and its error goes on as itself."""
    try:
        async with asyncio.TaskGroup() as parts:
            yield parts
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None


def _redacted(told: dict[str, Any], gate: Gate) -> Any:
    from graphs.constraints import redact

    return redact(told, gate)


def _turn(question: str, new: list[ImageRef], problems: list[str]) -> ThreadState:
    """What a new message changes in the thread's state."""
    from langchain_core.messages import HumanMessage

    images = [ref.model_dump(mode="json") for ref in new]
    message = HumanMessage(question, additional_kwargs={"images": images, "problems": problems})
    return {
        "images": images,
        "turn": [message],
        "problems": problems,
        "rounds": 0,
        "attempts": 0,
        "checks": [],
        "draft": "",
        "answer": "",
        "status": "",
    }


def tools_of(final: dict[str, Any]) -> list[dict[str, Any]]:
    """Every tool call of the turn with what it gave."""
    from langchain_core.messages import AIMessage, ToolMessage

    results = {m.tool_call_id: m for m in final["turn"] if isinstance(m, ToolMessage)}
    calls = [call for m in final["turn"] if isinstance(m, AIMessage) for call in m.tool_calls]
    return [_tool(call, results.get(call["id"] or "")) for call in calls]


def _tool(call: Any, result: Any) -> dict[str, Any]:
    told = {"name": call["name"], "arguments": call["args"]}
    if result is None or not result.artifact:
        return {**told, "evidence": None, "error": str(result.content) if result else "not run"}
    evidence = Evidence.model_validate(result.artifact)
    return {**told, "evidence": evidence.model_dump(mode="json", exclude={"tool", "arguments"})}


def pictures_of(final: dict[str, Any]) -> list[dict[str, Any]]:
    pictures: list[Picture] = [picture for one in evidence_of(final["turn"]) for picture in one.shows]
    return [picture.model_dump(mode="json") for picture in pictures]
